from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bot.domain.due import due_instant, next_due
from bot.domain.zones import zone_names
from tests.domain.zones import expected, stretches, stretches_2020_to_2030

ZONES = sorted(zone_names())

zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.dates(date(1950, 1, 1), date(2100, 12, 31))
hours = st.times().map(lambda at: at.replace(second=0, microsecond=0))
weekdays = st.frozensets(st.integers(0, 6), min_size=1)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def local(instant: datetime, zone: str) -> str:
    return instant.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M %z")


def due(day: date, at: time, zone: str) -> datetime:
    instant = due_instant(day, at, ZoneInfo(zone))
    assert instant is not None
    assert instant.tzinfo is UTC
    return instant


@settings(max_examples=400)
@given(days, hours, zones)
@example(date(2011, 12, 30), time(12), ZoneInfo("Pacific/Apia"))
@example(date(1972, 1, 7), time(0, 15), ZoneInfo("Africa/Monrovia"))
def test_a_local_date_that_exists_has_exactly_one_instant_and_it_lies_on_that_date(
    day: date, at: time, zone: ZoneInfo
) -> None:
    instant, judged = due_instant(day, at, zone), expected(day, at, stretches(midnight(day), zone))
    assert instant == (judged.replace(tzinfo=UTC) if judged else None)
    if instant is not None:
        assert instant.astimezone(zone).date() == day


@pytest.mark.parametrize("at", [time(0), time(0, 30), time(2, 30), time(23, 30)], ids=str)
def test_around_every_change_of_every_zone_the_instant_is_what_the_design_says(at: time) -> None:
    seen = 0
    for name in ZONES:
        zone = ZoneInfo(name)
        parts = stretches_2020_to_2030(zone)
        for before, after in pairwise(parts):
            for day in {before.last.date(), after.first.date(), after.first.date() - timedelta(days=1)}:
                judged = expected(day, at, (before, after))
                assert judged is not None, f"{name} has no {day}"
                assert due_instant(day, at, zone) == judged.replace(tzinfo=UTC), f"{name} {day} {at}"
            seen += 1
    assert seen > 3000, "the tz database has lost its changes"


@pytest.mark.parametrize(
    ("zone", "day", "at", "instant"),
    [
        ("Africa/Cairo", date(2024, 4, 26), time(0), "2024-04-26 01:00 +0300"),
        ("Africa/Cairo", date(2024, 4, 26), time(0, 59), "2024-04-26 01:00 +0300"),
        ("Asia/Beirut", date(2024, 3, 31), time(0), "2024-03-31 01:00 +0300"),
        ("America/Havana", date(2024, 3, 10), time(0, 30), "2024-03-10 01:00 -0400"),
        ("America/Santiago", date(2024, 9, 8), time(0), "2024-09-08 01:00 -0300"),
        ("America/New_York", date(2026, 3, 8), time(2, 30), "2026-03-08 03:00 -0400"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-04 02:30 +1100"),
        # The evening's last hour is missing: the minute before it.
        ("America/Nuuk", date(2024, 3, 30), time(23), "2024-03-30 22:59 -0200"),
        ("America/Nuuk", date(2024, 3, 30), time(23, 59), "2024-03-30 22:59 -0200"),
    ],
)
def test_a_time_that_does_not_exist_moves_within_its_date(zone: str, day: date, at: time, instant: str) -> None:
    assert local(due(day, at, zone), zone) == instant


@pytest.mark.parametrize(
    ("zone", "day", "at", "instant"),
    [
        ("America/New_York", date(2026, 11, 1), time(1, 30), "2026-11-01 01:30 -0400"),
        ("Europe/Berlin", date(2026, 10, 25), time(2), "2026-10-25 02:00 +0200"),
        ("America/Havana", date(2024, 11, 3), time(0, 30), "2024-11-03 00:30 -0400"),
        ("Africa/Cairo", date(2024, 10, 31), time(23, 30), "2024-10-31 23:30 +0300"),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), "2026-04-05 01:45 +1100"),
    ],
)
def test_a_time_that_comes_twice_is_taken_the_first_time(zone: str, day: date, at: time, instant: str) -> None:
    assert local(due(day, at, zone), zone) == instant


@given(hours)
def test_a_date_that_a_zone_leapt_over_has_no_instant(at: time) -> None:
    assert due_instant(date(2011, 12, 30), at, ZoneInfo("Pacific/Apia")) is None
    assert due_instant(date(1994, 12, 31), at, ZoneInfo("Pacific/Kiritimati")) is None


def test_the_next_post_leaps_over_a_date_that_does_not_exist() -> None:
    after = datetime(2011, 12, 29, 20, tzinfo=UTC)  # 29 December, 10:00 in Apia
    day, instant = next_due(after, time(7), ZoneInfo("Pacific/Apia"), frozenset(range(7)))
    assert day == date(2011, 12, 31)
    assert local(instant, "Pacific/Apia") == "2011-12-31 07:00 +1400"


@settings(max_examples=200)
@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (bounds are naive)
    hours,
    zones,
    weekdays,
    st.sets(st.integers(-2, 20)),
)
def test_the_next_due_instant_is_the_first_one_later_that_is_allowed(
    after: datetime, at: time, zone: ZoneInfo, wanted: frozenset[int], gone: set[int]
) -> None:
    today = after.astimezone(zone).date()
    taken = {today + timedelta(days=number) for number in gone}
    day, instant = next_due(after, at, zone, wanted, taken)
    assert instant > after
    assert day.weekday() in wanted
    assert day not in taken
    assert instant == due_instant(day, at, zone)
    for number in range(-2, (day - today).days):
        passed = today + timedelta(days=number)
        earlier = due_instant(passed, at, zone)
        assert passed.weekday() not in wanted or passed in taken or earlier is None or earlier <= after


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (bounds are naive)
    hours,
    zones,
    weekdays,
)
def test_due_dates_follow_each_other_one_a_date_and_none_left_out(
    after: datetime, at: time, zone: ZoneInfo, wanted: frozenset[int]
) -> None:
    first, instant = next_due(after, at, zone, wanted)
    second, later = next_due(instant, at, zone, wanted)
    assert second > first
    assert later > instant
    between = (first + timedelta(days=number) for number in range(1, (second - first).days))
    left_out = [day for day in between if day.weekday() in wanted and due_instant(day, at, zone) is not None]
    assert left_out == []


def test_a_due_instant_is_not_its_own_successor() -> None:
    instant = due(date(2026, 3, 2), time(7), "UTC")
    assert next_due(instant, time(7), ZoneInfo("UTC"), {0, 1})[0] == date(2026, 3, 3)
    before = instant - timedelta(microseconds=1)
    assert next_due(before, time(7), ZoneInfo("UTC"), {0, 1}) == (date(2026, 3, 2), instant)


@given(days, hours, zones)
def test_a_group_without_weekdays_is_an_error_and_no_endless_search(day: date, at: time, zone: ZoneInfo) -> None:
    assume(day.year < 2100)
    with pytest.raises(ValueError, match="weekday"):
        next_due(midnight(day).replace(tzinfo=UTC), at, zone, ())
