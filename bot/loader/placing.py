"""The place of every item of one bulletin, and the rule that put it there."""

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.domain.regions import Region
from bot.loader.asides import without_asides
from bot.loader.beginning import own_verse, place_head, title_below, title_of
from bot.loader.body import place_body
from bot.loader.daily import begins_day, place_days, starts_of_days
from bot.loader.guessing import doubt_missing
from bot.loader.headings import Heading
from bot.loader.inference import Inferred, mentioned, missing_region, of_countries
from bot.loader.items import Item, Paragraph, is_over_headings
from bot.loader.kinds import invites
from bot.loader.lines import is_parted
from bot.loader.notes import Note
from bot.loader.profile import Profile
from bot.loader.sections import Place, Section
from bot.loader.splitting import heads, is_title

_A_DAY_OF_A_YEAR = re.compile(r"\b\d{1,2}\b.{1,20}\b20\d\d\b|\b20\d\d[/. -]{1,2}\d{1,2}\b")


def place(items: Sequence[Item], profile: Profile) -> Section:
    """Place the items of one bulletin.

    1. The head is what stands above the first heading or labelled point: title, date, verse, preamble.
    2. Requests above the first heading miss theirs; their region is found from the rest, or they stay unplaced.
    3. Below, each paragraph belongs to the heading above it; in a diary to the day above it.
    """
    section = Section(profile)
    items = [*without_asides(items)]
    for item in items:
        if isinstance(item.what, Note) and item.what.doubtful:
            section.doubt(item, "note-doubtful", "Set aside as a note: is it a request?")
    if any(begins_day(item) for item in items):
        _place_diary(section, items)
    else:
        _place_regions(section, items)
        doubt_missing(section)
    section.placed.sort(key=lambda placed: placed.item.lines[0].number)
    _doubt_date(section)
    _doubt_words(section, items)
    return section


def _place_regions(section: Section, items: Sequence[Item]) -> None:
    labelled = next((at for at, item in enumerate(items) if heads(item) is not None), len(items))
    verse = own_verse(items[:labelled])
    above = labelled if verse is None else verse
    if verse is not None and labelled == len(items) and _is_below_requests(items, verse):
        verse, above = None, _first_request(items)
    title = title_of(section, items[:above])
    if title is None and verse is not None:
        title = title_below(verse, items[:labelled])
    headed = next(
        (at for at in range(len(items)) if _is_headed(items, at, verse) and items[at] is not title), len(items)
    )
    if headed and is_over_headings(items, headed - 1):
        headed -= 1
    head, headless = items[: min(labelled, headed)], items[labelled:headed]
    unheaded = place_head(section, head, title, None if verse is None else items[verse])
    _place_headless(section, [*unheaded, *headless], items[headed:])
    place_body(section, items[headed:], None)


def _first_request(items: Sequence[Item]) -> int:
    """Return where the first paragraph stands that asks for prayer and is no line like a title."""
    asking = (at for at, item in enumerate(items) if not is_title(item) and isinstance(item.what, Paragraph))
    return next((at for at in asking if invites(items[at].text)), len(items))


def _is_below_requests(items: Sequence[Item], verse: int) -> bool:
    """Tell whether a verse is the last of a text without headings, below what asks for prayer."""
    is_last = all(isinstance(item.what, Note) for item in items[verse + 1 :])
    return is_last and _first_request(items) < verse


def _place_diary(section: Section, items: Sequence[Item]) -> None:
    first = starts_of_days(items)[0]
    head = items[:first]
    verse = own_verse(head)
    title = title_of(section, head if verse is None else head[:verse])
    for item in place_head(section, head, title, None if verse is None else head[verse]):
        section.set_apart(item, "no-day", "stands above the first day of the diary")
    place_days(section, items[first:])


def _doubt_date(section: Section) -> None:
    """Point at a line that may hold the date, where none was read."""
    if section.date is not None:
        return
    for at in section.placed:
        if at.place in (Place.TITLE, Place.NOTE, Place.UNPLACED) and _names_a_day(at.item.text):
            section.doubt(at.item, "date-unread", "Is this the bulletin's date? It couldn't be read as one.")
            return


def _names_a_day(text: str) -> bool:
    return "20" in text and _A_DAY_OF_A_YEAR.search(text) is not None


def _doubt_words(section: Section, items: Sequence[Item]) -> None:
    """Tell of words that were put together."""
    for item in items:
        if any(is_parted(one.text, two.text) for one, two in pairwise(item.lines)):
            section.doubt(item, "hyphen-joined", "A word parted by a hyphen at the end of a line was put together.")


def _is_headed(items: Sequence[Item], at: int, verse: int | None) -> bool:
    """Tell whether requests stand under an item; if the profile doesn't know it, then below the verse and over text."""
    if isinstance(items[at].what, Heading) and (verse is None or at > verse):
        return any(heads(items[at]) or ()) or any(isinstance(item.what, Paragraph) for item in items[at + 1 : at + 2])
    return any(heads(items[at]) or ())


def _place_headless(section: Section, headless: Sequence[Item], below: Sequence[Item]) -> None:
    """Place requests without a heading in the region that the rest of the bulletin leaves for them, or nowhere."""
    texts = [item.text for item in headless if isinstance(item.what, Paragraph)]
    headings = [region for item in below for region in (heads(item) or ()) if region is not None]
    found = _region_of(section, texts, headings) if texts else None
    if found is not None:
        section.doubt(headless[0], "heading-missing", f"No heading stands above this; {found.region}: {found.why}.")
        place_body(section, headless, found.region, f"no heading stands above it; {found.why}")
        return
    for item in headless:
        named = of_countries(item.text, section.profile) if isinstance(item.what, Paragraph) else set()
        if isinstance(item.what, Note):
            section.put(item, Place.NOTE, item.what.rule)
        elif len(named) == 1 and named.isdisjoint(headings):
            (region,) = named
            section.put(item, Place.REQUEST, "no heading stands above it; it names countries there", region)
            section.doubt(item, "heading-missing", f"No heading stands above this; {region}: it names countries there.")
        else:
            section.set_apart(item, "no-region", "stands under no heading, and nothing says which region it belongs to")


def _region_of(section: Section, texts: Sequence[str], headings: Sequence[Region]) -> Inferred | None:
    if headings:
        return missing_region(texts, headings, section.profile)
    around = [placed.item.text for placed in section.placed if placed.place in (Place.TITLE, Place.NOTE)]
    return mentioned(around, section.profile) or mentioned(texts, section.profile)
