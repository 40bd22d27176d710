"""Bible verses in a text: a quotation and, before or after it, where it stands."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.bulletin import Verse
from bot.loader.lines import Line, joined

# A name that one of these begins with, or one of the short forms that leave letters out, is a book's.
_BOOKS = (
    " genesis exodus leviticus numbers deuteronomy joshua judges ruth samuel kings chronicles ezra nehemiah esther job"
    " psalms psalm proverbs ecclesiastes song isaiah jeremiah lamentations ezekiel daniel hosea joel amos obadiah jonah"
    " micah nahum habakkuk zephaniah haggai zechariah malachi matthew mark luke john acts romans corinthians galatians"
    " ephesians philippians colossians thessalonians timothy titus philemon hebrews james peter jude revelation"
    " gn lv nm dt jdg jgs rt sm kgs chr jb ps pss prv qoh dn jl jon zec hb mt mk lk jn rm jas jm pt phlm rv "
)
_NUMBERED = r"(?:(?:[1-3]|1st|2nd|3rd) ?|(?:I{1,3}|First|Second|Third) )?"  # "ISAIAH" begins with none
_PLACE = r"\d{1,3} ?[:.] ?\d{1,3}[a-c]?(?: ?[-–—] ?\d{1,3}(?: ?: ?\d{1,3})?[a-c]?)?(?:, ?\d{1,3}(?: ?[-–—] ?\d{1,3})?)*"
_REFERENCE = re.compile(
    rf"(?P<book>{_NUMBERED}(?P<name>[A-Z][A-Za-z]{{1,14}})\.?(?: of (?:Songs|Solomon))?) (?P<place>{_PLACE})"
)
_NAMED = r"(?:[A-Z][a-z]{1,12} ){1,3}(?:Version|Bible|Translation|Message)"
_VERSION = rf"{_NAMED}|[A-Z][A-Za-z]{{1,5}}\d{{0,4}}"
_TRANSLATED = re.compile(rf",?(?: ?[|–—-](?= ?{_NAMED}))? ?[(\[]?(?:{_VERSION})?[)\]\s.|*_]*")
_INITIALS = re.compile(r" (?:[(\[][^()\[\]]{2,30}[)\]]|(?!LORD)[A-Z]{2,6}\d{0,4}) ")
_LEAD = re.compile(
    r"[*_]*(?:(?:(?:key|our|the|bible|weekly|memory|this week['’]s|today['’]s) ){0,2}(?:verse|scripture|passage)s?\b"
    r"[^:|\d]{0,20}(?:[:|]| [–—-])[*_]* |in (?=(?:[1-3] )?[A-Z][a-z]+ \d))",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(
    r"^[ :,|–—-]*(?:(?:says|said|reads|we read|tells us|reminds us|states|declares|promises|for (?:this|the) week)"
    r"[:,]? )?"
)
_SEE = re.compile(r" ?\((?:see|cf\.?|from|read)$", re.IGNORECASE)
_LONGEST_SEE = 8
_DIGIT = re.compile(r"\d")
_DASHES = "-–—―~|*_([ "
_MARKUP = "*_"  # of a quotation that is bold or slanted as a whole
OPENING = "\"“”„«‘'"
_CLOSING = "\"”“»’'"
_SEPARATES = _CLOSING + ".!?"
_DOUBLE = '"“”„«»'
FEWEST_WORDS = 8  # of a verse without quotation marks
_MOST_LINES = 12  # of one quotation
_LONGEST_ENDING = 80  # characters of a reference behind a verse
_LONGEST = 160  # of what may stand on a line that only names the verse


@dataclass(frozen=True, slots=True)
class Found:
    """A verse that takes up `count` lines. Without quotation marks only its place tells whether it is one.

    `leads`: the reference stands before the text, on its line.
    """

    verse: Verse
    count: int
    quoted: bool = True
    leads: bool = False


def reference(line: str) -> str | None:
    """Return the reference a line consists of, as "Book chapter:verse"; None where it says anything else."""
    return _reference(line) if len(line) <= _LONGEST and _holds_digit(line) else None


# A line may be looked at once for each of the _MOST_LINES before it that open a quotation.
@lru_cache(maxsize=4 * _MOST_LINES)
def _holds_digit(line: str) -> bool:
    return _DIGIT.search(line) is not None


@lru_cache(maxsize=4 * _MOST_LINES)
def _reference(line: str) -> str | None:
    lead = _LEAD.match(line)
    bare = line[lead.end() if lead else 0 :].lstrip(_DASHES)
    match = _REFERENCE.match(bare)
    return _written(match) if match and _is_book(match) and _TRANSLATED.fullmatch(bare, match.end()) else None


def verse_at(lines: Sequence[Line], start: int, ends_text: Callable[[int], bool]) -> Found | None:
    """Return the verse in quotation marks whose first line is lines[start], None where none begins there.

    A quotation has its reference on its last line, on the next one or, with none after it, before it: so one that
    only leads up to a verse isn't taken for its own. `ends_text` tells, by index, a line that no quotation goes over.
    """
    first = lines[start].text.lstrip(_MARKUP) or lines[start].text
    leading = reference(first)
    if first[0] not in OPENING and leading is None:
        return _reference_and_text(lines, start, ends_text) if _holds_digit(first) else None
    if leading is None and not any(_holds_digit(line.text) for line in lines[start : start + _MOST_LINES]):
        return None  # no reference is near
    reach = _reach(lines, start, ends_text)
    return _quotation(reach) if leading is None else _after_reference(reach, leading)


def _reach(lines: Sequence[Line], start: int, ends_text: Callable[[int], bool]) -> Sequence[Line]:
    end = start + 1
    while end < min(start + _MOST_LINES, len(lines)) and not ends_text(end):
        end += 1
    return lines[start:end]


def split(text: str) -> Found | None:
    """Return the verse that a paragraph is without beginning with a quotation mark: "Text - Book 1:2". None for others.

    Of `Verse of the week: "Text" - Book 1:2` it is what stands in quotation marks. "Book 1:2 - Text" is one as well.
    """
    ending = _ending(text)
    if ending is None:
        return _led(text)
    words, named = ending
    quoted = re.search(f"[{_DOUBLE}]", words) if words[-1] in _DOUBLE else None
    if quoted is None:
        return Found(Verse(_SEE.sub("", words), named), 0, quoted=False)
    is_led = _LEAD.match(text) is not None or not any(map(str.isalnum, words[: quoted.start()]))
    return Found(Verse(_bare([words[quoted.start() :]]), named), 0, quoted=is_led)


def _led(text: str) -> Found | None:
    """Read "Micah 6:8 - He has shown you what is good", all on one line, without quotation marks.

    Where nothing stands between, what follows is a sentence: "Micah 6:8 He has shown you what is good."
    """
    lead = _LEAD.match(text)
    match = _REFERENCE.match(text, lead.end() if lead else 0)
    if not match or not _is_book(match):
        return None
    after = _TRANSLATED.match(text, match.end())
    rest = text[after.end() if after else match.end() :]
    words = rest.lstrip(_DASHES + ":")
    is_parted = words != rest.lstrip() or "|" in text[match.end() : len(text) - len(rest)]
    if not is_parted and rest.endswith((".", "!", "?")):
        words = _after_initials(text[match.end() :])
        is_parted = words[:1].isupper()
    if not is_parted or len(words.split()) < FEWEST_WORDS:
        return None
    return Found(Verse(words, _written(match)), 0, quoted=False, leads=True)


def _after_initials(text: str) -> str:
    """Take a translation's initials away; "The" in "The LORD works" is none."""
    version = _INITIALS.match(text)
    return text[version.end() :] if version else text.lstrip()


