"""4, 6: Telegram can't be reached, or asks for patience."""

import asyncio
from datetime import date, timedelta
from itertools import product
from random import Random

from bot.rehearsal.faults import refuse, silence, too_many
from tests.faults.clock import Moment
from tests.faults.experiments.kills import BEFORE_DUE, DUE
from tests.faults.experiments.replies import ASK, EDIT, SEND
from tests.faults.judge import judge
from tests.faults.life import PATIENCE_SECONDS
from tests.faults.outcome import Outcome, played, some
from tests.faults.place import Place
from tests.faults.trial import SELDOM, Hour, Served, Trial, trial

OUTAGE = timedelta(minutes=30)
RECOVERED, RECOVERED_WITH_AN_OPEN_IN_FLIGHT = 60.0, 120.0
A_FEW_CALLS = timedelta(seconds=15)
HOURS = (Hour(), Hour(), Hour())
DAY = timedelta(days=1)
HELD_UP_AT_MOST = 1.0


# Silences take real seconds, in which little is done; a refused call is tried again and again.
SILENCES_AT_ONCE = 8


async def out_for_half_an_hour(seed: int, tries: int, place: Place) -> Outcome:
    """No connection, broken ones, or silence, from one of the calls of a post's life on, for 30 simulated minutes."""
    plays = some([*product(("refused", "broken off", "silent", "silent, and done"), (ASK, SEND, EDIT))], seed, tries)
    silent = [each for each in plays if each[0].startswith("silent")]
    outcome = await played(silent, lambda each: _out(place, *each), at_once=SILENCES_AT_ONCE)
    outcome.add(await played([each for each in plays if each not in silent], lambda each: _out(place, *each)))
    return outcome


async def _out(place: Place, how: str, method: str) -> Outcome:
    async with trial(place, BEFORE_DUE, *HOURS, rhythm=SELDOM) as played_on, played_on.life() as life:
        faults, server = played_on.server.faults, played_on.server
        fault = silence(acts=how == "silent, and done") if how.startswith("silent") else refuse()
        first = faults.add(fault, method=method, chat=played_on.served[0].chat)
        going_on = asyncio.create_task(life.until(DUE + OUTAGE))
        await first.met(PATIENCE_SECONDS)
        faults.add(fault)  # from now on every call
        if how == "refused":
            await server.stop_listening()
        if how.startswith("silent"):
            # Each silence takes real seconds: most of the half hour passes while the first is waited for.
            played_on.clock.jump(OUTAGE - A_FEW_CALLS)
        await going_on
        faults.clear()
        await server.start_listening()
        recovered = played_on.clock.moment()
        await life.until(DUE + 2 * OUTAGE)
        outcome = await judge(played_on, all_posted=True, since=recovered)
        in_flight = sum(call.fault is not None for call in played_on.world.record.calls_of(SEND))
    outcome.expect(outcome.stray <= in_flight, f"{outcome.stray} bare verses stand, and {in_flight} sends were cut off")
    return outcome.recovered_within(RECOVERED_WITH_AN_OPEN_IN_FLIGHT if in_flight else RECOVERED)


async def asked_for_patience(seed: int, tries: int, place: Place) -> Outcome:
    """429 with 1 to 900 s, for one chat while others are due, and for all, at each call of a post's life."""
    random = Random(f"{seed} patience")
    plays = [
        (who, method, random.randint(1, 900))
        for who, method in product(("one", "all"), (ASK, SEND, EDIT))
        for _ in range(20)
    ]
    plays = some(plays, seed, tries)
    # One at a time: others would take the seconds by which it is judged.
    outcome = await played([each for each in plays if each[0] == "one"], lambda each: _patient(place, *each), at_once=1)
    outcome.add(await played([each for each in plays if each[0] == "all"], lambda each: _patient(place, *each)))
    return outcome


async def _patient(place: Place, who: str, method: str, seconds: int) -> Outcome:
    async with trial(place, BEFORE_DUE, *HOURS, days=2) as played_on, played_on.life() as life:
        meant = played_on.served[:1] if who == "one" else played_on.served
        for group in meant:
            played_on.server.faults.add(too_many(seconds), method=method, chat=group.chat, times=1)
        await life.until(DUE)
        at_once = await judge(played_on)
        late = at_once.lost if who == "one" else 0
        await life.until(DUE + timedelta(hours=1))
        outcome = await judge(played_on, all_posted=True, since=Moment(DUE + timedelta(seconds=seconds)))
        outcome.expect(late <= 1, f"{late - 1} other groups were held up")
        if who == "one":
            await life.until(DUE + DAY)
            held_up = _held_up(played_on)
            outcome.expect(held_up <= HELD_UP_AT_MOST, f"the others were held up by {held_up:.1f} s")
        for group in meant:
            outcome.expect(_kept(played_on, group, seconds), f"group {group.id} was called within {seconds} s")
    outcome.expect(outcome.stray == 0, f"{outcome.stray} bare verses too many")
    return outcome.recovered_within(1)


def _held_up(played_on: Trial) -> float:
    """For how many seconds the others' posts were held up: what they took longer than those of the next day, together.

    Real ones: the bot's clock stands while anything is to be done.
    """
    today, tomorrow = played_on.days
    calls = played_on.world.record.calls
    refused = next(call.ended for call in calls if call.fault == "too_many")
    began = next(call.began for call in calls if call.at >= DUE + DAY)
    assert refused is not None
    took = max(_shown(played_on, group, today) for group in played_on.served[1:]) - refused
    return took - (max(_shown(played_on, group, tomorrow) for group in played_on.served) - began)


def _shown(played_on: Trial, group: Served, day: date) -> float:
    """When a group was shown a day's request, in elapsed seconds."""
    (canary,) = played_on.canaries(day)
    (message,) = played_on.world.record.holding(canary, group.chat)
    return next(version.began for version in message.versions if canary in version.text.text)


def _kept(played_on: Trial, group: Served, seconds: int) -> bool:
    """Whether no call to the group came before the time that was asked for."""
    calls = [call for call in played_on.world.record.calls if call.chat_id == group.chat.id]
    refused = next(number for number, call in enumerate(calls) if call.fault == "too_many")
    return all(call.at >= calls[refused].at + timedelta(seconds=seconds) for call in calls[refused + 1 :])
