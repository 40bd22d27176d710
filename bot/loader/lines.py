"""Cleaned lines of a text, and the words in them."""

import re
from dataclasses import dataclass

_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_WORD = re.compile(r"[^\W_]+")
_UNSAID = {"and", "the"}

# Zero-width characters, bidi controls, soft hyphens and the byte order mark come along when text is copied from a page.
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x61C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
    + [code for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace()]
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line that shows something. `number` counts from 1 in the text as given; `after_gap`: a blank line is above."""

    number: int
    text: str
    after_gap: bool


def clean(text: str) -> tuple[Line, ...]:
    """Return the lines that aren't blank: single blanks, nothing that can't be seen, no word changed."""
    lines: list[Line] = []
    last = -1
    for number, raw in enumerate(_BREAK.split(text), 1):
        shown = " ".join(raw.translate(_INVISIBLE).split())
        if shown:
            lines.append(Line(number, shown, after_gap=number != last + 1))
            last = number
    return tuple(lines)


def words(text: str) -> tuple[str, ...]:
    """Return what is compared: words without case, punctuation, "and" (also "&" and "+") or "the"."""
    return tuple(word for word in _WORD.findall(text.casefold()) if word not in _UNSAID)


def fold(text: str) -> str:
    """Return a text's `words` as one string, so that kinds of quotation marks, dashes and blanks don't count."""
    return " ".join(words(text))
