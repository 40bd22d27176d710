"""`vigil bulletin export`: what is stored comes out as text that reads back to the same bulletin."""

from pathlib import Path

import pytest

from bot.loader.files import read_file
from bot.loader.profile import load_profile
from bot.settings import ROOT
from tests.cli.conftest import Vigil

SAMPLES = ROOT / "data" / "bulletins"
WEEK, QUIET = SAMPLES / "week.txt", SAMPLES / "quiet-week.txt"


@pytest.mark.parametrize("draft", [["--draft"], []])
def test_a_stored_bulletin_comes_back(vigil: Vigil, tmp_path: Path, draft: list[str]) -> None:
    vigil("bulletin", "load", WEEK, "--date", "2026-02-28", *draft)
    exported = vigil("bulletin", "export", "2026-02-28", "--text")
    assert (exported.status, exported.err) == (0, "")
    path = tmp_path / "back.txt"
    path.write_text(exported.out, "utf-8")
    profile = load_profile(ROOT / "config" / "bulletins" / "ijm.yaml")
    (back,), (first,) = read_file(path, profile).bulletins, read_file(WEEK, profile).bulletins
    assert (back.title, str(back.published_on), back.verse) == (first.title, "2026-02-28", first.verse)
    assert [(each.region, each.heading, each.points) for each in back.requests] == [
        (each.region, each.heading, each.points) for each in first.requests
    ]
    assert back.warnings == ()


def test_a_published_bulletin_goes_before_a_draft_of_its_date(vigil: Vigil) -> None:
    vigil("bulletin", "load", WEEK, "--date", "2026-02-28")
    published = vigil("bulletin", "export", "2026-02-28", "--text").out
    vigil("bulletin", "load", QUIET, "--date", "2026-02-28", "--draft")
    assert vigil("bulletin", "export", "2026-02-28", "--text").out == published


def test_a_date_without_a_bulletin_is_a_sentence_that_names_those_there_are(vigil: Vigil) -> None:
    vigil("bulletin", "load", WEEK, "--date", "2026-02-28")
    wrong = vigil("bulletin", "export", "2026-03-01", "--text")
    assert (wrong.status, wrong.out) == (1, "")
    assert wrong.err == "No bulletin of 2026-03-01 is stored. The newest are of: 2026-02-28.\n"


@pytest.mark.parametrize("words", [["2026-02-28"], ["yesterday", "--text"]])
def test_wrong_usage_ends_with_2(vigil: Vigil, words: list[str]) -> None:
    assert vigil("bulletin", "export", *words).status == 2
