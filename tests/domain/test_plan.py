from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.plan import DaysTakenError, Plan, plan, window

SATURDAY = date(2026, 2, 28)
WEEK = window(SATURDAY)  # Sunday, 1 March to Saturday, 7 March
SUNDAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, NEXT_SATURDAY = WEEK

dates = st.dates(date(1990, 1, 1), date(2100, 1, 1))
requests = st.lists(st.integers(1, 9), max_size=12)
weekdays = st.frozensets(st.integers(0, 6))


def days(made: Plan) -> list[tuple[date, int]]:
    return [(day.date, day.request) for day in made.days]


@given(dates)
def test_a_window_is_the_seven_days_after_the_date(published_on: date) -> None:
    assert window(published_on) == tuple(published_on + timedelta(days=number) for number in range(1, 8))


def test_five_regions_take_monday_to_friday_in_order() -> None:
    assert days(plan([1, 2, 1, 1, 3], SATURDAY)) == [
        (MONDAY, 0),
        (TUESDAY, 1),
        (WEDNESDAY, 2),
        (THURSDAY, 3),
        (FRIDAY, 4),
    ]


def test_the_order_is_that_of_the_window_not_of_the_week() -> None:
    wednesday = date(2026, 3, 4)
    assert [day.date.weekday() for day in plan([1] * 5, wednesday).days] == [3, 4, 0, 1, 2]


def test_more_requests_than_weekdays_use_the_weekend_and_then_are_left_over() -> None:
    made = plan([1] * 8, SATURDAY)
    assert days(made) == [(SUNDAY, 5), *zip(WEEK[1:6], range(5), strict=True), (NEXT_SATURDAY, 6)]
    assert [(left.request, left.points) for left in made.left_over] == [(7, (0,))]


def test_other_planning_days_are_taken_first() -> None:
    assert days(plan([1, 1, 1], SATURDAY, weekdays=frozenset({2, 4}))) == [(SUNDAY, 2), (WEDNESDAY, 0), (FRIDAY, 1)]


def test_in_the_middle_of_its_window_a_bulletin_takes_the_days_that_remain() -> None:
    made = plan([1] * 5, SATURDAY, first_open=WEDNESDAY)
    assert days(made) == [(WEDNESDAY, 0), (THURSDAY, 1), (FRIDAY, 2), (NEXT_SATURDAY, 3)]
    assert [left.request for left in made.left_over] == [4]


def test_published_before_its_first_planning_day_nothing_has_changed() -> None:
    assert plan([1] * 5, SATURDAY, first_open=MONDAY) == plan([1] * 5, SATURDAY)


def test_after_its_window_nothing_finds_a_day() -> None:
    made = plan([1, 1], SATURDAY, first_open=NEXT_SATURDAY + timedelta(days=1))
    assert made.days == ()
    assert [left.request for left in made.left_over] == [0, 1]


@pytest.mark.parametrize(
    ("points", "spread"),
    [
        (1, [(0,)]),
        (3, [(0,), (1,), (2,)]),
        (5, [(0,), (1,), (2,), (3,), (4,)]),
        (7, [(0, 1), (2, 3), (4,), (5,), (6,)]),
        (10, [(0, 1), (2, 3), (4, 5), (6, 7), (8, 9)]),
    ],
)
def test_one_regions_points_are_spread_over_the_weekdays(points: int, spread: list[tuple[int, ...]]) -> None:
    made = plan([points], SATURDAY)
    assert [day.points for day in made.days] == spread
    assert [day.date for day in made.days] == list(WEEK[1 : 1 + len(spread)])


def test_days_of_another_bulletin_are_refused_with_their_dates() -> None:
    with pytest.raises(DaysTakenError, match="2026-03-03") as caught:
        plan([1] * 5, SATURDAY, taken={TUESDAY, SUNDAY})
    assert caught.value.dates == (TUESDAY,)


def test_days_that_are_posted_are_passed_over() -> None:
    made = plan([1, 1], SATURDAY, posted={MONDAY})
    assert days(made) == [(SUNDAY, 0), (TUESDAY, 1)]


@given(requests, dates, weekdays, st.none() | st.integers(-3, 10), st.sets(st.integers(1, 7)))
def test_every_point_has_one_day_or_is_left_over_and_no_day_has_two_regions(
    points: list[int], published_on: date, planned: frozenset[int], opens: int | None, posted: set[int]
) -> None:
    first_open = None if opens is None else published_on + timedelta(days=opens)
    gone = {published_on + timedelta(days=number) for number in posted}
    made = plan(points, published_on, first_open=first_open, weekdays=planned, posted=gone)
    placed = [(day.request, point) for day in made.days for point in day.points]
    left = [(over.request, point) for over in made.left_over for point in over.points]
    assert sorted(placed + left) == [(index, point) for index, count in enumerate(points) for point in range(count)]
    assert all(one.date < two.date for one, two in pairwise(made.days))
    for day in made.days:
        assert day.date in window(published_on)
        assert day.date not in gone
        assert first_open is None or day.date >= first_open
        assert day.points
        assert day.reason


@given(st.integers(1, 60), dates)
def test_spreading_is_even_and_keeps_the_order(points: int, published_on: date) -> None:
    made = plan([points], published_on)
    shares = [len(day.points) for day in made.days]
    assert max(shares) - min(shares) <= 1
    assert shares == sorted(shares, reverse=True)
    assert [point for day in made.days for point in day.points] == list(range(points))


@given(requests, dates)
def test_nothing_is_left_over_while_a_day_is_free(points: list[int], published_on: date) -> None:
    made = plan(points, published_on)
    assert not made.left_over or len(made.days) == 7
