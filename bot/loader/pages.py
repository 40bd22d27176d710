"""Where a printed text's pages end: their numbers, and headers that stand again on each."""

from collections.abc import Mapping, Sequence, Set
from itertools import combinations

from bot.loader.dates import written
from bot.loader.furniture import is_page_number
from bot.loader.lines import Line, fold
from bot.loader.wrapping import is_dangling

_MOST_HEADER_LINES = 3
_DIGITS_OF_A_YEAR = 4
_BESIDE_WORDS = 2  # a line with bars and dashes is no longer than so many times its words
_ENDED = (".", "!", "?", ":", "”", '"', ")")


def page_breaks(lines: Sequence[Line]) -> Mapping[int, str]:
    """Return the lines that only a page's end brings along, by their numbers, each with the rule that says so."""
    headers = {line.text for line in lines[:_MOST_HEADER_LINES]}
    dated = _dated_on_one_line([line.text for line in lines[:_MOST_HEADER_LINES]])
    longest = _BESIDE_WORDS * max(map(len, dated), default=0)
    found: dict[int, str] = {}
    left = 0
    for at, line in enumerate(lines):
        if is_page_number(line.text):
            found[line.number] = "a page's number"
            left = _MOST_HEADER_LINES
        elif at >= _MOST_HEADER_LINES and (
            (left and line.text in headers) or (len(line.text) <= longest and _unnumbered(fold(line.text)) in dated)
        ):
            found[line.number] = "a page's header once more"
            left = max(0, left - 1)
        else:
            left = 0
    return found


def _dated_on_one_line(head: Sequence[str]) -> Set[str]:
    """Return what several lines on top of a text, one of which is a date, would be on one line, folded.

    "Prayer letter | May 4, 2015": no heading and no request is written like that.
    """
    days = [(found := written(text)) is not None and found.alone for text in head]
    return {
        fold(" ".join(head[at] for at in chosen))
        for count in range(2, len(head) + 1)
        for chosen in combinations(range(len(head)), count)
        if any(days[at] for at in chosen) and all(fold(head[at]) for at in chosen)
    }


def _unnumbered(folded: str) -> str:
    """Return a folded line without a page's number behind a year: "prayer letter may 4 2015 3"."""
    said, _, last = folded.rpartition(" ")
    return said if last.isdecimal() and len(last) < _DIGITS_OF_A_YEAR and said[-4:].isdecimal() else folded


def runs_over(above: Line, below: Line) -> bool:
    """Tell whether a sentence that stops at a page's end goes on behind it."""
    return not above.text.endswith(_ENDED) and (below.text[0].islower() or is_dangling(above.text))
