"""A row of the campaign's table, and the table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.faults.outcome import Outcome

HEADINGS = (
    "experiment", "database", "tries", "lost", "doubled", "leaked", "slipped", "unknown copies", "stray bare verses",
    "slowest recovery", "real time", "",
)  # fmt: skip
GUARD_HEADINGS = ("broken guard", "experiment", "")

# An experiment's number, the kind of database, and the broken guard, if any.
Key = tuple[int, str, str | None]


@dataclass(frozen=True)
class Row:
    """What one experiment came to on one kind of database. `mutant` names the guard that was broken meanwhile.

    Not `played`: its process ended before.
    """

    number: int
    title: str
    database: str
    seconds: float
    outcome: Outcome
    mutant: str | None = None
    played: bool = True

    @property
    def key(self) -> Key:
        """Which one it is."""
        return self.number, self.database, self.mutant

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in its table; the first two say which row it is."""
        outcome = self.outcome
        if self.mutant:
            return self.mutant, f"{self.number} on {self.database}", "caught" if outcome.notices else "NOT CAUGHT"
        broken_promises = (outcome.lost, outcome.doubled, outcome.leaked)
        counts = (outcome.tries, *broken_promises, outcome.slipped, outcome.unknown, outcome.stray)
        return (
            f"{self.number} {self.title}",
            self.database,
            *map(str, counts),
            "-" if outcome.slowest is None else f"{outcome.slowest:.0f} s",
            f"{self.seconds:.0f} s",
            "holds" if outcome.holds else "VIOLATED",
        )

    @property
    def line(self) -> str:
        """What is said when it is done: its cells, and a line for everything that is wrong."""
        wrong = self.outcome.wrong if self.mutant is None else []
        missed = self.outcome.broken if self.mutant is None or not self.outcome.notices else []
        return "\n  ".join([" | ".join(self.cells), *wrong, *missed])


def is_good(rows: Sequence[Row]) -> bool:
    """Whether every experiment holds, and every one that must notice a mutant did, on each kind of database."""
    return all(row.outcome.holds if row.mutant is None else row.outcome.notices for row in rows)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
