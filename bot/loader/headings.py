"""Headings of regions: by the profile's words, by a country's name, by near misses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.domain.bulletin import Kind
from bot.domain.regions import Region
from bot.loader import countries, kinds
from bot.loader.furniture import furniture
from bot.loader.lines import fold, words
from bot.loader.marks import bullet, number, split_label
from bot.loader.profile import Profile

_MARKS = "#*_|:•·-–—=~> 🌍🌎🌏🌐"  # what stands around a heading: Markdown, the bars of a table, a colon
_INLINE = re.compile(r" ?[:|]+[*_]* | [-–—/] |(?<=\w)(?:\*\*|__) ")
# "… a roof. SOUTH ASIA: Pray …", "… a roof. **South Asia** Pray …"
_WITHIN = re.compile(r"(?<=[.!?”\")] )(?:[*_]*([A-Z][^.:!?*_]{2,50})[*_]*:[*_]*|[*_]{2}([A-Z][^.:!?*_]{2,50})[*_]{2})")
# Where a line's end was lost: "South AsiaPray for rain", "South Asia Please pray for rain".
_JOINT = re.compile(
    r"[A-Z](?<=[^\W\d_].)(?=[a-z])|(?<=\w )(?=(?:Please |Join |We )|(?:Pray|Prais|Thank|Give|Ask|Intercede))"
)
# "Global (weltweit)", "Monde / Global"; what is in brackets is short, and no text of a request.
_TWO_NAMES = re.compile(
    r"(.{2,50}?)(?: ?[(\[](?P<inner>[^()\[\]]{2,50})[)\]]|(?P<joint> ?/ ?| [-–—|•·] )(?P<second>.{2,40}))"
)
_MOST_WORDS_OF_A_NAME = 3
_NAMED_TWICE = "heading of the profile in two languages"
_FOR = "For "  # of a service's "For Latin America: We pray ..."
_MOST_WORDS = 8
_LONGEST = 70
_FEWEST_WORDS = 4  # of a request on its heading's line
_FEWEST_LETTERS = 8  # of a heading with a slip: fewer may be another word
_FEWEST_OF_A_WORD = 6  # of a heading in which a short word may lack a letter or have one too many: "Gobal"
_CLOSE_ENOUGH = 88  # of 100: a letter or two amiss
_SMALL = {"and", "of", "the", "in", "for", "&", "+"}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a region. `written`: as the text has it. `rest`: text on the same line. `rule`: how it was known.

    `region` is None for a line that looks like a heading of a region the profile doesn't know. `label`: the kind of the
    points below, of "Praise – Latin America".
    `doubt`: what an editor should know, None where the profile names it.
    """

    region: Region | None
    written: str
    rest: str
    rule: str
    doubt: str | None = None
    label: Kind | None = None


def heading(line: str, profile: Profile) -> Heading | None:
    """Return the heading that a line is, or begins with before a colon, bar or dash; None where it is none."""
    if len(line) > _LONGEST:
        return _inline(line, profile) or _glued(line, profile)
    bare = line[len(number(line) or bullet(line)) :].strip(_MARKS)
    region = known(bare, profile)
    if region is not None:
        return Heading(region, bare, "", "heading of the profile")
    region = known(bare.rstrip(".;,"), profile)
    if region is not None:
        doubt = f'"{bare}" is taken as a heading of {region}'
        return Heading(region, bare, "", "heading of the profile with a mark behind it", doubt)
    labelled = split_label(bare, profile)
    if labelled is not None and labelled[1]:
        region = known(labelled[1].strip(_MARKS), profile)
        return None if region is None else Heading(region, bare, "", "a label and a heading", label=labelled[0])
    guessed = _in_two_languages(bare, profile)
    if guessed is not None and guessed.rule == _NAMED_TWICE:
        return guessed
    if guessed is None and line[-1] not in ".!?,;" and furniture(line) is None:
        guessed = _country(bare, profile) or _near(bare, profile) or _unknown(bare, profile)
    return _inline(line, profile) or _glued(line, profile) or guessed


def known(bare: str, profile: Profile) -> Region | None:
    """Return the region that a text is a heading of by the profile's words; None where it is none."""
    said = words(bare)
    if not said or len(said) > _MOST_WORDS or bare[-1] in ".!?,;":
        return None
    folded = " ".join(said)
    region = profile.headings.get(folded)
    if region is not None:
        return region
    at = profile.heading_patterns.first(folded)
    return None if at is None else profile.heading_pattern_regions[at]


def within(text: str, profile: Profile) -> Region | None:
    """Return the region of the first heading that stands within a text: "… a roof. SOUTH ASIA: Pray …"."""
    return next((region for region, _ in _inner(text, profile)), None)


def parted(text: str, profile: Profile) -> list[tuple[Region | None, str | None, str]]:
    """Part a text before each heading within it; return its region and words with the text behind, first None."""
    parts: list[tuple[Region | None, str | None, str]] = []
    above: tuple[Region | None, str | None] = (None, None)
    start = 0
    for region, match in _inner(text, profile):
        parts.append((*above, text[start : match.start()].strip()))
        above, start = (region, _written(match)), match.end()
    return [*parts, (*above, text[start:].strip())]


