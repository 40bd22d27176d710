"""From a path to a text, with a clear sentence for everything that can be wrong with a file."""

from pathlib import Path

from bot.loader.profile import Profile
from bot.loader.reading import Reading, read

LARGEST = 16 * 2**20  # bytes; years of bulletins are one hundredth of it


class BulletinError(Exception):
    """A file that can't be read as a bulletin. The message says what is wrong, where, and what to do."""


def read_file(path: Path, profile: Profile) -> Reading:
    """Read a file as a profile says. Raises BulletinError where there is no text, or no request in it."""
    reading = read(text_of(path), profile)
    if not reading.bulletins:
        raise BulletinError(
            f"{path}: no requests found. A bulletin has headings such as {_examples(profile)}, each with text below."
        )
    return reading


def text_of(path: Path) -> str:
    """Return a file's text. Raises BulletinError for what isn't readable UTF-8 text of 1 to LARGEST bytes."""
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
    text = _decoded(content, path)
    if not text.strip():
        raise BulletinError(f"{path} is empty.")
    return text


def _decoded(content: bytes, path: Path) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BulletinError(f"{path} isn't UTF-8 text (line {line}). Save it as plain text, encoding UTF-8.") from None
    if "\0" in text:
        raise BulletinError(f"{path} isn't text. Save it as plain text, encoding UTF-8.")
    return text


def _examples(profile: Profile) -> str:
    return " and ".join(f'"{region}"' for region in profile.order[:2])
