"""The place of every item of one bulletin, and the rule that put it there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.bulletin import ReadingWarning
from bot.domain.regions import Region
from bot.loader.dates import Written
from bot.loader.headings import Heading
from bot.loader.inference import mentioned, missing_region, of_countries
from bot.loader.items import Item, Note, Paragraph, Reference
from bot.loader.kinds import invites
from bot.loader.notes import holds_note
from bot.loader.profile import Profile
from bot.loader.splitting import heads, is_title
from bot.loader.verses import Found

_LONGEST_STRAY = 60
_ENDS_SENTENCE = tuple('.!?:…"”’)')


class Place(StrEnum):
    """Where a line of a text ends up; each in exactly one."""

    TITLE = "title"
    DATE = "date"
    VERSE = "verse"
    HEADING = "heading"
    REQUEST = "request"
    NOTE = "note"
    UNPLACED = "unplaced"


@dataclass(frozen=True, slots=True)
class Placed:
    """An item in its place; `region` of a heading or a request."""

    item: Item
    place: Place
    rule: str
    region: Region | None = None


@dataclass(slots=True)
class Section:
    """One bulletin being placed."""

    profile: Profile
    placed: list[Placed] = field(default_factory=list)
    warnings: list[ReadingWarning] = field(default_factory=list)

    def put(self, item: Item, place: Place, rule: str, region: Region | None = None) -> None:
        """Put an item in its place."""
        self.placed.append(Placed(item, place, rule, region))

    def doubt(self, item: Item, code: str, message: str) -> None:
        """Tell the editor of a doubt at an item."""
        self.warnings.append(ReadingWarning(code, message, item.lines[0].number))

    def set_apart(self, item: Item, code: str, message: str) -> None:
        """Leave an item unplaced and say so."""
        self.put(item, Place.UNPLACED, message)
        self.doubt(item, code, f"Left out: {message}.")

    def first(self, place: Place) -> Placed | None:
        """Return the first item in a place."""
        return next((placed for placed in self.placed if placed.place is place), None)


def place(items: Sequence[Item], profile: Profile) -> Section:
    """Place the items of one bulletin.

    1. What stands above the first heading or labelled point is the head: title, date, verse, preamble.
    2. Requests above the first heading miss theirs; the region is found from the rest, or they stay unplaced.
    3. Below, each paragraph belongs to the heading above it.
    """
    section = Section(profile)
    labelled = next((index for index, item in enumerate(items) if heads(item) is not None), len(items))
    headed = next((index for index, item in enumerate(items) if (heads(item) or {None}) != {None}), len(items))
    headless = [*_place_head(section, items[:labelled]), *items[labelled:headed]]
    _place_headless(section, headless, items[headed:])
    _place_body(section, items[headed:], None)
    section.placed.sort(key=lambda placed: placed.item.lines[0].number)
    return section


def _place_head(section: Section, head: Sequence[Item]) -> list[Item]:
    """Place what stands above the first heading; return the paragraphs that look like requests without one."""
    verse = _head_verse(head)
    headless: list[Item] = []
    for index, item in enumerate(head):
        match item.what:
            case Written():
                _place_date(section, item, item.what)
            case Found():
                _place_verse(section, item, item.what, is_the_verse=item is verse)
            case Note(rule=rule):
                section.put(item, Place.NOTE, rule)
            case Reference():
                section.set_apart(item, "reference-alone", "a reference without its verse")
            case Heading() | Paragraph():
                below_verse = verse is not None and index > head.index(verse)
                if is_title(item) and not below_verse and not headless and section.first(Place.TITLE) is None:
                    section.put(item, Place.TITLE, "first short line above verse and headings")
                elif isinstance(item.what, Heading):
                    section.set_apart(item, "unknown-heading", "looks like a heading, but the profile doesn't know it")
                elif below_verse or headless or invites(item.text):
                    headless.append(item)
                else:
                    section.put(item, Place.NOTE, "preamble: stands above the requests and asks for nothing")
    return headless


def _head_verse(head: Sequence[Item]) -> Item | None:
    """Return the item that is a bulletin's verse: the first in quotation marks, else the first without."""
    found = [item for item in head if isinstance(item.what, Found)]
    return next(
        (item for item in found if isinstance(item.what, Found) and item.what.quoted), found[0] if found else None
    )


def _place_date(section: Section, item: Item, written: Written) -> None:
    other = section.first(Place.DATE)
    if other is not None and isinstance(other.item.what, Written) and other.item.what.day != written.day:
        section.set_apart(item, "two-dates", "a second date; the first one counts")
        return
    titled = not written.alone and section.first(Place.TITLE) is None
    section.put(
        item,
        Place.TITLE if titled else Place.DATE,
        "a title with a date in it" if titled else "a date on a line of its own",
    )
    if written.doubt is not None:
        section.doubt(item, "date-doubtful", f'The date "{item.text}" {written.doubt}.')


