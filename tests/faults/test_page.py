"""What stands in docs/faults.md was played, in whichever run."""

from tests.faults.outcome import Outcome
from tests.faults.page import page
from tests.faults.place import POSTGRESQL, SQLITE
from tests.faults.row import Row

TITLE = "eight processes claim the same posts"
FIRST = Row(11, TITLE, SQLITE, 61.4, Outcome(tries=9))
OTHER = Row(11, TITLE, POSTGRESQL, 30.0, Outcome(tries=9, lost=1))
MUTANT = Row(11, TITLE, SQLITE, 1.0, Outcome(doubled=1), "no unique key")


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(("| 11 ", "| no unique key "))]


def test_a_run_replaces_what_it_played_and_leaves_the_rest() -> None:
    first = page("", [FIRST, OTHER, MUTANT], "Monday, abc", "Python")
    assert lines(first) == [
        f"| 11 {TITLE} | sqlite | 9 | 0 | 0 | 0 | 0 | 0 | 0 | - | 61 s | holds | Monday, abc |",
        f"| 11 {TITLE} | postgresql | 9 | 1 | 0 | 0 | 0 | 0 | 0 | - | 30 s | VIOLATED | Monday, abc |",
        "| no unique key | 11 on sqlite | caught | Monday, abc |",
    ]
    again = page(first, [Row(11, TITLE, POSTGRESQL, 40.0, Outcome(tries=9))], "Tuesday, def", "Python")
    kept, replaced, mutant = lines(again)
    assert (kept, mutant) == (lines(first)[0], lines(first)[2])
    assert replaced.endswith("| holds | Tuesday, def |")
    assert page(again, [], "Wednesday", "Python") == again


def test_what_was_not_played_is_named_and_nothing_stands_for_it() -> None:
    killed = Row(11, TITLE, POSTGRESQL, 0.0, Outcome(broken=["its process ended"]), played=False)
    written = page("", [FIRST, killed], "Monday, abc", "Python")
    (missing,) = [line for line in written.splitlines() if line.startswith("Not played yet")]
    assert f"11 {TITLE} (postgresql)" in missing
    assert f"11 {TITLE} (sqlite)" not in missing
    assert "no unique key (11 on postgresql)" in missing
    assert len(lines(written)) == 1
