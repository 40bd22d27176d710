"""How many posts (open and reveal) a second Vigil carries, beside the same calls of python-telegram-bot in a bare loop.

Both speak to a rehearsal server in this process, so that both pay for it alike. Nothing is judged.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from zoneinfo import ZoneInfo

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.app import App, Clocks, open_store
from bot.domain.group import GroupState
from bot.domain.weekdays import EVERY_DAY
from bot.rehearsal.chats import Chat
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from tests.clock import StandingClock
from tests.e2e.sample import HARBOUR, publish
from tests.e2e.stage import TOKEN, stage_settings
from tests.postgres import postgres_server

POSTS, AT_ONCE = 300, 30
DUE = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
UNHELD = {
    "paid_broadcast": True,
    "calls_per_second": 1000,
    "questions_per_second": 1000,
    "calls_per_minute_in_a_chat": 1000,
    "counts_per_minute_in_a_chat": 1000,
    "seconds_apart_in_a_chat": 0,
}


def main() -> None:
    """Print posts a second for each kind of database."""
    sys.stdout.write(f"{'database':<12}{'Vigil':>8}{'bare':>8}{'share':>8}   posts a second, {POSTS} posts\n")
    with TemporaryDirectory() as folder, ExitStack() as stack:
        databases = {
            "SQLite": f"sqlite:///{folder}/vigil.db",
            "PostgreSQL": stack.enter_context(postgres_server(Path(folder)))(),
        }
        for name, address in databases.items():
            vigil, bare = asyncio.run(_measured(address))
            sys.stdout.write(f"{name:<12}{vigil:>8.1f}{bare:>8.1f}{vigil / bare:>8.0%}\n")
            sys.stdout.flush()


async def _measured(address: str) -> tuple[float, float]:
    clock = StandingClock(DUE)
    world = World(clock.now)
    world.limits.off()
    chats = [world.group(f"Harbour {number}") for number in range(POSTS)]
    for chat in chats:
        world.add_bot(chat, by=world.owner(chat))
    async with RehearsalServer(world, token=TOKEN) as server:
        before = await _rate(lambda: _bare(server, chats))
        settings = stage_settings(server, address, pacing=UNHELD)
        async with open_store(settings) as store:
            app = App(settings, store, TOKEN, Clocks(clock.now))
            await _subscribe(app, clock, chats)
            assert await app.polling.connect()
            vigil = await _rate(lambda: _vigil(app))
            await app.polling.close()
        assert len(world.record.showing(HARBOUR)) == POSTS
        return vigil, (before + await _rate(lambda: _bare(server, chats))) / 2


async def _rate(post_all: Callable[[], Awaitable[None]]) -> float:
    began = perf_counter()
    await post_all()
    return POSTS / (perf_counter() - began)


async def _subscribe(app: App, clock: StandingClock, chats: list[Chat]) -> None:
    await publish(app.store, StandingClock(datetime(2026, 3, 1, 12, tzinfo=UTC)))
    async with app.store.writing() as stored:
        for chat in chats:
            group = await stored.groups.add(chat.id, chat.title, ZoneInfo("UTC"), DUE.time(), EVERY_DAY)
            await stored.groups.move(group.id, GroupState.ACTIVE)
            await stored.groups.set_next_due(group.id, clock.now())


async def _vigil(app: App) -> None:
    await app.posting.wake()
    while app.posting.busy:  # noqa: ASYNC110 (a job tells nobody that it is done)
        await asyncio.sleep(0.01)


async def _bare(server: RehearsalServer, chats: list[Chat]) -> None:
    """Ask, send, ask, edit, for as many chats at once as Vigil has in hand."""
    request = HTTPXRequest(connection_pool_size=64, pool_timeout=10)
    hands = asyncio.Semaphore(AT_ONCE)
    async with Bot(TOKEN, server.base_url, request=request) as bot:

        async def post(chat: Chat) -> None:
            async with hands:
                await bot.get_chat(chat.id)
                sent = await bot.send_message(chat.id, "A verse of some length, that is shown first.")
                await bot.get_chat(chat.id)
                await bot.edit_message_text("The request itself.", chat.id, sent.message_id)

        await asyncio.gather(*map(post, chats))


if __name__ == "__main__":
    main()
