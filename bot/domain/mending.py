"""What people see of a request: sentences that run together are parted, one that stands again is left out, and so is
"Read more" behind the last.

The points themselves stay as they were read. Where it isn't certain that a sentence ends, nothing is done.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain.bulletin import Point


@dataclass(frozen=True, slots=True)
class Mending:
    """What is shown otherwise than it was read, for an editor to look at. `point` is the index of the point."""

    code: str
    message: str
    point: int


@dataclass(frozen=True, slots=True)
class Mended:
    """Points as they are shown (one of which nothing is left isn't among them), and what was done to them."""

    points: tuple[Point, ...]
    mendings: tuple[Mending, ...]


_LINK = re.compile(
    r"(?<=[.!?”\"’')])(?: (?:read|learn|see) more(?: here| about (?:this|the) (?:case|story))?[.…]{0,3}"
    r"(?: ?[»›→>]{1,3})?)+$",
    re.IGNORECASE,
)
_LONGEST_LINK = 40
LARGEST = 100_000  # characters; what is larger is no request, and would take long


def mended(points: Sequence[Point]) -> Mended:
    """Return the points of one message as people should see them. What is mended already comes back as it is."""
    if sum(len(point.text) for point in points) > LARGEST:
        return Mended(tuple(points), ())
    shown: list[Point] = []
    mendings: list[Mending] = []
    seen: set[str] = set()
    for index, point in enumerate(points):
        whole = " ".join(point.text.split())
        text = _LINK.sub("", whole) if "ore" in whole[-_LONGEST_LINK:] else whole  # hardly any point ends in one
        parted = _parted(text)
        sentences = _sentences(parted)
        kept = [sentence for sentence in dict.fromkeys(sentences) if sentence not in seen]
        seen.update(kept)
        if text != whole:
            mendings.append(Mending("link-left-out", "“Read more” at the end, or its like, isn't shown.", index))
        mendings += _told(index, joints=len(parted) - len(text), repeats=len(sentences) - len(kept))
        if kept:
            mended_text = " ".join(kept)
            shown.append(point if mended_text == point.text else replace(point, text=mended_text))
    return Mended(tuple(shown), tuple(mendings))


def _told(point: int, *, joints: int, repeats: int) -> Iterator[Mending]:
    if joints:
        where = "run together" if joints == 1 else f"run together in {joints} places"
        yield Mending("sentences-joined", f"Sentences {where}; they are shown with a blank between them.", point)
    if repeats:
        what = "A sentence of this request stands" if repeats == 1 else f"{repeats} sentences of this request stand"
        yield Mending("sentence-twice", f"{what} here again; shown only once.", point)


# Parting

_ADDRESS = re.compile(r"@|://|^\W*www\.|\w\.\w+/", re.IGNORECASE)
_INNER_MARK = re.compile(r"[.!?](?<=[^\W\d_].|\*.)(?=[^\W\d_])")  # the mark first: it is what is seldom
_DOMAINS = frozenset({"Com", "Org", "Net", "Edu", "Gov", "Int", "Mil", "Info"})
# A word with a mark in it; what is longer belongs to no language.
_WORD_WITH_MARK = re.compile(r"(?<!\S)[^\s.!?]{1,60}[.!?]\S{1,60}(?!\S)")
_LETTERS = re.compile(r"[^\W\d_]+")


def _parted(text: str) -> str:
    """Return a text with a blank between sentences that run together."""
    if _INNER_MARK.search(text) is None:  # as nearly always, and found out at once
        return text
    return _WORD_WITH_MARK.sub(lambda match: " ".join(_pieces(match.group())), text)


def _pieces(word: str) -> Iterator[str]:
    """Yield a word's pieces: "Ghana.Please" has two, "U.S.State", "Dr.Amina" and "Example.Org" one each."""
    marks = [] if _ADDRESS.search(word) else [match.start() for match in _INNER_MARK.finditer(word)]
    start = 0
    for before, mark, after in zip([-1, *marks], marks, [*marks[1:], len(word)], strict=False):
        if _is_joint(word[before + 1 : mark], word[mark + 1 : after], word[after + 1 : after + 2], first=before < 0):
            yield word[start : mark + 1]
            start = mark + 1
    yield word[start:]


def _is_joint(before: str, after: str, beyond: str, *, first: bool) -> bool:
    """Tell whether a sentence ends between two pieces of a word; `beyond` is the letter after the next mark in it."""
    ended = before.rstrip("*").lstrip(_OPENING)
    if len(ended) < 2 or not ended[-1].islower() or _is_abbreviation(ended):
        return False
    begun = _LETTERS.match(after)
    if not begun or not begun.group()[0].isupper() or begun.group() in _DOMAINS:
        return False
    if beyond.islower() or (not first and ended[0].islower()):
        return False  # a name of the internet: mail.Example.org, example.org.Please
    return len(begun.group()) > 1 or (begun.group() in "IA" and after[1:2] in ("", "’", "'"))


# Sentences

_OPENING = "“\"‘'([*"
# A number begins no sentence for certain: it may go on after "No." or "Jan.".
_END = re.compile(r"""[.!?][”"’')\]*]*(?= [“"‘'(\[*]*(?P<next>[^\W\d_]))""")
_AROUND = (("“", 1), ("”", -1), ("(", 1), (")", -1), ("[", 1), ("]", -1))
_ABBREVIATIONS = re.compile(
    "Prof|Rev|Hon|Gov|Sen|Rep|Pres|Gen|Col|Maj|Capt|Insp|Supt|Comm|Atty|Engr|Bro|Sis|Dept|Dist|Univ|Inc|Corp|Co|Ave"
    "|Nos?|Fig|Vol|Art|Sec|vs|cf|al|approx|[B-DF-HJ-NP-TV-XZ][b-df-hj-np-tv-xz]+"
)


def _sentences(text: str) -> list[str]:
    """Return a text's sentences. What stands in quotation marks or parentheses belongs to the one around it."""
    sentences: list[str] = []
    start = at = depth = quotes = 0
    around = [(sign, way) for sign, way in _AROUND if sign in text]
    for match in _END.finditer(text):
        depth = max(0, depth + sum(way * text.count(sign, at, match.end()) for sign, way in around))
        quotes += text.count('"', at, match.end())
        at = match.end()
        if depth == 0 and quotes % 2 == 0 and not match["next"].islower() and _ends(text, start, match.start()):
            sentences.append(text[start:at])
            start, quotes = at + 1, 0
    return [*sentences, text[start:]] if text else []


def _ends(text: str, start: int, mark: int) -> bool:
    """Tell whether a sentence ends at a mark for certain: not behind "U.S", "Dr", "J" or a number on top of it."""
    if text[mark] != ".":
        return True
    begin = text.rfind(" ", start, mark) + 1 or start
    word = text[begin:mark].lstrip(_OPENING)
    if len(word) < 2 or "." in word or (begin == start and word.isdigit()):
        return False
    return not _is_abbreviation(word)


def _is_abbreviation(word: str) -> bool:
    """Tell whether a word may stand for a longer one: a known one, or a capital with small consonants ("Sgt", "Ph")."""
    return _ABBREVIATIONS.fullmatch(word) is not None
