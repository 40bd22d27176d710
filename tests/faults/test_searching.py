"""What a try leaves behind in plain is found, in a log as in a row, and is a leak."""

import asyncio
import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from bot.store.tables import journal, notices
from tests.e2e.stage import KEY, TOKEN
from tests.faults.experiments.kills import BEFORE_DUE
from tests.faults.outcome import Outcome, played
from tests.faults.place import KINDS, SQLITE, Place
from tests.faults.trial import CANARY, Hour, trial
from tests.postgres import MakeDatabase

LINES = {"nothing": "it began", "the token": f"GET /bot{TOKEN}/getMe", "the key": f"VIGIL_KEY={KEY}"}
ROWS: Mapping[str, Any] = {
    "the key's bytes": insert(journal).values(at=BEFORE_DUE, person=base64.urlsafe_b64decode(KEY), act="kept"),
    "request text": insert(notices).values(about="all", text_key="all", detail=f"{CANARY} text", told=False),
}


async def left(place: Place, what: str) -> Outcome:
    async with trial(place, BEFORE_DUE, Hour()) as played_on:
        played_on.log.write_text(LINES.get(what, ""))
        if what in ROWS:
            async with played_on.store.engine.begin() as connection:
                await connection.execute(ROWS[what])
            # In a backup too, or in what the server keeps.
            assert len(played_on.found_in_plain(everywhere=True)) > len(played_on.found_in_plain())
        return Outcome()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("what", [*LINES, *ROWS])
def test_a_try_that_leaves_something_behind_in_plain_is_a_leak(
    what: str, kind: str, tmp_path: Path, postgres: MakeDatabase
) -> None:
    place = Place(kind, tmp_path, None if kind == SQLITE else postgres)
    place.prepare()
    outcome = asyncio.run(played([what], lambda each: left(place, each)))
    assert outcome.broken == []
    assert bool(outcome.leaked) is (what != "nothing")
