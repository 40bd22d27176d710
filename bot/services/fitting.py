"""Fitting texts into messages: into those that stand already, and a list of any length into one."""

from collections.abc import Callable, Sequence
from itertools import accumulate

from bot.services.rendering import TEXT_LIMIT, length
from bot.services.words import Words


def fitted(texts: Sequence[str], parts: int, words: Words) -> tuple[str, ...]:
    """As many texts as there are parts.

    Parts that aren't needed any more say so in a line; where there are too few, the last one says that there is more.
    """
    shown = list(texts[:parts]) + [words.html("post.not_needed")] * (parts - len(texts))
    if len(texts) > parts:
        more = f"{shown[-1]}\n\n{words.html('post.more')}"
        shown[-1] = more if length(more) <= TEXT_LIMIT else shown[-1]
    return tuple(shown)


def listed(lines: Sequence[str], beside: str, more: Callable[[int], str]) -> list[str]:
    """The lines of HTML that one message has room for, a line each, where `beside` stands in it too.

    Where that isn't all, the first of them, and last what `more` says of the number that is left out.
    """
    room = TEXT_LIMIT - length(beside)
    needed = [length(line) + 1 for line in lines]
    if sum(needed) <= room:
        return list(lines)
    room -= max(length(more(1)), length(more(len(lines)))) + 1
    fitting = sum(total <= room for total in accumulate(needed))
    return [*lines[:fitting], more(len(lines) - fitting)]
