"""12 to 15: clocks that jump, zones that leap, hours that change, and a bot that was down."""

import asyncio
import signal
from contextlib import AsyncExitStack, suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import pairwise
from random import Random
from typing import Any, cast
from zoneinfo import ZoneInfo

from bot.cli.run import LEASE_LOST
from bot.domain.due import next_due
from bot.domain.group import Group
from bot.domain.post import PostState
from bot.domain.weekdays import EVERY_DAY
from bot.domain.zones import zone_names
from bot.services.ending import DoorRules
from tests.clock import StandingClock
from tests.domain.zones import Stretch, expected, stretches_2020_to_2030
from tests.e2e.stage import until
from tests.faults.child import TICK_SECONDS
from tests.faults.clock import SharedClock
from tests.faults.experiments.kills import SOON
from tests.faults.judge import Ledger, judge
from tests.faults.life import PATIENCE_SECONDS, Life
from tests.faults.outcome import Outcome, played
from tests.faults.place import POSTGRESQL, Place
from tests.faults.trial import MONDAY, SELDOM, Hour, Trial, trial
from tests.services.conftest import joined
from tests.texts import WORDS

START = datetime.combine(MONDAY, time(), UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
A_FEW = [Hour(zone, time(7, 10 * number)) for number, zone in enumerate(("UTC", "Pacific/Auckland", "America/Denver"))]


# 12. The host's clock jumps, or the machine sleeps.


NIGHT = timedelta(hours=36)
ENDS_WITHIN = 30.0
STANDS_BY = "stands by"
MOST_LIVES = 5
# About as long as it takes.
A_POST_SECONDS = 0.1


async def jumping_clock(seed: int, tries: int, place: Place) -> Outcome:
    """The clock jumps several times by an hour or a day, back and forth, or the machine sleeps for 36 hours."""
    return await played(range(tries), lambda number: _jumping(place, Random(f"{seed} jumps {number}")))


async def _jumping(place: Place, random: Random) -> Outcome:
    ends = Outcome(tries=0)
    async with trial(place, START, *A_FEW, days=14, rhythm=SELDOM) as played_on, AsyncExitStack() as nodes:
        clock, life = played_on.clock, await nodes.enter_async_context(played_on.life())
        for _ in range(5):
            life = await _lives(played_on, life, nodes, ends, clock.now() + random.random() * DAY)
            # Half of the jumps come in the middle of a post.
            due = _next_due(played_on) if random.random() < 0.5 else clock.now()
            going_on = asyncio.create_task(life.until(due))
            await until(partial(_is_past, clock, due, going_on), seconds=PATIENCE_SECONDS, tick=TICK_SECONDS)
            await asyncio.sleep(random.uniform(0, A_POST_SECONDS))
            by = random.choice((-DAY, -HOUR, HOUR, DAY, None))
            if by is None:
                life = await _sleep(played_on, life, nodes, ends, taken=random.random() < 0.5)
            else:
                clock.jump(by)
            await going_on
        await _lives(played_on, life, nodes, ends, max(clock.now(), START + 4 * DAY) + DAY)
        outcome = await judge(played_on)
    outcome.wrong += ends.wrong
    outcome.slowest = None  # a jump is no time that anybody waits
    return outcome


async def _sleep(played_on: Trial, life: Life, nodes: AsyncExitStack, ends: Outcome, *, taken: bool) -> Life:
    """The machine sleeps for 36 hours: no process of it runs, and its lease is over. Who is at work afterwards.

    With PostgreSQL another node may have `taken` over meanwhile: then the one that wakes must end itself. Otherwise it
    goes on, or ends and is started again.
    """
    clock, leased = played_on.clock, played_on.place.kind == POSTGRESQL
    other = await _standing_by(played_on, nodes) if taken and leased else None
    life.signal(signal.SIGSTOP)
    await until(lambda: life.is_frozen, seconds=PATIENCE_SECONDS)
    clock.sleep(NIGHT)
    if leased:
        await played_on.lease_expires()
    if other:
        await other.until(clock.now() + NIGHT)
    else:
        clock.jump(NIGHT)
    life.signal(signal.SIGCONT)
    if other is None:
        return await _lives(played_on, life, nodes, ends, clock.now())
    with suppress(TimeoutError):
        await life.ended(ENDS_WITHIN)
    ends.expect(life.status == LEASE_LOST, f"the node that woke has ended with {life.status}")
    await life.kill()
    return other


async def _lives(played_on: Trial, life: Life, nodes: AsyncExitStack, ends: Outcome, instant: datetime) -> Life:
    """Who has lived until then: a node that ends, as it lost its lease, is started again, as its host would."""
    for _ in range(MOST_LIVES):
        if await life.until(instant):
            return life
        leased = played_on.place.kind == POSTGRESQL
        ends.expect(leased and life.status == LEASE_LOST, f"a node has ended with {life.status}")
        life = await nodes.enter_async_context(played_on.life())
    ends.expect(False, f"{MOST_LIVES} nodes have ended one after the other")
    return life


async def _standing_by(played_on: Trial, nodes: AsyncExitStack) -> Life:
    """One more node, on another machine."""
    log = played_on.log
    before = log.read_text().count(STANDS_BY)
    node = await nodes.enter_async_context(played_on.life())
    await until(lambda: log.read_text().count(STANDS_BY) > before, seconds=PATIENCE_SECONDS)
    return node


def _is_past(clock: SharedClock, instant: datetime, going_on: asyncio.Task[bool]) -> bool:
    return clock.now() >= instant or going_on.done()


def _next_due(played_on: Trial) -> datetime:
    hours = (group.hour for group in played_on.served)
    return min(next_due(played_on.clock.now(), each.at, ZoneInfo(each.zone), EVERY_DAY)[1] for each in hours)


# 13. Every zone, at every change of its clocks in ten years.

AT = (time(0), time(0, 30), time(1), time(2, 30), time(3), time(7), time(12), time(23, 59))


async def every_zone(seed: int, tries: int, place: Place) -> Outcome:
    """So many zones (all of them, if there are fewer), around each gap and overlap, at several hours of the day."""
    names = sorted(zone_names())
    chosen = Random(seed).sample(names, min(tries, len(names)))
    return await played(chosen, _around_changes)


async def _around_changes(name: str) -> Outcome:
    zone, outcome = ZoneInfo(name), Outcome()
    for change in pairwise(stretches_2020_to_2030(zone)):
        for at in AT:
            _around(zone, at, change, outcome)
    return outcome


def _around(zone: ZoneInfo, at: time, change: tuple[Stretch, Stretch], outcome: Outcome) -> None:
    """From three days before to three days after a change: exactly one instant for each date, where it should be."""
    days = [change[0].last.date() + timedelta(days=number) for number in range(-3, 4)]
    judged = [(day, instant) for day in days if (instant := expected(day, at, change)) is not None]
    after = judged[0][1].replace(tzinfo=UTC) - timedelta(seconds=1)
    given: list[tuple[date, datetime]] = []
    while len(given) < len(judged):
        day, after = next_due(after, at, zone, EVERY_DAY)
        given.append((day, after.replace(tzinfo=None)))
    outcome.doubled += len(given) - len({day for day, _ in given})
    outcome.lost += len({day for day, _ in judged} - {day for day, _ in given})
    outcome.expect(given == judged, f"{at}: {[pair for pair in given if pair not in judged]} around {change[0].last}")


# 14. Zone, hour or weekdays change around the post.

FAR_APART = ("Pacific/Kiritimati", "Pacific/Auckland", "Asia/Kolkata", "UTC", "America/New_York", "Pacific/Pago_Pago")
HISTORIES_AT_ONCE = 250
CHANGES = 2  # of a group, on the average
MINUTES = 10
# Hours are multiples of so many minutes: some groups are always due together.
STEP = 5


async def changed_around_posting(seed: int, tries: int, place: Place) -> Outcome:
    """`tries` groups, each of which changes its times some times, minutes before, during and after its post."""
    batches = [min(HISTORIES_AT_ONCE, tries - first) for first in range(0, tries, HISTORIES_AT_ONCE)]
    return await played(
        list(enumerate(batches)),
        lambda each: _changing(place, each[1], Random(f"{seed} changes {each[0]}")),
    )


async def _changing(place: Place, groups: int, random: Random) -> Outcome:
    hours = [Hour(random.choice(FAR_APART), time(7, random.randrange(0, 60, STEP))) for _ in range(groups)]
    async with trial(place, START, *hours, days=14, rhythm=SELDOM) as played_on, played_on.life() as life:
        await life.still()
        care, changes = joined(played_on.store, cast("StandingClock", played_on.clock)).groups, 0
        while changes < groups * CHANGES:
            due, together = await _due_next(played_on)
            changing = [(random.choice((-MINUTES, 0, 0, MINUTES)), group) for group in together]
            for minutes in sorted({each for each, _ in changing}):
                await _reached(played_on, max(played_on.clock.now(), due + timedelta(minutes=minutes)))
                for group in (group for each, group in changing if each == minutes):
                    changed = await care.set_times(group, **_change(random, group, played_on.clock.now()))
                    played_on.hour_changes(group.id, Hour(changed.zone.key, changed.at, changed.weekdays))
            changes += len(changing)
        await life.until(played_on.clock.now() + HOUR)
        outcome = await judge(played_on, times_changed=True)
    outcome.tries = groups
    return outcome


async def _due_next(played_on: Trial) -> tuple[datetime, list[Group]]:
    """The next due instant, and the groups that are due then."""
    async with played_on.store.reading() as stored:
        due = await stored.groups.earliest_due()
        assert due is not None
        return due, list(await stored.groups.due(due))


async def _reached(played_on: Trial, instant: datetime) -> None:
    """The clock has come to an instant. Nobody waits until what is due there is done."""
    played_on.clock.ask(instant)
    await until(lambda: played_on.clock.now() >= instant, seconds=PATIENCE_SECONDS)


def _change(random: Random, group: Group, now: datetime) -> dict[str, Any]:
    """Another zone, an hour a few minutes from now, other days, or zone and hour at once."""
    zone = ZoneInfo(random.choice(FAR_APART))
    minutes = random.randrange(-MINUTES, MINUTES + 1, STEP)
    near = (now + timedelta(minutes=minutes)).astimezone(random.choice((zone, group.zone)))
    changes: list[dict[str, Any]] = [
        {"zone": zone},
        {"at": near.time().replace(tzinfo=None)},
        {"weekdays": frozenset(random.sample(range(7), random.randint(1, 7)))},
        {"zone": zone, "at": near.time().replace(tzinfo=None)},
    ]
    return random.choice(changes)


# 15. The bot was down.

LATE = (PostState.SKIPPED, "late")
AFTER_THE_DIGEST = time(20)


async def down_for_days(seed: int, tries: int, place: Place) -> Outcome:
    """Down for 1 minute to 10 days: only what is still in time is posted; the rest is skipped, and told."""
    return await played(range(tries), lambda number: _down(place, Random(f"{seed} down {number}")))


async def _down(place: Place, random: Random) -> Outcome:
    async with trial(place, START, *A_FEW, days=14) as played_on:
        stopped = START + random.random() * 2 * DAY
        # As often minutes as hours or days.
        down = timedelta(minutes=1440.0 * 10 ** random.uniform(-3.1, 1))
        async with played_on.life() as life:
            await life.until(stopped)
            await random.choice((life.stop, life.kill))()
        played_on.clock.jump(down)
        started = played_on.clock.moment()
        back = started.at
        async with played_on.life() as life:
            await life.until(back + DAY)
            ledger, outcome = await Ledger.of(played_on), await judge(played_on, since=started)
            missed = _check_lateness(played_on, ledger, stopped, back, outcome)
            # The clock may have stepped over the hour of the digest; here it stands behind one.
            await life.until(datetime.combine(back.date() + 2 * DAY, AFTER_THE_DIGEST, UTC))
            operators = played_on.world.private_chat(played_on.operator)
            told = played_on.world.record.by_bot
            await until(lambda: all(any(WORDS.day(day) in each.text for each in told(operators)) for day in missed))
    return outcome.recovered_within(SOON)


def _check_lateness(played_on: Trial, ledger: Ledger, stopped: datetime, back: datetime, outcome: Outcome) -> set[date]:
    """Each post that was due meanwhile is posted if it is in time, and only then; the dates of the others."""
    zones = {group.id: ZoneInfo(group.hour.zone) for group in played_on.served}
    missed = set()
    for (group_id, day), post in ledger.posts.items():
        if day in played_on.days and stopped < post.due_at <= back:
            in_time = back.astimezone(zones[group_id]).date() == day and back - post.due_at <= DoorRules().late
            right = post.state is PostState.REVEALED if in_time else (post.state, post.reason) == LATE
            outcome.expect(right, f"group {group_id} on {day}, {back - post.due_at} late: {post.state} {post.reason}")
            missed |= set() if in_time else {day}
    return missed
