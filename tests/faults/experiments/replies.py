"""3, 5, 7: replies that are lost, broken or late, and taps that come in between."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import product

from bot.rehearsal.faults import (
    Fault,
    Planned,
    cut_off,
    delay_reply,
    delay_request,
    drop_reply,
    extra_field,
    fail,
    html,
)
from bot.rehearsal.messages import Message
from tests.faults.experiments.kills import BEFORE_DUE, DUE, LATER
from tests.faults.judge import judge
from tests.faults.life import PATIENCE_SECONDS, Life
from tests.faults.outcome import Outcome, played, some
from tests.faults.place import Place
from tests.faults.trial import Hour, Served, Trial, trial

SEND, EDIT, ASK = "sendMessage", "editMessageText", "getChat"
MEMBERS = 3


@asynccontextmanager
async def one_group(place: Place, parts: int = 1) -> AsyncIterator[tuple[Trial, Served]]:
    """A world with one group, whose post is due in a minute."""
    async with trial(place, BEFORE_DUE, Hour(), parts=parts, members=MEMBERS) as played_on:
        yield played_on, played_on.served[0]


# 3. A reply is lost, or late, and members tap.


async def lost_replies_and_taps(seed: int, tries: int, place: Place) -> Outcome:
    """Every story below, `tries` times."""
    return await played(product(STORIES, range(tries)), lambda each: STORIES[each[0]](place))


async def _lost(place: Place, method: str, times: int, parts: int, strays: int) -> Outcome:
    """The act is done, its reply is lost."""
    async with one_group(place, parts) as (played_on, group):
        played_on.server.faults.add(drop_reply(), method=method, chat=group.chat, times=times)
        await played_on.lived(LATER)
        outcome = await judge(played_on, all_posted=True)
    outcome.expect(outcome.stray <= strays, f"{outcome.stray} bare verses stand beside the post")
    return outcome


async def _tapped_before_its_id_is_stored(place: Place) -> Outcome:
    """A member is quicker than the send's reply: the tapped message becomes the post's own."""
    async with one_group(place) as (played_on, group), played_on.life() as life:
        held = _held(played_on, group, delay_reply())
        going_on = asyncio.create_task(life.until(LATER))
        await held.met(PATIENCE_SECONDS)
        await _pray(played_on, group, played_on.post(group), 0)
        held.release()
        await going_on
        return await _counted(played_on, group, life, prayed=1, strays=0)


async def _tapped_after_a_lost_reply(place: Place) -> Outcome:
    """The send's reply is lost; a tap on its message, before it is sent again, makes it the post's own."""
    async with one_group(place) as (played_on, group), played_on.life() as life:
        lost = _held(played_on, group, drop_reply())
        await life.until(DUE)
        await lost.met(PATIENCE_SECONDS)
        await _pray(played_on, group, played_on.post(group), 0)
        await life.until(LATER)
        return await _counted(played_on, group, life, prayed=1, strays=0)


async def _a_tap_on_the_stray(place: Place) -> Outcome:
    """The send's reply is lost and another message opened; a later tap on the first one counts and removes it."""
    async with one_group(place) as (played_on, group), played_on.life() as life:
        _held(played_on, group, drop_reply())
        await life.until(DUE)
        stray = played_on.post(group)
        await life.until(LATER)
        await _pray(played_on, group, stray, 0)
        await _pray(played_on, group, played_on.post(group), 1)
        return await _counted(played_on, group, life, prayed=2, strays=0)


async def _a_reply_after_another_was_opened(place: Place) -> Outcome:
    """The first message is adopted by a tap while the second send's reply is late: that one goes, when it is told."""
    async with one_group(place) as (played_on, group), played_on.life() as life:
        _held(played_on, group, drop_reply())
        await life.until(DUE)
        first, held = played_on.post(group), _held(played_on, group, delay_reply())
        going_on = asyncio.create_task(life.until(LATER))
        await held.met(PATIENCE_SECONDS)
        await _pray(played_on, group, first, 0)
        held.release()
        await going_on
        await _pray(played_on, group, first, 1)
        return await _counted(played_on, group, life, prayed=2, strays=0)


