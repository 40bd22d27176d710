"""`vigil plan`: a week as a calendar, and changes to it by hand."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.app import system_now
from tests.cli.conftest import Vigil
from tests.cli.test_load import WEEK, yesterday


def coming(weekday: int) -> date:
    """The first such day of the loaded bulletin's week, which begins today."""
    today = system_now().date()
    return today + timedelta(days=(weekday - today.weekday()) % 7)


@pytest.fixture
def loaded(vigil: Vigil) -> Vigil:
    """`vigil`, with a week's bulletin loaded."""
    assert vigil("bulletin", "load", WEEK, "--date", yesterday()).status == 0
    return vigil


def line(vigil: Vigil, day: date) -> str:
    """What the calendar says of a day."""
    (found,) = (each for each in vigil("plan").out.splitlines() if f"{day:%a %d %b %Y}" in each)
    return found


def region_on(vigil: Vigil, weekday: int) -> str:
    return line(vigil, coming(weekday)).split("│")[2].strip()


def test_a_week_is_shown_day_by_day_with_reasons(loaded: Vigil) -> None:
    said = loaded("plan").out
    assert said.count("the next planning day") == 5
    assert said.count("no request") == 2
    assert all(f"{coming(weekday):%a %d %b %Y}" in said for weekday in range(7))


def test_two_regions_change_places(loaded: Vigil) -> None:
    one, other = region_on(loaded, 0), region_on(loaded, 4)
    done = loaded("plan", "swap", one, other)
    assert (done.status, done.err) == (0, "")
    assert f"{one}: {coming(0):%a %d %b %Y} → {coming(4):%a %d %b %Y}" in done.out
    assert "No bot is running" in done.out
    assert (region_on(loaded, 0), region_on(loaded, 4)) == (other, one)
    assert "by an editor" in line(loaded, coming(0))


def test_a_day_is_skipped_and_its_region_moved_to_another(loaded: Vigil) -> None:
    region = region_on(loaded, 1)
    assert loaded("plan", "skip", coming(1)).status == 0
    assert "no request" in line(loaded, coming(1))
    assert f"{region} has no day; members reach it with /region." in loaded("plan").out
    assert loaded("plan", "move", region, coming(5)).status == 0
    assert region_on(loaded, 5) == region


def test_a_region_is_held_back(loaded: Vigil) -> None:
    held = loaded("plan", "hold", "southeast")
    assert held.out.startswith("Asia Pacific: ")
    assert "Asia Pacific has no day" in loaded("plan").out


def test_a_week_without_a_single_day_left_is_still_shown(loaded: Vigil) -> None:
    regions = [region_on(loaded, weekday) for weekday in range(5)]
    for region in regions:
        loaded("plan", "hold", region)
    said = loaded("plan").out
    assert "Nothing is planned" not in said
    assert all(f"{region} has no day" in said for region in regions)


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (("move", "Atlantis", "2030-01-01"), 1, "“Atlantis” is no region"),
        (("move", "Global", "2030-01-01"), 1, "No published bulletin"),
        (("skip", "2020-01-01"), 1, "is past"),
        (("skip", "2026-02-30"), 2, "2026-02-30"),
        (("swap", "Global", "Global"), 1, "name two regions"),
        (("hold",), 2, "REGION"),
        (("turn",), 2, "turn"),
    ],
)
def test_wrong_input_gets_a_sentence_and_changes_nothing(
    loaded: Vigil, words: tuple[str, ...], status: int, sentence: str
) -> None:
    before = loaded("plan").out
    refused = loaded("plan", *words)
    assert refused.status == status
    assert sentence in refused.err
    assert "Traceback" not in refused.err
    assert loaded("plan").out == before


def test_a_diarys_texts_have_the_days_that_the_diary_gives_them(vigil: Vigil, tmp_path: Path) -> None:
    today = system_now().date()
    days = [today + timedelta(days=number) for number in (2, 3, 9)]
    path = tmp_path / "diary.txt"
    path.write_text("".join(f"{day:%A} {day.day} {day:%B} | PERU\nPray for rain.\n" for day in days))
    loaded = vigil("bulletin", "load", path, "--date", today.isoformat())
    assert loaded.status == 0
    plan = vigil("plan").out
    assert plan.count("the diary has it on this day") == 3
    for day in days:
        assert f"{day:%a %d %b %Y}" in loaded.out
    exported = vigil("bulletin", "export", today.isoformat(), "--text").out
    assert exported.count(" | Latin America") == 3
