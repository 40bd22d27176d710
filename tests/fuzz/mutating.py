"""Mutations of texts and of documents' bytes; all chance comes from the `Random` that is passed in."""

import io
import zipfile
from collections.abc import Callable, Sequence
from random import Random

_LARGEST = 60_000  # characters or bytes of a mutated input
_MOST_MUTATIONS = 8
_MOST_REPEATS = 200

PIECES = (
    "", " ", "|", "•", "l ", "- ", "1. ", "“", "”", '"', "'", ":", "*", "**", "# ", ">", "> ", "—", "+", "&", "&amp;",
    "Africa", "AFRICA & EUROPE", "Latn America", "Middle East", "Global:", "Latin America: In Peru, pray.", "Bolivia",
    "Prayer:", "PRAISE", "Praise: rain", "Give thanks", "SUNDAY 12th March", "Tues. 1", "Friday 1| WORLDWIDE",
    "June 26, 2021", "31 June 2021", "0/0/0000", "Sat 29 July", "On July 30 to tomorrow", "this weekend", "99999999999",
    "Isaiah 1:17", "“Seek justice.” – Isaiah 1:17", "1 John 4 : 7-8 (NIV)", "Psalm 999:999",
    "IJM is based in Ghana.", "Please do not share this online.", "Names have been changed.", "ann@example.org",
    "https://example.org", "+1 (555) 123-4567", "Slideshow image", "Read more »", "unnamed (4).jpg",
    "From: A\nDate: July 3, 2026\nTo: B", "---- Forwarded message ----", "requests:\n  Africa:\n    - Pray.",
    "\u00a0", "\u200b", "\u202e", "\ufb01", "\ufeff", "\x00", "\x1b[31m", "\x85", "\u2028", "â€™", "Ã©", "\ud7ff",
    "İ", "ı", "x" * 60 + " in", "U.S.", "US", "in French", "a" * 3000,
)  # fmt: skip
MARKUP = (
    b"<p>", b"</p>", b"<div>", b"<!--", b"-->", b"<br>", b"<table><tr><td>", b'<p hidden>', b"<script>", b"&#0;",
    b"&rsquo;", b"&#x110000;", b"<li>", b"<meta charset=utf-7>", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf",
    b"\r\n\r\n", b"=\r\n", b"=E2=80=99", b"Content-Type: multipart/mixed; boundary=a\r\n",
    b"Content-Transfer-Encoding: base64\r\n", b"--a\r\n", b"charset=utf-16", b"Content-Type: message/rfc822\r\n",
    b"obj", b"endobj", b"stream\n", b"1 0 R", b"<<", b">>", b"/Kids [2 0 R]", b"(", b"-1", b"/Filter /FlateDecode",
    b"<w:p>", b"</w:t>", b"<w:tbl>", b"&x;", b"*a", b"&a ", b": ", b"- ", b"[", b"{", b"!!python/none ",
)  # fmt: skip


def mutated_text(text: str, others: Sequence[str], chance: Random) -> str:
    """Return a text after one to eight mutations of its lines and characters."""
    for _ in range(chance.randint(1, _MOST_MUTATIONS)):
        text = chance.choice(_OF_TEXTS)(text, chance.choice(others), chance)[:_LARGEST]
    return text


def mutated_bytes(content: bytes, chance: Random) -> bytes:
    """Return bytes after one to eight mutations."""
    for _ in range(chance.randint(1, _MOST_MUTATIONS)):
        content = chance.choice(_OF_BYTES)(content, chance)[:_LARGEST]
    return content


def mutated_archive(content: bytes, chance: Random) -> bytes:
    """Return a zip archive with one of its parts mutated, so that more than the archive's own checks are reached."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(written, "w") as archive:
        changed = chance.choice(given.namelist())
        for name in given.namelist():
            part = given.read(name)
            archive.writestr(name, mutated_bytes(part, chance) if name == changed else part)
    return written.getvalue()


def _span(length: int, chance: Random) -> tuple[int, int]:
    start = chance.randint(0, length)
    return start, min(length, start + int(chance.expovariate(0.05)))


def _with_line(change: Callable[[list[str], int, str, Random], None]) -> Callable[[str, str, Random], str]:
    """Make a mutation of texts of one that changes a list of lines at a place."""

    def mutation(text: str, other: str, chance: Random) -> str:
        lines = text.split("\n")
        change(lines, chance.randrange(len(lines)), chance.choice(other.split("\n")), chance)
        return "\n".join(lines)

    return mutation


def _insert(lines: list[str], at: int, other: str, chance: Random) -> None:
    lines.insert(at, chance.choice((other, chance.choice(PIECES))))


def _shuffle(lines: list[str], at: int, _other: str, chance: Random) -> None:
    some = lines[at : at + 12]
    chance.shuffle(some)
    lines[at : at + 12] = some


def _repeat(lines: list[str], at: int, _other: str, chance: Random) -> None:
    lines[at:at] = lines[at : at + chance.randint(1, 4)] * chance.randint(1, _MOST_REPEATS)


def _join(lines: list[str], at: int, other: str, chance: Random) -> None:
    lines[at : at + 2] = [chance.choice(("", " ", other)).join(lines[at : at + 2])]


def _recase(lines: list[str], at: int, _other: str, chance: Random) -> None:
    lines[at] = chance.choice((str.upper, str.lower, str.title, str.swapcase))(lines[at])


def _drop(lines: list[str], at: int, _other: str, chance: Random) -> None:
    del lines[at : at + chance.randint(1, 3)]


def _insert_piece(text: str, _other: str, chance: Random) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice((*PIECES, chr(chance.randint(0, 0xD7FF)))) + text[at:]


def _cut(text: str, _other: str, chance: Random) -> str:
    start, end = _span(len(text), chance)
    return text[:start] + text[end:]


def _splice(text: str, other: str, chance: Random) -> str:
    return text[: chance.randint(0, len(text))] + other[chance.randint(0, len(other)) :]


def _break_encoding(text: str, _other: str, _chance: Random) -> str:
    return text.encode().decode("cp1252", "replace")


def _unblank(text: str, _other: str, chance: Random) -> str:
    return text.replace("\n\n", chance.choice(("\n", "\n\n\n", " ")))


_OF_TEXTS = (
    *(_with_line(change) for change in (_insert, _insert, _shuffle, _repeat, _join, _recase, _drop)),
    _insert_piece,
    _insert_piece,
    _cut,
    _splice,
    _break_encoding,
    _unblank,
)


def _flip(content: bytes, chance: Random) -> bytes:
    if not content:
        return b"\0"
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]


def _insert_markup(content: bytes, chance: Random) -> bytes:
    at = chance.randint(0, len(content))
    return content[:at] + chance.choice(MARKUP) * chance.choice((1, 1, 1, 2, 40)) + content[at:]


def _cut_bytes(content: bytes, chance: Random) -> bytes:
    start, end = _span(len(content), chance)
    return content[:start] + content[end:]


def _copy_bytes(content: bytes, chance: Random) -> bytes:
    start, end = _span(len(content), chance)
    at = chance.randint(0, len(content))
    return content[:at] + content[start:end] * chance.choice((1, 1, 20)) + content[at:]


_OF_BYTES = (_flip, _flip, _insert_markup, _insert_markup, _cut_bytes, _copy_bytes)
