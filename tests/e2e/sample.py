"""An invented bulletin whose requests are easily told apart."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.domain.bulletin import Bulletin, Kind, Point, Request, Verse
from bot.domain.regions import Region
from bot.domain.weekdays import WORKING_DAYS
from bot.services.planning import Loaded, Planning
from bot.services.verses import Verses
from bot.store.database import Store
from tests.clock import StandingClock

VERSE = Verse("Let justice roll on like rivers", "Amos 5:24")
SUNDAY = date(2026, 3, 1)
MONDAY = date(2026, 3, 2)

# What each region's request is known by in these tests; the days are Monday to Friday.
TEXTS = {
    Region.AFRICA_EUROPE: "Please pray for the invented harbour team & its <first> hearing.",
    Region.LATIN_AMERICA: "Praise God for the invented lighthouse.",
    Region.SOUTH_ASIA: "Please pray for the invented brickyard.",
    Region.ASIA_PACIFIC: "Please pray for the invented ferry.",
    Region.GLOBAL: "Praise God for the invented almanac. Pray for its readers.",
}
HARBOUR, LIGHTHOUSE, BRICKYARD = "harbour", "lighthouse", "brickyard"


def bulletin(
    texts: Mapping[Region, Sequence[str]] | None = None, countries: Mapping[Region, str] | None = None
) -> Bulletin:
    """A bulletin with these points a region; without any, with TEXTS. `countries`: the one that a region's names."""
    named = {region: (code,) for region, code in (countries or {}).items()}
    given = texts or {region: (text,) for region, text in TEXTS.items()}
    requests = tuple(
        Request(region, str(region), tuple(Point(text, Kind.PRAYER) for text in points), named.get(region, ()))
        for region, points in given.items()
    )
    return Bulletin(None, None, VERSE, requests)


async def publish(
    store: Store,
    clock: StandingClock,
    texts: Mapping[Region, Sequence[str]] | None = None,
    on: date = SUNDAY,
    countries: Mapping[Region, str] | None = None,
) -> Loaded:
    """Load the bulletin as an editor would."""
    planning = Planning(store, Verses([VERSE]), WORKING_DAYS, clock.now)
    (loaded,) = await planning.load([bulletin(texts, countries)], on)
    return loaded
