"""Cleaned lines of a text, and the words in them."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import filterfalse

from bot.loader.repair import Repair, repaired

_BREAK = re.compile(r"[\n\r\v\f\x85\u2028\u2029]")
_WORD = re.compile(r"\w+")
_UNSAID = {"and", "the"}

# Ligatures of fonts, as PDFs have them.
_LIGATURES = dict(zip(range(0xFB00, 0xFB07), ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))

# Zero-width characters, bidi controls, soft hyphens and the byte order mark come along when text is copied from a page.
_INVISIBLE: dict[int, str | None] = dict.fromkeys(
    [0xAD, 0x61C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
    + [code for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace()]
)
_SHOWN = _INVISIBLE | _LIGATURES
_SHOWN_OTHERWISE = re.compile(f"[{re.escape(''.join(map(chr, _SHOWN)))}]")  # hardly any line has one of these

_MARGINS = "|>"
_LONGEST_CELL = 60  # characters of a table's first column, in which headings stand
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_HYPHENED = re.compile(r"(?<=[^\W\d_]{2})-$")
_KEEPS_HYPHEN = re.compile(
    r"(?:-\w+|\b(?:anti|co|cross|ex|full|half|high|long|low|mid|multi|non|one|post|pre|pro|re|self|short|two|well))-$",
    re.IGNORECASE,
)
_STAMPED = "[0123456789"  # what a chat's export puts before each message: "[12/05/23, 08:14:32] Marta: "
_DAY_SENT = r"(?P<{}>\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{2,4}})"
_TIME_SENT = r"\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]m)?"
_STAMP = re.compile(
    rf"(?:\[?{_DAY_SENT.format('day')},? {_TIME_SENT}(?:\]| -)|\[{_TIME_SENT}, {_DAY_SENT.format('last')}\])"
    r" (?P<sender>[^:]{1,60}): ",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a chat's export puts before a message: the day on which it was sent, as it is written there, and by whom."""

    day: str
    sender: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line that shows something. `number` counts from 1 in the text as given; `after_gap`: a blank line is above.

    `repairs`: what was broken in it and is whole again. `stamp`: where it begins a message of a chat.
    """

    number: int
    text: str
    after_gap: bool
    repairs: tuple[Repair, ...] = ()
    stamp: Stamp | None = None


def joined(lines: Iterable[str]) -> str:
    """Return lines as one; a word parted by a hyphen at a line's end is whole again."""
    text = ""
    for line in lines:
        if not text:
            text = line
        elif is_parted(text, line):
            text = (text if _KEEPS_HYPHEN.search(text, max(0, len(text) - 30)) else text[:-1]) + line
        else:
            text += f" {line}"
    return text


def is_parted(line: str, below: str) -> bool:
    """Tell whether a word of a line goes on below: "the op-", "pressed"."""
    return line[-1] == "-" and below[0].islower() and _HYPHENED.search(line, max(0, len(line) - 4)) is not None


def raw_lines(text: str) -> list[str]:
    """Return a text's lines as given, blank ones too."""
    return _BREAK.split(text.replace("\r\n", "\n"))


def clean(text: str, is_heading: Callable[[str], bool] = lambda cell: False) -> tuple[Line, ...]:
    """Return the lines that aren't blank: single blanks, nothing that can't be seen, what is broken repaired.

    A table's row whose first cell `is_heading` keeps a bar behind it.
    """
    lines: list[Line] = []
    last = -1
    for number, raw in enumerate(raw_lines(text), 1):
        whole, repairs = (raw, ()) if raw.isascii() and "&" not in raw else repaired(raw)
        whole = _unescaped(whole) if "\\" in whole else whole
        if "\t" in whole:
            whole = _as_row(whole, is_heading)
        is_plain = whole.isascii() and whole.isprintable()
        shown = " ".join((whole if is_plain or not _SHOWN_OTHERWISE.search(whole) else whole.translate(_SHOWN)).split())
        if shown and shown[0] in _MARGINS:
            shown = _without_margins(shown)
        stamped = _STAMP.match(shown) if shown and shown[0] in _STAMPED else None
        shown = shown[stamped.end() :] if stamped else shown
        if shown:
            stamp = Stamp(stamped["day"] or stamped["last"], stamped["sender"]) if stamped else None
            lines.append(Line(number, shown, number != last + 1, repairs, stamp))
            last = number
    return tuple(lines)


def _unescaped(line: str) -> str:
    """Take Markdown's backslashes away, as in "March 4\\."; all of them, so that a second reading finds none."""
    while (bare := _ESCAPED.sub(r"\1", line)) != line:
        line = bare
    return line


def _as_row(line: str, is_heading: Callable[[str], bool]) -> str:
    """Put a bar for the tab behind a first cell that is a heading; any other tab is a blank, as in "•\tPray"."""
    first, _, rest = line.strip().partition("\t")
    return f"{first} | {rest}" if len(first) <= _LONGEST_CELL and is_heading(first.rstrip()) else line


def _without_margins(line: str) -> str:
    """Take the bars from around a table's row, and a mail's quotation signs; a line of nothing else stays."""
    bare = line.lstrip("> ")
    if bare.startswith("|") and bare.endswith("|"):
        bare = bare.strip("| ")
    return bare or line


def words(text: str) -> tuple[str, ...]:
    """Return what is compared: words without case, punctuation, "and" (also "&" and "+") or "the"."""
    return _remembered(text) if len(text) <= _SHORT else _words(text)


def _words(text: str) -> tuple[str, ...]:
    return tuple(filterfalse(_UNSAID.__contains__, _WORD.findall(text.casefold().replace("_", " "))))


# A line is asked for its words by every rule that looks at it, one after the other.
_remembered = lru_cache(maxsize=64)(_words)
_SHORT = 200


def fold(text: str) -> str:
    """Return a text's `words` as one string, so that kinds of quotation marks, dashes and blanks don't count."""
    return " ".join(words(text))


def caseless(text: str) -> str:
    """Return a text without case, for patterns that tell cases apart; a Turkish i, with its dot or without, is an i."""
    return text.casefold().replace("i\u0307", "i").replace("ı", "i")


def holds_one(said: str, wanted: Collection[str]) -> bool:
    """Tell whether one of some words, or parts of them, stands in a text."""
    for each in wanted:  # noqa: SIM110 (any() takes twice as long, and every paragraph comes by)
        if each in said:
            return True
    return False
