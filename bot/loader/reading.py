"""The reading of a text: its bulletins, and where every line of it ended."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

from bot.domain.bulletin import Bulletin, ReadingWarning
from bot.domain.regions import Region
from bot.loader import kinds
from bot.loader.dates import written
from bot.loader.days import with_days_named
from bot.loader.diary import month_of, with_days_of
from bot.loader.headings import known
from bot.loader.items import Item, items
from bot.loader.lines import Line, clean
from bot.loader.notes import Note
from bot.loader.pages import page_breaks, runs_over
from bot.loader.placing import place
from bot.loader.profile import Profile
from bot.loader.repair import Repair
from bot.loader.requests import requests_of
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
    requests = requests_of(section)
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
