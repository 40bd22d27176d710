"""`vigil bulletin load` and `vigil plan`: what is stored, and that wrong input changes nothing."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import system_now
from bot.settings import ROOT
from tests.cli.conftest import Vigil

SAMPLES = ROOT / "data" / "bulletins"
WEEK = SAMPLES / "week.txt"
NOTHING = "Nothing is planned"


def yesterday() -> str:
    return (system_now().date() - timedelta(days=1)).isoformat()


def test_a_bulletin_is_stored_planned_and_published(vigil: Vigil) -> None:
    loaded = vigil("bulletin", "load", WEEK, "--date", yesterday())
    assert (loaded.status, loaded.err) == (0, "")
    assert "published" in loaded.out
    assert "No bot is running" in loaded.out
    plan = vigil("plan")
    for region in ("Africa & Europe", "Latin America", "South Asia", "Asia Pacific", "Global"):
        assert region in plan.out


def test_a_draft_is_stored_and_not_planned(vigil: Vigil) -> None:
    loaded = vigil("bulletin", "load", WEEK, "--date", yesterday(), "--draft")
    assert (loaded.status, "draft" in loaded.out) == (0, True)
    assert NOTHING in vigil("plan").out


def test_an_archive_of_past_weeks_is_kept_unplanned(vigil: Vigil) -> None:
    loaded = vigil("bulletin", "load", SAMPLES / "archive.txt")
    assert loaded.status == 0
    assert loaded.out.count("its week is past") == 3
    assert NOTHING in vigil("plan").out


def test_more_than_a_week_has_days_for_is_reported(vigil: Vigil) -> None:
    six_days_ago = (system_now().date() - timedelta(days=6)).isoformat()
    loaded = vigil("bulletin", "load", WEEK, "--date", six_days_ago)
    assert loaded.status == 0
    assert "found no day" in loaded.out


def wrong_files(folder: Path) -> dict[str, Path]:
    """Files that can't be read as a bulletin."""
    files = {name: folder / name for name in ("empty.txt", "bytes.txt", "prose.txt")}
    files["empty.txt"].write_text("")
    files["bytes.txt"].write_bytes(bytes(range(256)))
    files["prose.txt"].write_text("Minutes of a meeting about the new roof.\n")
    return files | {"missing.txt": folder / "missing.txt", "a folder": folder}


@pytest.mark.parametrize("name", ["empty.txt", "bytes.txt", "prose.txt", "missing.txt", "a folder"])
def test_wrong_input_gets_a_sentence_and_changes_nothing(vigil: Vigil, tmp_path: Path, name: str) -> None:
    path = wrong_files(tmp_path)[name]
    refused = vigil("bulletin", "load", path, "--date", yesterday())
    assert refused.status == 1
    assert path.name in refused.err
    assert "Traceback" not in refused.err
    assert NOTHING in vigil("plan").out


def test_a_date_that_is_none_is_wrong_usage(vigil: Vigil) -> None:
    refused = vigil("bulletin", "load", WEEK, "--date", "2026-02-30")
    assert refused.status == 2
    assert NOTHING in vigil("plan").out


def test_an_undated_bulletin_asks_for_its_date(vigil: Vigil) -> None:
    refused = vigil("bulletin", "load", WEEK)
    assert refused.status == 1
    assert "--date" in refused.err
    assert NOTHING in vigil("plan").out


def test_an_undated_bulletin_from_a_mail_has_its_date_or_the_one_asked_for(vigil: Vigil, tmp_path: Path) -> None:
    mail = tmp_path / "week.eml"
    day = system_now().date() - timedelta(days=2)
    mail.write_bytes(f"From: a@example.org\nSubject: Prayers\nDate: {day:%d %b %Y} 22:00:00 +0900\n\n".encode())
    mail.write_bytes(mail.read_bytes() + WEEK.read_bytes())
    loaded = vigil("bulletin", "load", mail, "--draft")
    assert loaded.status == 0
    assert f"that of its mail is taken: {day.isoformat()}" in loaded.err
    assert f"{day + timedelta(days=1):%a %d %b %Y}" in loaded.out
    mail.write_bytes(mail.read_bytes().replace(b"Subject", b"X-More: 1\nSubject") + b"\nPray for rest.\n")
    asked = vigil("bulletin", "load", mail, "--draft", "--date", yesterday())
    assert (asked.status, "that of its mail" in asked.err) == (0, False)


def test_what_an_editor_should_look_at_has_its_line(vigil: Vigil, tmp_path: Path) -> None:
    path = tmp_path / "week.txt"
    path.write_text("Africa\nPray for rain.Ask for seed.\n")
    loaded = vigil("bulletin", "load", path, "--date", yesterday())
    said = "line 2: Sentences run together; they are shown with a blank between them."
    assert (loaded.status, loaded.err) == (0, f"Please look: {said}\n")
    assert said in vigil("bulletin", "check", path).out


def test_the_same_bulletin_twice_is_recognised(vigil: Vigil) -> None:
    vigil("bulletin", "load", WEEK, "--date", yesterday())
    before = vigil("plan").out
    refused = vigil("bulletin", "load", WEEK, "--date", yesterday())
    assert refused.status == 1
    assert "loaded before" in refused.err
    assert vigil("plan").out == before


def test_days_that_are_taken_are_refused_or_replaced(vigil: Vigil) -> None:
    vigil("bulletin", "load", WEEK, "--date", yesterday())
    before = vigil("plan").out
    other = SAMPLES / "church.txt"
    refused = vigil("bulletin", "load", other, "--date", yesterday())
    assert refused.status == 1
    assert "--replace" in refused.err
    assert vigil("plan").out == before
    assert vigil("bulletin", "load", other, "--date", yesterday(), "--replace").status == 0
    after = vigil("plan").out
    assert after != before
    assert "Latin America" not in after


def test_a_wrong_database_or_key_is_one_sentence(vigil: Vigil, monkeypatch: pytest.MonkeyPatch) -> None:
    vigil("plan")
    monkeypatch.setenv("VIGIL_KEY", "Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=")
    refused = vigil("plan")
    assert refused.status == 1
    assert "another key" in refused.err
    assert "Traceback" not in refused.err
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    refused = vigil("plan")
    assert refused.status == 1
    assert "database" in refused.err
    assert "Traceback" not in refused.err


def test_a_database_folder_that_cant_be_made_is_one_sentence(
    vigil: Vigil, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/file/vigil.db")
    refused = vigil("plan")
    assert refused.status == 1
    assert "can't be made" in refused.err
    assert "Traceback" not in refused.err


def test_a_mistaken_date_is_mended_by_replacing(vigil: Vigil) -> None:
    vigil("bulletin", "load", WEEK, "--date", (system_now().date() + timedelta(days=6)).isoformat())
    refused = vigil("bulletin", "load", WEEK, "--date", yesterday())
    assert refused.status == 1
    assert "--replace" in refused.err
    assert vigil("bulletin", "load", WEEK, "--date", yesterday(), "--replace").status == 0
    assert vigil("plan").out.count("1 of 1") == 5


def test_a_draft_is_published_by_loading_it(vigil: Vigil) -> None:
    vigil("bulletin", "load", WEEK, "--date", yesterday(), "--draft")
    assert vigil("bulletin", "load", WEEK, "--date", yesterday()).status == 0
    assert vigil("plan").out.count("1 of 1") == 5
