"""What is measured: archives as bulletins are, and a megabyte of what none is. All of it is invented."""

from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MB = 2**20
_ARCHIVE = (ROOT / "data" / "bulletins" / "archive.txt").read_text(encoding="utf-8")
_SENTENCE = "Pray for rain in the long valley, where the judges sit and wait for all of us. "
_HEADING = "# Africa, Europe & the Middle East, Latin America & the Caribbean, all\n"
_DATES = "June 26, 2021 and 3 July and tomorrow, 2021-06-26. "
_MOJIBAKE = "donâ€™t pray for the â€œbigâ€\x9d judge &amp;amp; â€” all who call on him\n"
_NAMES = "Ghana, Bolivia, the Republic of the Congo, South Korea, Peruvians, the U.S. and French Guiana. "


def archive(size: int) -> str:
    """Return sample bulletins, one after the other."""
    return _filled(_ARCHIVE, size)


def _filled(piece: str, size: int) -> str:
    return piece * (size // len(piece.encode()) + 1)


def _unlike(piece: str, size: int) -> str:
    """Return lines of which no two are alike."""
    count = size // (len(piece.encode()) + 4)
    return "".join(piece.replace("\n", f" {number}\n") for number in range(count))


def _bomb(size: int) -> str:
    """Return YAML whose aliases mean ever more of the same, in a file of some size."""
    levels = "".join(f"  - &a{level + 1} [*a{level}, *a{level}]\n" for level in range(60))
    return "requests:\n  - &a0 [lol, lol]\n" + levels + _filled("  - *a60\n", size)


# By the name of the file that each is read from.
HOSTILE: dict[str, Callable[[int], str]] = {
    "one-line.txt": lambda size: _filled("Pray for rain. ", size),
    "one-word.txt": lambda size: _filled("a", size),
    "headings.txt": lambda size: _filled("Africa\n", size),
    "long-headings.txt": lambda size: _filled(_HEADING, size),
    "long-headings-unlike.txt": lambda size: _unlike(_HEADING, size),
    "headings-and-text.txt": lambda size: _filled(f"Africa\n{_SENTENCE * 3}\n", size),
    "quotes.txt": lambda size: _filled('"', size),
    "unbalanced-quotes.txt": lambda size: _filled("“The Lord is near to all\n", size),
    "long-unbalanced-quotes.txt": lambda size: _filled(f"“{'The Lord is near to all ' * 4}\n", size),
    "long-quotes-unlike.txt": lambda size: _unlike(f"“{'The Lord is near to all ' * 4}\n", size),
    "verses.txt": lambda size: _filled(f"“{'The Lord is near to all ' * 3}” Psalm 145:18\n", size),
    "references.txt": lambda size: _filled(f"{'Psalm 145:18, ' * 5}Psalm\n", size),
    "deep.html": lambda size: _filled("<div>", size),
    "unclosed.html": lambda size: _filled("<p><font><x>", size),
    "alias-bomb.yaml": _bomb,
    "small-alias-bomb.yaml": lambda size: _bomb(size // 16),
    "faults.yaml": lambda size: "requests:\n" + _filled("  x: []\n", size // 10),
    "mail.eml": lambda size: "From: a@example.org\nDate: b\nSubject: c\n\n" + _filled(f"{_SENTENCE}\n", size),
    "prose.txt": lambda size: "Africa\n" + _filled(f"{_SENTENCE * 6}\n\n", size),
    "dense-lines.txt": lambda size: "Africa\n" + _filled(f"{_SENTENCE}\n", size),
    "countries.txt": lambda size: "Africa\n" + _filled(f"{_NAMES * 6}\n", size),
    "dates.txt": lambda size: "Africa\n" + _filled(f"{_DATES * 5}\n\n", size),
    "mojibake.txt": lambda size: _filled(_MOJIBAKE, size),
    "blank-lines.txt": lambda size: _filled("\n", size),
    "words.txt": lambda size: _filled("prayer\n", size),
}  # fmt: skip
