"""What a person may have meant."""

from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, process, utils

from bot.domain.zones import zone_names

T = TypeVar("T")

_LIKELY = 70.0
_MOST = 4


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


def _places(zones: Collection[str]) -> list[str]:
    """The zones that are named after places, without the tz database's old spellings of offsets."""
    return sorted(name for name in zones if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/")))


def _plain(text: str) -> str:
    """Lower case, with a single space for any punctuation between words."""
    return " ".join(utils.default_process(text).split())


def _distinct(things: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(things))
