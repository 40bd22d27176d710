"""A row of the campaign's table, and the table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.faults.outcome import Outcome

_HEADINGS = (
    "experiment", "database", "tries", "lost", "doubled", "leaked", "unknown copies", "stray bare verses",
    "slowest recovery", "real time", "",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """What one experiment came to on one kind of database. `mutant` names the guard that was broken meanwhile."""

    number: int
    title: str
    database: str
    seconds: float
    outcome: Outcome
    mutant: str | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in the table."""
        outcome = self.outcome
        counts = (outcome.tries, outcome.lost, outcome.doubled, outcome.leaked, outcome.unknown, outcome.stray)
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
            verdict = "notices nothing" if self.outcome.holds else "notices"
            return f"with {self.mutant}: {self.number} on {self.database} {verdict}"
        return "\n  ".join([" | ".join(self.cells), *self.outcome.wrong])


def table(rows: Sequence[Row]) -> str:
    """The table of all experiments on the unbroken bot."""
    return _table(_HEADINGS, [row.cells for row in rows if row.mutant is None])


def mutants(rows: Sequence[Row]) -> str:
    """Which experiments caught which mutant; what none caught is a hole in the campaign."""
    caught: dict[str, dict[str, None]] = {}
    for row in rows:
        if row.mutant is not None:
            by = caught.setdefault(row.mutant, {})
            if not row.outcome.holds:
                by[f"{row.number} ({row.database})"] = None
    return _table(
        ("broken guard", "caught by experiment"),
        [(mutant, ", ".join(by) or "NOTHING") for mutant, by in caught.items()],
    )


def is_good(rows: Sequence[Row]) -> bool:
    """Whether every experiment holds, and every mutant was caught."""
    broken = {row.mutant for row in rows if row.mutant is not None}
    caught = {row.mutant for row in rows if row.mutant is not None and not row.outcome.holds}
    return broken == caught and all(row.outcome.holds for row in rows if row.mutant is None)


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
