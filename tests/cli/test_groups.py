"""`vigil groups`: what an operator sees and decides."""

import asyncio
import os

import pytest

from bot.domain.group import GroupState
from bot.store.database import Store, database_url, make_engine
from bot.store.key import Key
from tests.cli.conftest import Vigil
from tests.e2e.stage import KEY
from tests.stored import add_group

ZONES = ("America/Argentina/ComodRivadavia", "Africa/Nairobi", "UTC")
TITLE = "Harbour [/] prayer, of all who keep watch by night over the bay"


@pytest.fixture
def three_groups(vigil: Vigil) -> Vigil:
    """`vigil`, with a group in each of the zones; the first waits for approval."""

    async def add() -> None:
        engine = make_engine(database_url(os.environ["DATABASE_URL"]))
        for number, zone in enumerate(ZONES):
            state = GroupState.ACTIVE if number else GroupState.PENDING
            await add_group(Store(engine, Key.parse(KEY)), -1000 - number, title=TITLE, zone=zone, state=state)
        await engine.dispose()

    assert "No group" in vigil("groups", "list").out
    asyncio.run(add())
    return vigil


def test_a_pipe_gets_a_line_for_each_group(three_groups: Vigil, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = three_groups("groups", "list").out.splitlines()
    assert all(sum(zone in line and TITLE in line for line in lines) == 1 for zone in ZONES)


@pytest.mark.parametrize("width", [80, 100, 160])
def test_nothing_is_cut_off_in_a_terminal(three_groups: Vigil, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    for name, value in (("COLUMNS", str(width)), ("TTY_COMPATIBLE", "1"), ("NO_COLOR", "1"), ("TERM", "dumb")):
        monkeypatch.setenv(name, value)
    said = three_groups("groups", "list").out
    assert all(zone in said for zone in ZONES)
    assert "…" not in said
    assert max(map(len, said.splitlines())) <= width


def test_a_waiting_group_is_decided_once(three_groups: Vigil) -> None:
    approved = three_groups("groups", "approve", 1)
    assert (approved.status, approved.out.startswith("Stored. No bot is running")) == (0, True)
    again = three_groups("groups", "decline", 1)
    assert (again.status, f"“{TITLE}” doesn't wait" in again.err) == (1, True)
    assert "There is no group 9" in three_groups("groups", "approve", 9).err
