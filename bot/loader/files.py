"""From a path to a reading, with a clear sentence for everything that can be wrong with a file."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.domain.bulletin import ReadingWarning
from bot.loader.diary import day_of
from bot.loader.formats import caged, handwritten, plain
from bot.loader.formats.extract import Extract, FormatError
from bot.loader.formats.recognising import Form, recognise
from bot.loader.headings import heading, within
from bot.loader.lines import raw_lines
from bot.loader.marks import split_label
from bot.loader.profile import Profile
from bot.loader.reading import Reading, read
from bot.loader.titles import titled

LARGEST = 16 * 2**20  # bytes; years of bulletins are one hundredth of it
SPARE_LINES = 2_000  # that any text may have, and one more for every FEWEST_A_LINE characters
FEWEST_A_LINE = 60  # bulletins have seventy and more
LONGEST_LINE = 64 * 1024  # characters; a bulletin's longest paragraph has two thousand
LONG = 256 * 1024  # characters, years of bulletins: where no heading is among them there is no need to read them all
_LOOKED_AT = 100  # lines in which a heading is sought that doesn't begin one


class BulletinError(Exception):
    """A file that can't be read as a bulletin. The message says what is wrong, where, and what to do."""


class NoRequestError(BulletinError):
    """A file with text in which no request was found; `reading` says what became of its lines."""

    def __init__(self, message: str, reading: Reading) -> None:
        super().__init__(message)
        self.reading = reading


def read_file(path: Path, profile: Profile, *, asked_for: date | None = None) -> Reading:
    """Read a file as a profile says.

    Raises BulletinError where there is no text, or a long one without any heading; NoRequestError where no request is.
    A bulletin without a date has that of the mail it came in, unless another one is `asked_for`.
    """
    content = _contents(path)
    with _named(path):
        form = recognise(content, path.name)
        if form is Form.YAML:
            return handwritten.read(plain.extract(content).text, profile)
        extract = _extract(form, content, path)
    if len(extract.text) > LONG and not _has_headings(extract.text, profile):
        raise BulletinError(_nothing_found(path, profile))
    with _without_looking_for_cycles():
        reading = _told(read(extract.text, profile, aside=extract.aside), extract, asked_for)
    if not reading.bulletins:
        notices = "".join(f" {sentence}" for _, sentence in extract.notices)
        raise NoRequestError(f"{_nothing_found(path, profile)}{_crowded(reading, profile)}{notices}", reading)
    return reading


def _nothing_found(path: Path, profile: Profile) -> str:
    examples = " and ".join(f'"{region}"' for region in profile.order[:2])
    return f"{path}: no requests found. A bulletin has headings such as {examples}, each with text below."


def _has_headings(text: str, profile: Profile) -> bool:
    """Tell whether any line is or begins with a heading of a region, a label or a day."""
    lines = dict.fromkeys(line.strip() for line in raw_lines(text))
    return any(line and _begins_something(line, profile) for line in lines)


def _begins_something(line: str, profile: Profile) -> bool:
    found = heading(line, profile)
    if found is not None and found.region is not None:
        return True
    return split_label(line, profile) is not None or day_of(line) is not None


def text_of(path: Path) -> str:
    """Return the text in which the lines of a file are counted. Raises BulletinError where there is none."""
    content = _contents(path)
    with _named(path):
        form = recognise(content, path.name)
        return _extract(Form.TEXT if form is Form.YAML else form, content, path).text


def _contents(path: Path) -> bytes:
    """Return a file's 1 to LARGEST bytes."""
    if path.is_dir():
        raise BulletinError(f"{path} is a folder. Name the file in it.")
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise BulletinError(f"{path}: no such file. Check the name.") from None
    except OSError as error:
        raise BulletinError(f"{path} can't be opened: {error.strerror}.") from None
    if len(content) > LARGEST:
        raise BulletinError(f"{path} is larger than {LARGEST // 2**20} MB. Split it, or copy the bulletin out of it.")
    if not content.strip():
        raise BulletinError(f"{path} is empty.")
    return content


@contextmanager
def _without_looking_for_cycles() -> Iterator[None]:
    """A reading makes many small objects and no cycles of them; looking for some took a quarter of its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Put a file's name before what is wrong with its form."""
    try:
        yield
    except FormatError as error:
        raise BulletinError(f"{path} {error}") from None


def _extract(form: Form, content: bytes, path: Path) -> Extract:
    extract = plain.extract(content) if form is Form.TEXT else caged.extract(form, content)
    if not extract.text.strip():
        raise BulletinError(f"{path} is empty.")
    _check_lines(extract.text)
    return extract


def _check_lines(text: str) -> None:
    """Refuse what is no prose, before time is spent on it: a reader needs up to 40 µs for a line, however short."""
    lines = text.splitlines()
    longest = max(map(len, lines))
    if longest > LONGEST_LINE:
        number = next(number for number, line in enumerate(lines, 1) if len(line) == longest)
        sentence = f"has {longest} characters in line {number}, far more than a paragraph of a bulletin."
        raise FormatError(f"{sentence} Copy the bulletin out of it, a line a paragraph.")
    count = sum(1 for line in lines if line and not line.isspace())
    if count > SPARE_LINES + len(text) // FEWEST_A_LINE:
        raise FormatError(f"has {count} lines, far shorter than a bulletin's. Copy the bulletin out of it.")


def _told(reading: Reading, extract: Extract, asked_for: date | None) -> Reading:
    """Return a reading with the mail's date and subject, where its one bulletin has none, and with its notices."""
    if not reading.bulletins:
        return reading
    first, *others = reading.bulletins
    told = [ReadingWarning(code, sentence) for code, sentence in extract.notices]
    if extract.sent_on and not (others or first.published_on or asked_for):
        sentence = f"The text gives no date; that of its mail is taken: {extract.sent_on.isoformat()}."
        first = replace(first, published_on=extract.sent_on)
        told.append(ReadingWarning("date-of-mail", sentence))
    subject = titled(f"Subject: {extract.subject}") if extract.subject else None
    if subject and not (others or first.title):
        told.append(ReadingWarning("title-of-mail", "The text gives no title; its mail's subject is taken."))
        first = replace(first, title=subject.title)
    first = replace(first, warnings=(*told, *first.warnings))
    return replace(reading, bulletins=(first, *others))


def _crowded(reading: Reading, profile: Profile) -> str:
    """Return what to do where a heading stands in the middle of a line."""
    at = next((left for left in reading.unplaced[:_LOOKED_AT] if within(left.text, profile) is not None), None)
    return f" In line {at.line} a heading stands among other text: give each heading a line of its own." if at else ""
