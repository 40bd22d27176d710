"""Where a printed text's pages end: their numbers, and headers that stand again on each."""

from collections.abc import Mapping, Sequence

from bot.loader.furniture import is_page_number
from bot.loader.lines import Line
from bot.loader.wrapping import is_dangling

_MOST_HEADER_LINES = 3
_ENDED = (".", "!", "?", ":", "”", '"', ")")


def page_breaks(lines: Sequence[Line]) -> Mapping[int, str]:
    """Return the lines that only a page's end brings along, by their numbers, each with the rule that says so."""
    headers = {line.text for line in lines[:_MOST_HEADER_LINES]}
    found: dict[int, str] = {}
    left = 0
    for line in lines:
        if is_page_number(line.text):
            found[line.number] = "a page's number"
            left = _MOST_HEADER_LINES
        elif left and line.text in headers:
            found[line.number] = "a page's header once more"
            left -= 1
        else:
            left = 0
    return found


def runs_over(above: Line, below: Line) -> bool:
    """Tell whether a sentence that stops at a page's end goes on behind it."""
    return not above.text.endswith(_ENDED) and (below.text[0].islower() or is_dangling(above.text))
