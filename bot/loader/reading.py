"""The reading of a text: its bulletins, and where every line of it ended."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from bot.domain.bulletin import Bulletin, Kind, Point, ReadingWarning, Request
from bot.domain.mending import mended
from bot.domain.regions import Region
from bot.loader import countries, kinds
from bot.loader.days import with_days_named
from bot.loader.headings import Heading
from bot.loader.items import Item, Note, Paragraph, items
from bot.loader.lines import Line, clean
from bot.loader.placing import place
from bot.loader.profile import Profile
from bot.loader.repair import Repair
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


_NOTHING_ASIDE: Mapping[int, str] = MappingProxyType({})


def read(text: str, profile: Profile, *, aside: Mapping[int, str] = _NOTHING_ASIDE) -> Reading:
    """Read a text as a profile says. Any text can be read: what isn't understood ends as unplaced. Raises nothing.

    `aside`: lines that are known to be no part of a bulletin, counted from 1, each with the rule that says so.
    """
    bulletins: list[Bulletin] = []
    placements: list[Placement] = []
    for part in split(_items(clean(text), profile, aside)):
        section = place(part, profile)
        section.warnings += _repairs(part)
        bulletin = _bulletin(section)
        if bulletin is not None:
            bulletins.append(bulletin)
        placements += _placements(section.placed, is_bulletin=bulletin is not None)
    unplaced = tuple(Unplaced(at.line, at.text) for at in placements if at.place is Place.UNPLACED)
    return Reading(tuple(bulletins), unplaced, tuple(placements))


def _items(lines: Sequence[Line], profile: Profile, aside: Mapping[int, str]) -> list[Item]:
    """Return a text's items, with those set aside in their places."""
    if not aside:
        return items(lines, profile)
    kept = [
        replace(line, after_gap=line.after_gap or line.number - 1 in aside)
        for line in lines
        if line.number not in aside
    ]
    notes = [Item((line,), Note(line.text, aside[line.number])) for line in lines if line.number in aside]
    return sorted([*items(kept, profile), *notes], key=lambda item: item.lines[0].number)


_REPAIRED = {
    Repair.ENCODING: ("encoding-repaired", "letters that a wrong encoding had broken were put right"),
    Repair.ENTITIES: ("entities-repaired", "signs written as on web pages (&amp;) were put right"),
}


def _repairs(part: Sequence[Item]) -> Iterator[ReadingWarning]:
    """Say once for each sort of repair where it was made."""
    for repair, (code, message) in _REPAIRED.items():
        at = [line.number for item in part for line in item.lines if repair in line.repairs]
        if at:
            several = "" if len(at) == 1 else f" and in {len(at) - 1} more"
            yield ReadingWarning(code, f"Here{several}, {message}.", at[0])


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
    bulletin = Bulletin(
        title=title.text.strip("*_#| ") if title else None,
        published_on=section.date.day if section.date else None,
        verse=verse.what.verse if verse and isinstance(verse.what, Found) else None,
        requests=requests,
        notes=tuple(_note(at.item) for at in section.placed if at.place is Place.NOTE and _says_something(at.item)),
        warnings=tuple(sorted(section.warnings, key=lambda warning: warning.line or 0)),
    )
    return with_days_named(bulletin, bulletin.published_on) if bulletin.published_on else bulletin


def _note(item: Item) -> str:
    return item.what.text if isinstance(item.what, Note) else item.text


def _says_something(item: Item) -> bool:
    return any(map(str.isalnum, item.text))


@dataclass(slots=True)
class _Gathered:
    """A region's points, each with the line it begins in."""

    heading: str | None
    points: list[tuple[Point, int]] = field(default_factory=list)


def _requests(section: Section) -> tuple[Request, ...]:
    """Gather each region's points under the first heading it has; a region that comes twice is one request.

    A label holds for the points behind it up to the next heading; one over headings up to the next of its sort.
    """
    gathered: dict[Region, _Gathered] = {}
    over: Kind | None = None
    label: Kind | None = None
    for at in section.placed:
        if at.region is None:
            over = at.item.what.label if at.place is Place.HEADING and isinstance(at.item.what, Paragraph) else over
            continue
        heading = _heading(at.item)
        if heading is not None or at.region not in gathered:
            label = over
            if gathered.setdefault(at.region, _Gathered(heading)).points:
                section.doubt(at.item, "region-twice", f"{at.region} comes once more; its points are put together.")
        if at.place is Place.REQUEST:
            label = (at.item.what.label if isinstance(at.item.what, Paragraph) else None) or label
            text = at.item.what.text if isinstance(at.item.what, Paragraph) else at.item.text
            if text:
                gathered[at.region].points.append((_point(section, at, text, label), at.item.lines[0].number))
    for found in gathered.values():
        section.warnings += mending_warnings(found.points)
    _warn_of_empty(section, gathered)
    return tuple(_request(region, found) for region, found in gathered.items() if found.points)


def mending_warnings(points: Sequence[tuple[Point, int]]) -> Iterator[ReadingWarning]:
    """Say where people will see a request's points otherwise than they were read; each comes with its line."""
    for mending in mended([point for point, _ in points]).mendings:
        yield ReadingWarning(mending.code, mending.message, points[mending.point][1])


def _point(section: Section, at: Placed, text: str, label: Kind | None) -> Point:
    """Return a point; one that says neither by a label nor by its words what it asks for is a matter of prayer."""
    kind = label or kinds.kind(text)
    if kind is None and not section.is_doubted(at.item):
        section.doubt(at.item, "asks-nothing", "Asks for neither prayer nor praise: is it a part of the request?")
    return Point(text, kind or Kind.PRAYER)


def _heading(item: Item) -> str | None:
    match item.what:
        case Heading(written=written) | Paragraph(heading=Heading(written=written)):
            return written
    return None


def _warn_of_empty(section: Section, gathered: Mapping[Region, _Gathered]) -> None:
    section.warnings += [
        ReadingWarning("empty-heading", f"No request stands under the heading of {region}.")
        for region, found in gathered.items()
        if not found.points
    ]


def _request(region: Region, found: _Gathered) -> Request:
    points = tuple(point for point, _ in found.points)
    named = {code for point in points for code in countries.named(point.text)}
    return Request(region, found.heading, points, tuple(sorted(named)))