STORIES: dict[str, Callable[[Place], Awaitable[Outcome]]] = {
    "the send's reply lost": lambda place: _lost(place, SEND, 1, 1, strays=1),
    "the send's reply lost twice": lambda place: _lost(place, SEND, 2, 1, strays=2),
    "the edit's reply lost": lambda place: _lost(place, EDIT, 1, 1, strays=0),
    "the edit's reply lost twice": lambda place: _lost(place, EDIT, 2, 1, strays=0),
    "in parts, a send's reply lost twice": lambda place: _lost(place, SEND, 2, 3, strays=2),
    "in parts, the edits' replies lost": lambda place: _lost(place, EDIT, 3, 3, strays=0),
    "a tap before the id is stored": _tapped_before_its_id_is_stored,
    "a tap after a lost reply": _tapped_after_a_lost_reply,
    "a tap on the stray": _a_tap_on_the_stray,
    "a reply after another was opened": _a_reply_after_another_was_opened,
}


def _held(played_on: Trial, group: Served, fault: Fault) -> Planned:
    return played_on.server.faults.add(fault, method=SEND, chat=group.chat, times=1)


async def _pray(played_on: Trial, group: Served, message: Message, member: int) -> None:
    await played_on.world.tap(group.members[member], message).answered(PATIENCE_SECONDS)


async def _counted(played_on: Trial, group: Served, life: Life, prayed: int, strays: int) -> Outcome:
    """Judged, and every tap counts: on the ledger and on the button."""
    # Counts are shown by a pace of their own: some seconds after a tap.
    await life.until(played_on.clock.now() + timedelta(minutes=2))
    await played_on.shows_count(group, prayed)
    outcome = await judge(played_on, all_posted=True)
    outcome.expect(outcome.stray <= strays, f"{outcome.stray} bare verses stand beside the post")
    return outcome


# 5. Telegram answers with something else than an answer.

BROKEN = {
    "500, not done": fail(500),
    "500, done": fail(500, acts=True),
    "502, not done": fail(502),
    "502, done": fail(502, acts=True),
    "504, done": fail(504, acts=True),
    "cut off": cut_off(),
    "a page": html(502),
    "a page, and done": html(504, acts=True),
    "a page for an answer": html(200, acts=True),
    "an unknown field": extra_field(),
}


async def broken_replies(seed: int, tries: int, place: Place) -> Outcome:
    """Every broken answer to each of the calls of a post's life, once and twice."""
    plays = [
        (name, method, times)
        for name, method, times in product(BROKEN, (SEND, EDIT, ASK, "getUpdates"), (1, 2))
        if method != "getUpdates" or times == 1
    ]
    return await played(some(plays, seed, tries), lambda each: _broken(place, *each))


async def _broken(place: Place, name: str, method: str, times: int) -> Outcome:
    async with one_group(place) as (played_on, group):
        chat = None if method == "getUpdates" else group.chat
        broken = played_on.server.faults.add(BROKEN[name], method=method, chat=chat, times=times)
        await played_on.lived(LATER)
        outcome = await judge(played_on, all_posted=True)
        outcome.expect(broken.taken >= 1, "no call met the fault")
    outcome.expect(outcome.stray <= (times if method == SEND else 0), f"{outcome.stray} bare verses too many")
    return outcome


# 7. The request, or the reply, is under way for two minutes.


async def late_by_two_minutes(seed: int, tries: int, place: Place) -> Outcome:
    """The call is done at once and its reply comes late; or the request itself does, when nobody waits any more."""
    plays = list(product((delay_reply, delay_request), (SEND, EDIT, ASK), (1, 3)))
    return await played(some(plays, seed, tries), lambda each: _late(place, each[0](), *each[1:]))


async def _late(place: Place, fault: Fault, method: str, parts: int) -> Outcome:
    async with one_group(place, parts) as (played_on, group), played_on.life() as life:
        held = played_on.server.faults.add(fault, method=method, chat=group.chat, times=1)
        await life.until(DUE + timedelta(seconds=120))
        held.release()
        await played_on.server.until_idle(PATIENCE_SECONDS)
        await life.until(LATER)
        outcome = await judge(played_on, all_posted=True)
        outcome.expect(held.taken == 1, "no call met the fault")
    outcome.expect(outcome.stray <= (method == SEND), f"{outcome.stray} bare verses too many")
    return outcome
