"""The head of a bulletin: title, date, verse, preamble."""

import re
from collections.abc import Sequence

from bot.loader.dates import Written, written
from bot.loader.diary import is_month
from bot.loader.headings import Heading
from bot.loader.items import Item, Paragraph, Reference
from bot.loader.kinds import invites, speaks_of_prayer
from bot.loader.lines import fold
from bot.loader.notes import Note
from bot.loader.sections import Place, Section
from bot.loader.splitting import is_short_line, is_title
from bot.loader.titles import Titled
from bot.loader.verses import OPENING, Found

_CHAPTER_AND_VERSE = re.compile(r"\b\d{1,3} ?[:.,] ?\d{1,3}")
_LONGEST_TITLE = 90  # characters of one over two lines
_FEWEST_MAILS = 2  # one of which was sent on in the other
_HEADERS = ("Sent: ", "Date: ", "Subject: ")


def title_of(section: Section, head: Sequence[Item]) -> Item | None:
    """Return the title among what stands above the verse: what says so, what looks like one, else the line on top.

    Of several that look like one it is the one right over the date if it asks for prayer, else the first that does,
    else the first that speaks of it, else the first of all; a month is one only alone.
    """
    outer = _of_outer_mails(head)
    said = next((item for at, item in enumerate(head) if isinstance(item.what, Titled) and at not in outer), None)
    if said is not None:
        return said
    looks_so = [item for at, item in enumerate(head) if is_title(item) and not _heads_request(head, at)]
    likely = [item for item in looks_so if not is_month(item.text)] or looks_so
    if likely:
        speaking = next((item for item in likely if speaks_of_prayer(item.text)), likely[0])
        asking = [item for item in likely if invites(item.text)]
        over_date = _over_date(head)
        title = next((item for item in asking if item is over_date), asking[0] if asking else speaking)
        if len(likely) > 1:
            section.doubt(title, "title-doubtful", "Several lines could be the title; this one is taken.")
        return title
    if len(head) > 1 and isinstance(head[1].what, Written) and is_short_line(head[0]):
        message = "The line above the date is taken as the title, though it ends a sentence."
        section.doubt(head[0], "title-doubtful", message)
        return head[0]
    if len(head) > 1 and _is_title_on_two_lines(head[0]):
        section.doubt(head[0], "title-doubtful", "The two lines on top are taken as the title.")
        return head[0]
    return None


def _is_title_on_two_lines(item: Item) -> bool:
    short = len(item.lines) == 2 and len(item.text) <= _LONGEST_TITLE and item.text[-1] not in ".,;:!?"
    return short and isinstance(item.what, Paragraph) and not item.lines[1].after_gap and not invites(item.text)


def _over_date(head: Sequence[Item]) -> Item | None:
    """Return what stands right over the first date, as a post's title over "Posted on July 3, 2024"."""
    dated = next((at for at, item in enumerate(head) if isinstance(item.what, Written) and item.what.alone), 0)
    return head[dated - 1] if dated else None


def title_below(verse: int, items: Sequence[Item]) -> Item | None:
    """Return the title that stands between a verse on top of a bulletin and its date."""
    title, day = [*items[verse + 1 : verse + 3], None, None][:2]
    is_dated = day is not None and isinstance(day.what, Written) and day.what.alone
    return title if is_dated and title is not None and is_title(title) else None


def _heads_request(head: Sequence[Item], at: int) -> bool:
    """Tell whether a line is a heading that the profile doesn't know, right above a request."""
    return isinstance(head[at].what, Heading) and any(invites(item.text) for item in head[at + 1 : at + 2])


def own_verse(head: Sequence[Item]) -> int | None:
    """Return where a bulletin's verse stands in its head: the first in quotation marks, else the first without."""
    found = [(at, item.what.quoted) for at, item in enumerate(head) if isinstance(item.what, Found)]
    return next((at for at, quoted in found if quoted), found[0][0] if found else None)


