"""Countries that a text names, by name or demonym."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import yaml

from bot.loader.lines import fold
from bot.loader.persons import is_addressed, is_person

_WORD = re.compile(r"[^\W\d_]+")
_DATA = Path(__file__).with_name("countries.yaml")
_NOT_COUNTRIES = "not_countries"
_FIRST_NAMES = "first_names"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A country's name or demonym as its words; `code` is None where the words mean no country ("Latin American")."""

    words: tuple[str, ...]
    code: str | None

    @property
    def is_initials(self) -> bool:
        """Tell whether only capital letters mean this country: "US" is one, "us" is not."""
        return self.words[0].isupper() and len(self.words[0]) <= 3


@dataclass(frozen=True, slots=True)
class Countries:
    """What is known of countries. `phrases` by their first word without case, longest first; `areas` by code.

    `first_names`: names of countries that people bear too.
    """

    phrases: Mapping[str, tuple[Phrase, ...]]
    areas: Mapping[str, str]
    codes: Mapping[str, str]
    first_names: frozenset[str]

    def area_names(self) -> frozenset[str]:
        """Return the areas of the world that regions can be made of."""
        return frozenset(self.areas.values())


@cache
def known() -> Countries:
    """Read countries.yaml, once a process."""
    data = yaml.load(_DATA.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    phrases = [Phrase(_split(text), None) for text in data.pop(_NOT_COUNTRIES)]
    first_names = frozenset(data.pop(_FIRST_NAMES))
    areas: dict[str, str] = {}
    codes: dict[str, str] = {}
    for area, countries in data.items():
        for code, names in countries.items():
            areas[code] = area
            phrases += [Phrase(_split(name), code) for name in names]
            codes |= {fold(name): code for name in names}
    by_first: dict[str, list[Phrase]] = {}
    for phrase in sorted(phrases, key=lambda phrase: -len(phrase.words)):
        by_first.setdefault(phrase.words[0].casefold(), []).append(phrase)
    return Countries({first: tuple(of_first) for first, of_first in by_first.items()}, areas, codes, first_names)


def named(text: str) -> tuple[str, ...]:
    """Return the ISO 3166 alpha-2 codes of the countries that a text names, sorted, each once."""
    phrases = known().phrases
    found: set[str] = set()
    tokens = list(_WORD.finditer(text))
    index = 0
    while index < len(tokens):
        first = tokens[index].group()
        candidates = phrases.get(first.casefold()) or phrases.get(_singular(first).casefold()) or ()
        small = not first[0].isupper()  # "the" begins no "The Gambia": most words are settled by that
        phrase = next(
            (
                phrase
                for phrase in candidates
                if not (small and phrase.words[0][0].isupper()) and _stands_at(phrase, tokens, index, text)
            ),
            None,
        )
        if phrase is not None and phrase.code is not None and not _is_person(tokens[index], text):
            found.add(phrase.code)
        index += len(phrase.words) if phrase is not None else 1
    return tuple(sorted(found))


def _is_person(name: re.Match[str], text: str) -> bool:
    if name.group() in known().first_names:
        return is_person(text, name.start(), name.end())
    return is_addressed(text, name.start())


def called(text: str) -> str | None:
    """Return the code of the country whose name this whole text is; None where it is none."""
    return known().codes.get(fold(text))


def _split(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith(("s", "S")) else word


def _stands_at(phrase: Phrase, tokens: list[re.Match[str]], index: int, text: str) -> bool:
    """Tell whether a phrase's words stand together from token `index` on, with the capital letters it needs."""
    here = tokens[index : index + len(phrase.words)]
    if len(here) < len(phrase.words):
        return False
    for wanted, token in zip(phrase.words, here, strict=True):
        word = token.group()
        if wanted.casefold() not in (word.casefold(), _singular(word).casefold()):
            return False
        if wanted[0].isupper() and not word[0].isupper():
            return False
    if not all(_joined(text[one.end() : two.start()], one.group()) for one, two in pairwise(here)):
        return False
    return not phrase.is_initials or _is_written_as_initials(here, tokens[index - 1] if index else None, text)


def _joined(between: str, word: str) -> bool:
    """Tell whether two words belong together: a full stop between them ends a sentence, but not after "St" or "U"."""
    return between in {" ", "-", "‑", "'", "’", ", "} or (between in {".", ". "} and len(word) <= 2)


def _is_written_as_initials(here: list[re.Match[str]], before: re.Match[str] | None, text: str) -> bool:
    """Tell "the US" from "us", from "PRAY FOR US" and from "US$ 100"."""
    first = here[0].group()
    shouted = before is not None and len(before.group()) > 1 and before.group().isupper()
    return first.isupper() and not shouted and text[here[-1].end() : here[-1].end() + 1] != "$"
