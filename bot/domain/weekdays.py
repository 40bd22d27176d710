"""The days of the week on which a group wants its post, Monday as 0."""

import re

NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = frozenset(range(7))
WORKING_DAYS = frozenset(range(5))

Weekdays = frozenset[int]


def parse_weekdays(text: str) -> Weekdays:
    """Read "mon-fri", "mon,wed,fri", "sat-tue" or "daily". Raises ValueError for anything else."""
    wanted = text.strip().lower()
    if wanted in ("daily", "all", "every day"):
        return EVERY_DAY
    days: set[int] = set()
    for piece in re.sub(r"\s*(?:[-–]|\bto\b)\s*", "-", wanted).replace(",", " ").split():
        first, dash, last = piece.partition("-")
        start, end = _day(first), _day(last if dash else first)
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    if not days:
        raise ValueError("no days named")
    return frozenset(days)


def format_weekdays(days: Weekdays) -> str:
    """Write days the way people do: "mon-fri", "daily", "mon, wed, sat-sun"."""
    if days == EVERY_DAY:
        return "daily"
    return ", ".join(NAMES[a] if a == z else f"{NAMES[a]}-{NAMES[z]}" for a, z in runs(days))


def runs(days: Weekdays) -> list[tuple[int, int]]:
    """The first and last day of each row of days without a gap, from Monday on."""
    found: list[tuple[int, int]] = []
    for day in sorted(days):
        if found and found[-1][1] == day - 1:
            found[-1] = found[-1][0], day
        else:
            found.append((day, day))
    return found


def _day(name: str) -> int:
    # "tues", "thurs" and whole names all begin with the three letters.
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    for number, whole in enumerate(full):
        if len(name) >= 3 and whole.startswith(name):
            return number
    raise ValueError(f"{name!r} is no day of the week")
