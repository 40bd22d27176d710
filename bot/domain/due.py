"""When a group's post is due: a local time on a local date, as an instant."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def due_instant(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """The UTC instant of the local time `at` on `day`.

    A time that comes twice is taken the first time. A time that doesn't exist moves forward to the first that does;
    where that would be the next day already (Nuuk, spring 2024: 23:00 to 24:00 is missing), back to the last minute of
    `day`. None for a date that doesn't exist in the zone (Apia, 30 December 2011).
    """
    wall = datetime.combine(day, at, tzinfo=zone)
    instant = wall.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    after_gap = _first_after_gap(wall)
    if after_gap.astimezone(zone).date() == day:
        return after_gap
    before_gap = after_gap - timedelta(minutes=1)
    return before_gap if before_gap.astimezone(zone).date() == day else None


def next_due(
    after: datetime, at: time, zone: ZoneInfo, weekdays: Collection[int], taken: Collection[date] = ()
) -> tuple[date, datetime]:
    """The first due date and its UTC instant later than `after`.

    `weekdays` counts Monday as 0 and must not be empty; `taken` are local dates that must not come again.
    """
    if not weekdays:
        raise ValueError("a group needs at least one weekday")
    day = after.astimezone(zone).date() - timedelta(days=1)
    while True:
        if day.weekday() in weekdays and day not in taken:
            instant = due_instant(day, at, zone)
            if instant is not None and instant > after:
                return day, instant
        day += timedelta(days=1)


def _first_after_gap(wall: datetime) -> datetime:
    """The instant at which the clocks leapt over `wall`, to the second.

    PEP 495: in a gap fold=0 reads the clock before the leap and fold=1 the one after it; the leap lies between the two.
    """
    early = wall.replace(fold=1).astimezone(UTC)
    late = wall.replace(fold=0).astimezone(UTC)
    before = early.astimezone(wall.tzinfo).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if middle.astimezone(wall.tzinfo).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late
