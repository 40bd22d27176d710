"""16, 17: requests that are taken back at once, and those that are put away after their time."""

import asyncio
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import product
from random import Random

from bot.domain.post import PostState
from bot.rehearsal.chats import Chat
from bot.rehearsal.faults import Fault, drop_reply, fail, too_many
from bot.rehearsal.messages import Message
from bot.rehearsal.record import Call
from bot.services.retracting import Retracting, Why
from tests.e2e.stage import until
from tests.faults.child import Kill
from tests.faults.experiments.groups import CALLS, KEPT_BACK
from tests.faults.experiments.kills import BEFORE_DUE, DUE, LATER
from tests.faults.experiments.replies import EDIT, one_group
from tests.faults.judge import Ledger, judge
from tests.faults.life import PATIENCE_SECONDS
from tests.faults.outcome import Outcome, played, some
from tests.faults.place import Place
from tests.faults.trial import CANARY, Hour, Trial, trial

# 16. A request is retracted.

PROVEN = timedelta(hours=2)  # after 1, 10 and 60 minutes its tombstones have been written again
GONE_WITHIN = 60.0
GROUPS, ERRORS = 500, 0.1


async def retracted(seed: int, tries: int, place: Place) -> Outcome:
    """At every point of a post's life, `tries` times with kills at random, and once in 500 groups with 10% errors."""
    random = Random(f"{seed} retracted {place.kind}")
    points = list(product(CALLS, KEPT_BACK))
    outcome = await played(some(points, seed, min(tries, len(points))), lambda each: _at_a_call(place, *each))
    outcome.add(await played([random.randrange(40) for _ in range(tries)], lambda each: _with_kills(place, each)))
    groups = GROUPS if tries >= len(points) else 20
    outcome.add(await played([groups], lambda each: _in_many_groups(place, each, random)))
    return outcome


async def retract(played_on: Trial, day: int = 0) -> datetime:
    """As an operator does, from a shell or in Telegram: it is stored, and the running bot does it. The instant."""
    async with played_on.store.reading() as stored:
        entry = await stored.plan.on(played_on.days[day])
    assert entry is not None
    now = played_on.clock.now()
    assert await Retracting(played_on.store, lambda: now).retract(entry.request_id, Why.DANGER, played_on.operator.id)
    return now


async def _at_a_call(place: Place, call: tuple[str, int], kept_back: str) -> Outcome:
    """While a call of the post's life is on its way there, or its answer on the way back."""
    method, nth = call
    async with one_group(place) as (played_on, group), played_on.life() as life:
        faults = played_on.server.faults
        faults.add(Fault("passed by"), method=method, chat=group.chat, times=nth - 1)
        held = faults.add(KEPT_BACK[kept_back](), method=method, chat=group.chat, times=1)
        going_on = asyncio.create_task(life.until(LATER))
        await held.met(PATIENCE_SECONDS)
        taken_back = await retract(played_on)
        held.release()
        await going_on
        await life.until(LATER + PROVEN)
        return await _judged(played_on, taken_back)


async def _with_kills(place: Place, passing: int) -> Outcome:
    """Before it is done the bot is killed twice, after so many points."""
    async with trial(place, BEFORE_DUE, Hour(), Hour(), Hour(), parts=1 + passing % 2 * 2) as played_on:
        await played_on.lived(LATER if passing % 3 else DUE, Kill(passing=passing) if not passing % 3 else None)
        taken_back = await retract(played_on)
        for _ in range(2):
            await played_on.lived(LATER + PROVEN, Kill(passing=passing))
        await played_on.lived(LATER + 2 * PROVEN)
        return await _judged(played_on, taken_back)


