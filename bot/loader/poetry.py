"""Lines broken as a poem's, beside a reference: a verse without quotation marks that is no paragraph a line."""

from collections.abc import Sequence

from bot.loader.kinds import invites
from bot.loader.lines import Line

_MOST_LINES = 12
_LONGEST_LINE = 80
_ENDED = (".", ",", ";", ":", "!", "?", "—", "–", "-", "”", '"', "’")


def stanza(block: Sequence[Line], *, is_on_top: bool) -> int | None:
    """Return at which line of a block, right beside a reference, a poem begins; None where it is none.

    `is_on_top`: the text begins with this block, so that a first line that ends nothing is the title.
    """
    first = 1 if is_on_top and not block[0].text.endswith(_ENDED) else 0
    lines = block[first:]
    if not 2 <= len(lines) <= _MOST_LINES or any(len(line.text) > _LONGEST_LINE for line in lines):
        return None
    return None if any(invites(line.text) for line in lines) else first
