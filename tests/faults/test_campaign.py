"""A selection of `make faults`: a few tries of each with a fixed seed, on the bot as it is; at most three minutes."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.faults.campaign import EXPERIMENTS
from tests.faults.place import POSTGRESQL, SQLITE, Place
from tests.faults.running import run
from tests.postgres import MakeDatabase

SEED = 1
SELECTED = {SQLITE: (1, 3, 5, 8, 11, 13, 15, 18), POSTGRESQL: (3, 9, 11)}
NUMBERED = {each.number: each for each in EXPERIMENTS}


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("number", "kind"), [(number, kind) for kind, numbers in SELECTED.items() for number in numbers]
)
def test_the_campaign_holds(number: int, kind: str, postgres: MakeDatabase) -> None:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        place = Place(kind, Path(folder), None if kind == SQLITE else postgres)
        place.prepare()
        outcome = run(NUMBERED[number], SEED, place, NUMBERED[number].few).outcome
    assert [*outcome.wrong, *outcome.broken] == []
    assert outcome.holds
