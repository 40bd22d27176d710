"""The reading of a text: its bulletins, and where every line of it ended."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.bulletin import Bulletin, Kind, Point, ReadingWarning, Request
from bot.domain.regions import Region
from bot.loader import countries, kinds
from bot.loader.headings import Heading
from bot.loader.items import Item, Note, Paragraph, items
from bot.loader.lines import clean
from bot.loader.placing import place
from bot.loader.profile import Profile
from bot.loader.sections import Place, Placed, Section
from bot.loader.splitting import split
from bot.loader.verses import Found


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a line ended, and the rule that put it there. `line` counts from 1 in the text as given."""

    line: int
    text: str
    place: Place
    rule: str


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A line that belongs to nothing, for an editor to look at."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text was understood to say. Every non-blank line has one placement, in the text's order."""

    bulletins: tuple[Bulletin, ...]
    unplaced: tuple[Unplaced, ...]
    placements: tuple[Placement, ...]


def read(text: str, profile: Profile) -> Reading:
    """Read a text as a profile says. Any text can be read: what isn't understood ends as unplaced. Raises nothing."""
    bulletins: list[Bulletin] = []
    placements: list[Placement] = []
    for part in split(items(clean(text), profile)):
        section = place(part, profile)
        bulletin = _bulletin(section)
        if bulletin is not None:
            bulletins.append(bulletin)
        placements += _placements(section.placed, is_bulletin=bulletin is not None)
    unplaced = tuple(Unplaced(at.line, at.text) for at in placements if at.place is Place.UNPLACED)
    return Reading(tuple(bulletins), unplaced, tuple(placements))


def _placements(placed: Iterable[Placed], *, is_bulletin: bool) -> list[Placement]:
    return [
        Placement(line.number, line.text, at.place, at.rule)
        if is_bulletin
        else Placement(line.number, line.text, Place.UNPLACED, "no request was found")
        for at in placed
        for line in at.item.lines
    ]


def _bulletin(section: Section) -> Bulletin | None:
    requests = _requests(section)
    if not requests:
        return None
    title, verse = section.first(Place.TITLE), section.first(Place.VERSE)
    return Bulletin(
        title=title.text.strip("*_#| ") if title else None,
        published_on=section.date.day if section.date else None,
        verse=verse.what.verse if verse and isinstance(verse.what, Found) else None,
        requests=requests,
        notes=tuple(_note(at.item) for at in section.placed if at.place is Place.NOTE and _says_something(at.item)),
        warnings=tuple(sorted(section.warnings, key=lambda warning: warning.line or 0)),
    )


def _note(item: Item) -> str:
    return item.what.text if isinstance(item.what, Note) else item.text


def _says_something(item: Item) -> bool:
    return any(map(str.isalnum, item.text))


def _requests(section: Section) -> tuple[Request, ...]:
    """Gather each region's points under the first heading it has; a region that comes twice is one request."""
    headings: dict[Region, str | None] = {}
    points: dict[Region, list[Point]] = {}
    label: Kind | None = None
    for at in section.placed:
        if at.region is None:
            continue
        region, what = at.region, at.item.what
        heading = what if isinstance(what, Heading) else what.heading if isinstance(what, Paragraph) else None
        if heading is not None or region not in headings:
            label = None
            if headings.setdefault(region, heading.written if heading else None) is not None and points.get(region):
                section.doubt(at.item, "region-twice", f"{region} comes a second time; its points are put together.")
        if at.place is not Place.REQUEST:
            continue
        if isinstance(what, Paragraph):
            label = what.label or label
        text = what.text if isinstance(what, Paragraph) else at.item.text
        if text:
            points.setdefault(region, []).append(Point(text, label or kinds.kind(text)))
    _warn_of_empty(section, headings, points)
    return tuple(_request(region, heading, points[region]) for region, heading in headings.items() if region in points)


def _warn_of_empty(section: Section, headings: Iterable[Region], points: Iterable[Region]) -> None:
    section.warnings.extend(
        ReadingWarning("empty-heading", f"No request stands below the heading of {region}.")
        for region in headings
        if region not in points
    )


def _request(region: Region, heading: str | None, points: list[Point]) -> Request:
    named = {code for point in points for code in countries.named(point.text)}
    return Request(region, heading, tuple(points), tuple(sorted(named)))