def _quotation(lines: Sequence[Line]) -> Found | None:
    texts: list[str] = []
    for line in lines:
        alone = reference(line.text) if texts else None
        if alone is not None:
            return Found(Verse(_bare(texts), alone), len(texts) + 1)
        if texts and (line.after_gap or _is_closed(texts[-1])):
            return None  # the quotation ended without a reference, and other text goes on
        ending = _ending(line.text)
        if ending is not None:
            text, named = ending
            return Found(Verse(_bare([*texts, text]), named), len(texts) + 1)
        texts.append(line.text)
    return None


def _after_reference(lines: Sequence[Line], named: str) -> Found | None:
    quotation = lines[1:]
    if not quotation or quotation[0].text[0] not in OPENING or _quotation(quotation) is not None:
        return None  # where the quotation brings its own reference, this one was a decoy
    texts: list[str] = []
    for line in quotation:
        if texts and line.after_gap:
            return None
        texts.append(line.text)
        if _is_closed(line.text):
            return Found(Verse(_bare(texts), named), len(texts) + 1)
    return None


def _reference_and_text(lines: Sequence[Line], start: int, ends_text: Callable[[int], bool]) -> Found | None:
    """Read `Micah 6:8 "He has shown you"`, on one line or going on over the next."""
    line = lines[start].text.lstrip(_MARKUP)
    lead = _LEAD.match(line)
    bare = line[lead.end() if lead else 0 :].lstrip(_DASHES)
    match = _REFERENCE.match(bare)
    if not match or not _is_book(match):
        return None
    after = _TRANSLATED.match(bare, match.end())
    rest = _INTRODUCED.sub("", bare[after.end() if after else match.end() :], count=1)
    if not rest or rest[0] not in OPENING:
        return None
    texts = [rest]
    for below in () if _is_closed(rest) else _reach(lines, start, ends_text)[1:]:
        if _is_closed(texts[-1]) or below.after_gap:
            break
        texts.append(below.text)
    return Found(Verse(_bare(texts), _written(match)), len(texts)) if _is_closed(texts[-1]) else None


