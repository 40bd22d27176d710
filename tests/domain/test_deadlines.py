"""Planning with the days that requests name, held against a search that is written differently."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bulletin import NamedDays
from bot.domain.deadlines import MOST_REQUESTS, deadlines, missed, order, spoken
from bot.domain.plan import Late, Plan, plan, window

SATURDAY = date(2026, 2, 28)
WEEK = window(SATURDAY)  # Sunday, 1 March to Saturday, 7 March
SUNDAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, NEXT_SATURDAY = WEEK
DAY = timedelta(days=1)

events = st.builds(
    lambda start, length: NamedDays("", SATURDAY + start * DAY, SATURDAY + (start + length) * DAY),
    st.integers(-9, 12),
    st.integers(0, 8),
)
named_by = st.lists(st.lists(events, max_size=2), min_size=2, max_size=5)


def on(first: date, last: date | None = None) -> list[NamedDays]:
    """One event."""
    return [NamedDays("that day", first, last or first)]


def planned(made: Plan) -> dict[date, int]:
    return {day.date: day.request for day in made.days}


def reasons(made: Plan) -> dict[date, str]:
    return {day.date: day.reason for day in made.days}


def test_a_request_that_names_a_day_changes_places_with_the_one_that_has_it() -> None:
    made = plan([1] * 5, SATURDAY, events=[[], [], [], [], on(MONDAY)])
    assert planned(made) == {MONDAY: 4, TUESDAY: 1, WEDNESDAY: 2, THURSDAY: 3, FRIDAY: 0}
    assert reasons(made)[MONDAY] == "moved from Friday to Monday: names 2 March"
    assert reasons(made)[FRIDAY] == "moved from Monday to Friday: makes room for a request that names its days"
    assert reasons(made)[TUESDAY] == "the next planning day"
    assert made.late == ()


def test_of_the_days_that_serve_the_nearest_is_taken() -> None:
    made = plan([1] * 5, SATURDAY, events=[[], [], [], [], on(WEDNESDAY)])
    assert planned(made) == {MONDAY: 0, TUESDAY: 1, WEDNESDAY: 4, THURSDAY: 3, FRIDAY: 2}


def test_who_is_in_time_stays_and_the_plan_says_what_it_names() -> None:
    made = plan([1] * 5, SATURDAY, events=[[], [], [], on(THURSDAY, NEXT_SATURDAY)])
    assert planned(made) == dict(zip(WEEK[1:6], range(5), strict=True))
    assert reasons(made)[THURSDAY] == "the next planning day; names 5–7 March"


def test_an_event_of_several_days_may_be_posted_on_its_last() -> None:
    assert planned(plan([1] * 3, SATURDAY, events=[[], [], on(SUNDAY, WEDNESDAY)]))[WEDNESDAY] == 2


def test_an_event_before_the_first_posting_day_has_the_earliest_and_a_warning() -> None:
    made = plan([1] * 5, SATURDAY, events=[[], [], [], [], on(SATURDAY, SUNDAY)])
    assert planned(made)[MONDAY] == 4
    assert reasons(made)[MONDAY] == (
        "moved from Friday to Monday: names 28 February – 1 March, before the first posting day"
    )
    assert made.late == (Late(4, "28 February – 1 March"),)


def test_who_can_be_in_time_goes_before_who_cannot() -> None:
    made = plan([1] * 3, SATURDAY, events=[[], on(SUNDAY), on(MONDAY)])
    assert planned(made)[MONDAY] == 2


def test_where_not_all_can_be_in_time_most_are_and_the_rest_is_a_warning() -> None:
    made = plan([1] * 4, SATURDAY, events=[[], on(MONDAY), on(MONDAY), on(TUESDAY)])
    days = planned(made)
    assert days[MONDAY] in (1, 2)
    assert days[TUESDAY] == 3
    assert made.late == (Late(2, "2 March"),)


@pytest.mark.parametrize(
    "days",
    [
        (SATURDAY, SATURDAY),
        (SATURDAY - 9 * DAY, SATURDAY - 8 * DAY),
        (date(2026, 2, 23), SUNDAY),
        (MONDAY, MONDAY + 6 * DAY),
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 3, 31)),
        (NEXT_SATURDAY + DAY, NEXT_SATURDAY + DAY),
        (date(9999, 12, 1), date.max),
    ],
)
def test_past_and_later_events_whole_weeks_and_months_change_nothing(days: tuple[date, date]) -> None:
    assert plan([1] * 5, SATURDAY, events=[[]] * 4 + [on(*days)]) == plan([1] * 5, SATURDAY)


def test_in_the_middle_of_the_week_what_is_over_counts_no_more() -> None:
    made = plan([1] * 5, SATURDAY, events=[[], [], [], on(FRIDAY), on(TUESDAY)], first_open=THURSDAY)
    assert planned(made) == {THURSDAY: 0, FRIDAY: 3, NEXT_SATURDAY: 2}
    assert reasons(made)[FRIDAY] == "moved to Friday: names 6 March"
    assert {left.request: left.reason for left in made.left_over} == {
        1: "no day of the week is left; makes room for a request that names its days",
        4: "no day of the week is left",
    }


def test_one_regions_points_keep_their_order_and_late_ones_are_a_warning() -> None:
    made = plan([3], SATURDAY, events=[on(SUNDAY)])
    assert planned(made) == {MONDAY: 0, TUESDAY: 0, WEDNESDAY: 0}
    assert made.late == (Late(0, "1 March"),)


def test_a_request_without_a_day_that_names_one_is_a_warning() -> None:
    made = plan([1, 1], SATURDAY, events=[on(NEXT_SATURDAY), on(NEXT_SATURDAY)], first_open=NEXT_SATURDAY)
    assert made.late == (Late(1, "7 March"),)


def test_days_are_spoken_shortly() -> None:
    days = [*on(MONDAY), *on(TUESDAY, THURSDAY), *on(date(2026, 6, 28), date(2026, 7, 2)), *on(FRIDAY), *on(SUNDAY)]
    assert spoken(days) == "2 March, 3–5 March, 28 June – 2 July and 2 more"


def outcomes(slots: Sequence[date], named: Sequence[Sequence[NamedDays]]) -> Iterator[dict[int, date | None]]:
    """Every way of giving each slot to another request."""
    if not slots:
        yield {}
        return
    for rest in outcomes(slots[1:], named):
        yield from ({**rest, request: slots[0]} for request in range(len(named)) if request not in rest)


@given(named_by, st.none() | st.integers(1, 7))
def test_no_other_order_is_better(named: list[list[NamedDays]], opens: int | None) -> None:
    first_open = None if opens is None else SATURDAY + opens * DAY
    usual = plan([1] * len(named), SATURDAY, first_open=first_open)
    made = plan([1] * len(named), SATURDAY, events=named, first_open=first_open)
    assert sorted(planned(made)) == sorted(planned(usual))

    slots = sorted(planned(usual))
    ends = [{each.last for each in deadlines(of_one, WEEK, first_open)} for of_one in named]
    was: dict[int, date] = {day.request: day.date for day in usual.days}
    after = dict(zip(sorted(set(range(len(named))) - set(was)), range(1, 9), strict=False))

    def place(request: int, day: date | None) -> int:
        return day.toordinal() if day else NEXT_SATURDAY.toordinal() + after.get(request, 0)

    def in_time(got: dict[int, date | None]) -> int:
        return sum((day or date.max) <= end for request, day in got.items() for end in ends[request])

    def at_once(got: dict[int, date | None]) -> int:
        hopeless = [request for request, days in enumerate(ends) if any(end < slots[0] for end in days)]
        return sum(got.get(request) == slots[0] for request in hopeless)

    def stayed(got: dict[int, date | None]) -> int:
        return sum(got.get(request) == was.get(request) for request in range(len(named)))

    got = {day.request: day.date for day in made.days}
    best = list(outcomes(slots, named))
    for good in (in_time, at_once):
        most = max(map(good, best))
        best = [each for each in best if good(each) == most]
        assert good(dict(got)) == most
    if not any(ends):
        assert got == was
    elif len(slots) == len(named):
        most = max(map(stayed, best))
        assert stayed(dict(got)) == most
        moved = [sum(abs(place(r, each[r]) - place(r, was[r])) for r in was) for each in best if stayed(each) == most]
        assert sum(abs(place(r, got[r]) - place(r, was[r])) for r in was) == min(moved)


@given(named_by, st.none() | st.integers(1, 7))
def test_every_plan_says_why_and_which_deadlines_it_misses(named: list[list[NamedDays]], opens: int | None) -> None:
    first_open = None if opens is None else SATURDAY + opens * DAY
    made = plan([1] * len(named), SATURDAY, events=named, first_open=first_open)
    assert made == plan([1] * len(named), SATURDAY, events=named, first_open=first_open)
    assert all(0 < len(day.reason) <= 256 for day in made.days)
    got = {day.request: day.date for day in made.days}
    late = {
        request for request, of_one in enumerate(named) if missed(got.get(request), deadlines(of_one, WEEK, first_open))
    }
    assert {each.request for each in made.late} == late


def test_more_requests_than_a_week_has_days_keep_their_places_behind() -> None:
    ends = [deadlines(on(MONDAY), WEEK)] * 12
    assert order(WEEK, ends, NEXT_SATURDAY)[MOST_REQUESTS:] == tuple(range(MOST_REQUESTS, 12))
