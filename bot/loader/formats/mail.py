"""The text of a mail (.eml), or of the mail that was forwarded in it, and the day it was sent."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from email.message import Message
from email.utils import parsedate_to_datetime

from bot.loader import dates
from bot.loader.formats import html, plain
from bot.loader.formats.extract import Extract, FormatError
from bot.loader.kinds import invites
from bot.loader.lines import raw_lines

_DEEPEST = 20  # parts within parts
_MULTIPART = re.compile(rb"^content-type:\s*multipart/", re.IGNORECASE | re.MULTILINE)
_MOST_MULTIPARTS = 100  # parsing thousands of them, one in the other, would take seconds
_LONGEST_INTRODUCTION = 60  # words above a forwarded mail
_FORWARDED = re.compile(
    r"[-_ *]*(?:forwarded message|original message|begin forwarded message:?|forwarded by .{0,80})[-_ *]*$",
    re.IGNORECASE,
)
_HEADER = re.compile(r"[*_ ]*(from|date|sent|to|cc|subject|reply-to)[*_ ]*:[*_ ]*(.*)", re.IGNORECASE)
_ABOVE = "stands above a forwarded mail"
_HEADERS = "a forwarded mail's header"


def extract(content: bytes) -> Extract:
    """Return the text of a mail. Raises FormatError for one without any, or of parts within too many parts."""
    if len(_MULTIPART.findall(content)) > _MOST_MULTIPARTS:
        too_many = f"is a mail with more than {_MOST_MULTIPARTS} parts in parts"
        raise FormatError(f"{too_many}. Save the bulletin's text by itself.")
    message = message_from_bytes(content.lstrip(b"\r\n"), policy=policy.default)
    messages = list(_messages(message, 0))
    inner = messages[-1]
    found = _text(inner)
    if not found.text.strip():
        raise FormatError("is a mail without text. Save what is attached to it, and load that.")
    found = replace(found, sent_on=_sent_on(inner), subject=_subject(inner), notices=found.notices + _unread(messages))
    return _below([_text(outer).text for outer in messages[:-1]], _forwarded(found))


def _below(outer: list[str], inner: Extract) -> Extract:
    """Put the words of the mails that a mail was attached to above it: set aside, as those in a text are."""
    lines = [line for text in outer for line in raw_lines(text)]
    shifted = {number + len(lines): rule for number, rule in inner.aside.items()}
    return replace(inner, text="\n".join([*lines, inner.text]), aside=_introduction(lines) | shifted)


def _introduction(lines: list[str]) -> dict[int, str]:
    """Return the lines above a forwarded mail as set aside, unless they are long or ask for prayer."""
    if sum(len(line.split()) for line in lines) > _LONGEST_INTRODUCTION or any(map(invites, lines)):
        return {}
    return dict.fromkeys(range(1, len(lines) + 1), _ABOVE)


def _messages(message: Message, depth: int) -> Iterator[Message]:
    """Yield a mail and those forwarded in it as attachments, each within the one before."""
    if depth > _DEEPEST:
        raise FormatError(f"is a mail with parts nested deeper than {_DEEPEST}. Save the bulletin's text by itself.")
    yield message
    attached = next((part for part in _parts(message, depth) if part.get_content_type() == "message/rfc822"), None)
    payload = attached.get_payload() if attached is not None else None
    if isinstance(payload, list) and isinstance(payload[0], Message):
        yield from _messages(payload[0], depth + 1)


def _parts(message: Message, depth: int = 0) -> Iterator[Message]:
    """Yield the leaves of a mail; a mail within it is one of them."""
    if depth > _DEEPEST:
        raise FormatError(f"is a mail with parts nested deeper than {_DEEPEST}. Save the bulletin's text by itself.")
    payload = message.get_payload()
    if message.get_content_maintype() == "multipart" and isinstance(payload, list):
        for part in payload:
            if isinstance(part, Message):
                yield from _parts(part, depth + 1)
    else:
        yield message


def _text(message: Message) -> Extract:
    """Return a mail's text: the plain one, where it isn't much shorter than the page's."""
    texts = {"text/plain": "", "text/html": ""}
    notices: tuple[tuple[str, str], ...] = ()
    for part in _parts(message):
        kind = part.get_content_type()
        payload = part.get_payload(decode=True)
        if kind not in texts or not isinstance(payload, bytes) or part.get_content_disposition() == "attachment":
            continue
        said = _decoded(payload, part)
        if kind == "text/html":
            body = html.text_of(html.decoded(payload) if said is None else said)
        elif said is None:
            body, guessed = plain.decoded(payload)
            notices += plain.notice_of(guessed)
        else:
            body = said
        texts[kind] += f"\n\n{body}" if texts[kind] else body
    written, page = texts["text/plain"], texts["text/html"]
    if len(written.split()) * 2 < len(page.split()):
        return Extract(page)
    return Extract(written, notices=notices)


