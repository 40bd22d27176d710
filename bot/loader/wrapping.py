"""Paragraphs of a block of text whose lines may have been broken at some width."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from bot.loader.lines import Line
from bot.loader.marks import is_bullet

_WIDTHS = range(50, 101)  # at which lines are broken
_FEWEST_BROKEN = 3  # lines within a sentence, by which a whole text is known to be broken at a width
_LOOKED_AT = 2000  # lines on top of a text, in which they show themselves
_ENDED = tuple(".!?:…\"”’')]")
_DANGLING = frozenset(
    ("a", "an", "and", "across", "against", "among", "are", "as", "at", "be", "because", "by", "for", "from", "has",
     "have", "in", "into", "is", "of", "on", "or", "our", "over", "than", "that", "the", "their", "to", "was", "were",
     "which", "who", "will", "with", "within")
)  # fmt: skip
# Behind one of these, however short the line, a day or a place must follow.
_OPEN = frozenset(
    ("on", "in", "by", "until", "till", "from", "since", "before", "after", "across", "throughout", "within", "our",
     "the", "of", "and")
)  # fmt: skip
_BEFORE_OPEN = re.compile(r"[a-z,] $")


def is_dangling(text: str) -> bool:
    """Tell whether a line of some length stops at a comma, or a word that ends no sentence: it goes on in any case."""
    return len(text) >= _WIDTHS.start and (text[-1] == "," or _last_word(text).casefold() in _DANGLING)


def breaks_off(text: str) -> bool:
    """Tell whether a line, however short, stops where a day or a place must follow: "The hearing is on"."""
    last = _last_word(text)
    return last in _OPEN and _BEFORE_OPEN.search(text[-len(last) - 2 : -len(last)]) is not None


def is_aside(above: str, text: str) -> bool:
    """Tell whether a line goes on with a dash within the sentence of a line of some length above: "— many of whom"."""
    is_dashed = text.startswith(("— ", "– ")) and text[2:3].islower()
    return is_dashed and len(above) >= _WIDTHS.start and not above.endswith(_ENDED)


def _last_word(text: str) -> str:
    return text[text.rfind(" ") + 1 :]


def width_of(lines: Sequence[Line]) -> int | None:
    """Return the width at which the lines of a whole text are broken; None where they aren't, or too few show it.

    Only lines on top of the text show it, so that a very long one takes no longer. A line alone, as a reply above a
    quoted mail, may be wider.
    """
    pairs = [(one, two) for one, two in pairwise(lines[:_LOOKED_AT]) if not two.after_gap]
    widest = max((len(one.text) for one, _ in pairs), default=0)
    if widest not in _WIDTHS or max(len(line.text) for line in lines) >= _WIDTHS.stop:
        return None
    shown = (True for one, two in pairs if _is_full(one, two, widest) and _runs_on(one, two))
    return widest if sum(islice(shown, _FEWEST_BROKEN)) == _FEWEST_BROKEN else None


def single_spaced(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return lines that are broken at some width and have a blank line between every two without these gaps.

    Only a gap of more than one blank line stays. Other lines come back as they are.
    """
    pairs = list(pairwise(lines))
    if not all(two.after_gap for _, two in pairs):
        return tuple(lines)
    broken = (True for one, two in pairs if two.number - one.number == 2 and _runs_on(one, two))
    if sum(islice(broken, _FEWEST_BROKEN)) < _FEWEST_BROKEN:
        return tuple(lines)
    return (lines[0], *(replace(two, after_gap=two.number - one.number > 2) for one, two in pairs))


def paragraphs(block: Sequence[Line], width: int | None = None) -> Iterator[tuple[Line, ...]]:
    """Yield the paragraphs of a block without blank lines.

    Lines broken at a width are joined: those that had no room for the next line's first word. That a block is broken
    so shows where a line stops within a sentence, or the whole text is broken at some `width`. Other lines are
    paragraphs, with what goes on below in lower case.
    """
    if len(block) == 1:
        yield (block[0],)
        return
    pairs = [(one, two, _runs_on(one, two)) for one, two in pairwise(block)]
    own = max(len(line.text) for line in block)
    is_broken = own in _WIDTHS and any(runs_on for _, _, runs_on in pairs)
    widest = own if is_broken else width
    group = [block[0]]
    for one, two, runs_on in pairs:
        full = widest is not None and _is_full(one, two, widest)
        if full or runs_on or (len(group) == 1 and is_bullet(one.text)):
            group.append(two)
        else:
            yield tuple(group)
            group = [two]
    yield tuple(group)


def _is_full(one: Line, two: Line, width: int) -> bool:
    """Tell whether a line had no room for the next one's first word."""
    return len(one.text) + 1 + len(two.text.split(" ", 1)[0]) > width


def _runs_on(one: Line, two: Line) -> bool:
    goes_on = (not one.text.endswith(_ENDED) and two.text[0].islower()) or is_aside(one.text, two.text)
    return goes_on or is_dangling(one.text) or breaks_off(one.text)
