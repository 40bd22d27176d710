"""11: eight processes race for the same due posts."""

import asyncio
import multiprocessing
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from multiprocessing.synchronize import Barrier
from random import Random
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from bot.domain.group import Group
from bot.domain.post import Post, PostState
from bot.settings import load_settings
from bot.store.database import Store, make_engine
from bot.store.tables import posts
from tests.faults.experiments.kills import BEFORE_DUE, DUE
from tests.faults.life import PATIENCE_SECONDS
from tests.faults.mutants import break_guard
from tests.faults.outcome import Outcome
from tests.faults.place import Place
from tests.faults.trial import MONDAY, Hour, trial

T = TypeVar("T")

RACERS = 8
AT_ONCE = 50

_forked = multiprocessing.get_context("forkserver")


async def raced_for(seed: int, tries: int, place: Place) -> Outcome:
    """`tries` groups are due: eight processes write each one's post into the ledger, and claim it, without a lease."""
    async with trial(place, BEFORE_DUE, *[Hour()] * tries) as played_on:
        together, won = _forked.Barrier(RACERS, timeout=PATIENCE_SECONDS), _forked.SimpleQueue()
        racers = [
            _forked.Process(target=_race, args=(played_on.given, place.mutant, seed + number, together, won))
            for number in range(RACERS)
        ]
        for racer in racers:
            racer.start()
        for racer in racers:
            await asyncio.to_thread(racer.join, 2 * PATIENCE_SECONDS)
            racer.kill()  # only what would hang is still there
        claims = sum(won.get() for racer in racers if racer.exitcode == 0)
        async with played_on.store.engine.connect() as connection:
            made = (await connection.execute(select(func.count()).select_from(posts))).scalar_one()
    outcome = Outcome(tries=tries, lost=max(0, tries - min(claims, made)), doubled=max(0, max(claims, made) - tries))
    outcome.expect(claims == made == tries, f"{claims} claims of {made} posts for {tries} groups")
    outcome.expect(all(racer.exitcode == 0 for racer in racers), "a process ended with an error")
    return outcome


def _race(given: dict[str, Any], mutant: str | None, seed: int, together: Barrier, won: Any) -> None:
    if mutant:
        break_guard(mutant)
    try:
        won.put(asyncio.run(_claims(given, Random(seed), together)))
    except BaseException:
        together.abort()  # or the others would wait for it
        raise


async def _claims(given: dict[str, Any], random: Random, together: Barrier) -> int:
    """How many posts this process could claim. All begin at once, to write and to claim."""
    settings = load_settings(**given)
    store = Store(make_engine(settings.database()), settings.key())
    async with store.reading() as stored:
        due = await stored.groups.due(DUE + timedelta(minutes=1))
    together.wait()
    for first in range(0, len(due), AT_ONCE):
        await _in_turn(partial(_add, store, due[first : first + AT_ONCE]))
    together.wait()
    async with store.reading() as stored:
        planned = list(await stored.posts.actionable(DUE, len(due)))
    random.shuffle(planned)
    together.wait()
    count = 0
    for post in planned:
        count += await _in_turn(partial(_claim, store, post))
    await store.close()
    return count


async def _in_turn(write: Callable[[], Awaitable[T]]) -> T:
    """Where a disk is slow SQLite gives up waiting for seven others. The bot tries again at its next wake-up."""
    while True:
        with suppress(OperationalError):
            return await write()


async def _add(store: Store, groups: Sequence[Group]) -> None:
    async with store.writing() as stored:
        for group in groups:
            await stored.posts.add(
                group_id=group.id, chat_id=group.chat_id, request_id=None, points=(), local_date=MONDAY, due_at=DUE
            )


async def _claim(store: Store, post: Post) -> bool:
    async with store.writing() as stored:
        return await stored.posts.move(post, PostState.OPENING, attempt=post.attempt + 1) is not None
