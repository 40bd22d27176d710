"""What the campaign makes of its rows: nothing that is missing may look as if it held."""

import os
import signal
from typing import Any

import pytest

from tests.faults.outcome import Outcome
from tests.faults.place import KINDS, POSTGRESQL, SQLITE
from tests.faults.row import Row, is_good
from tests.faults.running import Wanted, side_by_side

WANTED = Wanted(seed=1, only=frozenset({3, 7}), mutants="not")


def row(number: int, kind: str = SQLITE, outcome: Outcome | None = None, mutant: str | None = None) -> Row:
    return Row(number, "played", kind, 1.0, outcome or Outcome(), mutant)


def _broken_off(wanted: Wanted, kind: str, rows: Any) -> None:
    """On SQLite everything is played, and the process ends with an error; on PostgreSQL it is killed before 7."""
    for number in sorted(wanted.only):
        if (number, kind) == (7, POSTGRESQL):
            os.kill(os.getpid(), signal.SIGKILL)
        rows.send(row(number, kind))
    rows.close()
    os._exit(3)


def test_a_process_that_is_killed_or_ends_with_an_error_is_a_violation() -> None:
    rows = list(side_by_side(WANTED, KINDS, _broken_off))
    assert not is_good(rows)
    missing, *ended = [each for each in rows if not each.played]
    assert missing.key == (7, POSTGRESQL, None)
    assert "VIOLATED" in missing.line
    assert [each.outcome.broken for each in ended] == [
        ["its process ended with status 3"],
        ["its process ended with status 3"],
        ["its process ended with status -9"],
    ]


@pytest.mark.parametrize(
    ("outcome", "caught"),
    [
        (Outcome(), False),
        (Outcome(broken=["it broke off: TimeoutError: "]), False),
        (Outcome(doubled=1), True),
        (Outcome(wrong=["another node ended too"]), True),
    ],
)
def test_a_broken_guard_is_caught_by_what_was_judged_alone(outcome: Outcome, caught: bool) -> None:
    assert is_good([row(3, outcome=outcome, mutant="no guard")]) is caught


def test_each_database_and_experiment_must_notice_a_broken_guard() -> None:
    rows = [row(3, SQLITE, Outcome(lost=1), "no guard"), row(3, POSTGRESQL, mutant="no guard")]
    assert not is_good(rows)
    assert [each.cells[1:] for each in rows] == [("3 on sqlite", "caught"), ("3 on postgresql", "NOT CAUGHT")]


def test_a_try_that_breaks_off_is_a_violation() -> None:
    assert not is_good([row(3, outcome=Outcome.broke_off(TimeoutError()))])
