import asyncio

import pytest
import telegram

from bot.rehearsal.pulse import Pulse
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from tests.rehearsal.conftest import Api, Cast


async def test_a_fact_that_holds_already_is_not_waited_for() -> None:
    await Pulse().until(lambda: True)


async def test_a_fact_that_never_comes_true_times_out() -> None:
    with pytest.raises(TimeoutError):
        await Pulse().until(lambda: False, 0.001)


async def test_quiet_comes_when_the_bot_has_confirmed_all_and_waits_again(
    server: RehearsalServer, api: Api, cast: Cast, world: World, bot: telegram.Bot
) -> None:
    world.say(cast.member, cast.group, "/week")
    waiting = asyncio.create_task(server.until_quiet())
    (update,) = await bot.get_updates()
    assert not waiting.done()
    poll = asyncio.create_task(bot.get_updates(offset=update.update_id + 1, timeout=50))
    await waiting
    world.say(cast.member, cast.group, "/today")
    assert not server.quiet
    await poll
