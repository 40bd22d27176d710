"""Telegram's HTML: tags become entities, references such as &lt; become characters.

Rules and error texts follow tdlib's `parse_html` (MessageEntity.cpp).
"""

import re
from dataclasses import dataclass, field, replace

from bot.rehearsal.entities import Entity, Text, in_order, utf16_length
from bot.rehearsal.errors import bad_request

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
        return Text("".join(self.out), in_order(self.entities))

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
