"""Lines that say of themselves that they are a bulletin's title."""

import re
from dataclasses import dataclass

_SAID = re.compile(r"[*_#| ]*(?:title|subject)[*_]* ?:[*_]* ?(?:(?:re|fwd?) ?: ?)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Titled:
    """The title of a line such as "Title: Pray for rain" or, from a mail, "Subject: Fwd: Pray for rain"."""

    title: str


def titled(line: str) -> Titled | None:
    """Return the title that a line gives; None where it gives none."""
    said = _SAID.match(line) if ":" in line else None
    rest = line[said.end() :].strip() if said else ""
    if rest[:1] in ('"', "'") and rest[-1] == rest[0] and rest.count(rest[0]) == 2:
        rest = rest[1:-1]  # as the head of a Markdown file has it
    return Titled(rest) if any(map(str.isalnum, rest)) else None
