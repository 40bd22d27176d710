from collections.abc import Callable

import pytest

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from bot.telegram.polling import Polling
from tests.e2e.stage import TOKEN


def never() -> None:
    """What the store says to a node whose lease is over."""
    raise RuntimeError("on purpose")


@pytest.mark.parametrize(("check", "connects"), [(never, False), (lambda: None, True)])
async def test_a_node_that_may_not_be_at_work_makes_no_call(check: Callable[[], None], connects: bool) -> None:
    async with RehearsalServer(World(), token=TOKEN) as server:
        polling = Polling(TOKEN, server.origin, check)
        assert await polling.connect() is connects
        assert bool(server.world.record.calls) is connects
        await polling.close()