async def _in_many_groups(place: Place, groups: int, random: Random) -> Outcome:
    """At Telegram's pace, where one group in ten is disturbed and one in twenty has removed the bot."""
    async with trial(place, BEFORE_DUE, *[Hour()] * groups) as played_on:
        await played_on.lived(LATER)
        del played_on.given["pacing"]  # from now on Telegram's
        async with played_on.life() as life:
            await life.still()
            removed = random.sample(played_on.served, groups // 20)
            for group in removed:
                played_on.world.kick_bot(group.chat)
                played_on.not_served_any_more(group)
            for group in random.sample(played_on.served, int(groups * ERRORS)):
                fault = random.choice((drop_reply(), fail(502), fail(502, acts=True), too_many(random.randint(1, 5))))
                played_on.server.faults.add(fault, method=EDIT, chat=group.chat, times=random.randint(1, 2))
            at = await retract(played_on)
            began = played_on.world.monotonic()
            await life.until(at + PROVEN)
            receipts = played_on.world.private_chat(played_on.operator)
            titles = [group.chat.title for group in removed]
            await until(lambda: all(_named(played_on, receipts, title) for title in titles), seconds=PATIENCE_SECONDS)
            outcome = await _judged(played_on, at, [group.chat for group in removed])
    taken = [call.began - began for call in _first_tombstones(played_on, at)]
    outcome.expect(
        len(taken) == groups - len(removed), f"{len(taken)} of {groups - len(removed)} messages were changed"
    )
    outcome.slowest = max(taken, default=0.0)
    return outcome.recovered_within(GONE_WITHIN)


def _named(played_on: Trial, chat: Chat, title: str) -> bool:
    return any(f"“{title}”" in message.text for message in played_on.world.record.by_bot(chat))


def _first_tombstones(played_on: Trial, since: datetime) -> Iterable[Call]:
    """For each group the first call since then that took its text away; the receipt is edited too."""
    seen: set[int | str | None] = {played_on.operator.id}
    for call in played_on.world.record.calls_of(EDIT):
        if call.at >= since and call.acted and call.chat_id not in seen:
            seen.add(call.chat_id)
            yield call


async def _judged(played_on: Trial, taken_back: datetime, removed: Collection[Chat] = ()) -> Outcome:
    """Nothing of the text stands where it can be reached, a minute later already; every post ended with its reason.

    The minute is one of the clock that steps: it stands while the bot is dead, or writes.
    """
    outcome, ledger = await judge(played_on), await Ledger.of(played_on)
    for message in played_on.world.record.holding(CANARY):
        late = shown_until(message, played_on.clock.now()) - taken_back
        in_time = message.chat in removed or late <= timedelta(seconds=GONE_WITHIN)
        outcome.expect(in_time, f"message {message.id} showed the text {late} after it was taken back")
    standing = [each for each in played_on.world.record.showing(CANARY) if each.chat not in removed]
    outcome.expect(not standing, f"retracted text stands in messages {[message.id for message in standing]}")
    states = {post.state for post in ledger.posts.values()}
    outcome.expect(PostState.REVEALED not in states, "a post of a retracted request is still revealed")
    return outcome


def shown_until(message: Message, now: datetime) -> datetime:
    """When request text stood in a message for the last time; `now` if it still does."""
    ends = [*(version.at for version in message.versions[1:]), message.deleted or now]
    return max(end for version, end in zip(message.versions, ends, strict=True) if CANARY in version.text.text)


# 17. Requests are put away after their time.

RETIRED_AFTER = timedelta(days=14)


async def put_away(seed: int, tries: int, place: Place) -> Outcome:
    """Down for days when their time is over, the bot puts away what stands as soon as it is back."""
    return await played(range(tries), lambda number: _put_away(place, Random(f"{seed} put away {number}")))


async def _put_away(place: Place, random: Random) -> Outcome:
    async with trial(place, BEFORE_DUE, *[Hour()] * 5, days=3, parts=random.choice((1, 3))) as played_on:
        await played_on.lived(LATER + timedelta(days=2))
        removed = played_on.served[0]
        over = timedelta(days=len(played_on.days)) + RETIRED_AFTER
        played_on.clock.jump(over - (LATER - BEFORE_DUE) - timedelta(days=random.choice((1, 0.2))))
        async with played_on.life() as life:
            played_on.world.kick_bot(removed.chat)
            played_on.not_served_any_more(removed)
            await life.still()
        played_on.clock.jump(timedelta(days=3))
        async with played_on.life(Kill(passing=random.randrange(60))) as life:
            await life.ended()
        async with played_on.life() as life:
            reachable = [group.chat for group in played_on.served if group.id != removed.id]
            record = played_on.world.record
            await until(lambda: not any(record.showing(CANARY, chat) for chat in reachable), seconds=PATIENCE_SECONDS)
            await life.until(played_on.clock.now() + PROVEN)
            outcome, ledger = await judge(played_on), await Ledger.of(played_on)
    standing = [message for chat in reachable for message in record.showing(CANARY, chat)]
    outcome.expect(not standing, f"text stands in messages {[message.id for message in standing]}")
    left = {post.state for post in ledger.posts.values() if post.group_id != removed.id and post.reason is None}
    outcome.expect(left <= {PostState.RETIRED}, f"posts are left {left}")
    outcome.slowest = None
    return outcome
