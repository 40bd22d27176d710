from calendar import month_name
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bulletin import NamedDays
from bot.domain.regions import Region
from bot.loader.days import named, with_days_named
from bot.loader.files import read_file
from bot.loader.profile import Profile
from tests.stored import a_bulletin, a_request

SATURDAY = date(2026, 2, 28)
DAY = timedelta(days=1)
dates = st.dates(date(1995, 1, 1), date(2090, 1, 1))


def days(text: str, on: date = SATURDAY) -> list[str]:
    """What a text names, as "first" or "first to last"."""
    return [str(each.first) + (f" to {each.last}" if each.last != each.first else "") for each in named(text, on)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("On March 4, the harbour choir sings", ["2026-03-04"]),
        ("a hearing on 4 March", ["2026-03-04"]),
        ("On March 4th, 2027", ["2027-03-04"]),
        ("on the 4th of March", ["2026-03-04"]),
        ("Wed 4 March", ["2026-03-04"]),
        ("on Wednesday, March 4, in Tema", ["2026-03-04"]),
        ("on Wednesday (March 4)", ["2026-03-04"]),
        ("the opening (July 30, 2026)", ["2026-07-30"]),
        ("2026-03-04 and 03/14/2026", ["2026-03-04", "2026-03-14"]),
        ("on Aug. 5", ["2026-08-05"]),
        ("a hearing on the 15th, and one on the 28th.", ["2026-03-15", "2026-02-28"]),
        ("set for the 30th", ["2026-03-30"]),
        ("They were heard on the 5th.", ["2026-02-05"]),
    ],
)
def test_dates_are_found_in_their_forms(text: str, wanted: list[str]) -> None:
    assert days(text) == wanted


def test_the_29th_of_february_is_named_only_near_a_year_that_has_it() -> None:
    assert days("on February 29", date(2023, 7, 1)) == ["2024-02-29"]
    assert days("on February 29", date(2026, 2, 28)) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a fair on March 18-20.", ["2026-03-18 to 2026-03-20"]),
        ("from 18 to 20 March", ["2026-03-18 to 2026-03-20"]),
        ("March 30 – April 2", ["2026-03-30 to 2026-04-02"]),
        ("28 June to 4 July 2026", ["2026-06-28 to 2026-07-04"]),
        ("from Tuesday, March 3 through Thursday, March 5", ["2026-03-03 to 2026-03-05"]),
        ("December 30, 2025 – January 2, 2026", ["2025-12-30 to 2026-01-02"]),
        ("December 30 – January 2, 2026", ["2025-12-30 to 2026-01-02"]),
        ("March 4 and 5 in Tema", ["2026-03-04 to 2026-03-05"]),
        ("hearings on March 4 and 9.", ["2026-03-04", "2026-03-09"]),
        ("March 4 and 15 families", ["2026-03-04"]),
        ("on March 4 to 7 p.m.", ["2026-03-04"]),
        ("this Friday and Saturday", ["2026-03-06 to 2026-03-07"]),
        ("from Tuesday to Thursday", ["2026-03-03 to 2026-03-05"]),
    ],
)
def test_ranges_and_pairs_of_days_are_found(text: str, wanted: list[str]) -> None:
    assert days(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Today we open", "2026-02-28"),
        ("tonight", "2026-02-28"),
        ("Tomorrow is the day of the nets", "2026-03-01"),
        ("yesterday", "2026-02-27"),
        ("is this weekend!", "2026-02-28 to 2026-03-01"),
        ("next weekend", "2026-03-07 to 2026-03-08"),
        ("the coming weekend", "2026-02-28 to 2026-03-01"),
        ("who sit down this week", "2026-02-23 to 2026-03-01"),
        ("next week", "2026-03-02 to 2026-03-08"),
        ("this coming week", "2026-03-01 to 2026-03-07"),
        ("this month", "2026-02-01 to 2026-02-28"),
        ("next month", "2026-03-01 to 2026-03-31"),
        ("in the week of March 11", "2026-03-09 to 2026-03-15"),
        ("in the week beginning March 11", "2026-03-11 to 2026-03-17"),
        ("on Friday", "2026-03-06"),
        ("on Saturday", "2026-03-07"),
        ("this Saturday", "2026-02-28"),
        ("next Tuesday", "2026-03-03"),
        ("before Friday night", "2026-03-06"),
    ],
)
def test_days_are_counted_from_the_bulletins_date(text: str, wanted: str) -> None:
    assert days(text) == [wanted]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Two brothers walked home on Monday.", "2026-02-23"),
        ("Praise God for the verdict on Monday.", "2026-02-23"),
        ("They were afraid. The hearing is on Monday.", "2026-03-02"),
        ("Pray for the hearing, postponed from last month, on Monday.", "2026-03-02"),
        ("A clerk who left the town will be finally sentenced on Monday.", "2026-03-02"),
        ("The office was closed on Saturday.", "2026-02-21"),
    ],
)
def test_a_day_of_the_week_is_the_last_one_where_the_sentence_tells_of_the_past(text: str, wanted: str) -> None:
    assert days(text) == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        "the 2025 Year in Review and the 2026 Report",
        "in 2026, for 25 years and 3 months",
        "COVID-19 March",
        "Freedom Sunday, Sunday School and Giving Tuesday",
        "on Fridays, each Friday, on Monday mornings",
        "in the coming weeks, over the next week",
        "for a better tomorrow",
        "for the 5th time, for the 9th and last time, on the 3rd floor, a song of the 15th century",
        "May 12 more families come home.",
        "they may 5 times march 10 miles",
        "on June 31 and 2026-02-30",
        "03/05/2026",
        "July 2026, in July",
        "on July 30, 1021 and 30/7",
        "on Frıday",
        "Psalm 46:1",
        "",
    ],
)
def test_what_only_looks_like_a_day_is_none(text: str) -> None:
    assert [each for each in days(text) if each != "2026-07-30"] == []


