"""Paragraphs below a region's request that are no part of it, though nothing in them is known for a note."""

from collections.abc import Iterator, Sequence

from bot.loader.appeals import addresses_readers
from bot.loader.headings import Heading
from bot.loader.items import Item, Paragraph
from bot.loader.kinds import kind
from bot.loader.notes import Note

_ENDS_SENTENCE = (".", "!", "?", ")", "”", '"')  # what ends none is a greeting or a name
_RULE = "speaks to its readers below a request, of something else than prayer"


def without_asides(body: Sequence[Item]) -> Iterator[Item]:
    """Yield a body's items, as doubtful notes those that speak to readers and ask for neither prayer nor praise.

    The first paragraph under a heading stays, however it speaks: it is all that the region has.
    """
    below_text = False
    for item in body:
        what = item.what
        if isinstance(what, Heading):
            below_text = False
        elif isinstance(what, Paragraph):
            if below_text and _is_plain(what) and _speaks_aside(what.text):
                yield Item(item.lines, Note(what.text, _RULE, doubtful=True))
                continue
            below_text = what.text != ""
        yield item


def _is_plain(what: Paragraph) -> bool:
    return what.label is None and what.heading is None and what.day is None and not what.bullet


def _speaks_aside(text: str) -> bool:
    return text.endswith(_ENDS_SENTENCE) and kind(text) is None and addresses_readers(text)
