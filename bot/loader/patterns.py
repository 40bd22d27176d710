"""Word patterns of a profile: "IJM * is located in *", where a star stands for any words or none."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from bot.loader.lines import fold, words

_LONGEST = 60
_LONGEST_OF_ONE_WORD = 5


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern as its stretches of folded words; the first and the last are empty where a star stands there.

    `longest`: the most words of a text that it matches, so that a star swallows no request. Not a regular expression:
    anybody can write one, and none takes more time than the text is long.
    """

    written: str
    stretches: tuple[str, ...]
    longest: int

    def matches(self, folded: str) -> bool:
        """Tell whether a folded text, as a whole, is what the pattern says."""
        if len(self.stretches) == 1:
            return folded == self.stretches[0]
        first, *middle, last = self.stretches
        text = f" {folded} "
        position = 0
        if first:
            if not text.startswith(f" {first} "):
                return False
            position = len(first) + 1
        for stretch in middle:
            position = text.find(f" {stretch} ", position)
            if position < 0:
                return False
            position += len(stretch) + 1
        if last and not (text.endswith(f" {last} ") and len(text) - len(last) - 2 >= position):
            return False
        return folded.count(" ") < self.longest


def pattern(written: str) -> Pattern:
    """Read a pattern. Raises ValueError for one without words, which would match everything."""
    stretches = [fold(stretch) for stretch in written.split("*")]
    if not any(stretches):
        raise ValueError(f"{written!r} holds no words")
    if len(stretches) == 1:
        return Pattern(written, (stretches[0],), _LONGEST)
    middle = [stretch for stretch in stretches[1:-1] if stretch]
    single = sum(len(stretch.split()) for stretch in stretches) == 1
    return Pattern(written, (stretches[0], *middle, stretches[-1]), _LONGEST_OF_ONE_WORD if single else _LONGEST)


@dataclass(frozen=True, slots=True)
class Patterns:
    """Patterns in an order that counts, found by a word: a text without a pattern's longest word doesn't match it."""

    all: tuple[Pattern, ...]
    _by_word: Mapping[str, tuple[int, ...]]
    _whole: Mapping[str, int]
    _longest: int

    @classmethod
    def of(cls, patterns: Iterable[Pattern]) -> "Patterns":
        """Put patterns in order."""
        found = tuple(patterns)
        by_word: dict[str, tuple[int, ...]] = {}
        for at, each in enumerate(found):
            longest = max(" ".join(each.stretches).split(), key=len)
            by_word[longest] = (*by_word.get(longest, ()), at)
        whole: dict[str, int] = {}
        for at, each in enumerate(found):
            if len(each.stretches) == 1:
                whole.setdefault(each.stretches[0], at)
        return cls(found, by_word, whole, max([_LONGEST, *(written.count(" ") + 1 for written in whole)]))

    def __iter__(self) -> Iterator[Pattern]:
        return iter(self.all)

    def says(self, folded: str) -> bool:
        """Tell whether one of the patterns without a star is this folded text."""
        return folded in self._whole

    def one_is(self, text: str) -> bool:
        """Tell whether one of the patterns is this text; of most paragraphs their number of words says that none is."""
        spoken = words(text)
        return len(spoken) <= self._longest and self.first(" ".join(spoken)) is not None

    def first(self, folded: str, said: Set[str] | None = None) -> int | None:
        """Return which of the patterns is the first that a folded text is, None where it is none of them.

        `said`: the text's words, where they are known already.
        """
        if folded.count(" ") >= _LONGEST:
            return self._whole.get(folded)  # too long for a star
        named = [
            at
            for word in self._by_word.keys() & (set(folded.split()) if said is None else said)
            for at in self._by_word[word]
        ]
        return min((at for at in named if self.all[at].matches(folded)), default=None)
