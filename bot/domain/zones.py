"""The names of time zones that may be chosen."""

from zoneinfo import available_timezones

# These load where a system has them, and mean another zone on another machine, or none.
_NO_PLACES = frozenset({"localtime", "posixrules", "Factory"})


def zone_names() -> frozenset[str]:
    """Every name of the tz database."""
    return frozenset(available_timezones()) - _NO_PLACES
