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
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(NAMES[run[0]] if len(run) == 1 else f"{NAMES[run[0]]}-{NAMES[run[-1]]}" for run in runs)


def _day(name: str) -> int:
    # "tues", "thurs" and whole names all begin with the three letters.
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    for number, whole in enumerate(full):
        if len(name) >= 3 and whole.startswith(name):
            return number
    raise ValueError(f"{name!r} is no day of the week")
