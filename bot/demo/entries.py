"""The plan as the demo knows it from loading the bulletin: what every group should be shown, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.bulletin import Point, Verse
from bot.domain.mending import mended
from bot.domain.regions import Region
from bot.services.planning import Loaded


@dataclass(frozen=True, slots=True)
class Entry:
    """A plan entry with its texts: on this local date each group is shown these points, and nothing else."""

    date: date
    region: Region
    verse: Verse
    texts: tuple[str, ...]


def entries_of(loaded: Sequence[Loaded]) -> tuple[Entry, ...]:
    """The plan entries of all that was loaded, by date."""
    entries = []
    for each in loaded:
        for day in each.plan.days:
            request = each.bulletin.requests[day.request].request
            texts = _shown([request.points[index] for index in day.points])
            entries.append(Entry(day.date, request.region, each.bulletin.verse, texts))
    return tuple(sorted(entries, key=lambda entry: entry.date))


def whole_requests(loaded: Sequence[Loaded]) -> tuple[Entry, ...]:
    """Each request with all its points, dated with the first day of its week: what /region may show."""
    return tuple(
        Entry(each.bulletin.first_day, stored.request.region, stored.verse, _shown(stored.request.points))
        for each in loaded
        for stored in each.bulletin.requests
    )


def _shown(points: Sequence[Point]) -> tuple[str, ...]:
    return tuple(point.text for point in mended(points).points)
