"""Experiment 11, a small one: eight processes race to claim due posts, without a lease. Each is claimed once."""

import asyncio
from datetime import timedelta
from multiprocessing.connection import Connection

from bot.domain.post import PostState
from bot.store.database import Store, database_url, make_engine
from bot.store.key import Key
from tests.faults.test_kills import forked
from tests.stored import NOW, a_bulletin, add_group, add_post, publish

PROCESSES, POSTS = 8, 60


def claim(address: str, secret: bytes, parent: Connection) -> None:
    """The target of a child process: when all are ready, claim what it can, and name it."""
    parent.send("ready")
    parent.recv()
    parent.send(asyncio.run(_claim(address, Key(secret))))


async def _claim(address: str, key: Key) -> list[int]:
    store = Store(make_engine(database_url(address)), key)
    async with store.reading() as stored:
        posts = await stored.posts.actionable(NOW)
    won = []
    for post in posts:
        async with store.writing() as stored:
            later = NOW + timedelta(minutes=1)
            if await stored.posts.move(post, PostState.OPENING, attempt=post.attempt + 1, not_before=later):
                won.append(post.id)
    await store.close()
    return won


async def test_each_post_is_claimed_by_one_of_eight_processes(store: Store, key: Key, migrated_database: str) -> None:
    bulletin = await publish(store, a_bulletin())
    group = await add_group(store)
    posts = [await add_post(store, group, bulletin.requests[0].id, day=None) for _ in range(POSTS)]
    pipes = [forked.Pipe() for _ in range(PROCESSES)]
    racers = [forked.Process(target=claim, args=(migrated_database, bytes(range(32)), theirs)) for _, theirs in pipes]
    for racer in racers:
        racer.start()
    loop = asyncio.get_running_loop()
    for ours, _ in pipes:
        await loop.run_in_executor(None, ours.recv)
    for ours, _ in pipes:
        ours.send(None)
    claimed = [await loop.run_in_executor(None, ours.recv) for ours, _ in pipes]
    for racer in racers:
        await loop.run_in_executor(None, racer.join)
    assert sorted(post_id for won in claimed for post_id in won) == [post.id for post in posts]
