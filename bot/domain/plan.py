"""The plan of a bulletin: which request, or which of its points, has which date."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.weekdays import WORKING_DAYS, Weekdays

WINDOW_DAYS = 7


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A plan entry: on `date` the request at `request` has its day, with its points at `points`; both count from 0."""

    date: date
    request: int
    points: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A request, or points of it, for which no day was left."""

    request: int
    points: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A bulletin's days, by date, and what found none. Every point is in exactly one of the two."""

    days: tuple[PlannedDay, ...]
    left_over: tuple[LeftOver, ...] = ()


class DaysTakenError(ValueError):
    """Dates that a bulletin needs belong to another one. `dates`, sorted."""

    def __init__(self, dates: Collection[date]) -> None:
        self.dates = tuple(sorted(dates))
        super().__init__(f"another bulletin has {', '.join(day.isoformat() for day in self.dates)}")


def window(published_on: date) -> tuple[date, ...]:
    """Return the seven days after a bulletin's date. Raises OverflowError at the end of the calendar."""
    return tuple(published_on + timedelta(days=number) for number in range(1, WINDOW_DAYS + 1))


def plan(
    points: Sequence[int],
    published_on: date,
    *,
    first_open: date | None = None,
    weekdays: Weekdays = WORKING_DAYS,
    taken: Collection[date] = (),
    posted: Collection[date] = (),
) -> Plan:
    """Give a bulletin's requests their days.

    `points`: how many points each request has, in the bulletin's order. `first_open`: the first date that can still be
    posted, None for all. `taken`: dates that belong to another published bulletin. `posted`: dates that can't be
    changed any more because a group has posted them; they are passed over.

    1. The days are the window's `weekdays`, in order, then its other days; in the middle of the window (one of these
       weekdays is past or posted) the days that remain, in order.
    2. A single request has its points spread over the days of 1., without the other days; several have a day each.
    3. What finds no day is left over.

    Raises DaysTakenError where one of the days it comes to is taken.
    """
    days = window(published_on)
    usual = [day for day in days if day.weekday() in weekdays]
    still_open = [day for day in days if day not in posted and (first_open is None or day >= first_open)]
    under_way = any(day not in still_open for day in usual)
    first = still_open if under_way else usual
    spare = [day for day in still_open if day not in first]
    reason = "the next day that is left of the week" if under_way else "the next planning day"
    result = _spread(points[0], first or spare, reason) if len(points) == 1 else _one_each(points, first, spare, reason)
    conflicts = {day.date for day in result.days} & set(taken)
    if conflicts:
        raise DaysTakenError(conflicts)
    return result


def _one_each(points: Sequence[int], first: Sequence[date], spare: Sequence[date], reason: str) -> Plan:
    reasons = [(day, reason) for day in first] + [(day, "the planning days are full") for day in spare]
    requests = list(enumerate(points))
    pairs = zip(reasons, requests, strict=False)
    days = [PlannedDay(day, index, tuple(range(count)), why) for (day, why), (index, count) in pairs]
    left = [
        LeftOver(index, tuple(range(count)), "no day of the week is left") for index, count in requests[len(days) :]
    ]
    return Plan(tuple(sorted(days, key=lambda day: day.date)), tuple(left))


def _spread(count: int, days: Sequence[date], reason: str) -> Plan:
    """Spread one request's points over days: evenly, in order, the first days taking what doesn't divide."""
    if not days:
        return Plan((), (LeftOver(0, tuple(range(count)), "no day of the week is left"),))
    used = days[: max(1, min(count, len(days)))]
    share, more = divmod(count, len(used))
    planned: list[PlannedDay] = []
    start = 0
    for number, day in enumerate(used):
        end = start + share + (number < more)
        planned.append(PlannedDay(day, 0, tuple(range(start, end)), f"{reason}; the one region's points are spread"))
        start = end
    return Plan(tuple(planned))
