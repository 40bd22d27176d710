from datetime import date

import pytest

from bot.domain.bulletin import Kind, Point
from bot.domain.diary import REASON, plan_diary
from bot.domain.plan import DaysTakenError, window


def point(day: int | None) -> Point:
    return Point("Pray.", Kind.PRAYER, f"{day} March", date(2026, 3, day) if day else None)


def test_each_days_points_are_planned_on_that_day() -> None:
    plan = plan_diary([[point(2), point(9)], [point(3), point(3)]])
    assert [(each.date.day, each.request, each.points, each.reason) for each in plan.days] == [
        (2, 0, (0,), REASON),
        (3, 1, (0, 1), REASON),
        (9, 0, (1,), REASON),
    ]
    assert plan.left_over == ()


def test_days_that_are_past_posted_doubled_or_unknown_are_left_over_with_a_reason() -> None:
    plan = plan_diary(
        [[point(1), point(4), point(5)], [point(5), point(None)]],
        first_open=date(2026, 3, 2),
        posted={date(2026, 3, 4)},
    )
    assert [(each.date.day, each.request) for each in plan.days] == [(5, 0)]
    assert [(left.request, left.points, left.reason) for left in plan.left_over] == [
        (0, (0,), "its day is past"),
        (0, (1,), "its day is past"),
        (1, (0,), "its day has another request"),
        (1, (1,), "the diary gives it no day"),
    ]


def test_a_day_of_another_bulletin_is_refused() -> None:
    with pytest.raises(DaysTakenError):
        plan_diary([[point(2)]], taken={date(2026, 3, 2)})


def test_a_diarys_window_goes_from_its_first_day_to_its_last() -> None:
    days = window(date(2026, 2, 28), [date(2026, 3, 9), date(2026, 3, 2)])
    assert (days[0], days[-1], len(days)) == (date(2026, 3, 2), date(2026, 3, 9), 8)