def _place_verse(section: Section, item: Item, found: Found, *, is_the_verse: bool) -> None:
    if not is_the_verse:
        section.set_apart(item, "two-verses", "a second verse; the first one counts")
        return
    section.put(
        item,
        Place.VERSE,
        "quotation with a reference" if found.quoted else "text with a reference, without quotation marks",
    )
    if not found.quoted:
        section.doubt(
            item,
            "verse-unquoted",
            f"The text before {found.verse.reference} is taken as the verse, though not in quotation marks.",
        )


def _place_headless(section: Section, headless: Sequence[Item], below: Sequence[Item]) -> None:
    """Place requests without a heading in the region that the rest of the bulletin leaves for them, or nowhere."""
    texts = [item.text for item in headless if isinstance(item.what, Paragraph)]
    if not texts:
        for item in headless:
            section.put(item, Place.NOTE, item.what.rule if isinstance(item.what, Note) else "around the requests")
        return
    headings = [region for item in below for region in (heads(item) or ()) if region is not None]
    around = [placed.item.text for placed in section.placed if placed.place in (Place.TITLE, Place.NOTE)]
    found = missing_region(texts, headings, section.profile)
    if found is None and not headings:
        found = mentioned(around, section.profile) or mentioned(texts, section.profile)
    if found is None:
        for item in headless:
            if isinstance(item.what, Note):
                section.put(item, Place.NOTE, item.what.rule)
            else:
                section.set_apart(
                    item, "no-region", "text without a heading, and nothing says which region it belongs to"
                )
        return
    section.doubt(headless[0], "heading-missing", f"No heading stands above this; taken as {found.region} {found.why}.")
    _place_body(section, headless, found.region)


def _place_body(section: Section, body: Sequence[Item], region: Region | None) -> None:
    """Place what stands below the first heading; `region` is that of requests without one."""
    for index, item in enumerate(body):
        match item.what:
            case Heading(region=None):
                section.set_apart(
                    item,
                    "unknown-heading",
                    "looks like a heading, but the profile doesn't know it; so is the text below",
                )
                region = None
            case Heading(region=named, rule=rule, doubt=doubt):
                region = named
                section.put(item, Place.HEADING, rule, region)
                if doubt is not None:
                    section.doubt(item, "heading-guessed", f"{doubt}.")
            case Note(rule=rule):
                section.put(item, Place.NOTE, rule)
            case Paragraph(heading=Heading(region=named)):
                region = named
                _place_request(section, item, region, "text after a heading, on its line")
            case _ if region is None:
                section.put(item, Place.UNPLACED, "below a heading that the profile doesn't know")
            case Found() | Reference() | Written(alone=True):
                _place_oddity(
                    section, item, region, is_last=all(isinstance(later.what, Note) for later in body[index + 1 :])
                )
            case Paragraph() if _is_stray(item) and not _is_only_one(body, index):
                section.set_apart(item, "stray-line", "a short line that ends no sentence")
            case Paragraph() | Written():
                _place_request(section, item, region, "text below a heading")


def _place_request(section: Section, item: Item, region: Region | None, rule: str) -> None:
    section.put(item, Place.REQUEST, rule, region)
    if holds_note(item.text, section.profile):
        section.doubt(item, "note-in-request", "Text that is usually set aside stands in one paragraph with a request.")
    elsewhere = of_countries(item.text, section.profile)
    places = set(section.profile.regions_of.values())
    if elsewhere and region in places and region not in elsewhere:
        section.doubt(
            item,
            "another-region",
            f"Stands under {region}, but names only countries of {' and '.join(sorted(elsewhere))}.",
        )


def _place_oddity(section: Section, item: Item, region: Region, *, is_last: bool) -> None:
    """Place a verse, a reference or a date among the requests: at the very end it may be the bulletin's own."""
    if isinstance(item.what, Found) and item.what.quoted and is_last and section.first(Place.VERSE) is None:
        section.put(item, Place.VERSE, "quotation with a reference, below the requests")
        section.doubt(item, "verse-at-end", "The verse stands below the requests.")
    elif isinstance(item.what, Reference):
        section.set_apart(item, "reference-alone", "a reference without its verse")
    else:
        name = "date" if isinstance(item.what, Written) else "verse"
        _place_request(section, item, region, f"a {name} among the requests")
        section.doubt(
            item, f"{name}-in-request", f"A {name} stands among the requests; it is taken as part of {region}."
        )


def _is_stray(item: Item) -> bool:
    """Tell a caption or a signature from a request, as far as their looks go."""
    what = item.what
    if not isinstance(what, Paragraph) or what.bullet or what.label is not None or not what.text:
        return False
    return len(what.text) <= _LONGEST_STRAY and not what.text.endswith(_ENDS_SENTENCE) and not invites(what.text)


def _is_only_one(body: Sequence[Item], index: int) -> bool:
    """Tell whether a paragraph is all that stands below its heading."""
    around = [body[index - 1] if index else None, body[index + 1] if index + 1 < len(body) else None]
    return not any(item is not None and isinstance(item.what, Paragraph) and heads(item) is None for item in around)
