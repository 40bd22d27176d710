import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app

ROOT = Path(__file__).parents[2]
WEEK = ROOT / "data" / "bulletins" / "week.txt"
ARCHIVE = ROOT / "data" / "bulletins" / "archive.txt"


def check(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "bulletin", "check", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=60)


def test_a_bulletin_is_shown_for_people() -> None:
    shown = CliRunner().invoke(app, ["bulletin", "check", str(WEEK)])
    assert shown.exit_code == 0
    for part in ("Psalm 46:1", "Latin America", "BO", "Set aside", "week.txt"):
        assert part in shown.output


def test_several_files_give_one_json_document() -> None:
    done = check("--json", WEEK, ARCHIVE)
    assert (done.returncode, done.stderr) == (0, "")
    files = json.loads(done.stdout)["files"]
    assert [(Path(each["file"]).name, len(each["bulletins"])) for each in files] == [
        ("week.txt", 1),
        ("archive.txt", 3),
    ]


def test_what_cannot_be_read_is_one_sentence_and_the_rest_is_read(tmp_path: Path) -> None:
    done = check("--json", tmp_path / "none.txt", WEEK)
    assert done.returncode == 1
    assert len(json.loads(done.stdout)["files"]) == 1
    assert done.stderr == f"{tmp_path / 'none.txt'}: no such file. Check the name.\n"


@pytest.mark.parametrize("arguments", [[], ["--jason", str(WEEK)]])
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    done = check(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_profile_with_faults_is_one_message(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("name: Own\nregions: {Mars: {headings: [Mars]}}\n")
    done = check("--profile", path, WEEK)
    assert done.returncode == 1
    assert "Mars" in done.stderr
    assert "Traceback" not in done.stderr


def test_lines_without_a_place_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "odd.txt"
    path.write_text("Africa\nPray for rain.\n\nMiddle East\nPray for seed.\n")
    shown = CliRunner().invoke(app, ["bulletin", "check", str(path)])
    assert shown.exit_code == 0
    assert "Lines without a place" in shown.output
    assert "Middle East" in shown.output


def test_an_undated_bulletins_days_are_named_once_its_date_is_given() -> None:
    def dates(*arguments: str) -> list[str]:
        (file,) = json.loads(check("--json", *arguments, ROOT / "data" / "bulletins" / "quiet-week.txt").stdout)[
            "files"
        ]
        return [each["first"] for request in file["bulletins"][0]["requests"] for each in request["dates"]]

    assert dates() == []
    assert dates("--date", "2026-02-28") == ["2026-03-05"]
    assert check("--date", "2026-02-30", WEEK).returncode == 2


def test_the_days_that_a_request_names_are_shown_for_people() -> None:
    shown = CliRunner().invoke(app, ["bulletin", "check", str(ARCHIVE)])
    assert "“Saturday”: 2026-03-21" in shown.output


def test_the_help_names_the_usual_profile_without_a_path_of_this_machine() -> None:
    said = CliRunner().invoke(app, ["bulletin", "check", "--help"]).output
    assert "config/bulletins/ijm.yaml" in said
    assert str(ROOT) not in said
