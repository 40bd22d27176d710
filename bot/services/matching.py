"""What a person may have meant."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_month_names
from rapidfuzz import fuzz, process, utils

from bot.domain.zones import zone_names

T = TypeVar("T")

_LIKELY = 70.0
_MOST = 4
# Two years: a day beyond that is a slip in its year, and the calendar itself has a last day.
_FARTHEST = timedelta(days=731)


def meant(text: str, names: Mapping[str, T]) -> tuple[T | None, list[T]]:
    """The one thing that `text` names, by its whole name or a beginning that no other has; else the likeliest things.

    `names` maps every name and alias to its thing. Case and punctuation don't matter.
    """
    wanted = _plain(text)
    if not wanted:
        return None, []
    known = {_plain(name): thing for name, thing in names.items()}
    if wanted in known:
        return known[wanted], []
    begun = _distinct(thing for name, thing in known.items() if name.startswith(wanted))
    if len(begun) == 1:
        return begun[0], []
    if begun:
        return None, begun[:_MOST]
    near = process.extract(wanted, list(known), scorer=fuzz.WRatio, score_cutoff=_LIKELY, limit=12)
    return None, _distinct(known[name] for name, _, _ in near)[:_MOST]


def zone_meant(text: str) -> tuple[ZoneInfo | None, list[str]]:
    """The IANA zone that `text` names; else the names of the nearest ones, by city or in full.

    Only names of the tz database are taken: the system's own, like "localtime", mean another zone on another machine.
    """
    zones = zone_names()
    exact = next((name for name in zones if name.lower() == text.strip().lower()), None)
    if exact:
        return ZoneInfo(exact), []
    wanted = _plain(text)
    cities = {name: _plain(name.rpartition("/")[2]) for name in _places(zones)}
    near = process.extract(wanted, cities, scorer=fuzz.ratio, score_cutoff=_LIKELY, limit=_MOST)
    whole = process.extract(wanted, list(cities), scorer=fuzz.WRatio, processor=utils.default_process, limit=_MOST)
    return None, _distinct([name for _, _, name in near] + [name for name, _, _ in whole])[:_MOST]


def day_meant(text: str, today: date, locale: Locale) -> date | None:
    """The day of the coming two years that somebody wrote as 2026-12-24, 24 Dec or December 24; None for other text.

    Months may be named in English and in the language of `locale`; without a year the next such day is meant.
    """
    day = _day(text, today, locale)
    return day if day is not None and timedelta(0) < day - today <= _FARTHEST else None


def _day(text: str, today: date, locale: Locale) -> date | None:
    """The day that is written there; without a year the next such day after today."""
    with suppress(ValueError):
        return date.fromisoformat(text.strip())
    words = _plain(text).split()
    numbers, names = [int(each) for each in words if each.isdecimal()], [each for each in words if each.isalpha()]
    month = _month(names[0], locale) if len(names) == 1 else None
    if month is None or len(words) != 2 or len(numbers) != 1:
        return None
    # Not every year has a 29th of February.
    for year in range(today.year, today.year + 3):
        with suppress(ValueError):
            if date(year, month, numbers[0]) > today:
                return date(year, month, numbers[0])
    return None


def _month(name: str, locale: Locale) -> int | None:
    """The number of the month that begins like this in one of the two languages."""
    months = [
        *get_month_names("wide", "format", Locale("en")).items(),
        *get_month_names("wide", "format", locale).items(),
    ]
    return next((number for number, whole in months if len(name) >= 3 and _plain(whole).startswith(name)), None)


def _places(zones: Collection[str]) -> list[str]:
    """The zones that are named after places, without the tz database's old spellings of offsets."""
    return sorted(name for name in zones if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/")))


def _plain(text: str) -> str:
    """Lower case, with a single space for any punctuation between words."""
    return " ".join(utils.default_process(text).split())


def _distinct(things: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(things))