def _decoded(payload: bytes, part: Message) -> str | None:
    """Decode a part as it says; None where it says nothing, or wrongly."""
    try:
        return payload.decode(part.get_content_charset() or "")
    except (LookupError, ValueError):
        return None


def _sent_on(message: Message) -> date | None:
    """Return the day a mail was sent, in its sender's zone."""
    try:
        return parsedate_to_datetime(str(message["Date"])).date()
    except (TypeError, ValueError, IndexError, OverflowError):
        shown = dates.written(str(message["Date"]))  # as a reader shows it: "Fri, Sep 14, 2018 at 9:02 AM"
        return shown.day if shown else None


def _subject(message: Message) -> str | None:
    """Return what a mail says it is about, on one line."""
    return " ".join(str(message["Subject"] or "").split()) or None


def _unread(messages: list[Message]) -> tuple[tuple[str, str], ...]:
    """Say which attachments weren't read: the bulletin may be in one of them."""
    names = [
        name
        for message in messages
        for part in _parts(message)
        if part.get_content_maintype() == "application" and (name := part.get_filename())
    ]
    shown = ", ".join(name[:80] for name in names[:3])
    return (
        (("attachment-unread", f"What is attached wasn't read: {shown}. Save and load it by itself."),) if names else ()
    )


def _forwarded(found: Extract) -> Extract:
    """Set aside what leads up to a mail that is forwarded in the text: its own date counts, read or not."""
    lines = raw_lines(found.text)
    block = _last_block(lines)
    if block is None:
        return found
    start, end, named = block
    day = dates.written(named["sent"])
    aside = _introduction(lines[:start]) | dict.fromkeys(range(start + 1, end + 1), _HEADERS)
    text = "\n".join([*lines[:end], *_unquoted(lines[end:])])
    return Extract(text, day.day if day else None, named.get("subject", "").strip() or None, aside, found.notices)


def _last_block(lines: list[str]) -> tuple[int, int, dict[str, str]] | None:
    """Return where the last forwarded mail's headers begin and end, as indices, and what they say; "sent" is a date."""
    found: tuple[int, int, dict[str, str]] | None = None
    index = 0
    while index < len(lines):
        header = _HEADER.match(_bare(lines[index]))
        if header is None or header[1].lower() != "from":
            index += 1
            continue
        named: dict[str, str] = {}
        end = index
        while end < len(lines) and (header := _HEADER.match(_bare(lines[end]))):
            named.setdefault(header[1].lower(), header[2])
            end += 1
        sent = named.get("date") or named.get("sent")
        if sent is not None and len(named) > 2:
            found = (_marked(lines, index), end, named | {"sent": sent.strip("*_ ")})
        index = end
    return found


def _marked(lines: list[str], start: int) -> int:
    """Return where the line stands that says "Forwarded message" above headers, or the headers' own place."""
    above = start - 1
    while above > 0 and not lines[above].strip("> \t\r"):
        above -= 1
    return above if above >= 0 and _FORWARDED.match(_bare(lines[above])) else start


def _bare(line: str) -> str:
    return line[:300].lstrip("> \t").rstrip()


def _unquoted(lines: list[str]) -> list[str]:
    """Take the marks of a quotation away where every line has one."""
    while any(line.strip() for line in lines) and all(line.startswith(">") for line in lines if line.strip()):
        lines = [line.removeprefix(">").removeprefix(" ") for line in lines]
    return lines