@given(dates, st.integers(-150, 150), st.sampled_from(["{m} {d}", "{d} {m}", "{m} {d}th", "the {d}th of {m}"]))
def test_a_day_without_its_year_is_the_nearest_one(on: date, away: int, form: str) -> None:
    day = on + away * DAY
    (found,) = named(f"We meet on {form.format(m=month_name[day.month], d=day.day)}, all of us.", on)
    assert (found.first, found.last) == (day, day)


@given(dates, st.integers(-90, 90), st.integers(1, 27), st.sampled_from(["–", " - ", " to ", " through "]))
def test_a_range_keeps_both_its_ends(on: date, away: int, length: int, joint: str) -> None:
    first = on + away * DAY
    last = first + length * DAY
    (found,) = named(f"{month_name[first.month]} {first.day}{joint}{month_name[last.month]} {last.day}.", on)
    assert (found.first, found.last) == (first, last)


_PIECES = st.sampled_from([
    "May", "march", "30", "31st", "2026", "-", "–", "/", " ", ",", "(", ")", "to", "and", "Fri", "Sunday", "on", "this",
    "next", "coming", "week", "weekend", "month", "of", "tomorrow", "İ", "ſt", "٣", "0", "was", ".", "\n", "Feb 29",
])  # fmt: skip


@given(
    st.lists(_PIECES, max_size=30).map("".join) | st.lists(_PIECES, max_size=30).map(" ".join) | st.text(), st.dates()
)
def test_any_text_on_any_date_gives_days_that_stand_in_it(text: str, on: date) -> None:
    for each in named(text, on):
        assert each.text in text
        assert each.first <= each.last
    assert named(text, on) == named(text, on)


def test_a_text_full_of_days_is_read_no_further_than_a_request_is_long() -> None:
    assert len(named("on May 3, " * 100_000, SATURDAY)) == 100


def test_a_request_names_each_day_once_and_every_point_counts() -> None:
    bulletin = a_bulletin(a_request("On March 4 and", "again on March 4, or tomorrow."), a_request("Pray."))
    first, second = with_days_named(bulletin, SATURDAY).requests
    assert first.dates == (
        NamedDays("March 4", date(2026, 3, 4), date(2026, 3, 4)),
        NamedDays("tomorrow", date(2026, 3, 1), date(2026, 3, 1)),
    )
    assert second.dates == ()
    assert replace(first, dates=()) == bulletin.requests[0]


def test_the_real_texts_name_their_days(bulletins: Path, profile: Profile) -> None:
    def spans(number: str, place: int, on: date | None = None) -> dict[Region, set[tuple[date, date]]]:
        (path,) = bulletins.glob(f"{number}_*.txt")
        bulletin = read_file(path, profile).bulletins[place]
        bulletin = with_days_named(bulletin, on) if on else bulletin
        return {each.region: {(days.first, days.last) for days in each.dates} for each in bulletin.requests}

    archive = spans("002", 0)
    assert (date(2021, 6, 26), date(2021, 6, 27)) in archive[Region.GLOBAL]
    undated = spans("001", 0, on=date(2023, 7, 29))
    sunday = (date(2023, 7, 30), date(2023, 7, 30))
    assert sunday in undated[Region.AFRICA_EUROPE]
    assert sunday in undated[Region.GLOBAL]
    assert spans("001", 0)[Region.GLOBAL] == set()
