"""The reading of a text: its bulletins, and where every line of it ended."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType

from bot.domain.bulletin import Bulletin, Kind, Point, ReadingWarning, Request
from bot.domain.mending import mended
from bot.domain.regions import Region
from bot.loader import countries, kinds
from bot.loader.dates import written
from bot.loader.days import with_days_named
from bot.loader.diary import Day, month_of, with_days_of
from bot.loader.headings import Heading, known, parted
from bot.loader.items import Item, Paragraph, items
from bot.loader.lines import Line, clean
from bot.loader.marks import cells
from bot.loader.notes import Note, note, resembles_note
from bot.loader.pages import page_breaks, runs_over
from bot.loader.placing import place
from bot.loader.profile import Profile
from bot.loader.repair import Repair
from bot.loader.sections import Place, Placed, Section
from bot.loader.splitting import split
from bot.loader.titles import Titled
from bot.loader.verses import Found
from bot.loader.wrapping import single_spaced


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a line ended, and the rule that put it there. `line` counts from 1 in the text as given.

    `region`: of a heading or a request.
    """

    line: int
    text: str
    place: Place
    rule: str
    region: Region | None = None


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
    for part in split(_items(lines_of(text, profile), profile, aside)):
        section = place(part, profile)
        section.warnings += _repairs(part)
        bulletin = _bulletin(section)
        if bulletin is not None:
            bulletins.append(bulletin)
        placements += _placements(section.placed, is_bulletin=bulletin is not None)
    placements.sort(key=lambda at: at.line)  # a line that is set aside may stand between two of one verse
    unplaced = tuple(Unplaced(at.line, at.text) for at in placements if at.place is Place.UNPLACED)
    return Reading(tuple(bulletins), unplaced, tuple(placements))


def lines_of(text: str, profile: Profile) -> tuple[Line, ...]:
    """Return the lines of a text that show something, as a reading gives them."""
    return single_spaced(clean(text, lambda cell: known(cell, profile) is not None))


def _items(lines: Sequence[Line], profile: Profile, aside: Mapping[int, str]) -> list[Item]:
    """Return a text's items, with those set aside in their places."""
    blank = {line.number: "a blank line of a quoted mail" for line in lines if not line.text.strip("> ")}
    pages = page_breaks(lines)
    others = _by_others(lines, profile)
    aside = {**pages, **others, **aside, **blank}
    if not aside:
        return items(lines, profile)
    notes = [
        Item((line,), Note(line.text, aside[line.number], doubtful=line.number in others and kinds.invites(line.text)))
        for line in lines
        if line.number in aside
    ]
    return sorted([*items(_kept(lines, aside, pages), profile), *notes], key=lambda item: item.lines[0].number)


def _by_others(lines: Sequence[Line], profile: Profile) -> dict[int, str]:
    """Return what stands in a chat behind the first heading and was sent by people who sent no heading."""
    sender: str | None = None
    sent: list[tuple[Line, str]] = []
    for line in lines:
        sender = line.stamp.sender if line.stamp else sender
        sent += [(line, sender)] if sender is not None else []
    headings = [(line, by) for line, by in sent if known(line.text, profile) is not None]
    if not headings:
        return {}
    first, senders = headings[0][0].number, {by for _, by in headings}
    return {line.number: "another person's message" for line, by in sent if line.number > first and by not in senders}


def _kept(lines: Sequence[Line], aside: Mapping[int, str], pages: Mapping[int, str]) -> list[Line]:
    """Return the lines that aren't set aside; where one was is a gap, but not in a sentence that a page's end parts."""
    kept: list[Line] = []
    parted = False
    for line in lines:
        if line.number in aside:
            parted = line.number in pages
            continue
        if parted and kept and runs_over(kept[-1], line):
            kept.append(replace(line, after_gap=False))
        else:
            kept.append(replace(line, after_gap=line.after_gap or line.number - 1 in aside))
        parted = False
    return kept


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
        Placement(line.number, line.text, at.place, at.rule, at.region)
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
        title=_title(title) if title else None,
        published_on=_published_on(section),
        verse=verse.what.verse if verse and isinstance(verse.what, Found) else None,
        requests=requests,
        notes=tuple(_note(at.item) for at in section.placed if at.place is Place.NOTE and _says_something(at.item)),
        warnings=tuple(sorted(section.warnings, key=lambda warning: warning.line or 0)),
    )
    return _in_time(bulletin)


def _published_on(section: Section) -> date | None:
    """Return the date of a bulletin, else that of the message in a chat that it begins with, which is told."""
    if section.date is not None and section.date.day is not None:
        return section.date.day
    line = next((line for at in section.placed for line in at.item.lines if line.stamp), None)
    sent = written(line.stamp.day) if line and line.stamp else None
    if line is None or sent is None or sent.day is None:
        return None
    message = f"The text gives no date with its year; that of its message is taken: {sent.day}."
    section.warnings.append(ReadingWarning("date-of-message", message, line.number))
    return sent.day


def _in_time(bulletin: Bulletin) -> Bulletin:
    """Return a bulletin with the days it names; a diary of a month without a date has the day before its first."""
    day = bulletin.published_on
    around = day or month_of([bulletin.title or "", *bulletin.notes])
    if around is not None and bulletin.is_diary:
        bulletin = with_days_of(bulletin, around)
        if day is None and bulletin.diary_days:
            day = bulletin.diary_days[0] - timedelta(days=1)
            told = ReadingWarning("date-of-diary", f"The text gives no date; the day before its first: {day}.")
            bulletin = replace(bulletin, published_on=day, warnings=(told, *bulletin.warnings))
    return with_days_named(bulletin, day) if day else bulletin


_PICTURES = re.compile(r"[\u2600-\u27bf\u2b50\ufe0f\U0001f000-\U0001faff]+")


def _title(item: Item) -> str:
    if isinstance(item.what, Titled):
        return item.what.title
    bare = _PICTURES.sub("", item.text).strip("_#| ")
    return bare.strip("*_#| ") if bare.startswith("*") else bare  # a pseudonym's asterisk stays


def _note(item: Item) -> str:
    return item.what.text if isinstance(item.what, Note) else item.text


def _says_something(item: Item) -> bool:
    return any(map(str.isalnum, item.text))


@dataclass(slots=True)
class _Gathered:
    """A region's points, each with the line it begins in, and the countries that headings over them are names of."""

    heading: str | None
    countries: set[str] = field(default_factory=set)
    points: list[tuple[Point, int]] = field(default_factory=list)
    unsure: dict[int, Item] = field(default_factory=dict)  # points that say neither by label nor by words what they are


def _requests(section: Section) -> tuple[Request, ...]:
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
