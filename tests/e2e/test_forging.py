"""What is forged or damaged has no effect; `make faults` tries 10,000 of it, this a few."""

from pathlib import Path
from random import Random

import pytest

from tests.e2e.cast import whole_cast
from tests.e2e.forging import forge

TRIES = 1000


@pytest.mark.no_cover
async def test_what_is_forged_or_damaged_has_no_effect(tmp_path: Path) -> None:
    async with whole_cast(f"sqlite:///{tmp_path}/vigil.db") as cast:
        assert await forge(cast, Random("forged"), TRIES) == []
