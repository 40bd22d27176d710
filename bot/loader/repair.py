"""Text that programs have broken: bytes read in a wrong encoding ("donâ€™t"), and HTML entities ("don&rsquo;t")."""

import re
from enum import StrEnum
from html import unescape
from html.entities import html5


class Repair(StrEnum):
    """What was broken in a line."""

    ENCODING = "encoding"
    ENTITIES = "entities"


_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# UTF-8 read as cp1252 or Latin-1 shows one of these before another character that isn't ASCII.
_MOJIBAKE = re.compile("[\u00c2-\u00c5\u00ce\u00cf\u00d0\u00d1\u00e2-\u00ef\u00f0][^\x00-\x7f]|\u00c3 |\u00e0 ")
_MOST_ESCAPED = 2  # "&amp;rsquo;" is an entity that was escaped once more
_UNSURE = "\ufffd"


def repaired(line: str) -> tuple[str, tuple[Repair, ...]]:
    """Return a line as it was before it was broken, and what was; only where there is no other way to read it."""
    repairs: list[Repair] = []
    whole = _without_entities(line) if "&" in line else line
    if whole != line:
        repairs.append(Repair.ENTITIES)
    fixed = _in_its_encoding(whole) if not whole.isascii() and _MOJIBAKE.search(whole) else whole
    if fixed != whole:
        repairs.append(Repair.ENCODING)
    return fixed, tuple(repairs)


# The last byte of a closing quotation mark means nothing in cp1252, and programs leave it away.
_HALF_CLOSED = re.compile("â€(?=[\\s.,;:!?)*_–-]|$)")


def _in_its_encoding(line: str) -> str:
    from ftfy import fix_encoding  # takes longer to load than a bulletin to read, and hardly any line needs it
    from ftfy.badness import is_bad

    if not is_bad(line):
        return line
    fixed = fix_encoding(_HALF_CLOSED.sub("â€\x9d", line))
    return line if _UNSURE in fixed or is_bad(fixed) else " ".join(fixed.splitlines())


def _without_entities(line: str) -> str:
    for _ in range(_MOST_ESCAPED):
        fewer = _ENTITY.sub(_character, line)
        if fewer == line:
            break
        line = fewer
    return line


def _character(entity: re.Match[str]) -> str:
    """Return the character that an entity means, a blank for one that would break the line; unknown ones stay."""
    written = entity.group()
    if written[1] != "#" and written[1:] not in html5:
        return written
    character = unescape(written)
    return " " if character.isspace() or not character else character
