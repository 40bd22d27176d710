"""The plan of a bulletin: which request, or which of its points, has which date."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.bulletin import NamedDays
from bot.domain.deadlines import deadlines, missed, order, spoken
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
class Late:
    """A request that names days which are over before its own day, or which has no day. `days`: as people say them."""

    request: int
    days: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A bulletin's days, by date, and what found none: every point is in exactly one of the two. `late`: a warning."""

    days: tuple[PlannedDay, ...]
    left_over: tuple[LeftOver, ...] = ()
    late: tuple[Late, ...] = ()


class DaysTakenError(ValueError):
    """Dates that a bulletin needs belong to another one. `dates`, sorted."""

    def __init__(self, dates: Collection[date]) -> None:
        self.dates = tuple(sorted(dates))
        super().__init__(f"another bulletin has {', '.join(day.isoformat() for day in self.dates)}")


def window(published_on: date, diary_days: Sequence[date] = ()) -> tuple[date, ...]:
    """Return the seven days after a bulletin's date, or of a diary those from its first to its last.

    Raises OverflowError at the end of the calendar.
    """
    if diary_days:
        first, last = min(diary_days), max(diary_days)
        return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))
    return tuple(published_on + timedelta(days=number) for number in range(1, WINDOW_DAYS + 1))


def plan(
    points: Sequence[int],
    published_on: date,
    *,
    events: Sequence[Sequence[NamedDays]] = (),
    first_open: date | None = None,
    weekdays: Weekdays = WORKING_DAYS,
    taken: Collection[date] = (),
    posted: Collection[date] = (),
) -> Plan:
    """Give a bulletin's requests their days.

    `points`: how many points each request has, in the bulletin's order. `events`: the days that each request names, if
    any. `first_open`: the first date that can still be posted, None for all. `taken`: dates that belong to another
    published bulletin. `posted`: dates that can't be changed any more because a group has posted them; they are passed
    over.

    1. The days are the window's `weekdays`, in order, then its other days; in the middle of the window (one of these
       weekdays is past or posted) the days that remain, in order.
    2. A single request has its points spread over the days of 1., without the other days; several have a day each.
    3. Several take these days in their own order, or in the one that is best for the days they name: see
       `deadlines.order`.
    4. What finds no day is left over; a request whose day comes after the days it names is late.

    Raises DaysTakenError where one of the days it comes to is taken.
    """
    days = window(published_on)
    usual = [day for day in days if day.weekday() in weekdays]
    still_open = [day for day in days if day not in posted and (first_open is None or day >= first_open)]
    under_way = any(day not in still_open for day in usual)
    first = still_open if under_way else usual
    spare = [day for day in still_open if day not in first]
    reason = "the next day that is left of the week" if under_way else "the next planning day"
    ends = [deadlines(events[index] if index < len(events) else (), days, first_open) for index in range(len(points))]
    if len(points) == 1:
        result = _spread(points[0], first or spare, reason)
    else:
        slots = [_Slot(day, reason) for day in first] + [_Slot(day, "the planning days are full") for day in spare]
        result = _one_each(points, slots[: len(points)], ends, days[-1])
    conflicts = {day.date for day in result.days} & set(taken)
    if conflicts:
        raise DaysTakenError(conflicts)
    return replace(result, late=late(result.days, ends))


def late(days: Iterable[PlannedDay], ends: Sequence[Sequence[NamedDays]]) -> tuple[Late, ...]:
    """Return the requests whose deadlines are over before their first day, or that have no day."""
    first_days: dict[int, date] = {}
    for day in sorted(days, key=lambda each: each.date):
        first_days.setdefault(day.request, day.date)
    over = ((request, missed(first_days.get(request), named)) for request, named in enumerate(ends))
    return tuple(Late(request, spoken(named)) for request, named in over if named)


@dataclass(frozen=True, slots=True)
class _Slot:
    day: date
    reason: str


def _one_each(
    points: Sequence[int], slots: Sequence[_Slot], ends: Sequence[Sequence[NamedDays]], window_end: date
) -> Plan:
    taken = order([slot.day for slot in slots], ends, window_end)
    days = [
        PlannedDay(slot.day, request, tuple(range(points[request])), _why(slots, place, request, ends[request]))
        for place, (slot, request) in enumerate(zip(slots, taken, strict=False))
    ]
    left = [
        LeftOver(request, tuple(range(points[request])), _why_none(slots, request)) for request in taken[len(slots) :]
    ]
    return Plan(tuple(sorted(days, key=lambda day: day.date)), tuple(sorted(left, key=lambda over: over.request)))


def _why(slots: Sequence[_Slot], place: int, request: int, ends: Sequence[NamedDays]) -> str:
    """Say why a request has the day at a place; the place it usually has is its own number."""
    day = slots[place].day
    names = f"names {spoken(ends)}" if ends else ""
    if ends and ends[0].last < min(slot.day for slot in slots):
        names += ", before the first posting day"
    if place == request:
        return "; ".join(filter(None, (slots[place].reason, names)))
    moved = f"moved to {day:%A}"
    if request < len(slots):
        usual = slots[request].day
        moved = f"moved from {usual:%A} to {day:%A}"
        if not ends or usual < day:
            return "; ".join(filter(None, (f"{moved}: makes room for a request that names its days", names)))
    return f"{moved}: {names or 'makes room for a request that names its days'}"


def _why_none(slots: Sequence[_Slot], request: int) -> str:
    gave_way = request < len(slots)
    return "no day of the week is left" + ("; makes room for a request that names its days" if gave_way else "")


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
