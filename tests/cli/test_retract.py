"""`vigil retract` and `vigil bulletin load --correct`: what they say and change, without a running bot."""

import io
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Vigil
from tests.cli.test_load import WEEK, yesterday


def sealed(folder: Path) -> list[bytes]:
    """What the database holds of the requests' texts."""
    with sqlite3.connect(folder / "vigil.db") as connection:
        return [row[0] for row in connection.execute("SELECT sealed FROM requests ORDER BY id")]


def test_a_request_is_taken_back_and_its_text_is_gone(vigil: Vigil, tmp_path: Path) -> None:
    vigil("bulletin", "load", WEEK, "--date", yesterday())
    listed = vigil("retract").out
    assert "Latin America" in listed and "taken back" not in listed
    done = vigil("retract", 2, "--why", "danger", "--yes")
    assert (done.status, done.err) == (0, "")
    assert "taken back and its text deleted" in done.out
    assert "No bot is running" in done.out
    assert [bool(text) for text in sealed(tmp_path)] == [True, False, True, True, True]
    assert "taken back" in vigil("retract").out
    assert "taken back" in vigil("plan").out
    assert "taken back" in vigil("retract", 2).out


def test_without_a_yes_or_with_a_number_that_is_none_nothing_is_taken_back(
    vigil: Vigil, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vigil("bulletin", "load", WEEK, "--date", yesterday())
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert vigil("retract", 2).status == 1
    unknown = vigil("retract", 99, "--yes")
    assert unknown.status == 1
    assert "no request 99" in unknown.err
    assert all(sealed(tmp_path))


def test_now_without_a_token_says_so(vigil: Vigil) -> None:
    vigil("bulletin", "load", WEEK, "--date", yesterday())
    done = vigil("retract", 2, "--yes", "--now")
    assert done.status == 1
    assert "The text is deleted" in done.err and "TELEGRAM_TOKEN" in done.err
    assert "Traceback" not in done.err


def test_a_corrected_bulletin_is_shown_first_and_taken_over_with_a_yes(vigil: Vigil, tmp_path: Path) -> None:
    vigil("bulletin", "load", WEEK, "--date", yesterday())
    before = sealed(tmp_path)
    text = WEEK.read_text("utf-8")
    first = max((line for line in text.splitlines()), key=len)
    mended = tmp_path / "week.txt"
    mended.write_text(text.replace(first, f"{first} Pray for rest."), "utf-8")
    refused = vigil("bulletin", "load", mended, "--date", yesterday())
    assert (refused.status, "--correct" in refused.err) == (1, True)
    looked = vigil("bulletin", "load", mended, "--date", yesterday(), "--correct")
    assert (looked.status, looked.out.count("corrected"), "Nothing was changed yet" in looked.out) == (0, 2, True)
    assert sealed(tmp_path) == before
    done = vigil("bulletin", "load", mended, "--date", yesterday(), "--correct", "--yes")
    assert done.status == 0
    assert sum(one != other for one, other in zip(before, sealed(tmp_path), strict=True)) == 1
    again = vigil("bulletin", "load", mended, "--date", yesterday(), "--correct")
    assert "Nothing changes" in again.out


def test_what_was_taken_back_is_left_out_of_another_load_and_that_is_said(vigil: Vigil, tmp_path: Path) -> None:
    vigil("bulletin", "load", WEEK, "--date", yesterday())
    vigil("retract", 2, "--why", "danger", "--yes")
    mended = tmp_path / "week.txt"
    mended.write_text(WEEK.read_text("utf-8").replace("Pray", "Please pray", 1), "utf-8")
    loaded = vigil("bulletin", "load", mended, "--date", yesterday(), "--replace")
    said = " ".join(loaded.out.split())
    assert (loaded.status, loaded.err) == (0, "")
    assert "Left out: Latin America. It was taken back in these days, and is not posted again by itself." in said
    assert "To load it all the same, before any of its days is posted, add --replace --with-retracted" in said
    assert "Latin America" not in vigil("plan").out
    assert vigil("retract").out.count("taken back") == 2
    assert "left out when its bulletin was loaded" in vigil("retract", 10).err
    meant = vigil("bulletin", "load", mended, "--date", yesterday(), "--replace", "--with-retracted")
    assert (meant.status, "Left out" in meant.out) == (0, False)
    assert "Latin America" in vigil("plan").out
