"""A posting process killed at every point of a post's life. The rehearsal server's record is the judge."""

import asyncio
import multiprocessing
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.app import open_store
from bot.domain.bulletin import Bulletin, Kind, Point, Request, Verse
from bot.domain.group import GroupState
from bot.domain.plan import window
from bot.domain.post import PostState
from bot.domain.regions import Region
from bot.domain.weekdays import EVERY_DAY
from bot.rehearsal.chats import Chat
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from bot.settings import Settings, load_settings
from bot.store.bulletins import BulletinState
from bot.store.plan import PlanEntry
from tests.e2e.stage import KEY, TOKEN
from tests.faults.child import Orders, post_until_done

MONDAY = date(2026, 3, 2)
DUE = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
VERSE = Verse("Let justice roll on like rivers", "Amos 5:24")
SHORT = ("Canary zero: pray for the invented harbour team.",)
LONG = tuple(f"Canary {name}: " + "pray for the invented harbour team. " * 90 for name in ("zero", "one", "two"))
CANARY = "Canary"
AT_ONCE = 4

forked = multiprocessing.get_context("forkserver")
forked.set_forkserver_preload(["tests.faults.child"])


async def prepare(settings: Settings, chat: Chat, texts: tuple[str, ...]) -> None:
    """An active group that is due at DUE, and a published request."""
    request = Request(Region.GLOBAL, "Global", tuple(Point(text, Kind.PRAYER) for text in texts))
    async with open_store(settings) as store, store.writing() as stored:
        bulletin = await stored.bulletins.add(
            Bulletin(None, None, VERSE, (request,)), "content", date(2026, 3, 1), window(date(2026, 3, 1)), VERSE
        )
        await stored.bulletins.set_state(bulletin.id, BulletinState.PUBLISHED)
        await stored.plan.put([PlanEntry(MONDAY, bulletin.requests[0].id, tuple(range(len(texts))))])
        group = await stored.groups.add(chat.id, "Harbour", ZoneInfo("UTC"), time(7), EVERY_DAY)
        await stored.groups.move(group.id, GroupState.ACTIVE)
        await stored.groups.set_next_due(group.id, DUE)


async def run_child(orders: Orders, target: Callable[[Orders], None] = post_until_done) -> int:
    """Run a process, one that posts if nothing else is said; its exit status, negative for a signal."""
    process = forked.Process(target=target, args=(orders,))
    process.start()
    async with asyncio.timeout(120):
        await asyncio.get_running_loop().run_in_executor(None, process.join)
    return process.exitcode or 0


async def kill_and_resume(database: str, texts: tuple[str, ...], kill_at: int, preparing: asyncio.Lock) -> bool:
    """One life with one kill, judged; False if the point was never reached."""
    world = World()
    world.limits.off()
    chat = world.group("Harbour", kind="supergroup")
    world.add_bot(chat, by=world.owner(chat))
    async with RehearsalServer(world, token=TOKEN) as server:
        given: dict[str, Any] = {
            "database_url": database,
            "key": KEY,
            "telegram": {"api_url": server.origin},
            "pacing": {"calls_per_minute_in_a_chat": 1000, "seconds_apart_in_a_chat": 0},
        }
        settings = load_settings(**given)
        async with preparing:  # Alembic makes one schema at a time in a process
            await prepare(settings, chat, texts)
        killed = await run_child(Orders(given, TOKEN, DUE, kill_at)) != 0
        assert await run_child(Orders(given, TOKEN, DUE, None)) == 0
        await judge(settings, world, chat, texts, killed=killed)
    return killed


async def judge(settings: Settings, world: World, chat: Chat, texts: tuple[str, ...], *, killed: bool) -> None:
    """No part of the request twice, none missing, none in a message that the ledger doesn't know."""
    async with open_store(settings) as store, store.reading() as stored:
        (post,) = await stored.posts.recent(DUE)
        copies = {(copy.chat_id, copy.message_id) for copy in await stored.posts.copies(post.id)}
    assert post.state is PostState.REVEALED
    for number in range(len(texts)):
        name = texts[number].split(":")[0]
        assert len(world.record.showing(name, chat)) == 1, f"{name} stands in another number of messages than one"
    holding = {(message.chat.id, message.id) for message in world.record.holding(CANARY)}
    assert holding == copies
    stray = len(world.record.by_bot(chat)) - len(copies)
    assert stray <= (1 if killed else 0), "more bare verses than the one send that was cut off"


@pytest.mark.parametrize(
    ("kind", "texts"),
    [("sqlite", SHORT), ("postgresql", SHORT), ("sqlite", LONG)],
    ids=["sqlite-one message", "postgresql-one message", "sqlite-three parts"],
)
async def test_killed_at_any_point_a_request_is_posted_once(
    kind: str, texts: tuple[str, ...], tmp_path: Path, postgres: Callable[[], str]
) -> None:
    reached, killed, preparing = 0, True, asyncio.Lock()
    while killed:
        numbers = range(reached, reached + AT_ONCE)
        databases = [f"sqlite:///{tmp_path}/{number}.db" if kind == "sqlite" else postgres() for number in numbers]
        outcomes = await asyncio.gather(
            *(kill_and_resume(databases[number - reached], texts, number, preparing) for number in numbers)
        )
        reached, killed = reached + sum(outcomes), all(outcomes)
    assert reached >= 2 * (5 + 2 * len(texts)), "a post's life has at least these commits and calls"
