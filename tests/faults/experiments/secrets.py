"""22: token, key and request text go through every error, and are searched for in all that is left behind.

Every other experiment's tries are searched too when they end: their logs and databases; see `trial`. Here all of it is
searched, with what a server keeps and with backups, while the posts stand and after they were put away.
"""

import asyncio
import base64
import signal
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import product
from random import Random

from bot.cli.run import LEASE_LOST
from bot.rehearsal.faults import Fault, delay_reply, delay_request, drop_reply, refuse, silence, too_many
from tests.e2e.access import genuine_data
from tests.e2e.forging import damaged_data
from tests.e2e.stage import until
from tests.faults.child import Kill
from tests.faults.experiments.groups import CALLS, CHANGES, KEPT_BACK, TOPIC_CLOSED, UPGRADES, change_group
from tests.faults.experiments.kills import BEFORE_DUE, DUE, LATER
from tests.faults.experiments.replies import ASK, BROKEN, EDIT, SEND
from tests.faults.experiments.storage import OUTLIVES_A_CRASH, crash, own_server
from tests.faults.experiments.taking_back import PROVEN, RETIRED_AFTER, retract
from tests.faults.judge import judge
from tests.faults.life import PATIENCE_SECONDS
from tests.faults.outcome import Outcome, played, some
from tests.faults.place import SQLITE, Place
from tests.faults.spoiling import Way, make_room, prepare
from tests.faults.trial import CANARY, Hour, Served, Trial, trial
from tests.postgres import Server

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ERRORS = {
    **BROKEN,
    "its reply lost": drop_reply(),
    # Until the day is over: nobody waits any more.
    "its reply late": delay_reply(),
    "late itself": delay_request(),
    "429": too_many(30),
    "429, and long": too_many(300),
    "refused": refuse(),
    "silent": silence(),
    "silent, and done": silence(acts=True),
}
MEMBERS, FORGED = 5, 50


async def searched_for(seed: int, tries: int, place: Place) -> Outcome:
    """`tries` days, each with another error of a call, and one with each other error; then the searches.

    They come with all posted, and after it was put away.
    """
    errors = some(list(product(ERRORS, (SEND, EDIT, ASK, "getUpdates"))), seed, tries)
    return await played([seed], lambda number: _searched(place, errors, Random(f"{number} secrets")))


@dataclass(frozen=True)
class Day:
    """One of the days on which something goes wrong. `server` is there on PostgreSQL, and may crash."""

    played_on: Trial
    number: int
    random: Random
    server: Server | None

    @property
    def due(self) -> datetime:
        """When its posts are due."""
        return DUE + self.number * DAY

    @property
    def over(self) -> datetime:
        """When they are to stand."""
        return LATER + self.number * DAY

    @property
    def group(self) -> Served:
        """The group that nothing happens to."""
        return self.played_on.served[0]


Play = Callable[[Day], Awaitable[object]]


async def _searched(place: Place, errors: list[tuple[str, str]], random: Random) -> Outcome:
    key = base64.urlsafe_b64encode(random.randbytes(32)).decode()
    async with AsyncExitStack() as stack:
        server = None
        if place.kind != SQLITE:
            place, server = await stack.enter_async_context(own_server(place))
        # The groups that change come first: from then on most of them aren't served any more. But 30 days after the bot
        # was thrown out nothing is known of a group any more, which the judge would miss.
        *others, last = sorted(CHANGES, key="kicked".__eq__)
        plays: list[Play] = [partial(_changed, change=each) for each in others]
        plays += [partial(_disturbed, error=error, method=method) for error, method in errors]
        plays += [partial(_spoilt, way=way) for way in Way]
        plays += [_refused, _jumped, _tapped, _taken_back, *([_crashed, _lease_lost] if server else [])]
        plays += [partial(_changed, change=last)]
        days = len(plays)
        world = trial(place, BEFORE_DUE, Hour(), days=days, members=MEMBERS, key=key, lease=OUTLIVES_A_CRASH)
        played_on = await stack.enter_async_context(world)
        for change in CHANGES:
            kind = "group" if change in UPGRADES else "supergroup"
            await played_on.serve(Hour(), kind=kind, in_topic=change == TOPIC_CLOSED)
        if server:
            prepare(played_on.given["database_url"])
        for number, play in enumerate(plays):
            await play(Day(played_on, number, random, server))
        found = played_on.found_in_plain(everywhere=True)
        played_on.clock.jump(RETIRED_AFTER + 2 * DAY)
        async with played_on.life() as life:
            await until(lambda: not _stands(played_on), seconds=PATIENCE_SECONDS)
            found += played_on.found_in_plain(everywhere=True)
            await life.stop()
        found += played_on.found_in_plain(everywhere=True)
        outcome = await judge(played_on)
    outcome.leaked += len(found)
    outcome.wrong += found
    outcome.tries, outcome.slowest = days, None  # a jump is no time that anybody waits
    return outcome


