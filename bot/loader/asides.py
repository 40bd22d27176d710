"""What stands below a region's request and is no part of it, though nothing in it alone is known for a note."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from bot.loader.appeals import addresses_readers
from bot.loader.daily import begins_day
from bot.loader.headings import Heading
from bot.loader.items import Item, Paragraph
from bot.loader.kinds import invites, kind
from bot.loader.notes import Note
from bot.loader.splitting import heads

_ENDS_SENTENCE = (".", "!", "?", ")", "”", '"')  # what ends none is a greeting or a name
_LONGEST_HEADLINE = 60
_HEADLINE = re.compile(r"[A-Z]{4,}:|[A-Z]{3,} [A-Z]{3,}\b")
_SPOKEN = "speaks to its readers below a request, of something else than prayer"
_SECTION = "a headline in capitals, as that of the region above, and of none"
_BY_OTHERS = "stands among the comments below the bulletin"


def without_asides(items: Sequence[Item]) -> Iterator[Item]:
    """Yield a bulletin's items, as notes those below its first heading that are no part of it.

    1. Where comments begin all is by others, up to the next heading; what asks for prayer there is told.
    2. Below a region's text a paragraph that speaks to readers, and asks for neither prayer nor praise, is a doubtful
       note. The first paragraph under a heading stays, however it speaks: it is all that the region has.
    3. A headline in capitals below a heading in capitals begins something else; below the last region it does too where
       one stands above the first.
    """
    headed = below_text = by_others = shouted = False
    closes = _last_region(items) if _is_in_capitals(items) else len(items)
    for at, item in enumerate(items):
        what = item.what
        headed = headed or _is_of_body(item)
        if _begins_region(item, by_others=by_others):
            below_text, by_others, shouted = isinstance(what, Paragraph), False, item.text.isupper()
        elif by_others:
            yield Item(item.lines, Note(item.text, _BY_OTHERS, doubtful=_asks(item)))
            continue
        elif isinstance(what, Note):
            by_others = headed and what.comments
        elif isinstance(what, Paragraph):
            if below_text and _is_plain(what) and _opens_section(item) and (shouted or at > closes):
                yield Item(item.lines, Note(what.text, _SECTION, ends=True, doubtful=True))
                continue
            if below_text and _is_plain(what) and _speaks_aside(what.text):
                yield Item(item.lines, Note(what.text, _SPOKEN, doubtful=True))
                continue
            below_text = headed and what.text != ""
        yield item


def _last_region(items: Sequence[Item]) -> int:
    """Return where the last region begins."""
    from_below = range(len(items) - 1, -1, -1)
    return next((at for at in from_below if _begins_region(items[at], by_others=False)), 0)


def _is_in_capitals(items: Sequence[Item]) -> bool:
    """Tell whether a headline in capitals stands above a bulletin's first heading."""
    head = takewhile(lambda item: not _is_of_body(item), items)
    return any(isinstance(item.what, Paragraph) and len(item.lines) == 1 and item.text.isupper() for item in head)


def _is_of_body(item: Item) -> bool:
    """Tell whether an item is no part of a bulletin's head: a heading, a label, a day, or a sentence of prayer."""
    if heads(item) is not None or begins_day(item) is not None:
        return True
    return isinstance(item.what, Paragraph) and item.what.text.endswith(".") and invites(item.what.text)


def _begins_region(item: Item, *, by_others: bool) -> bool:
    """Tell whether a region or a day begins at an item; among comments only the profile's own headings begin one."""
    heading = item.what if isinstance(item.what, Heading) else None
    if isinstance(item.what, Paragraph):
        heading = item.what.heading
    if by_others:
        return heading is not None and heading.region is not None and heading.doubt is None
    return heading is not None or begins_day(item) is not None


def _is_plain(what: Paragraph) -> bool:
    return what.label is None and what.heading is None and what.day is None and not what.bullet


def _opens_section(item: Item) -> bool:
    """Tell whether an item is a headline in capitals, or begins with one and asks for nothing: "ROOF FUND: we have"."""
    return _is_headline(item) or (_HEADLINE.match(item.text) is not None and kind(item.text) is None)


def _is_headline(item: Item) -> bool:
    is_line = len(item.lines) == 1 and item.lines[0].after_gap and len(item.text) <= _LONGEST_HEADLINE
    return is_line and item.text.isupper() and not item.text.endswith(_ENDS_SENTENCE) and not invites(item.text)


def _speaks_aside(text: str) -> bool:
    return text.endswith(_ENDS_SENTENCE) and kind(text) is None and addresses_readers(text)


def _asks(item: Item) -> bool:
    labelled = isinstance(item.what, Paragraph) and item.what.label is not None
    return labelled or invites(item.text)
