"""Diaries: days stand where other texts have regions ("SUNDAY 12th March", "Friday 1| WORLDWIDE", "3 APR (M)")."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.bulletin import Bulletin, Point
from bot.loader.daywords import MONTH, MONTHS, WEEKDAY, WEEKDAYS, month, weekday
from bot.loader.lines import fold
from bot.loader.profile import Profile

FEWEST_DAYS = 3  # that make a text a diary
_LONGEST_HEADING = 70
_MOST_WEEKS = 9  # that a day without a month is sought away from the diary's date
_REST = r"(?P<rest> ?[|:] ?.*| [-–—] .*| (?-i:[A-Z(]).*|)$"
_NUMBER = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?![:.]\d\d)"  # a chat says "Friday 8:31 AM"
_NAMED = rf"(?:(?P<weekday>{WEEKDAY})\.?,? )?"
_FORMS = tuple(
    re.compile(rf"[*_#|• ]*(?P<written>{form})[*_]*{_REST}", re.IGNORECASE)
    for form in (
        rf"{_NAMED}(?:the )?{_NUMBER} (?:of )?(?P<month>{MONTH})\.?(?!,? \d)(?: \([a-z]{{1,5}}\))?",
        rf"{_NAMED}(?P<month>{MONTH})\.? {_NUMBER}(?!,? \d|\d)(?: \([a-z]{{1,5}}\))?",
        rf"(?P<weekday>{WEEKDAY})\.?,? (?:the )?{_NUMBER}(?! (?:of )?(?:{MONTH})\b)",
        rf"{_NUMBER} (?P<weekday>{WEEKDAY})\.?",
        rf"(?P<weekday>{'|'.join(WEEKDAYS)})(?: (?:and|&) (?:{'|'.join(WEEKDAYS)}))?(?! [A-Z])",
    )
)
# "Sunday 3 – Saturday 9 June": several days, and no diary's.
_UP_TO = re.compile(
    rf"(?:{WEEKDAY})\b\.?,? (?:the )?\d|(?:{MONTH})\.? \d|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{MONTH})\b",
    re.IGNORECASE,
)
_BEGINS = re.compile(rf"[*_#|• ]*(?:\d|{'|'.join(sorted({name[:3] for name in (*WEEKDAYS, *MONTHS)}))})", re.IGNORECASE)
_MONTH_OF_YEAR = re.compile(rf"\b(?P<month>{MONTH})\.? (?P<year>20\d\d)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Day:
    """A line that begins a day of a diary. `rest`: what stands behind it, a place or the text itself."""

    written: str
    rest: str


def day_of(line: str) -> Day | None:
    """Return the day that a line begins with, None where it begins with none."""
    if not _BEGINS.match(line):
        return None
    for form in _FORMS:
        match = form.match(line)
        if match:
            rest = match["rest"].strip(" |:-–—*_")
            return None if _UP_TO.match(rest) else Day(match["written"], rest)
    return None


def is_diary(lines: Iterable[str], profile: Profile) -> bool:
    """Tell whether a text is a diary: several days, the first above any heading of a region, or each below one."""
    days = 0
    above: str | None = None
    headed = False
    for line in lines:
        if day_of(line) is None:
            if headed and not days:
                return False
            headed = headed or (not days and _is_heading(line, profile))
        elif headed and not _is_heading(above or "", profile):
            return False
        else:
            days += 1
            if days >= FEWEST_DAYS:
                return True
        above = line
    return False


def _is_heading(line: str, profile: Profile) -> bool:
    return len(line) <= _LONGEST_HEADING and fold(line) in profile.headings


def month_of(texts: Iterable[str]) -> date | None:
    """Return the first day of the month that the first of some texts names which does: "Prayer diary March 2026"."""
    match = next(filter(None, map(_MONTH_OF_YEAR.search, texts)), None)
    return date(int(match["year"]), month(match["month"]), 1) if match else None


def is_month(text: str) -> bool:
    """Tell whether a line is nothing but a month with its year."""
    return "20" in text and _MONTH_OF_YEAR.fullmatch(text.strip("*_#|• ")) is not None


def with_days_of(bulletin: Bulletin, on: date) -> Bulletin:
    """Return a diary with its days resolved: those nearest to a date on which the day of the week is right.

    Days of the week are those after the date; with a first one of the date's own the diary begins on the date.
    """
    written = [point.day_written for request in bulletin.requests for point in request.points if point.day_written]
    before = on - timedelta(days=1)
    after = before if written and _resolved(written[0], on, before) == on else on
    requests = tuple(
        replace(each, points=tuple(_dated(point, on, after) for point in each.points)) for each in bulletin.requests
    )
    return replace(bulletin, requests=requests)


def _dated(point: Point, on: date, after: date) -> Point:
    return replace(point, day=_resolved(point.day_written, on, after)) if point.day_written else point


def _resolved(written: str, on: date, after: date) -> date | None:
    match = next((found for form in _FORMS if (found := form.match(written))), None)
    if match is None:
        return None
    parts = match.groupdict()
    name, number, of = parts.get("weekday"), parts.get("day"), parts.get("month")
    if number is None:
        return after + timedelta(days=(weekday(name or "") - after.weekday() - 1) % 7 + 1)
    days = [on + timedelta(days=away) for away in range(-_MOST_WEEKS * 7, _MOST_WEEKS * 7)]
    if of is not None:
        days = [day for year in (on.year - 1, on.year, on.year + 1) for day in _of_year(year, month(of), int(number))]
    fitting = [day for day in days if day.day == int(number) and (name is None or day.weekday() == weekday(name))]
    return min(fitting, key=lambda day: (abs(day - on), day), default=None)


def _of_year(year: int, number: int, day: int) -> list[date]:
    try:
        return [date(year, number, day)]
    except ValueError:
        return []
