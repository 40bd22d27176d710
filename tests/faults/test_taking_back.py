"""A retraction killed at every point. The rehearsal server is the judge: no text stands, no copy is unknown."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.app import open_store
from bot.domain.post import CopyState, PostState
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from bot.settings import load_settings
from tests.e2e.stage import KEY, TOKEN
from tests.faults.child import Orders, take_back_until_done
from tests.faults.test_kills import CANARY, DUE, SHORT, prepare, run_child

AT_ONCE = 4


async def kill_and_resume(database: str, kill_at: int, preparing: asyncio.Lock) -> bool:
    """One life with one kill, judged; False if the point was never reached."""
    world = World()
    world.limits.off()
    operator = world.person("Operator")
    world.say(operator, None, "/start")
    chat = world.group("Harbour", kind="supergroup")
    world.add_bot(chat, by=world.owner(chat))
    async with RehearsalServer(world, token=TOKEN) as server:
        given: dict[str, Any] = {
            "database_url": database,
            "key": KEY,
            "telegram": {"api_url": server.origin},
            "pacing": {"calls_per_minute_in_a_chat": 1000},
        }
        settings = load_settings(**given)
        async with preparing:  # Alembic makes one schema at a time in a process
            await prepare(settings, chat, SHORT)
        killed = await run_child(Orders(given, TOKEN, DUE, kill_at, operator.id), take_back_until_done) != 0
        assert await run_child(Orders(given, TOKEN, DUE, None, operator.id), take_back_until_done) == 0
        async with open_store(settings) as store, store.reading() as stored:
            (post,) = await stored.posts.recent(DUE)
            copies = await stored.posts.copies(post.id)
            (request,) = [await stored.bulletins.request(post.request_id or 0)]
    assert request.is_gone
    assert post.state is PostState.WITHDRAWN
    assert [copy.state for copy in copies] == [CopyState.TOMBSTONE]
    assert not world.record.showing(CANARY), "retracted text stands"
    holding = {(message.chat.id, message.id) for message in world.record.holding(CANARY)}
    assert holding <= {(copy.chat_id, copy.message_id) for copy in copies}
    receipts = [each.text for each in world.record.by_bot(world.private_chat(operator))]
    assert any("1 of 1" in text and "Done." in text for text in receipts)
    assert len(receipts) <= (2 if killed else 1)
    return killed


@pytest.mark.parametrize(("kind", "step"), [("sqlite", 1), ("postgresql", 4)], ids=["sqlite", "postgresql"])
async def test_a_retraction_killed_at_any_point_leaves_no_text(
    kind: str, step: int, tmp_path: Path, postgres: Callable[[], str]
) -> None:
    reached, killed, preparing = 0, True, asyncio.Lock()
    while killed:
        numbers = range(reached, reached + AT_ONCE * step, step)
        databases = [f"sqlite:///{tmp_path}/{number}.db" if kind == "sqlite" else postgres() for number in numbers]
        outcomes = await asyncio.gather(
            *(kill_and_resume(database, number, preparing) for database, number in zip(databases, numbers, strict=True))
        )
        reached, killed = reached + sum(outcomes) * step, all(outcomes)
    assert reached >= 2 * (1 + 4 * 2 + 2), "the retraction, four writes and the receipt have at least these points"
