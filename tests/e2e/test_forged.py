"""A few hundred forged and damaged taps and commands; experiment 20 of `make faults` sends ten thousand."""

from pathlib import Path
from random import Random

from tests.e2e.cast import whole_cast
from tests.e2e.forging import forge


async def test_what_people_may_not_has_no_effect(tmp_path: Path) -> None:
    async with whole_cast(f"sqlite:///{tmp_path}/vigil.db") as cast:
        assert await forge(cast, Random(5), 400) == []
