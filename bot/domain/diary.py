"""The plan of a diary: every point has the day that the text gives it."""

from collections.abc import Collection, Sequence
from datetime import date

from bot.domain.bulletin import Point
from bot.domain.plan import DaysTakenError, LeftOver, Plan, PlannedDay

REASON = "the diary has it on this day"


def plan_diary(
    requests: Sequence[Sequence[Point]],
    *,
    first_open: date | None = None,
    taken: Collection[date] = (),
    posted: Collection[date] = (),
) -> Plan:
    """Give the points of a diary their own days; a day on which two requests have points goes to the first.

    `first_open`, `taken` and `posted` as in `plan`. Raises DaysTakenError where one of its days is taken.
    """
    days: dict[date, PlannedDay] = {}
    left: list[LeftOver] = []
    for request, points in enumerate(requests):
        for day in sorted({point.day for point in points if point.day}):
            of_day = tuple(number for number, point in enumerate(points) if point.day == day)
            why = _why_not(day, days, first_open, posted)
            if why is None:
                days[day] = PlannedDay(day, request, of_day, REASON)
            else:
                left.append(LeftOver(request, of_day, why))
        dayless = tuple(number for number, point in enumerate(points) if point.day is None)
        if dayless:
            left.append(LeftOver(request, dayless, "the diary gives it no day"))
    conflicts = days.keys() & set(taken)
    if conflicts:
        raise DaysTakenError(conflicts)
    return Plan(tuple(days[day] for day in sorted(days)), tuple(left))


def _why_not(day: date, days: Collection[date], first_open: date | None, posted: Collection[date]) -> str | None:
    if day in posted or (first_open is not None and day < first_open):
        return "its day is past"
    return "its day has another request" if day in days else None