def _stands(played_on: Trial) -> bool:
    """Whether request text stands where it can be taken away."""
    return any(played_on.is_in_reach(each.chat) for each in played_on.world.record.showing(CANARY))


async def _disturbed(day: Day, error: str, method: str) -> None:
    """A call meets an error; on some days the bot is killed besides."""
    played_on, random = day.played_on, day.random
    chat = None if method == "getUpdates" else day.group.chat
    disturbed = played_on.server.faults.add(ERRORS[error], method=method, chat=chat, times=random.randint(1, 2))
    if random.random() < 0.3:
        await played_on.lived(day.over, Kill(passing=random.randrange(30)))
    await played_on.lived(day.over)
    disturbed.off()


async def _refused(day: Day) -> None:
    """Nobody listens when the posts are due."""
    async with day.played_on.life() as life:
        await life.still()
        await day.played_on.server.stop_listening()
        await life.until(day.due + timedelta(minutes=5))
        await day.played_on.server.start_listening()
        await life.until(day.over)


async def _spoilt(day: Day, way: Way) -> None:
    """The database takes nothing from some step on, for a while."""
    address, clock = day.played_on.given["database_url"], day.played_on.clock
    clock.failed = 0
    async with day.played_on.life(Kill(since=day.over - DAY, passing=8, spoils=way)) as life:
        clock.ask(day.over)
        await until(lambda: clock.failed >= 1, seconds=PATIENCE_SECONDS)
        make_room(address, life.pid, clock)
        await life.until(day.over)


async def _crashed(day: Day) -> None:
    """PostgreSQL crashes in the middle of a transaction."""
    assert day.server is not None
    await crash(day.played_on, day.server, day.number * DAY, commits=day.random.randrange(4))


async def _lease_lost(day: Day) -> None:
    """The bot is frozen before a call, another node takes over, and it is woken."""
    freeze = Kill(since=day.due, kind=f"before {day.random.choice((ASK, SEND, EDIT))}", freezes=True)
    async with day.played_on.life(freeze) as frozen:
        day.played_on.clock.ask(day.over)
        await until(lambda: frozen.is_frozen, seconds=PATIENCE_SECONDS)
        await day.played_on.lease_expires()
        async with day.played_on.life() as life:
            await life.until(day.over)
            frozen.signal(signal.SIGCONT)
            assert await frozen.ended() == LEASE_LOST
            assert await life.stop() == 0


async def _jumped(day: Day) -> None:
    """The clock jumps by an hour while the posts are under way."""
    async with day.played_on.life() as life:
        going_on = asyncio.create_task(life.until(day.due))
        await until(lambda: day.played_on.clock.now() >= day.due, seconds=PATIENCE_SECONDS)
        day.played_on.clock.jump(day.random.choice((-HOUR, HOUR)))
        await going_on
        await life.until(day.over)


async def _tapped(day: Day) -> None:
    """Members tap, and send data that no button has."""
    world, members = day.played_on.world, day.group.members
    async with day.played_on.life() as life:
        await life.until(day.over)
        post = day.played_on.post(day.group)
        genuine = list(genuine_data(post.keyboard[0][0]["callback_data"].partition(":")[2], 3).values())
        for member in members:
            world.tap(member, post)
        for _ in range(FORGED):
            world.tap_data(day.random.choice(members), post, damaged_data(day.random, day.random.choice(genuine)))
        await life.still()
        await day.played_on.server.until_quiet(PATIENCE_SECONDS)


async def _taken_back(day: Day) -> None:
    """The day's request is taken back, and the edits that do it meet errors."""
    async with day.played_on.life() as life:
        await life.until(day.over)
        for error in day.random.sample(list(BROKEN), 2):
            day.played_on.server.faults.add(BROKEN[error], method=EDIT, chat=day.group.chat, times=1)
        await retract(day.played_on, day.number)
        await life.until(day.over + PROVEN)


async def _changed(day: Day, change: str) -> None:
    """A group changes while a call to it, or its answer, is on its way."""
    played_on, group = day.played_on, day.played_on.served[1 + [*CHANGES].index(change)]
    (method, nth), fault = day.random.choice(CALLS), day.random.choice(list(KEPT_BACK.values()))
    async with played_on.life() as life:
        played_on.server.faults.add(Fault("passed by"), method=method, chat=group.chat, times=nth - 1)
        held = played_on.server.faults.add(fault(), method=method, chat=group.chat, times=1)
        going_on = asyncio.create_task(life.until(day.over))
        await held.met(PATIENCE_SECONDS)
        change_group(played_on, group, change)
        held.release()
        await going_on