def _inner(text: str, profile: Profile) -> Iterator[tuple[Region, re.Match[str]]]:
    for match in _WITHIN.finditer(text) if ":" in text or "**" in text or "__" in text else ():
        region = known(_written(match), profile)
        if region is not None:
            yield region, match


def _written(match: re.Match[str]) -> str:
    return (match[1] or match[2]).strip(_MARKS)


def unknown_within(text: str, profile: Profile) -> str | None:
    """Return what looks like a heading that the profile doesn't know before a text: "Desk & Partners: Pray …"."""
    parted = _INLINE.search(text, 0, _LONGEST) if ":" in text[:_LONGEST] else None
    bare = text[: parted.start()].strip(_MARKS) if parted and ":" in parted.group() else ""
    of_places = any(word in profile.place_words for word in words(bare))
    return bare if of_places and known(bare, profile) is None and _unknown(bare, profile) is not None else None


def _inline(line: str, profile: Profile) -> Heading | None:
    """Read "Latin America: In Bolivia ...": only the profile's own headings, as such a line is text all the same."""
    parted = _INLINE.search(line, 0, _LONGEST)
    if parted is None:
        return None
    bare = line[: parted.start()].strip(_MARKS).removeprefix(_FOR)
    region = known(bare, profile)
    rest = line[parted.end() :].lstrip("*_| ")
    rest = rest[len(bullet(rest)) :]
    if region is None or not rest or not any(map(str.isalnum, rest)):
        return None
    if len(rest.split()) < _FEWEST_WORDS and rest[-1] not in ".!?":
        whole = line.strip(_MARKS)
        label = profile.labels.get(fold(rest))
        if label is not None:
            return Heading(region, whole, "", "a heading and a label", label=label)
        return Heading(region, whole, "", "heading of the profile with more words", f'"{whole}" is taken as a heading')
    return Heading(region, bare, rest, "heading of the profile, in line")


def _glued(line: str, profile: Profile) -> Heading | None:
    """Read "South AsiaPray for rain.": a heading that lost its line's end, before what invites to pray."""
    for joint in _JOINT.finditer(line, 0, _LONGEST):
        bare = line[: joint.start()].strip(_MARKS)
        region = known(bare, profile) if bare else None
        if region is not None and kinds.invites(line[joint.start() :]):
            return Heading(region, bare, line[joint.start() :], "heading of the profile, run together with its text")
    return None


def _in_two_languages(bare: str, profile: Profile) -> Heading | None:
    """Read "Global (weltweit)" and "Monde / Global": the profile knows one of two names; if it knows both, they agree.

    Where it knows only the second, the first may be a title's: it is short and doesn't speak of prayer.
    """
    parted = _TWO_NAMES.fullmatch(bare)
    if parted is None:
        return None
    other = parted["inner"] or parted["second"]
    first, second = known(parted[1], profile), known(other, profile)
    if (first or second) is None or (first and second and first is not second) or kinds.invites(other):
        return None
    is_sure = first is not None or parted["joint"] == " / "
    if not is_sure and (len(words(parted[1])) > _MOST_WORDS_OF_A_NAME or kinds.speaks_of_prayer(parted[1])):
        return None
    doubt = None if is_sure else f'"{bare}" is taken as a heading of {first or second}'
    rule = _NAMED_TWICE if first and second else "heading of the profile, and in another language"
    return Heading(first or second, bare, "", rule, doubt)


def _country(bare: str, profile: Profile) -> Heading | None:
    code = countries.called(bare)
    if code is None or not bare[0].isupper() or code not in profile.regions_of:
        return None
    region = profile.regions_of[code]
    return Heading(region, bare, "", "country's name as a heading", f'"{bare}" is taken as a heading of {region}')


def _near(bare: str, profile: Profile) -> Heading | None:
    folded = fold(bare)
    if not _is_capitalised(bare) or folded in profile.place_words or len(folded) < _FEWEST_OF_A_WORD - 1:
        return None
    fewest = _FEWEST_OF_A_WORD if len(folded) < _FEWEST_LETTERS else 0
    of_length = [each for each in profile.headings if len(each) >= fewest]
    best = process.extractOne(folded, of_length, scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
    if best is None:
        return None
    region = profile.headings[best[0]]
    return Heading(region, bare, "", "nearly a heading of the profile", f'"{bare}" is taken as a heading of {region}')


def _unknown(bare: str, profile: Profile) -> Heading | None:
    """Notice a heading of a region that isn't known, lest its request be put under the region before it."""
    said = words(bare)
    if (
        len(said) > 5
        or fold(bare) == fold(profile.name)
        or bare[:1].islower()
        or bare.rpartition(" ")[2] in _SMALL
        or not _is_capitalised(bare)
        or any(map(str.isdigit, bare))
        or kinds.invites(bare)
    ):
        return None
    if not any(word in profile.place_words for word in said) and not countries.named(bare):
        return None
    return Heading(None, bare, "", "looks like a heading that the profile doesn't know")


def _is_capitalised(bare: str) -> bool:
    return all(word[0].isupper() or not word[0].isalpha() or word in _SMALL for word in bare.split())