def place_head(section: Section, head: Sequence[Item], title: Item | None, verse: Item | None) -> list[Item]:
    """Place what stands above the first heading; return the paragraphs that look like requests without one."""
    headless: list[Item] = []
    to_come = verse
    head = _innermost(section, head)
    section.date = _date(head)
    for item in head:
        match item.what:
            case Written():
                _place_date(section, item, item.what, may_be_title=title is None)
            case Found():
                place_verse(section, item, item.what, is_own=item is (verse or item) and not section.has(Place.VERSE))
                to_come = None if item is verse else to_come
            case Note(rule=rule):
                section.put(item, Place.NOTE, rule)
            case Reference():
                section.set_apart(item, "reference-alone", "a reference without its verse")
            case Titled() if item is title:
                section.put(item, Place.TITLE, "says that it is the title")
            case Titled():
                section.set_apart(item, "two-titles", "a second title; the first one counts")
            case _ if item is title:
                section.put(item, Place.TITLE, "the first short line, above verse and headings")
            case Paragraph() if to_come is None and (verse or headless or invites(item.text)):
                headless.append(item)
            case _:
                _place_preamble(section, item, title)
    return headless


def _innermost(section: Section, head: Sequence[Item]) -> list[Item]:
    """Return a head without dates and subjects of mails in which the bulletin was sent on; those are notes."""
    outer = _of_outer_mails(head)
    for at in sorted(outer):
        section.put(head[at], Place.NOTE, "the header of a mail in which this one was sent on")
    return [item for at, item in enumerate(head) if at not in outer]


def _of_outer_mails(head: Sequence[Item]) -> set[int]:
    """Return which items are dates and subjects of mails around the innermost: those of all heads but the last."""
    senders = [at for at, item in enumerate(head) if item.text.startswith("From: ")]
    if len(senders) < _FEWEST_MAILS:
        return set()
    return {at for at, item in enumerate(head[: senders[-1]]) if item.text.startswith(_HEADERS)}


def place_verse(section: Section, item: Item, found: Found, *, is_own: bool) -> None:
    """Place a verse that stands in the head; a second one stays out."""
    if not is_own:
        section.set_apart(item, "two-verses", "a second verse; the other one counts")
    elif found.quoted:
        section.put(item, Place.VERSE, "a quotation with its reference")
    else:
        section.put(item, Place.VERSE, "text with a reference, without quotation marks")
        section.doubt(
            item, "verse-unquoted", f"{found.verse.reference}: taken as the verse, though without quotation marks."
        )


def _place_preamble(section: Section, item: Item, title: Item | None) -> None:
    if isinstance(item.what, Heading):
        section.set_apart(item, "unknown-heading", "looks like a heading that the profile doesn't know")
    elif title and isinstance(title.what, Titled) and fold(item.text) == fold(title.what.title):
        section.put(item, Place.NOTE, "the title once more")
    elif invites(item.text):
        section.set_apart(item, "above-verse", "asks for prayer, but stands above the verse")
    else:
        section.put(item, Place.NOTE, "preamble: stands above the requests and asks for nothing")
        if item.text[0] in OPENING and _CHAPTER_AND_VERSE.search(item.text):
            section.doubt(
                item, "verse-unread", "Seems to be a verse, of a book whose name isn't known; it is set aside."
            )


def _date(head: Sequence[Item]) -> Written | None:
    """Return the date that counts: the first that stands alone, else the first within a title, else a doubtful one."""
    dates = [item.what for item in head if isinstance(item.what, Written)]
    titles = [written(item.what.title) for item in head if isinstance(item.what, Titled)]
    sure = [date for date in (*dates, *titles) if date and date.day]
    return next((date for date in sure if date.alone), next(iter([*sure, *dates]), None))


def _place_date(section: Section, item: Item, date: Written, *, may_be_title: bool) -> None:
    if not date.alone and may_be_title and not section.has(Place.TITLE):
        section.put(item, Place.TITLE, "a title with a date in it")
    elif date.day is None and section.date is not None and section.date.day is not None:
        section.put(item, Place.NOTE, "several days, or a day without its year, beside the date that counts")
        section.doubt(item, "two-dates", "Names other days than the date that counts; it is set aside.")
        return
    elif section.date is None or (date is not section.date and date.day != section.date.day):
        section.set_apart(item, "two-dates", "a second date; the first one counts")
        return
    else:
        section.put(item, Place.DATE, "a date")
    if date is section.date and date.doubt is not None:
        section.doubt(item, "date-doubtful", f'The date "{item.text}" {date.doubt}.')
