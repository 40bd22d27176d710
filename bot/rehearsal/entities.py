"""A message's text and its entities, with offsets in UTF-16 units.

Rules follow tdlib's `fix_formatted_text` and `find_entities` (MessageEntity.cpp).
Left out: finding URLs, e-mail addresses, hash tags and mentions in plain text. Only bot commands are found.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

LONGEST_TEXT = 4096  # code points, after entities are parsed
LONGEST_SOURCE = 1 << 15  # bytes, before

COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")
PRECEDENCE = {"blockquote": 0, "expandable_blockquote": 0, "text_link": 1, "text_mention": 1, "bot_command": 1}


@dataclass(frozen=True, slots=True)
class Entity:
    """A MessageEntity; offset and length in UTF-16 units. `extra` holds url, language, user and the like."""

    type: str
    offset: int
    length: int
    extra: tuple[tuple[str, Any], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The MessageEntity object."""
        return {"type": self.type, "offset": self.offset, "length": self.length, **dict(self.extra)}


@dataclass(frozen=True, slots=True)
class Text:
    """A message's text and its entities, as the server keeps them."""

    text: str
    entities: tuple[Entity, ...] = ()


def utf16_length(text: str) -> int:
    """How many UTF-16 units `text` has."""
    return len(text) + sum(character > "\uffff" for character in text)


def plain_text(text: str) -> Text:
    """What a person types, with its bot commands found."""
    return with_commands(Text(text))


def with_commands(text: Text) -> Text:
    """Adds the bot commands that stand in the text, but not inside code, links and pre."""
    closed = [e for e in text.entities if e.type in ("code", "pre", "text_link", "text_mention", "bot_command")]
    found = []
    for match in COMMAND.finditer(text.text):
        offset, length = utf16_length(text.text[: match.start()]), utf16_length(match.group())
        if not any(e.offset < offset + length and offset < e.offset + e.length for e in closed):
            found.append(Entity("bot_command", offset, length))
    return replace(text, entities=in_order([*text.entities, *found]))


def in_order(entities: list[Entity]) -> tuple[Entity, ...]:
    return tuple(sorted(entities, key=lambda e: (e.offset, -e.length, PRECEDENCE.get(e.type, 2))))
