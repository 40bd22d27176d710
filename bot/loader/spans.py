"""What a match of one of the day rules means: its first and its last day, resolved against a bulletin's date.

Every function may raise ValueError for a day that doesn't exist, and OverflowError at either end of the calendar.
"""

import re
from datetime import date, timedelta

from bot.loader.daywords import YEARS, month, weekday
from bot.loader.tenses import tells_of_the_past

Span = tuple[date, date]

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
_IN_THE = re.compile(r"\bthe $", re.IGNORECASE)
_SOME_DAY = re.compile(r"\b(?:an?|of|better|brighter) $", re.IGNORECASE)
_BEFORE_A_NUMBER = re.compile(
    r"\b(?:on|by|before|until|till|from|after|and|to|through|(?:set|scheduled|planned|due) for) the $", re.IGNORECASE
)
_BEFORE_A_WEEKDAY = re.compile(r"\b(?:on|by|for|from|before|until|till) $", re.IGNORECASE)


def single(match: re.Match[str], published_on: date) -> list[Span]:
    """Read "July 30" and "30 July 2021"."""
    return _alone(_named_day(match, published_on))


def digits(match: re.Match[str], _published_on: date) -> list[Span]:
    """Read 2021-06-26 and 06/26/2021; which of two small numbers is the month nobody can tell."""
    one, two = int(match["one"]), int(match["two"])
    if "/" in match.group() and one != two and max(one, two) <= 12:
        return []
    number, day = (two, one) if "/" in match.group() and one > 12 else (one, two)
    return _alone(_in_years(date(int(match["year"]), number, day)))


def of_this_month(match: re.Match[str], published_on: date) -> list[Span]:
    """Read "on the 15th": the next day of that number, or the one before where the sentence tells of the past."""
    if not _BEFORE_A_NUMBER.search(match.string, max(0, match.start() - 20), match.start()):
        return []
    number, this = int(match["day"]), published_on.replace(day=1)
    months = (this - _DAY, this, _month_after(this), _month_after(_month_after(this)))
    days = [each for of in months if (each := _or_none(of.year, of.month, number))]
    if tells_of_the_past(match.string, match.start()):
        return _alone(max((each for each in days if each <= published_on), default=min(days)))
    return _alone(min(each for each in days if each >= published_on))


def several(match: re.Match[str], published_on: date) -> list[Span]:
    """Read "June 26-27", "28 June to 4 July 2021" and "June 3 and 10": either part may lend month and year."""
    parts = match.groupdict()
    lent_month = parts.get("month") or parts["last_month"]
    first_day = int(parts["day"]), month(parts.get("month") or lent_month)
    last_day = int(parts["last_day"]), month(parts.get("last_month") or lent_month)
    over_new_year = first_day[1] > last_day[1]
    first_year, last_year = parts.get("year"), parts.get("last_year")
    if first_year is None and last_year is None:
        first = _nearest(*first_day, published_on)
        last = date(first.year + over_new_year, last_day[1], last_day[0])
    else:
        first = date(int(first_year or int(last_year or 0) - over_new_year), first_day[1], first_day[0])
        last = date(int(last_year or int(first_year or 0) + over_new_year), last_day[1], last_day[0])
    return _from_to(_in_years(first), _in_years(last), match["joined"])


def week_of(match: re.Match[str], published_on: date) -> list[Span]:
    """Read "week of July 26": from that day on if it begins a week or is a Sunday, else its week."""
    day = _named_day(match, published_on)
    begins = match["how"].casefold() != "of" or day.weekday() == weekday("sunday")
    first = day if begins else _monday(day)
    return [(first, first + _WEEK - _DAY)]


def near(match: re.Match[str], published_on: date) -> list[Span]:
    """Read "today", "tonight", "tomorrow" and "yesterday"; "a better tomorrow" is no day."""
    if _SOME_DAY.search(match.string, max(0, match.start() - 10), match.start()):
        return []
    away = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}[match.group().casefold()]
    return _alone(published_on + away * _DAY)


def this_or_next(match: re.Match[str], published_on: date) -> list[Span]:
    """Read "this weekend", "next week", "this month", "next Friday". "The next week" is a stretch, no week."""
    is_next = match["which"].casefold() == "next"
    unit = match["unit"].casefold()
    if is_next and _IN_THE.search(match.string, max(0, match.start() - 8), match.start()):
        return []
    monday = _monday(published_on) + is_next * _WEEK
    if unit == "week":
        return [(monday, monday + 6 * _DAY)]
    if unit == "weekend":
        return [(monday + 5 * _DAY, monday + 6 * _DAY)]
    if unit == "month":
        first = published_on.replace(day=1)
        first = _month_after(first) if is_next else first
        return [(first, _month_after(first) - _DAY)]
    first = monday + weekday(unit) * _DAY if is_next else _on_or_after(published_on, unit)
    return _to_weekday(match, first)


def coming(match: re.Match[str], published_on: date) -> list[Span]:
    """Read "this coming week", "the coming weekend" and "the upcoming Friday"."""
    unit = match["unit"].casefold()
    if unit == "week":
        return [(published_on + _DAY, published_on + _WEEK)]
    if unit == "weekend":
        saturday = _on_or_after(published_on, "saturday")
        return [(saturday, saturday + _DAY)]
    return _to_weekday(match, _on_or_after(published_on + _DAY, unit))


def on_weekday(match: re.Match[str], published_on: date) -> list[Span]:
    """Read "on Friday": the next one, or the one before where the sentence tells of the past."""
    if not _BEFORE_A_WEEKDAY.search(match.string, max(0, match.start() - 8), match.start()):
        return []
    after = _on_or_after(published_on + _DAY, match["unit"])
    if tells_of_the_past(match.string, match.start()):
        return _to_weekday(match, after - (2 if after == published_on + _WEEK else 1) * _WEEK)
    return _to_weekday(match, after)


def _alone(day: date) -> list[Span]:
    return [(day, day)]


def _from_to(first: date, last: date, joined: str) -> list[Span]:
    """Return one span, or two days where no more than "and" joins them and others lie between."""
    apart = joined.strip().casefold() in ("and", "&") and last - first != _DAY
    return [(first, first), (last, last)] if apart else [(first, last)]


def _to_weekday(match: re.Match[str], first: date) -> list[Span]:
    return _from_to(first, _on_or_after(first, match["second"]), match["joined"]) if match["second"] else _alone(first)


def _named_day(match: re.Match[str], published_on: date) -> date:
    day, number = int(match["day"]), month(match["month"])
    return _in_years(date(int(match["year"]), number, day)) if match["year"] else _nearest(day, number, published_on)


def _nearest(day: int, number: int, to: date) -> date:
    """Return the day of a month in the year that brings it nearest. Raises ValueError where no year near by has it."""
    days = [each for year in (to.year - 1, to.year, to.year + 1) if (each := _or_none(year, number, day))]
    return min(days, key=lambda each: abs(each - to))


def _or_none(year: int, number: int, day: int) -> date | None:
    try:
        return date(year, number, day)
    except ValueError:
        return None


def _in_years(day: date) -> date:
    if day.year not in YEARS:
        raise ValueError("a year that can't be meant")
    return day


def _monday(day: date) -> date:
    return day - day.weekday() * _DAY


def _month_after(first: date) -> date:
    return (first + 31 * _DAY).replace(day=1)


def _on_or_after(day: date, name: str) -> date:
    return day + (weekday(name) - day.weekday()) % 7 * _DAY
