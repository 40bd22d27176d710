"""Fitting a text into the messages that stand already: there may be more of them than it needs, or fewer."""

from collections.abc import Sequence

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
