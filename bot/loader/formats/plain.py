"""Text from bytes: UTF-8, UTF-16 with its mark, and lines that an old Windows program wrote (cp1252)."""

import re

from bot.loader.formats.extract import Extract, FormatError

# Where bytes aren't UTF-8 they are cp1252 for certain only if every one of them makes sense there: a quotation mark,
# dash, bullet or blank, or an accented letter within a word.
_SENSE = re.compile(r"[‘’“”‚„–—…•·«»®©™°€£§\xa0]+|(?<=[A-Za-z])[À-ÖØ-öø-ÿŠšŽžŒœ]+|[À-ÖØ-öø-ÿŠšŽžŒœ]+(?=[A-Za-z])")
_HIGH = re.compile(r"[^\x00-\x7f]")


def extract(content: bytes) -> Extract:
    """Return the text of bytes. Raises FormatError for what is no text."""
    text, guessed = decoded(content)
    if "\0" in text:
        raise FormatError("isn't text. Save it as plain text, encoding UTF-8.")
    return Extract(text, notices=notice_of(guessed))


def notice_of(guessed: tuple[int, ...]) -> tuple[tuple[str, str], ...]:
    """Return the notice of lines that were read as cp1252, none where there are none."""
    if not guessed:
        return ()
    several = "" if len(guessed) == 1 else f" and {len(guessed) - 1} more"
    sentence = f"Line {guessed[0]}{several}: not UTF-8, read as text of an old Windows program (cp1252)."
    return (("encoding-guessed", f"{sentence} Look at its quotation marks and accents."),)


def decoded(content: bytes) -> tuple[str, tuple[int, ...]]:
    """Return text, and the numbers of the lines that were read as cp1252. Raises FormatError for what is neither."""
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")) and not len(content) % 2 and b"\0" in content:
            return content.decode("utf-16"), ()
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        return _by_line(content)


def _by_line(content: bytes) -> tuple[str, tuple[int, ...]]:
    lines: list[str] = []
    guessed: list[int] = []
    for number, raw in enumerate(content.split(b"\n"), 1):
        try:
            lines.append(raw.decode("utf-8"))
        except UnicodeDecodeError:
            lines.append(_windows(raw, number))
            guessed.append(number)
    return "\n".join(lines).removeprefix("\ufeff"), tuple(guessed)


def _windows(raw: bytes, number: int) -> str:
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    if not text or _HIGH.search(_SENSE.sub("", text)):
        raise FormatError(f"isn't UTF-8 text (line {number}). Save it as plain text, encoding UTF-8.")
    return text
