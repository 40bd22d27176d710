"""What form a file has: by its first bytes, and where these say nothing, by its name."""

import re
from enum import StrEnum
from pathlib import PurePath

from bot.loader.formats.extract import FormatError


class Form(StrEnum):
    """A form that bulletins come in."""

    TEXT = "text"
    HTML = "html"
    MAIL = "mail"
    WORD = "word"
    PDF = "pdf"
    YAML = "yaml"


_HEAD = 4096  # bytes that are looked at
_REFUSED = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old Word file, or one with a password. Save it as .docx without one."),
    (b"{\\rtf", "is an RTF file. Save it as .docx or as plain text."),
    (b"\x89PNG", "is a picture. Copy its words into a text file."),
    (b"\xff\xd8\xff", "is a picture. Copy its words into a text file."),
    (b"GIF8", "is a picture. Copy its words into a text file."),
)
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype html|html|head|body|meta|div|p|table|h\d)\b",
    re.IGNORECASE | re.DOTALL,
)
_HEADER = re.compile(r"([A-Za-z][A-Za-z-]{1,40}):|From [^:\s]+ ")
_MACHINE_WRITTEN = {"received", "mime-version", "message-id", "return-path", "delivered-to"}
_YAML = re.compile(r"(?:\s*#[^\n]*\n|\s*\n|---[ \t]*\n)*(?:title|date|verse|requests):(?:\s|$)")
_YAML_REQUESTS = re.compile(r"^requests:[ \t]*(?:#.*)?\r?$", re.MULTILINE)
_BY_NAME = {
    ".htm": Form.HTML,
    ".html": Form.HTML,
    ".xhtml": Form.HTML,
    ".eml": Form.MAIL,
    ".yaml": Form.YAML,
    ".yml": Form.YAML,
}


def recognise(content: bytes, name: str) -> Form:
    """Return a file's form. Raises FormatError for one that is none of ours."""
    for beginning, sentence in _REFUSED:
        if content.startswith(beginning):
            raise FormatError(sentence)
    if b"%PDF-" in content[:1024]:
        return Form.PDF
    if content.startswith(b"PK\x03\x04"):
        return Form.WORD
    head = _head(content)
    if _HTML.match(head):
        return Form.HTML
    if _is_mail(head):
        return Form.MAIL
    if _YAML.match(head) and _YAML_REQUESTS.search(content.decode("utf-8", "replace")):
        return Form.YAML
    form = _BY_NAME.get(PurePath(name).suffix.lower(), Form.TEXT)
    if PurePath(name).suffix.lower() in {".pdf", ".docx"}:
        raise FormatError(f"is broken: it isn't what {PurePath(name).suffix.lower()} says. Save or download it again.")
    return form


def _head(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content[:_HEAD].decode("utf-16", "replace")
    return content[:_HEAD].decode("utf-8-sig", "replace")


def _is_mail(head: str) -> bool:
    """Tell whether a text begins with the headers of a mail, written by a machine or copied by a person."""
    names: set[str] = set()
    for line in head.lstrip("\r\n").splitlines():
        if not line.strip():
            break
        if line[0] in " \t":
            continue
        found = _HEADER.match(line)
        if found is None:
            break
        names.add((found[1] or "").lower())
    return bool(names & _MACHINE_WRITTEN and len(names) > 1) or names >= {"from", "date", "subject"}
