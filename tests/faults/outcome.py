"""What came of tries: what was lost, doubled, leaked; and how several are played."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from tests.faults.searching import FoundInPlainError

T = TypeVar("T")

AT_ONCE = 3


@dataclass
class Outcome:
    """The counts of `faults.md`. `slowest` is the slowest recovery in seconds.

    `slipped` counts what went into a chat that had become public within the second since the bot asked: it is found and
    taken back. `wrong` says in sentences what else was not as it must be, and where the counts come from. `broken` says
    what kept it from being judged: that is a violation too, but no proof that the campaign sees what it looks for.
    """

    tries: int = 1
    lost: int = 0
    doubled: int = 0
    leaked: int = 0
    unknown: int = 0
    slipped: int = 0
    stray: int = 0
    slowest: float | None = None
    wrong: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @classmethod
    def broke_off(cls, error: Exception) -> "Outcome":
        """Of something that was not played to its end, or that left something behind in plain."""
        if isinstance(error, FoundInPlainError):
            return cls(leaked=len(error.found), wrong=error.found)
        return cls(broken=[f"it broke off: {type(error).__name__}: {error}"])

    @property
    def holds(self) -> bool:
        """Whether nothing was violated. Whether bare verses may stand twice, the experiment says."""
        return not (self.notices or self.broken)

    @property
    def notices(self) -> bool:
        """Whether it was judged, and something was found that must not be."""
        return bool(self.lost or self.doubled or self.leaked or self.unknown or self.wrong)

    def expect(self, holds: bool, sentence: str) -> None:
        """Note what is wrong unless it holds."""
        if not holds:
            self.wrong.append(sentence)

    def recovered_within(self, seconds: float) -> "Outcome":
        """Note a recovery that took longer."""
        slowest = self.slowest or 0.0
        self.expect(slowest <= seconds, f"recovery took {slowest:g} s, and may take {seconds:g} s")
        return self

    def named(self, name: str) -> "Outcome":
        """The same, with the try's name before each sentence."""
        self.wrong = [f"{name}: {sentence}" for sentence in self.wrong]
        self.broken = [f"{name}: {sentence}" for sentence in self.broken]
        return self

    def add(self, other: "Outcome") -> None:
        """Put another's counts to these."""
        self.tries += other.tries
        self.lost += other.lost
        self.doubled += other.doubled
        self.leaked += other.leaked
        self.unknown += other.unknown
        self.slipped += other.slipped
        self.stray += other.stray
        self.slowest = max((each for each in (self.slowest, other.slowest) if each is not None), default=None)
        self.wrong += other.wrong
        self.broken += other.broken


def some(plays: Sequence[T], seed: int, tries: int) -> list[T]:
    """`tries` of these: all of them in turn if there are fewer, others with each seed if there are more."""
    shuffled = Random(seed).sample(plays, len(plays))
    return [shuffled[number % len(plays)] for number in range(tries)]


async def played(tries: Iterable[T], play: Callable[[T], Awaitable[Outcome]], at_once: int = AT_ONCE) -> Outcome:
    """Play every try, a few at once. One that breaks off is a violation."""
    total, room = Outcome(tries=0), asyncio.Semaphore(at_once)

    async def one(what: T) -> None:
        async with room:
            try:
                outcome = await play(what)
            except Exception as error:  # noqa: BLE001 (whatever it is: the other tries go on, and this one is told)
                outcome = Outcome.broke_off(error)
            total.add(outcome.named(f"try {what}"))

    await asyncio.gather(*(one(what) for what in tries))
    return total
