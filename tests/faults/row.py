"""A row of the campaign's table, and the table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.faults.outcome import Outcome

_HEADINGS = (
    "experiment", "database", "tries", "lost", "doubled", "leaked", "slipped", "unknown copies", "stray bare verses",
    "slowest recovery", "real time", "",
)  # fmt: skip

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
        """What stands in the table."""
        outcome = self.outcome
        broken_promises = (outcome.lost, outcome.doubled, outcome.leaked)
        counts = (outcome.tries, *broken_promises, outcome.slipped, outcome.unknown, outcome.stray)
        slowest = "" if outcome.slowest is None else f"{outcome.slowest:.0f} s"
        verdict = "holds" if outcome.holds else "VIOLATED"
        return (
            f"{self.number} {self.title}",
            self.database,
            *map(str, counts),
            slowest,
            f"{self.seconds:.0f} s",
            verdict,
        )

    @property
    def line(self) -> str:
        """What is said when it is done: a row, and a line for everything that is wrong. Of a mutant: whether it is."""
        if self.mutant:
            verdict = "notices" if self.outcome.notices else "notices nothing"
            said = f"with {self.mutant}: {self.number} on {self.database} {verdict}"
            return "\n  ".join([said, *([] if self.outcome.notices else self.outcome.broken)])
        return "\n  ".join([" | ".join(self.cells), *self.outcome.wrong, *self.outcome.broken])


def table(rows: Sequence[Row]) -> str:
    """The table of all experiments on the unbroken bot."""
    return _table(_HEADINGS, [row.cells for row in rows if row.mutant is None])


def mutants(rows: Sequence[Row]) -> str:
    """Which experiments caught which mutant, and which of those that must did not: a hole in the campaign."""
    tried: dict[str, tuple[list[str], list[str]]] = {}
    for row in rows:
        if row.mutant is not None:
            caught, missed = tried.setdefault(row.mutant, ([], []))
            (caught if row.outcome.notices else missed).append(f"{row.number} ({row.database})")
    return _table(
        ("broken guard", "caught by experiment", "NOT CAUGHT BY"),
        [(mutant, ", ".join(caught), ", ".join(missed)) for mutant, (caught, missed) in tried.items()],
    )


def is_good(rows: Sequence[Row]) -> bool:
    """Whether every experiment holds, and every one that must notice a mutant did, on each kind of database."""
    return all(row.outcome.holds if row.mutant is None else row.outcome.notices for row in rows)


def is_whole(rows: Sequence[Row]) -> bool:
    """Whether everything that was wanted was played."""
    return all(row.played for row in rows)


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
