"""Dates as bulletins write them."""

import re
from dataclasses import dataclass, replace
from datetime import date

from bot.loader.daywords import MONTH, WEEKDAY, YEARS, month, weekday
from bot.loader.translating import in_english

_LONGEST = 120  # a longer line is no title

_DAY = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
_LEAD = rf"(?:(?P<weekday>{WEEKDAY})\.?,? )?"
_YEAR = r"(?:,? (?P<year>\d{4}|['’]\d\d))?"
_FORMS = tuple(
    re.compile(rf"(?<![\w/-])(?:{form})(?![\w/-])", re.IGNORECASE)
    for form in (
        rf"{_LEAD}(?P<month>{MONTH})\.? (?P<day>{_DAY})(?! ?[-–—] ?\d){_YEAR}",
        rf"{_LEAD}(?P<day>{_DAY}) (?:of )?(?P<month>{MONTH})\.?{_YEAR}",
        r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})",
        rf"(?P<day>\d{{1,2}})-(?P<month>{MONTH})-(?P<year>\d{{4}}|\d\d)",
        r"(?P<month>\d{1,2})(?P<sign>[/.-])(?P<day>\d{1,2})(?P=sign)(?P<year>\d{4}|\d\d)",
    )
)
_UP_TO = rf" ?(?:[-–—]|\b(?:to|and|through|until|till)\b) ?(?:(?:{WEEKDAY})\.?,? )?"
_SEVERAL_DAYS = re.compile(
    rf"(?<!\w)(?<!No\. )(?:(?:{WEEKDAY})\.?,? )?"
    rf"(?:(?:{MONTH})\.? {_DAY}{_UP_TO}(?:(?:{MONTH})\.? )?{_DAY}(?:,? \d{{4}})?"
    rf"|{_DAY}(?: (?:{MONTH}))?{_UP_TO}{_DAY} (?:{MONTH})(?:,? \d{{4}})?)",
    re.IGNORECASE,
)
# "Prayers from Open GateMay 3, 2024": a line's end was lost above the date.
_GLUED = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z]\w{2,8} \d{1,2},? \d{4}$)")
_CENTURY = 2000
_A_YEAR = re.compile(r"\d{4}")
_WEEK_ENDING = re.compile(r"\bweek[- ]ending\b|\bw/e\b", re.IGNORECASE)
_WEEK_OF = re.compile(r"\bweek (?:of|beginning|starting|commencing)\b|\bw/[bc]\b", re.IGNORECASE)
_ISSUED = re.compile(r"[*_#| ]*(?:issued|published|posted|sent|updated)(?: on)?:? ", re.IGNORECASE)
_BEFORE = re.compile(
    r"(?:dated?|posted(?: on)?|published(?: on)?|updated|w/[bc]|for"
    r"|(?:for )?(?:the )?week (?:of|beginning|starting|commencing))[: ]+",
    re.IGNORECASE,
)
_BY = re.compile(r",? by \S+(?: \S+){0,3}$", re.IGNORECASE)  # "Posted on July 3, 2024 by the prayer team"


@dataclass(frozen=True, slots=True)
class Written:
    """A date as a line writes it. `alone`: the line holds nothing else.

    `day` is None where the line leaves it open. `doubt` says what is amiss, None where nothing is.
    """

    day: date | None
    doubt: str | None
    alone: bool


def written(line: str) -> Written | None:
    """Return the date that a short line consists of, or the one date with its year that it holds; None without one."""
    if len(line) > _LONGEST or not any(map(str.isdecimal, line)):
        return None
    bare = _GLUED.sub(" ", line.strip("*_# |()[]:.-–—"))
    if (before := _BEFORE.match(bare)) is not None:
        bare = _BY.sub("", bare[before.end() :])
    bare = _once(in_english(bare))
    whole = next(filter(None, (form.fullmatch(bare) for form in _FORMS)), None)
    if whole is not None:
        return _read(whole, alone=True)
    if _SEVERAL_DAYS.fullmatch(bare):
        return _first_of_week(bare) if _WEEK_OF.search(line) else Written(None, "names several days", alone=True)
    if not _A_YEAR.search(bare):
        return None
    issued = _ISSUED.match(line)
    begun = next(filter(None, (form.match(line, issued.end()) for form in _FORMS)), None) if issued else None
    if begun is not None and begun["year"] and line[begun.end() :].startswith((".", "·", "|", " by ")):
        return _read(begun, alone=True)
    if _SEVERAL_DAYS.search(bare) and not line.endswith((".", ",", ";")):
        return Written(None, "names several days", alone=False)
    inside = [match for form in _FORMS for match in form.finditer(bare)]
    if len(inside) == 1 and inside[0]["year"] and not line.endswith((".", ",", ";")):
        return _only_ends_week(bare, _read(inside[0], alone=False))
    return None


def _once(line: str) -> str:
    """Return a date that stands twice, in two languages, once."""
    first, _, second = line.partition(" / ")
    return first if first == second else line


def _first_of_week(days: str) -> Written:
    """Read "June 20-26, 2021": the week's first day, as the days of a week need no other."""
    year, named = re.search(r"\d{4}$", days), re.findall(MONTH, days, re.IGNORECASE)
    first = re.search(r"\d{1,2}", days)
    if year is None or first is None or len({month(name) for name in named}) != 1:
        return Written(None, "names several days", alone=True)
    try:
        day = date(int(year.group()), month(named[0]), int(first.group()))
    except ValueError:
        return Written(None, "doesn't exist", alone=True)
    return Written(day, "names several days; the first is taken", alone=True)


def _only_ends_week(line: str, found: Written) -> Written:
    return replace(found, day=None, doubt="is a week's last day") if _WEEK_ENDING.search(line) else found


def _read(match: re.Match[str], *, alone: bool) -> Written:
    named, year = match["month"], match["year"]
    if not year:
        return Written(None, "has no year", alone)
    number = int(named) if named.isdecimal() else month(named)
    day = int("".join(filter(str.isdecimal, match["day"])))
    in_digits = "sign" in match.groupdict()
    if in_digits and number != day and max(number, day) <= 12:
        return Written(None, "may mean two days: is the month or the day first?", alone)
    if in_digits and number > 12:
        number, day = day, number
    try:
        found = date(int(year) if len(year) == 4 else _CENTURY + int(year[-2:]), number, day)
    except ValueError:
        return Written(None, "doesn't exist", alone)
    if found.year not in YEARS:
        return Written(None, "is in a year that can't be meant", alone)
    named_weekday = match.groupdict().get("weekday")
    wrong = named_weekday is not None and weekday(named_weekday) != found.weekday()
    return Written(found, f"is no {named_weekday}" if wrong else None, alone)
