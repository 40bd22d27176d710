"""18: groups that change at every point of a post's life."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from itertools import product

from bot.rehearsal.faults import Fault, delay_reply, delay_request
from bot.rehearsal.html import parse_html
from bot.rehearsal.world import World
from tests.faults.experiments.kills import BEFORE_DUE, LATER
from tests.faults.experiments.replies import ASK, EDIT, SEND
from tests.faults.judge import judge
from tests.faults.life import PATIENCE_SECONDS
from tests.faults.outcome import Outcome, played, some
from tests.faults.place import Place
from tests.faults.trial import Hour, Served, Trial, trial
from tests.texts import WORDS

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# The calls of a post's life, in their order: which of its method each is.
CALLS = ((ASK, 1), (SEND, 1), (ASK, 2), (EDIT, 1))

KEPT_BACK = {"before": delay_request, "after": delay_reply}
# An answer that comes so late says nothing any more of who can see the chat: far more than the witness grants.
TOO_LATE = timedelta(seconds=30)
HELD = {**{name: (fault, timedelta()) for name, fault in KEPT_BACK.items()}, "long after": (delay_reply, TOO_LATE)}


async def changed_groups(seed: int, tries: int, place: Place) -> Outcome:
    """Every change, while each call of a post's life is on its way there, and while its answer is on its way back."""
    # The guards that are broken here are those against strangers' eyes.
    changes = CHANGES if place.mutant is None else (PUBLIC,)
    plays = list(product(changes, CALLS, HELD))
    return await played(some(plays, seed, tries), lambda each: _changed(place, *each))


async def _changed(place: Place, change: str, call: tuple[str, int], how: str) -> Outcome:
    (method, nth), (fault, late) = call, HELD[how]
    kind = "group" if change in UPGRADES else "supergroup"
    async with trial(place, BEFORE_DUE, days=2, rounds=True) as played_on:
        group = await played_on.serve(Hour(), kind=kind)
        async with played_on.life() as life:
            faults = played_on.server.faults
            faults.add(Fault("passed by"), method=method, chat=group.chat, times=nth - 1)
            held = faults.add(fault(), method=method, chat=group.chat, times=1)
            going_on = asyncio.create_task(life.until(LATER))
            await held.met(PATIENCE_SECONDS)
            CHANGES[change](played_on.world, group)
            if change == "kicked":
                played_on.not_served_any_more(group)
            played_on.clock.let_pass(late)
            held.release()
            await going_on
            await life.until(LATER + DAY)
            await played_on.everybody_told()
            outcome = await judge(played_on, all_posted=change == UPGRADED)
            told = _told_at_once(played_on, group)
    # An upgrade concerns nobody; a post that it ends stands in the digest of the day.
    outcome.expect(told == (change not in UPGRADES), f"the operator was told {told} times")
    return outcome


def _told_at_once(played_on: Trial, group: Served) -> int:
    """How many messages tell the operator that nothing is posted in the group any more."""
    sentence = WORDS.html("operator.suspended", title=group.chat.title, reason="")
    begins = parse_html(sentence).text.partition(":")[0]
    return len(played_on.world.record.showing(begins, played_on.world.private_chat(played_on.operator)))


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


UPGRADED, UPGRADED_FOR_GOOD = "upgraded", "upgraded, old messages can't be edited"
UPGRADES = (UPGRADED, UPGRADED_FOR_GOOD)
PUBLIC = "made public"
CHANGES: dict[str, Callable[[World, Served], None]] = {
    UPGRADED: _upgrade,
    UPGRADED_FOR_GOOD: _upgrade_for_good,
    PUBLIC: _make_public,
    "kicked": _kick,
    "muted": _mute,
    "restricted": _restrict,
}
