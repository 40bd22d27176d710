"""8, 9: a disk that is full, a database that can only be read, and a PostgreSQL server that crashes."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import product
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bot.domain.post import PostState
from tests.e2e.stage import until
from tests.faults import spoiling
from tests.faults.child import Kill
from tests.faults.clock import Moment
from tests.faults.experiments.kills import (
    BEFORE_DUE,
    DUE,
    LATER,
    SOON,
    points_of_a_life,
)
from tests.faults.experiments.outages import HOURS
from tests.faults.experiments.replies import EDIT, SEND, one_group
from tests.faults.judge import Ledger, judge
from tests.faults.life import PATIENCE_SECONDS, Life
from tests.faults.outcome import Outcome, played, some
from tests.faults.place import POSTGRESQL, SQLITE, Place
from tests.faults.spoiling import Way
from tests.faults.trial import Trial, trial
from tests.postgres import Server, postgres_server

DAY = timedelta(days=1)

# 8. The disk is full, or the database can only be read.

RECOVERED = 60.0
# So often the bot tries in vain to write before there is room again.
IN_VAIN = 3


async def takes_nothing(seed: int, tries: int, place: Place) -> Outcome:
    """From each commit of a post's life on nothing can be written; some failures later it can."""
    commits = [point for point in await points_of_a_life(place, 1) if point.startswith("before commit")]
    return await played(some(list(product(Way, commits)), seed, tries), lambda each: _spoilt(place, *each))


async def _spoilt(place: Place, way: Way, point: str) -> Outcome:
    async with one_group(place) as (played_on, group):
        address, clock, calls = played_on.given["database_url"], played_on.clock, played_on.world.record.calls_of
        if place.kind != SQLITE:
            await asyncio.to_thread(spoiling.prepare, address)
        async with played_on.life(Kill(name=point, spoils=way)) as life:
            going_on = asyncio.create_task(life.until(LATER))
            await until(lambda: clock.spoilt, seconds=PATIENCE_SECONDS)
            before = len(calls(SEND, group.chat)), len(calls(EDIT, group.chat))
            await until(lambda: clock.failed >= IN_VAIN, seconds=PATIENCE_SECONDS)
            in_vain, at_commit = clock.failed, clock.failed_commits
            states = {post.state for post in (await Ledger.of(played_on)).posts.values()}
            sends, edits = len(calls(SEND, group.chat)) - before[0], len(calls(EDIT, group.chat)) - before[1]
            await asyncio.to_thread(spoiling.make_room, address, life.pid, clock)
            free = clock.moment()
            survived = await going_on
        outcome = await judge(played_on, all_posted=True, since=free)
    outcome.expect(survived, "it didn't live through it")
    outcome.expect(outcome.stray <= (states == {PostState.OPENING}), f"{outcome.stray} bare verses too many")
    # What changes a single page, SQLite writes at the commit in any case.
    if (way, place.kind) != (Way.FULL, SQLITE):
        as_meant = at_commit == (in_vain if way is Way.FULL_AT_COMMIT else 0)
        outcome.expect(as_meant, f"{at_commit} commits were refused, and {in_vain - at_commit} statements")
    # An open is stored before it is sent; one reveal is stored, and may be repeated.
    outcome.expect(sends <= (states == {PostState.OPENING}), f"{sends} messages were sent without a stored step")
    outcome.expect(not edits or PostState.REVEALING in states, f"{edits} edits were made without a stored step")
    return outcome.recovered_within(RECOVERED)


# 9. PostgreSQL is killed and started again.

CRASHES_OF_A_TRIAL = 10
# While the posts of a day are under way there are at least so many.
COMMITS = 4 * len(HOURS)
OUTLIVES_A_CRASH = {"seconds": 25, "renew_seconds": 1}


async def postgresql_crashes(seed: int, tries: int, place: Place) -> Outcome:
    """A server of its own crashes `tries` times in the middle of a transaction, a day apart, and is started again."""
    async with own_server(place) as (own, server):
        batches = [min(CRASHES_OF_A_TRIAL, tries - first) for first in range(0, tries, CRASHES_OF_A_TRIAL)]
        outcome = await played(
            list(enumerate(batches)),
            lambda each: _crashing(own, server, each[1], Random(f"{seed} crashes {each[0]}")),
            at_once=1,
        )
    outcome.tries = tries
    return outcome


@asynccontextmanager
async def own_server(place: Place) -> AsyncIterator[tuple[Place, Server]]:
    """A PostgreSQL server that may crash, and the same place on it."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as name, postgres_server(Path(name), lasting=True) as server:
        own = Place(POSTGRESQL, Path(name), server, place.mutant)
        await asyncio.to_thread(own.prepare)
        yield own, server


async def _crashing(place: Place, server: Server, crashes: int, random: Random) -> Outcome:
    async with trial(place, BEFORE_DUE, *HOURS, days=crashes, lease=OUTLIVES_A_CRASH) as played_on:
        survived = in_mid_transaction = 0
        back = {}
        for day, date in enumerate(played_on.days):
            commits = random.randrange(COMMITS)
            crashed, lived_on, back[date] = await crash(played_on, server, day * DAY, commits)
            in_mid_transaction, survived = in_mid_transaction + crashed, survived + lived_on
        outcome = await judge(played_on, all_posted=True, since=back)
    outcome.expect(survived == crashes, f"the bot ended in {crashes - survived} of {crashes} crashes")
    outcome.expect(in_mid_transaction == crashes, f"{in_mid_transaction} of {crashes} crashes in mid-transaction")
    return outcome.recovered_within(SOON)


async def crash(played_on: Trial, server: Server, after: timedelta, commits: int) -> tuple[bool, bool, Moment]:
    """The server crashes before a commit of a day's posts; whether it did so, if the bot lived on, when it was back."""
    kill = Kill(since=DUE + after, passing=commits, kind="before commit", freezes=True)
    async with played_on.life(kill) as life:
        going_on = asyncio.create_task(life.until(LATER + after))
        in_mid_transaction = await _frozen(life, going_on)
        await asyncio.to_thread(server.crash)
        await asyncio.to_thread(server.start)
        back = played_on.clock.moment()
        life.signal(signal.SIGCONT)
        return in_mid_transaction, await going_on, back


async def _frozen(life: Life, going_on: asyncio.Task[bool]) -> bool:
    """Wait until it is; False if it has passed all its points."""
    await until(lambda: going_on.done() or life.is_frozen, seconds=PATIENCE_SECONDS)
    return not going_on.done()
