"""The body of a diary: each day's text, and the region it speaks of."""

from collections.abc import Sequence

from bot.domain.regions import Region
from bot.loader.dates import Written
from bot.loader.diary import Day
from bot.loader.headings import Heading, heading
from bot.loader.inference import of_countries
from bot.loader.items import Item, Paragraph
from bot.loader.notes import Note
from bot.loader.sections import Place, Section
from bot.loader.verses import Found


def begins_day(item: Item) -> Day | None:
    """Return the day that an item begins, None for one that begins none."""
    if isinstance(item.what, Day):
        return item.what
    return item.what.day if isinstance(item.what, Paragraph) else None


def starts_of_days(items: Sequence[Item]) -> list[int]:
    """Return where the days of a diary begin: at the day, or at the heading above where every day has one."""
    days = [at for at, item in enumerate(items) if begins_day(item)]
    headed = all(at and isinstance(items[at - 1].what, Heading) for at in days)
    return [at - headed for at in days]


def place_days(section: Section, body: Sequence[Item]) -> None:
    """Place what stands from the first day of a diary on: each day's text has the region its heading or text tells."""
    starts = starts_of_days(body)
    for start, end in zip(starts, [*starts[1:], len(body)], strict=True):
        _place_day(section, body[start:end])


def _place_day(section: Section, items: Sequence[Item]) -> None:
    day = next(filter(None, map(begins_day, items)), None)
    written = day.written if day else ""
    region, why = _region(section, items)
    ended = False
    for item in items:
        match item.what:
            case Day():
                section.put(item, Place.HEADING, "a day of a diary", region, written)
            case Heading(region=under):
                region = under or region
                section.put(item, Place.HEADING, "a place under a day of a diary", region, written)
            case Note(rule=rule, ends=ends):
                section.put(item, Place.NOTE, rule)
                ended = ended or ends
            case Paragraph() | Found() | Written() if not ended:
                section.put(item, Place.REQUEST, "text of a day of a diary", region, written)
            case _:
                section.set_apart(item, "odd-in-diary", "no text of a day of a diary")
    if why is not None:
        section.doubt(items[0], "region-guessed", f"{written}: no heading says the region; {region}: {why}.")


def _region(section: Section, items: Sequence[Item]) -> tuple[Region, str | None]:
    """Return a day's region, and why it is taken where no heading says it."""
    headed = [item.what for item in items if isinstance(item.what, Heading)]
    day = begins_day(items[0])
    if day is not None and day.rest and isinstance(items[0].what, Day):
        found = heading(day.rest, section.profile)
        headed = [found, *headed] if found else headed
    region = next((each.region for each in headed if each.region), None)
    if region is not None:
        return region, None
    named = of_countries(" ".join(item.text for item in items if not isinstance(item.what, Note)), section.profile)
    if len(named) == 1:
        return named.pop(), "it names countries there"
    return Region.GLOBAL, "it names countries of several regions" if named else "it names no country"
