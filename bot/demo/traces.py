"""Request text in messages, found without a word of how Vigil lays it out."""

import re
from collections.abc import Iterable, Iterator

RUN = 7  # so many words in a row betray a request

Runs = frozenset[tuple[str, ...]]


def shown(text: str, messages: Iterable[str]) -> bool:
    """Whether all of `text` can be read in these messages: one may go on where the one before it ended.

    White space doesn't count.
    """
    left = _squeezed(text)
    for message in messages:
        left = left[_longest_beginning(left, _squeezed(message)) :]
    return not left


def runs_of(texts: Iterable[str], harmless: Iterable[str] = ()) -> Runs:
    """The rows of RUN words that betray these texts; a shorter text is one row. Those of `harmless` are left out."""
    spared = {run for text in harmless for run in _runs(text)}
    return frozenset(run for text in texts for run in _runs(text)) - spared


def hits(message: str, runs: Runs) -> int:
    """How many of these rows of words stand in the message."""
    words = _words(message)
    lengths = {len(run) for run in runs}
    return sum(tuple(words[i : i + n]) in runs for n in lengths for i in range(len(words) - n + 1))


def _longest_beginning(text: str, message: str) -> int:
    """How many of the first characters of `text` stand together in the message."""
    least, most = 0, len(text)
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if text[:middle] in message else (least, middle - 1)
    return least


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = _words(text)
    if words:
        yield from (tuple(words[start : start + RUN]) for start in range(max(1, len(words) - RUN + 1)))
