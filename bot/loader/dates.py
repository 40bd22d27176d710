"""Dates as bulletins write them."""

import re
from dataclasses import dataclass
from datetime import date

_MONTHS = "january february march april may june july august september october november december".split()
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_YEARS = range(1990, 2100)  # anything else is a number of another sort, or a slip

_NAME = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_WEEKDAY = r"(?:(?P<weekday>(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6})\.?,? )?"
_NUMBER = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<year>\d{4}))?"
_WRITTEN = (
    rf"{_WEEKDAY}(?P<month>{_NAME})\.? (?P<day>{_NUMBER})(?! ?[-–—] ?\d){_YEAR}",
    rf"{_WEEKDAY}(?P<day>{_NUMBER}) (?:of )?(?P<month>{_NAME})\.?{_YEAR}",
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})",
    r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})",
)
_FORMS = tuple(re.compile(rf"(?<![\w/-]){form}(?![\w/-])", re.IGNORECASE) for form in _WRITTEN)
_RANGE = re.compile(
    rf"{_NAME}\.? {_NUMBER} ?(?:[-–—]|to) ?(?:{_NAME}\.? )?{_NUMBER},? \d{{4}}"
    rf"|{_NUMBER}(?: {_NAME})? ?(?:[-–—]|to) ?{_NUMBER} {_NAME},? \d{{4}}",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:date|dated|posted(?: on)?|published(?: on)?|updated|for|(?:for )?(?:the )?week (?:of|beginning|starting))[: ]*",
    re.IGNORECASE,
)
_LONGEST = 120  # a longer line is no title


@dataclass(frozen=True, slots=True)
class Written:
    """A date as a line writes it. `day` is None where the line leaves it open, and `doubt` says why.

    `alone`: the line holds nothing else.
    """

    day: date | None
    doubt: str | None
    alone: bool


def written(line: str) -> Written | None:
    """Return the date that a short line consists of or, with its year, ends in, begins with or holds; None without one."""
    if len(line) > _LONGEST or not any(char.isdigit() for char in line):
        return None
    bare = line.strip("*_# |()[]:.-–—")
    bare = bare.removeprefix(match.group()) if (match := _BEFORE.match(bare)) else bare
    for form in _FORMS:
        if whole := form.fullmatch(bare):
            return _read(whole, alone=True)
    if _RANGE.fullmatch(bare):
        return Written(None, "names several days", alone=True)
    if line.endswith((".", ",", ";")):
        return None
    inside = [match for form in _FORMS for match in form.finditer(bare)]
    if len(inside) == 1 and inside[0]["year"]:
        return _read(inside[0], alone=False)
    return None


def _read(match: re.Match[str], *, alone: bool) -> Written | None:
    parts = match.groupdict()
    if parts["month"].isdigit():
        month, day = int(parts["month"]), int(parts["day"])
    else:
        month = next((n for n, name in enumerate(_MONTHS, 1) if _is_short_for(parts["month"], name)), 0)
        day = int(re.sub(r"\D", "", parts["day"]))
        if not month:
            return None
    if not parts["year"]:
        return Written(None, "has no year", alone)
    if "/" in match.group() and month <= 12 and day <= 12 and month != day:
        return Written(None, "may be two days: is the month first?", alone)
    if "/" in match.group() and month > 12:
        month, day = day, month
    return _checked(int(parts["year"]), month, day, parts.get("weekday"), alone=alone)


def _checked(year: int, month: int, day: int, weekday: str | None, *, alone: bool) -> Written:
    try:
        found = date(year, month, day)
    except ValueError:
        return Written(None, "doesn't exist", alone)
    if year not in _YEARS:
        return Written(None, "is in a year that can't be meant", alone)
    if weekday and not _is_short_for(weekday, _DAYS[found.weekday()]):
        return Written(found, f"is no {weekday}", alone)
    return Written(found, None, alone)


def _is_short_for(short: str, name: str) -> bool:
    short = short.casefold()
    return len(short) >= 3 and (name.startswith(short) or (short, name) == ("sept", "september"))
