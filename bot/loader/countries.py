"""Countries that a text names, by name or demonym."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, pairwise
from pathlib import Path

import yaml

from bot.loader.lines import fold
from bot.loader.persons import is_addressed, is_person, is_place

_WORD = re.compile(r"[^\W\d_]+")
# "in Thai waters", unlike "in Thai and English"
_ADJECTIVE = re.compile(
    r" (?!(?:and|or|but|for|to|with|so|that|which|who|at|on|by|as|from|in|is|are|was|were|when|while|before|after)\b)"
    r"[a-z]{3,}"
)
_BETWEEN_COUNTRIES = (" and ", ", ", ", and ", " & ")
_REACH = 40  # characters looked back at most
_DATA = Path(__file__).with_name("countries.yaml")
_NOT_COUNTRIES = "not_countries"
_FIRST_NAMES = "first_names"
_REMEMBERED = 4096  # words as they are written: a text says the same ones again and again
_PARAGRAPHS = 64  # are asked for their countries by several rules, one after the other


@dataclass(frozen=True, slots=True)
class Phrase:
    """A country's name or demonym as its words; `code` is None where the words mean no country ("Latin American").

    `behind`: the word that must stand before it ("in" of "in Spanish"), None where any may.
    """

    words: tuple[str, ...]
    code: str | None
    behind: str | None = None

    @property
    def is_initials(self) -> bool:
        """Tell whether only capital letters mean this country: "US" is one, "us" is not."""
        return self.words[0].isupper() and len(self.words[0]) <= 3


@dataclass(frozen=True, slots=True)
class Countries:
    """What is known of countries.

    `phrases` by their first word without case, those that say most first; `beginning` finds words that begin like one.
    `areas` by code, `codes` by folded name, `names` by code. `first_names`: names of countries that people bear too.
    """

    phrases: Mapping[str, tuple[Phrase, ...]]
    beginning: re.Pattern[str]
    areas: Mapping[str, str]
    codes: Mapping[str, str]
    names: Mapping[str, str]
    first_names: frozenset[str]

    def area_names(self) -> frozenset[str]:
        """Return the areas of the world that regions can be made of."""
        return frozenset(self.areas.values())


@cache
def known() -> Countries:
    """Read countries.yaml, once a process."""
    data = yaml.load(_DATA.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    phrases = [_phrase(text, None) for text in data.pop(_NOT_COUNTRIES)]
    first_names = frozenset(data.pop(_FIRST_NAMES))
    areas: dict[str, str] = {}
    codes: dict[str, str] = {}
    names_of: dict[str, str] = {}
    for area, countries in data.items():
        for code, names in countries.items():
            areas[code], names_of[code] = area, names[0]
            phrases += [_phrase(name, code) for name in names]
            codes |= {fold(name): code for name in names}
    by_first: dict[str, list[Phrase]] = {}
    for phrase in sorted(phrases, key=lambda phrase: (-len(phrase.words), phrase.behind is None)):
        by_first.setdefault(phrase.words[0].casefold(), []).append(phrase)
    capitals = "".join(sorted({phrase.words[0][0] for phrase in phrases}))
    return Countries(
        {first: tuple(of_first) for first, of_first in by_first.items()},
        re.compile(rf"[{capitals}][^\W\d_]*"),
        areas,
        codes,
        names_of,
        first_names,
    )


@lru_cache(maxsize=_PARAGRAPHS)
def named(text: str) -> tuple[str, ...]:
    """Return the ISO 3166 alpha-2 codes of the countries that a text names, sorted, each once.

    A phrase is looked for only at words that begin with a capital, so that the time is linear and short.
    """
    found: set[str] = set()
    persons: set[str] = set()  # "Chad Miller ... Pray that Chad ..."
    done = ended = 0
    for word in known().beginning.finditer(text):
        candidates = _beginning_with(word.group())
        if not candidates or word.start() < done or text[word.start() - 1 : word.start()].isalpha():
            continue
        here = (word, *islice(_WORD.finditer(text, word.end()), len(candidates[0].words) - 1))
        candidates = _fitting(tuple([token.group() for token in here]))
        phrase = next((each for each in candidates if _stands(each, here, text)), None)
        if phrase is not None:
            done = here[len(phrase.words) - 1].end()
            if phrase.code is not None and phrase.code not in found:
                is_beside_another = ended and text[ended : word.start()] in _BETWEEN_COUNTRIES
                if not is_beside_another and _is_person(word, text, persons):
                    persons.add(word.group())
                else:
                    found.add(phrase.code)
                    ended = done
    return tuple(sorted(found))


def _is_person(name: re.Match[str], text: str, persons: Set[str]) -> bool:
    """Tell whether a name means a person here; one of `persons`, named before, is meant wherever no place is."""
    if name.group() in known().first_names:
        if is_person(text, name.start(), name.end(), known().first_names):
            return True
        return name.group() in persons and not is_place(text, name.start(), name.end())
    return is_addressed(text, name.start())


def called(text: str) -> str | None:
    """Return the code of the country whose name this whole text is; None where it is none."""
    return known().codes.get(fold(text))


def _phrase(text: str, code: str | None) -> Phrase:
    words = _split(text)
    return Phrase(words, code) if words[0][0].isupper() else Phrase(words[1:], code, behind=words[0])


def _split(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith(("s", "S")) else word


@lru_cache(maxsize=_REMEMBERED)
def _beginning_with(word: str) -> tuple[Phrase, ...]:
    """Return the phrases that begin with a word, those that say most first."""
    phrases = known().phrases
    return next((phrases[form] for form in _forms(word) if form in phrases), ())


@lru_cache(maxsize=_REMEMBERED)
def _fitting(words: tuple[str, ...]) -> tuple[Phrase, ...]:
    """Return the phrases that some words begin with, those that say most first."""
    return tuple(each for each in _beginning_with(words[0]) if _fits(each.words, words))


def _fits(wanted: Sequence[str], words: Sequence[str]) -> bool:
    """Tell whether words, the first of which is known to fit, go on as wanted, with the capital letters that needs."""
    return len(words) >= len(wanted) and all(
        each.casefold() in _forms(word) and (word[0].isupper() or not each[0].isupper())
        for each, word in zip(wanted[1:], words[1:], strict=False)
    )


@lru_cache(maxsize=_REMEMBERED)
def _forms(word: str) -> tuple[str, str]:
    """Return a word without case, and without the ending of its plural."""
    return word.casefold(), _singular(word).casefold()


def _stands(phrase: Phrase, here: Sequence[re.Match[str]], text: str) -> bool:
    """Tell whether a phrase, whose words these are, stands there: they belong together, behind the word it needs."""
    for before, token in pairwise(here[: len(phrase.words)]):
        if not _joined(text[before.end() : token.start()], before.group()):
            return False
    if phrase.behind is not None and not _is_behind(phrase.behind, here[0]):
        return False
    if phrase.behind is not None and phrase.code is None and _ADJECTIVE.match(text, here[-1].end()):
        return False
    return not phrase.is_initials or _is_written_as_initials(here[: len(phrase.words)], text)


def _joined(between: str, word: str) -> bool:
    """Tell whether two words belong together: a full stop between them ends a sentence, but not after "St" or "U"."""
    return between in {" ", "-", "‑", "'", "’", ", "} or (between in {".", ". "} and len(word) <= 2)


def _word_before(word: re.Match[str]) -> re.Match[str] | None:
    return next(reversed([*_WORD.finditer(word.string, max(0, word.start() - _REACH), word.start())]), None)


def _is_behind(wanted: str, word: re.Match[str]) -> bool:
    before = _word_before(word)
    if before is None or before.group().casefold() != wanted:
        return False
    return _joined(word.string[before.end() : word.start()], before.group())


def _is_written_as_initials(here: Sequence[re.Match[str]], text: str) -> bool:
    """Tell "the US" from "us", from "PRAY FOR US" and from "US$ 100"."""
    before = _word_before(here[0])
    shouted = before is not None and len(before.group()) > 1 and before.group().isupper()
    return here[0].group().isupper() and not shouted and text[here[-1].end() : here[-1].end() + 1] != "$"
