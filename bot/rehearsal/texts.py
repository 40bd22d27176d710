"""The text that a call gives, read as Telegram reads it: entities parsed, white space trimmed, lengths checked."""

from dataclasses import replace
from typing import Any

from bot.rehearsal.entities import Entity, Text, in_order, utf16_length, with_commands
from bot.rehearsal.errors import bad_request
from bot.rehearsal.html import parse_html

LONGEST_TEXT = 4096  # code points, after entities are parsed
LONGEST_SOURCE = 1 << 15  # bytes, before


def read_text(text: str, parse_mode: str | None, given: list[dict[str, Any]] | None) -> Text:
    """The text of a message to be sent. Raises ApiError (400) for what Telegram refuses."""
    if not text:
        raise bad_request("message text is empty")
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST_SOURCE:
        raise bad_request("text is too long")
    mode = (parse_mode or "").lower()
    if mode in ("", "none"):
        parsed = Text(text, tuple(_given_entity(entity) for entity in given or ()))
    elif mode == "html":
        parsed = parse_html(text)
    elif mode in ("markdown", "markdownv2"):
        raise bad_request(f"the rehearsal server does not support parse_mode {parse_mode}")
    else:
        raise bad_request("unsupported parse_mode")
    trimmed = _trim(parsed)
    if not trimmed.text:
        raise bad_request("text must be non-empty")
    if len(trimmed.text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return with_commands(trimmed)


def _given_entity(entity: dict[str, Any]) -> Entity:
    extra = tuple((name, value) for name, value in entity.items() if name not in ("type", "offset", "length"))
    return Entity(entity["type"], entity["offset"], entity["length"], extra)


def _trim(text: Text) -> Text:
    """Takes away white space at the end, and at the beginning as far as no entity covers it."""
    body = text.text.replace("\r", "").rstrip()
    end = utf16_length(body)
    first = min((e.offset for e in text.entities), default=end)
    start = 0
    while start < first and body[start : start + 1] in (" ", "\n"):
        start += 1
    kept = [
        replace(e, offset=e.offset - start, length=min(e.length, end - e.offset))
        for e in text.entities
        if e.offset < end and e.length > 0
    ]
    return Text(body[start:], in_order(kept))
