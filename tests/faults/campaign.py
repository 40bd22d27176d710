"""The campaign: every experiment of `faults.md`, in its order."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.faults.experiments import kills
from tests.faults.outcome import Outcome
from tests.faults.place import KINDS, SQLITE, Place

Run = Callable[[int, int, Place], Awaitable[Outcome]]


@dataclass(frozen=True)
class Experiment:
    """One row of `faults.md`. `tries` is the full run's number, `few` the one of `make test`.

    What needs no database is run once, with the first kind.
    """

    number: int
    title: str
    run: Run
    tries: int
    few: int
    databases: tuple[str, ...] = KINDS


WITHOUT_DATABASE = (SQLITE,)

EXPERIMENTS = (
    Experiment(1, "killed at every point of a post's life", kills.killed_at_every_point, 20, 1),
    Experiment(2, "killed at random times over 30 days", kills.killed_at_random, 1000, 6),
)
