"""Each experiment with a few tries and a fixed seed: a selection of `make faults`, on the bot as it is."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.faults.campaign import EXPERIMENTS, Experiment
from tests.faults.place import SQLITE, Place
from tests.faults.running import run
from tests.postgres import MakeDatabase

SEED = 1


@pytest.mark.parametrize(
    ("experiment", "kind"),
    [(each, kind) for each in EXPERIMENTS for kind in each.databases],
    ids=[f"{each.number} {each.title}, {kind}" for each in EXPERIMENTS for kind in each.databases],
)
def test_the_campaign_holds(experiment: Experiment, kind: str, postgres: MakeDatabase) -> None:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        place = Place(kind, Path(folder), None if kind == SQLITE else postgres)
        place.prepare()
        outcome = run(experiment, SEED, place, few=True).outcome
    assert outcome.wrong == []
    assert outcome.holds
