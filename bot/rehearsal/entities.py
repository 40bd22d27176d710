"""HTML as Telegram reads it: a text and its entities, with offsets in UTF-16 units.

Rules and error texts follow tdlib's `parse_html`, `fix_formatted_text` and `find_entities` (MessageEntity.cpp).
Left out: finding URLs, e-mail addresses, hash tags and mentions in plain text. Only bot commands are found.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from bot.rehearsal.errors import bad_request

LONGEST_TEXT = 4096  # code points, after entities are parsed
LONGEST_SOURCE = 1 << 15  # bytes, before

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
}
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot)(?![a-zA-Z]));?")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
NAME_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
LINK = re.compile(r"(?:https?|tg|ton|tonsite)://\S+|[\w.\-]+\.[a-z]{2,}(?:[/?#]\S*)?", re.IGNORECASE)
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
    return _with_commands(trimmed)


def plain_text(text: str) -> Text:
    """What a person types, with its bot commands found."""
    return _with_commands(Text(text))


def _given_entity(entity: dict[str, Any]) -> Entity:
    extra = tuple((name, value) for name, value in entity.items() if name not in ("type", "offset", "length"))
    return Entity(entity["type"], entity["offset"], entity["length"], extra)


def _with_commands(text: Text) -> Text:
    """Adds the bot commands that stand in the text, but not inside code, links and pre."""
    closed = [e for e in text.entities if e.type in ("code", "pre", "text_link", "text_mention", "bot_command")]
    found = []
    for match in COMMAND.finditer(text.text):
        offset, length = utf16_length(text.text[: match.start()]), utf16_length(match.group())
        if not any(e.offset < offset + length and offset < e.offset + e.length for e in closed):
            found.append(Entity("bot_command", offset, length))
    return replace(text, entities=_sorted([*text.entities, *found]))


def _sorted(entities: list[Entity]) -> tuple[Entity, ...]:
    return tuple(sorted(entities, key=lambda e: (e.offset, -e.length, PRECEDENCE.get(e.type, 2))))


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
    return Text(body[start:], _sorted(kept))


@dataclass(slots=True)
class _Tag:
    name: str
    argument: str
    offset: int
    start: int  # where the tag's text begins in the parsed text, counted in characters


@dataclass(slots=True)
class _Html:
    """A reader of HTML. Byte offsets in the errors count UTF-8 bytes of the source, as Telegram's do."""

    source: str
    at: int = 0
    out: list[str] = field(default_factory=list)
    units: int = 0
    stack: list[_Tag] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def fault(self, what: str, begin: int) -> Exception:
        byte = len(self.source[:begin].encode("utf-8", "surrogatepass"))
        return bad_request(f"can't parse entities: {what.replace('{at}', f'at byte offset {byte}')}")

    def put(self, text: str) -> None:
        self.out.append(text)
        self.units += utf16_length(text)

    def read(self) -> Text:
        while self.at < len(self.source):
            character = self.source[self.at]
            if character == "<":
                if self.source[self.at + 1 : self.at + 2] == "/":
                    self.end_tag()
                else:
                    self.start_tag()
            else:
                self.put(self.character())
        if self.stack:
            raise self.fault(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].name}"', 0)
        return Text("".join(self.out), _sorted(self.entities))

    def character(self) -> str:
        """The character at the reading point, a reference such as &lt; decoded; moves on."""
        match = REFERENCE.match(self.source, self.at)
        if match:
            hexadecimal, decimal, name = match.groups()
            code = int(hexadecimal, 16) if hexadecimal else int(decimal) if decimal else ord(NAMED[name])
            if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
                self.at = match.end()
                return chr(code)
        self.at += 1
        return self.source[self.at - 1]

    def word(self, stops: str) -> str:
        begin = self.at
        while self.at < len(self.source) and not self.source[self.at].isspace() and self.source[self.at] not in stops:
            self.at += 1
        return self.source[begin : self.at]

    def space(self) -> None:
        while self.at < len(self.source) and self.source[self.at].isspace():
            self.at += 1

    def peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def start_tag(self) -> None:
        begin = self.at
        self.at += 1
        name = self.word(">").lower()
        if not self.peek():
            raise self.fault("Unclosed start tag {at}", begin)
        if name not in TAGS:
            raise self.fault(f'Unsupported start tag "{name}" {{at}}', begin)
        argument = self.attributes(name, begin)
        self.at += 1
        if name == "span" and argument != "spoiler":
            raise self.fault('Tag "span" must have class "tg-spoiler" {at}', begin)
        self.stack.append(_Tag(name, argument, self.units, len(self.out)))

    def attributes(self, tag: str, begin: int) -> str:
        """Reads up to the tag's closing bracket; gives the one attribute that matters for this tag."""
        argument = ""
        while True:
            self.space()
            if self.peek() == ">":
                return argument
            name = self.word("=>")
            if not name:
                raise self.fault(f'Empty attribute name in the tag "{tag}" {{at}}', begin)
            self.space()
            if self.peek() != "=" and (tag, name) == ("blockquote", "expandable"):
                argument = "expandable"
                continue
            if self.peek() != "=":
                raise self.fault(f'Expected equal sign in declaration of an attribute of the tag "{tag}" {{at}}', begin)
            self.at += 1
            argument = self.meaning(tag, name, self.value(begin)) or argument

    def value(self, begin: int) -> str:
        self.space()
        quote = self.peek()
        if quote not in ("'", '"'):
            token = self.at
            match = NAME_TOKEN.match(self.source, self.at)
            self.at = match.end() if match else self.at
            value = self.source[token : self.at].lower()
            if self.peek() and not self.peek().isspace() and self.peek() != ">":
                raise self.fault("Unexpected end of name token {at}", token)
        else:
            self.at += 1
            read = []
            while self.peek() not in ("", quote):
                read.append(self.character())
            value = "".join(read)
            self.at += 1
        if not self.peek():
            raise self.fault("Unclosed start tag {at}", begin)
        return value

    @staticmethod
    def meaning(tag: str, name: str, value: str) -> str:
        if (tag, name) == ("a", "href"):
            return value
        if (tag, name) == ("code", "class"):
            return value.removeprefix("language-") if value.startswith("language-") else ""
        if (tag, name) == ("span", "class"):
            return value.removeprefix("tg-") if value.startswith("tg-") else ""
        if (tag, name) == ("blockquote", "expandable"):
            return "expandable"
        return ""

    def end_tag(self) -> None:
        begin = self.at
        if not self.stack:
            raise self.fault("Unexpected end tag {at}", begin)
        self.at += 2
        name = self.word(">").lower()
        self.space()
        if self.peek() != ">":
            raise self.fault("Unclosed end tag {at}", begin)
        self.at += 1
        tag = self.stack.pop()
        if name and name != tag.name:
            raise self.fault(f'Unmatched end tag {{at}}, expected "</{tag.name}>", found "</{name}>"', begin)
        if self.units > tag.offset:
            self.close(tag)

    def close(self, tag: _Tag) -> None:
        length = self.units - tag.offset
        kind = TAGS[tag.name]
        last = self.entities[-1] if self.entities else None
        around = last is not None and (last.offset, last.length) == (tag.offset, length)
        if kind == "text_link":
            url = checked_link(tag.argument or "".join(self.out[tag.start :]))
            if url:
                self.entities.append(Entity(kind, tag.offset, length, (("url", url),)))
        elif kind == "pre" and last and around and last.type == "code":
            self.entities[-1] = replace(last, type="pre")
        elif kind == "code":
            language = (("language", tag.argument),) if tag.argument else ()
            self.entities.append(Entity(kind, tag.offset, length, language))
        elif kind == "blockquote" and tag.argument:
            self.entities.append(Entity("expandable_blockquote", tag.offset, length))
        else:
            self.entities.append(Entity(kind, tag.offset, length))


def checked_link(url: str) -> str:
    """The link as Telegram keeps it, "" for what it takes for no link (the text then stays without one)."""
    url = url.strip()
    if not LINK.fullmatch(url):
        return ""
    scheme, mark, rest = url.partition("://")
    if not mark:
        scheme, rest = "http", url
    if scheme.lower() in ("http", "https") and "/" not in rest:
        rest += "/"
    return f"{scheme.lower()}://{rest}"


def parse_html(source: str) -> Text:
    """Text and entities of Telegram's HTML. Raises ApiError (400, "can't parse entities: ...")."""
    read = _Html(source).read()
    # A language belongs to a <pre> around its <code>; on a <code> alone Telegram drops it.
    entities = [replace(e, extra=()) if e.type == "code" else e for e in read.entities]
    return replace(read, entities=tuple(entities))
