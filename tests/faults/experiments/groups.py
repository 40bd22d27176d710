"""18: groups that change at every point of a post's life."""

import asyncio
import signal
from collections.abc import Callable
from datetime import timedelta
from itertools import product

from bot.rehearsal.faults import Fault, Planned, delay_reply, delay_request
from bot.rehearsal.html import parse_html
from bot.rehearsal.world import World
from tests.e2e.stage import until
from tests.faults.child import Kill
from tests.faults.experiments.kills import BEFORE_DUE, LATER
from tests.faults.experiments.replies import ASK, EDIT, SEND
from tests.faults.judge import judge
from tests.faults.life import PATIENCE_SECONDS
from tests.faults.outcome import Outcome, played, some
from tests.faults.place import Place
from tests.faults.trial import Hour, Served, Trial, trial
from tests.texts import WORDS

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# The calls of a post's life, in their order: which of its method each is. And the steps that are stored: planned,
# opening, opened, revealing, revealed.
CALLS = ((ASK, 1), (SEND, 1), (ASK, 2), (EDIT, 1))
STEP = "commit of a step"
STEPS = tuple((STEP, nth) for nth in range(1, 6))

KEPT_BACK = {"before": delay_request, "after": delay_reply}
# An answer that comes so late says nothing any more of who can see the chat: far more than the witness grants.
TOO_LATE = timedelta(seconds=30)
# On which side of a point the bot stands while its group changes, and for how long.
HELD = {"before": ("before", timedelta()), "after": ("after", timedelta()), "long after": ("after", TOO_LATE)}


async def changed_groups(seed: int, tries: int, place: Place) -> Outcome:
    """Every change, while each call of a post's life is on its way there, and while its answer is on its way back.

    And while the bot stands before and after each of its stored steps.
    """
    # The guards that are broken here are those against strangers' eyes: they rely on what Telegram answered.
    changes, points = (CHANGES, (*CALLS, *STEPS)) if place.mutant is None else ((PUBLIC,), CALLS)
    plays = list(product(changes, points, HELD))
    return await played(some(plays, seed, tries), lambda each: _changed(place, *each))


async def _changed(place: Place, change: str, point: tuple[str, int], how: str) -> Outcome:
    (name, nth), (side, late) = point, HELD[how]
    kind = "group" if change in UPGRADES else "supergroup"
    freeze = Kill(name=f"{side} {name} {nth}", freezes=True) if name == STEP else None
    async with trial(place, BEFORE_DUE, days=2, rounds=True) as played_on:
        group = await played_on.serve(Hour(), kind=kind, in_topic=change == TOPIC_CLOSED)
        async with played_on.life(freeze) as life:
            held = None if freeze else _held_call(played_on, group, name, nth, side)
            going_on = asyncio.create_task(life.until(LATER))
            await (held.met(PATIENCE_SECONDS) if held else until(lambda: life.is_frozen, seconds=PATIENCE_SECONDS))
            change_group(played_on, group, change)
            played_on.clock.let_pass(late)
            if held:
                held.release()
            life.signal(signal.SIGCONT)
            await going_on
            # Hour by hour would be most of the work.
            played_on.clock.let_pass(DAY - HOUR)
            await life.until(LATER + DAY)
            await played_on.everybody_told()
            outcome = await judge(played_on, all_posted=change == UPGRADED)
            told = _told_at_once(played_on, group)
    # An upgrade concerns nobody; a post that it ends stands in the digest of the day.
    outcome.expect(told == (change not in UPGRADES), f"it was told {told} times")
    return outcome


def change_group(played_on: Trial, group: Served, change: str) -> None:
    """It happens in this moment."""
    CHANGES[change](played_on.world, group)
    if change == "kicked":
        played_on.not_served_any_more(group)


def _held_call(played_on: Trial, group: Served, method: str, nth: int, side: str) -> Planned:
    """The group's nth call of a method, kept on its way there, or its answer on its way back."""
    faults = played_on.server.faults
    faults.add(Fault("passed by"), method=method, chat=group.chat, times=nth - 1)
    return faults.add(KEPT_BACK[side](), method=method, chat=group.chat, times=1)


def _told_at_once(played_on: Trial, group: Served) -> int:
    """How many messages tell that nothing can be posted there any more: the operator, or of its topic the group."""
    record, operators = played_on.world.record, played_on.world.private_chat(played_on.operator)
    sentence = WORDS.html("operator.suspended", title=group.chat.title, reason="")
    begins = parse_html(sentence).text.partition(":")[0]
    return len(record.showing(begins, operators) + record.showing(WORDS.html("group.topic_closed"), group.chat))


def _make_public(world: World, group: Served) -> None:
    world.make_public(group.chat, "harbour_prayer")


def _upgrade(world: World, group: Served) -> None:
    world.upgrade(group.chat)


def _upgrade_for_good(world: World, group: Served) -> None:
    """Messages of the old group can't be edited any more."""
    world.switches.edits_to_upgraded = False
    world.upgrade(group.chat)


def _kick(world: World, group: Served) -> None:
    world.kick_bot(group.chat)


def _mute(world: World, group: Served) -> None:
    world.mute_bot(group.chat)


def _restrict(world: World, group: Served) -> None:
    world.demote(world.bot, group.chat)
    group.chat.members_may_write = False


def _close_topic(world: World, group: Served) -> None:
    (topic,) = group.chat.topics.values()
    world.close_topic(group.chat, topic)


UPGRADED, UPGRADED_FOR_GOOD = "upgraded", "upgraded, old messages can't be edited"
UPGRADES = (UPGRADED, UPGRADED_FOR_GOOD)
PUBLIC, TOPIC_CLOSED = "made public", "its topic closed"
CHANGES: dict[str, Callable[[World, Served], None]] = {
    UPGRADED: _upgrade,
    UPGRADED_FOR_GOOD: _upgrade_for_good,
    PUBLIC: _make_public,
    "kicked": _kick,
    "muted": _mute,
    "restricted": _restrict,
    TOPIC_CLOSED: _close_topic,
}