def _ending(line: str) -> tuple[str, str] | None:
    """Split `"Text" - Book 1:2 (NIV)` into text and reference; a dash, a bracket or what ends a sentence must
    stand between."""
    end = line[-_LONGEST_ENDING:]
    found = _at_end(end) if _DIGIT.search(end) else ()
    for start, named in found:
        before = line[: len(line) - len(end) + start].rstrip()
        text = before.rstrip(_DASHES)
        if text and (text != before or text[-1] in _SEPARATES or _SEE.search(text, len(text) - _LONGEST_SEE)):
            return text, named
    return None


@lru_cache(maxsize=4 * _MOST_LINES)
def _at_end(end: str) -> tuple[tuple[int, str], ...]:
    """Return the references that go to the end of a text, each with where it begins."""
    return tuple(
        (match.start(), _written(match))
        for match in _REFERENCE.finditer(end)
        if _is_book(match) and _TRANSLATED.fullmatch(end, match.end())
    )


def _is_book(match: re.Match[str]) -> bool:
    return f" {match['name'].casefold()}" in _BOOKS


def _written(match: re.Match[str]) -> str:
    book = " ".join(match["book"].removesuffix(".").split())
    book = book.replace(match["name"], match["name"].capitalize()) if match["name"].isupper() else book
    return f"{book} {re.sub('[–—]', '-', match['place'].replace(' ', ''))}"


def _is_closed(line: str) -> bool:
    line = line.rstrip(_MARKUP) or line
    return line[-1] in _CLOSING and (len(line) > 1 or line not in OPENING)


def _bare(texts: Sequence[str]) -> str:
    """Join a quotation's lines and take away the marks around it, however many there are; marks within stay.

    “Now I will arise,” says the Lord. “I will protect them.” has none around it.
    """
    text = joined(texts)
    if _are_several(text):
        return text
    if text[0] in _MARKUP and text.strip(_MARKUP)[:1] in tuple(OPENING):
        text = text.strip(_MARKUP)
    is_outermost = True
    while text and text[0] in OPENING and (is_outermost or not _closes_within(text)):
        kind = _DOUBLE if text[0] in _DOUBLE else "‘’'"
        text = text[1:].strip()
        if text and text[-1] in kind:
            text = text[:-1].strip()
        is_outermost = False
    return text


def _are_several(text: str) -> bool:
    """Tell whether a text is more than one quotation in curly marks, with other words between."""
    first, _, rest = text[1:].partition("”")
    return text[0] == "“" and "“" not in first and "“" in rest and rest.endswith("”") and any(map(str.isalnum, rest))


def _closes_within(text: str) -> bool:
    """Tell whether the quotation that a text begins with ends before the text does: ‘Go,’ he said, ‘now.’"""
    closing = '[”“»"]' if text[0] in _DOUBLE else "[’'](?![^\\W_])"  # an apostrophe within a word closes nothing
    end = re.search(closing, text[1:])
    return end is not None and end.end() < len(text) - 1
