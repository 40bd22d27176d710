"""The names of months and days of the week, as people write them: as patterns, and what they mean."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
WEEKDAY_NAMES = frozenset({*WEEKDAYS, *(name[:3] for name in WEEKDAYS), "tues", "thur", "thurs"})
MONTH_NAMES = frozenset({*MONTHS, *(name[:3] for name in MONTHS), "sept"})
YEARS = range(1990, 2100)  # anything else is a number of another sort, or a slip

# The longest first: a pattern takes the first that fits.
WEEKDAY = "|".join(sorted(WEEKDAY_NAMES, key=lambda name: (-len(name), name)))
MONTH = "|".join(sorted(MONTH_NAMES, key=lambda name: (-len(name), name)))


def month(name: str) -> int:
    """Return a month's number from 1 on. Raises ValueError."""
    return _beginnings(MONTHS).index(_beginning(name)) + 1


def weekday(name: str) -> int:
    """Return a day of the week, Monday as 0. Raises ValueError."""
    return _beginnings(WEEKDAYS).index(_beginning(name))


def _beginnings(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name[:3] for name in names)


def _beginning(name: str) -> str:
    # A pattern that doesn't tell cases apart takes the i without its dot, and the I with one, for an i.
    return name.casefold().replace("ı", "i")[:3]
