import asyncio
import inspect
import logging
from collections.abc import Callable

import pytest
from telegram import Update
from telegram.ext import TypeHandler, Updater

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from bot.telegram.polling import STOPPED, Polling
from tests.e2e.stage import TOKEN, until


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


async def test_a_stop_that_was_ordered_is_no_accident(caplog: pytest.LogCaptureFixture) -> None:
    assert STOPPED in inspect.getsource(Updater), "python-telegram-bot says it in other words now"
    async with RehearsalServer(World(), token=TOKEN) as server:
        polling = Polling(TOKEN, server.origin)
        assert await polling.connect()
        await polling.start()
        await polling.receive_no_more()
        logger = logging.getLogger("telegram.ext.Updater")
        logger.critical(STOPPED)
        logger.error("anything else")
        await polling.close()
    assert [record.getMessage() for record in caplog.records] == ["anything else"]


async def test_a_stop_leaves_nothing_under_way_behind_it() -> None:
    begun, ended = list[object](), list[object]()

    async def never_done(update: Update, _context: object) -> None:
        begun.append(update)
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)  # as who gives a connection back
            ended.append(update)

    world = World()
    person = world.person("Amina")
    async with RehearsalServer(world, token=TOKEN) as server:
        polling = Polling(TOKEN, server.origin)
        assert await polling.connect()
        polling.application.add_handler(TypeHandler(Update, never_done))
        await polling.start()
        for number in range(40):
            world.say(person, None, f"{number}")
        await until(lambda: len(begun) == polling.application.concurrent_updates < 40)
        await polling.receive_no_more()
        assert not ended
        await polling.close()
        assert len(ended) == len(begun)
