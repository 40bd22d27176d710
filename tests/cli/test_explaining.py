import io
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

from bot.cli import app
from bot.cli.explaining import explain
from bot.loader.lines import clean
from bot.loader.profile import load_profile
from bot.loader.reading import Reading, read
from bot.loader.sections import Place

ROOT = Path(__file__).parents[2]
PROFILE = load_profile(ROOT / "config" / "bulletins" / "ijm.yaml")
WEEK = ROOT / "data" / "bulletins" / "week.txt"
ARCHIVE = ROOT / "data" / "bulletins" / "archive.txt"


def printed(reading: Reading, **terminal: int | bool) -> str:
    file = io.StringIO()
    explain(Console(file=file, **terminal), "a.txt", reading)  # type: ignore[arg-type]
    return file.getvalue()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(ARCHIVE.read_text("utf-8").splitlines()), max_size=30).map("\n".join) | st.text())
def test_each_line_that_is_not_blank_is_printed_exactly_once(text: str) -> None:
    first, *rows = printed(read(text, PROFILE)).splitlines()
    cells = [row.split("\t") for row in rows]
    assert [(int(number), shown) for number, _, _, shown in cells] == [(line.number, line.text) for line in clean(text)]
    places = Counter(place.split(",")[0] for _, place, _, _ in cells)
    assert set(places) <= {*Place}
    assert first.startswith(f"# a.txt: {len(rows)} lines that aren't blank")
    assert all(f"{count} {place}" in first for place, count in places.items())


@pytest.mark.parametrize("width", [60, 80, 200])
def test_a_terminal_shows_every_word_however_narrow(width: int) -> None:
    reading = read(WEEK.read_text("utf-8"), PROFILE)
    table = printed(reading, force_terminal=True, no_color=True, width=width)
    shown = " ".join(row.split("│")[-2].strip() for row in table.splitlines() if row.count("│") == 4)
    assert shown.split() == [word for at in reading.placements for word in at.text.split()]


def test_a_file_without_requests_is_explained_too(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear friends,\nspring has come.\n")
    done = CliRunner().invoke(app, ["bulletin", "check", "--explain", str(path)])
    assert done.exit_code == 1
    assert "2\tunplaced\tno request was found\tspring has come." in done.output


def test_the_json_form_has_the_lines_where_they_are_asked_for() -> None:
    done = CliRunner().invoke(app, ["bulletin", "check", "--explain", "--json", str(WEEK)])
    assert '"region": "Latin America",\n     "rule": "heading of the profile"' in done.output
