"""Headings that are phrases around a region's name: "Pray with our friends in South Asia"."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.regions import Region
from bot.loader import dates, verses
from bot.loader.headings import Heading, known
from bot.loader.kinds import invites, speaks_of_prayer
from bot.loader.lines import Line
from bot.loader.marks import bullet
from bot.loader.profile import Profile

_LONGEST = 70
_MARKS = "#*_|: "
_BEFORE_PLACE = re.compile(r"\b(?:in|for|of|from|across|throughout|with|around)\b (?:the )?", re.IGNORECASE)
_WORDS_ALIKE = 2  # with which headings of one text begin
_FEWEST_ALIKE = 2  # regions
_SHORTEST_TEXT = 40


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A line that ends in a region's name, and the words that it begins with."""

    index: int
    written: str
    lead: str
    region: Region


def phrased(lines: Sequence[Line], profile: Profile) -> Mapping[int, Heading]:
    """Return the headings that are phrases, by the index of their lines; none where a line is a plain heading.

    A phrase is one if another begins alike and ends in another region, or if it speaks of prayer in capitals; below it
    stands text, neither a date nor a verse, as below a title.
    """
    found: list[_Phrase] = []
    for index, line in enumerate(lines):
        bare = line.text.strip(_MARKS)
        if len(bare) > _LONGEST or not _ends_in_place(bare, profile):
            continue
        if known(bare, profile) is not None:
            return {}
        phrase = _phrase(index, bare, profile)
        if phrase is not None and index + 1 < len(lines) and _is_text(lines[index + 1].text):
            found.append(phrase)
    regions: dict[str, set[Region]] = {}
    for each in found:
        regions.setdefault(each.lead, set()).add(each.region)
    return {
        each.index: Heading(each.region, each.written, "", "a phrase that ends in a region's name", _doubt(each))
        for each in found
        if len(regions[each.lead]) >= _FEWEST_ALIKE or _is_shouted(each, lines)
    }


def _ends_in_place(bare: str, profile: Profile) -> bool:
    """Tell, before more time is spent on a line, whether its last word is that of a heading."""
    return bare[bare.rfind(" ") + 1 :].casefold() in profile.last_words


def _phrase(index: int, bare: str, profile: Profile) -> _Phrase | None:
    for before, place in _places(bare):
        region = known(place, profile)
        if region is not None:
            return _Phrase(index, bare, " ".join(before.casefold().split()[:_WORDS_ALIKE]), region)
    return None


def _places(bare: str) -> Iterator[tuple[str, str]]:
    """Yield how a line can be parted before a place: "around the world" may be one with its first word."""
    for match in _BEFORE_PLACE.finditer(bare):
        if match.start():
            yield bare[: match.start()], bare[match.end() :]
            yield bare[: match.start()], bare[match.start() :]


def _is_text(below: str) -> bool:
    if below[0] in verses.OPENING or dates.written(below) is not None or verses.reference(below) is not None:
        return False
    return bullet(below) != "" or len(below) >= _SHORTEST_TEXT


def _is_shouted(phrase: _Phrase, lines: Sequence[Line]) -> bool:
    below = lines[phrase.index + 1].text
    return phrase.written.isupper() and speaks_of_prayer(phrase.written) and (bullet(below) != "" or invites(below))


def _doubt(phrase: _Phrase) -> str:
    return f'"{phrase.written}" is taken as a heading of {phrase.region}'
