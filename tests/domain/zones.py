"""The tz database's zones as stretches of one offset, found without the code under test."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Stretch:
    """From `start` to before `end` (both UTC without a zone) the local clock is `offset` ahead."""

    start: datetime
    end: datetime
    offset: timedelta

    @property
    def first(self) -> datetime:
        """The first local time."""
        return self.start + self.offset

    @property
    def last(self) -> datetime:
        """The first local time that isn't in it any more."""
        return self.end + self.offset


def offset_at(instant: datetime, zone: ZoneInfo) -> timedelta:
    """How far the local clock is ahead at an instant."""
    offset = instant.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def transitions(start: datetime, end: datetime, zone: ZoneInfo, step: timedelta) -> list[datetime]:
    """Instants (UTC without a zone) at which the offset changes, to the second."""
    found = []
    steps = int((end - start) / step) + 1
    marks = [(instant, offset_at(instant, zone)) for instant in (start + number * step for number in range(steps))]
    for (early, before), (late, after) in pairwise(marks):
        if before == after:
            continue
        low, high = early, late
        while high - low > timedelta(seconds=1):
            middle = low + timedelta(seconds=(high - low) // timedelta(seconds=1) // 2)
            low, high = (middle, high) if offset_at(middle, zone) == before else (low, middle)
        found.append(high)
    return found


def stretches(around: datetime, zone: ZoneInfo) -> list[Stretch]:
    """The stretches of the days on either side of a local time."""
    start, end = around - 60 * HOUR, around + 60 * HOUR
    return _between(start, transitions(start, end, zone, HOUR), end, zone)


@cache
def stretches_2020_to_2030(zone: ZoneInfo) -> tuple[Stretch, ...]:
    """Those of eleven years."""
    start, end = datetime(2020, 1, 1), datetime(2031, 1, 1)  # noqa: DTZ001 (local times)
    return tuple(_between(start, transitions(start, end, zone, timedelta(days=5)), end, zone))


def _between(start: datetime, changes: list[datetime], end: datetime, zone: ZoneInfo) -> list[Stretch]:
    return [Stretch(early, late, offset_at(early, zone)) for early, late in pairwise([start, *changes, end])]


def expected(day: date, at: time, parts: Sequence[Stretch]) -> datetime | None:
    """What the design says, without a zone: the first time it comes; else the first local time after it on the same
    date; else (the date ends in a gap) the minute before the gap; None for a date that doesn't exist."""
    wall, midnight = datetime.combine(day, at), datetime.combine(day, time())
    next_day = midnight + timedelta(days=1)
    for part in parts:
        if part.first <= wall < part.last:
            return wall - part.offset
    later = [part.start for part in parts if wall < part.first < next_day]
    if later:
        return min(later)
    earlier = [part.end - MINUTE for part in parts if midnight <= part.last - MINUTE <= wall]
    return max(earlier, default=None)
