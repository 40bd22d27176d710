"""The requests of a bulletin: each region's points, gathered from what was placed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.bulletin import Kind, Point, ReadingWarning, Request
from bot.domain.mending import mended
from bot.domain.regions import Region
from bot.loader import countries, kinds
from bot.loader.diary import Day
from bot.loader.headings import Heading, known, parted
from bot.loader.items import Item, Paragraph
from bot.loader.marks import cells
from bot.loader.notes import note, resembles_note
from bot.loader.profile import Profile
from bot.loader.sections import Place, Placed, Section


@dataclass(slots=True)
class _Gathered:
    """A region's points, each with the line it begins in, and the countries that headings over them are names of."""

    heading: str | None
    countries: set[str] = field(default_factory=set)
    points: list[tuple[Point, int]] = field(default_factory=list)
    unsure: dict[int, Item] = field(default_factory=dict)  # points that say neither by label nor by words what they are


def requests_of(section: Section) -> tuple[Request, ...]:
    """Gather each region's points under the first heading it has; a region that comes twice is one request.

    A label holds for the points behind it up to the next heading; one over headings up to the next of its sort.
    """
    gathered: dict[Region, _Gathered] = {}
    current: Region | None = None
    over: Kind | None = None
    label: Kind | None = None
    for at in section.placed:
        if at.region is None:
            over = at.item.what.label if at.place is Place.HEADING and isinstance(at.item.what, Paragraph) else over
            continue
        heading = _heading(at.item)
        last, current = current, at.region
        if heading is not None or at.region not in gathered:
            label = _label(at.item) or over
            if gathered.setdefault(at.region, _Gathered(heading)).points and at.region is not last and not at.day:
                section.doubt(at.item, "region-twice", f"{at.region} comes once more; its points are put together.")
        gathered[at.region].countries |= _countries_over(at.item, at.region, section.profile)
        if at.place is Place.REQUEST:
            label = (at.item.what.label if isinstance(at.item.what, Paragraph) else None) or label
            text = at.item.what.text if isinstance(at.item.what, Paragraph) else at.item.text
            for inner, written, said in _texts_of(section, at.item, text):
                found = gathered.setdefault(inner or at.region, _Gathered(written))
                _add_point(section, found, at, said, label)
    for found in gathered.values():
        section.warnings += mending_warnings(found.points)
    _warn_of_empty(section, gathered)
    for found in gathered.values():
        _warn_of_unsure(section, found)
    return tuple(_request(region, found) for region, found in gathered.items() if found.points)


def mending_warnings(points: Sequence[tuple[Point, int]]) -> Iterator[ReadingWarning]:
    """Say where people will see a request's points otherwise than they were read; each comes with its line."""
    for mending in mended([point for point, _ in points]).mendings:
        yield ReadingWarning(mending.code, mending.message, points[mending.point][1])


def _texts_of(section: Section, item: Item, text: str) -> Sequence[tuple[Region | None, str | None, str]]:
    """Return a request's text, or those in it: a table's cells, what stands behind headings within; but no notes.

    Each comes with the region and the words of its own heading, None where it has none.
    """
    parts = [part for cell in (cells(text) if text else ()) for part in parted(cell, section.profile) if part[2]]
    if len(parts) == 1:
        return parts
    kept = [part for part in parts if note(part[2], section.profile) is None]
    if len(kept) < len(parts):
        message = "A part of this line that is usually set aside is left out of the request."
        section.doubt(item, "note-in-request", message)
    return kept


def _add_point(section: Section, found: _Gathered, at: Placed, text: str, label: Kind | None) -> None:
    """Add a point; one that says neither by a label nor by its words what it asks for is a matter of prayer."""
    kind = label or kinds.kind(text)
    what = at.item.what
    is_plain = isinstance(what, Paragraph) and what.label is None and what.heading is None and what.day is None
    if not is_plain and note(text, section.profile) is not None:  # of a plain paragraph it is known already
        section.doubt(at.item, "note-in-request", "Text that is usually set aside stands in a request.")
    if kind is None:
        found.unsure[len(found.points)] = at.item
    found.points.append((Point(text, kind or Kind.PRAYER, at.day), at.item.lines[0].number))


def _warn_of_unsure(section: Section, found: _Gathered) -> None:
    """Warn of points that ask for nothing, unless they are bullets among others, or lead up to one that does."""
    sure = [number for number in range(len(found.points)) if number not in found.unsure]
    for number, item in found.unsure.items():
        bulleted = isinstance(item.what, Paragraph) and item.what.bullet
        is_clear = sure and (bulleted or number < sure[-1]) and not resembles_note(found.points[number][0].text)
        if not is_clear and not section.is_doubted(item):
            message = "Asks for neither prayer nor praise: is it a part of the request?"
            section.doubt(item, "asks-nothing", message)


def _heading(item: Item) -> str | None:
    match item.what:
        case Heading(written=written) | Paragraph(heading=Heading(written=written)):
            return written
    return None


def _countries_over(item: Item, region: Region, profile: Profile) -> set[str]:
    """Return the countries that a heading names which isn't the profile's own: "Kenya" over a request."""
    match item.what:
        case Heading(written=text) | Day(rest=text) if known(text, profile) is None:
            return {code for code in countries.named(text) if profile.regions_of.get(code) is region}
    return set()


def _label(item: Item) -> Kind | None:
    return item.what.label if isinstance(item.what, Heading) else None


def _warn_of_empty(section: Section, gathered: Mapping[Region, _Gathered]) -> None:
    section.warnings += [
        ReadingWarning("empty-heading", f"No request stands under the heading of {region}.")
        for region, found in gathered.items()
        if not found.points
    ]


def _request(region: Region, found: _Gathered) -> Request:
    points = tuple(point for point, _ in found.points)
    named = found.countries.union(*(countries.named(point.text) for point in points))
    return Request(region, found.heading, points, tuple(sorted(named)))
