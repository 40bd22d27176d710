"""10: three nodes on one PostgreSQL; the one at work is killed, or frozen past its lease and woken; calls are late."""

import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime, timedelta
from itertools import product

from bot.cli.run import LEASE_LOST
from bot.rehearsal.faults import Fault, delay_reply, delay_request
from tests.e2e.stage import until
from tests.faults.child import Kill
from tests.faults.experiments.groups import CALLS
from tests.faults.experiments.kills import BEFORE_DUE, DUE, LATER, opens_in_flight
from tests.faults.experiments.replies import ASK
from tests.faults.experiments.taking_back import PROVEN, retract
from tests.faults.judge import judge
from tests.faults.life import PATIENCE_SECONDS, Life
from tests.faults.outcome import Outcome, played, some
from tests.faults.place import Place
from tests.faults.trial import CANARY, Hour, Trial, trial

TAKEN_OVER_WITHIN = 30.0
ENDS_WITHIN = 30.0
GONE_FOR_GOOD_WITHIN = timedelta(minutes=60)
LATE_REQUEST = timedelta(minutes=5)
HOURS = (Hour(), Hour())

KILLED, FROZEN_BEFORE, DELAYED = "killed", "frozen before", "delayed"
FROZEN = (FROZEN_BEFORE, "frozen meanwhile", "frozen when it is done")
# What holds the call meanwhile: the request is on its way, or done already and the answer is on its way back.
HELD = {KILLED: delay_request, FROZEN[1]: delay_request, FROZEN[2]: delay_reply, DELAYED: delay_request}


async def several_nodes(seed: int, tries: int, place: Place) -> Outcome:
    """The holder killed, or frozen past its lease and woken, at each call of a post's life; with a retraction or not.

    It is frozen before the call leaves it; or while the call is on its way, where it is 5 minutes late. Or the call is
    as late, and nothing happens to the holder.
    """
    hows = (KILLED, *FROZEN, DELAYED) if place.mutant is None else FROZEN
    plays = list(product(hows, CALLS, (False, True)))
    return await played(some(plays, seed, tries), lambda each: _taken_over(place, *each))


async def _taken_over(place: Place, how: str, call: tuple[str, int], taken_back: bool) -> Outcome:
    method, nth = call
    # All groups' calls are counted where it freezes: each of them has asked once before one asks for the second time.
    point = f"before {method} {(nth - 1) * len(HOURS) + 1}"
    freeze = Kill(name=point, freezes=True) if how == FROZEN_BEFORE else None
    async with trial(place, BEFORE_DUE, *HOURS) as played_on, _three_nodes(played_on, freeze) as (holder, others):
        clock, record = played_on.clock, played_on.world.record
        faults = played_on.server.faults
        chat, held = played_on.served[0].chat, None
        if not freeze:
            faults.add(Fault("passed by"), method=method, chat=chat, times=nth - 1)
            held = faults.add(HELD[how](), method=method, chat=chat, times=1)
        question = clock.ask(DUE)
        if held is None:
            await until(lambda: holder.is_frozen, seconds=PATIENCE_SECONDS)
        else:
            await held.met(PATIENCE_SECONDS)
        if how != DELAYED:
            holder.signal(signal.SIGKILL if how == KILLED else signal.SIGSTOP)
        began, in_flight = played_on.world.monotonic(), await opens_in_flight(played_on)
        took = 0.0 if how == DELAYED else await _taken_over_at(played_on) - began
        retracted = await retract(played_on) if taken_back else None
        await until(lambda: clock.answered == question, seconds=PATIENCE_SECONDS)
        await _go_on(played_on, DUE + LATE_REQUEST)
        if held:
            held.release()
            await played_on.server.until_idle(PATIENCE_SECONDS)
        if how != DELAYED:
            holder.signal(signal.SIGCONT)
            with suppress(TimeoutError):
                await holder.ended(ENDS_WITHIN)
        status = holder.status
        if retracted:
            await _go_on(played_on, retracted + GONE_FOR_GOOD_WITHIN)
        standing = record.showing(CANARY) if retracted else []
        await _go_on(played_on, LATER + PROVEN)
        outcome = await judge(played_on, all_posted=not taken_back)
        standing += record.showing(CANARY) if retracted else []
        outcome.expect(all(node.status is None for node in others), "another node ended too")
    outcome.expect(
        outcome.stray <= in_flight, f"{outcome.stray} bare verses stand, and {in_flight} opens were in flight"
    )
    wanted = {KILLED: -signal.SIGKILL, DELAYED: None}.get(how, LEASE_LOST)
    outcome.expect(status == wanted, f"the first node's status is {status} and not {wanted}")
    outcome.expect(not standing, f"retracted text stands in {len(standing)} messages")
    outcome.slowest = took
    return outcome.recovered_within(TAKEN_OVER_WITHIN)


async def _taken_over_at(played_on: Trial) -> float:
    """When another node is at work, in elapsed seconds: whoever takes over asks for the operators first."""
    operators, record = played_on.world.private_chat(played_on.operator), played_on.world.record
    asked = len(record.calls_of(ASK, operators))
    await until(lambda: len(record.calls_of(ASK, operators)) > asked, seconds=PATIENCE_SECONDS)
    return record.calls_of(ASK, operators)[asked].began


@asynccontextmanager
async def _three_nodes(played_on: Trial, kill: Kill | None) -> AsyncIterator[tuple[Life, list[Life]]]:
    """The one at work, which has its orders, and two that stand by."""
    async with AsyncExitStack() as stack:
        holder = await stack.enter_async_context(played_on.life(kill))
        await holder.still()
        others = [await stack.enter_async_context(played_on.life()) for _ in range(2)]
        log = played_on.log
        await until(lambda: log.read_text().count("stands by") == 2, seconds=PATIENCE_SECONDS)
        yield holder, others


async def _go_on(played_on: Trial, instant: datetime) -> None:
    """Let the clock go on, whichever node steps it."""
    question = played_on.clock.ask(instant)
    await until(lambda: played_on.clock.answered == question, seconds=PATIENCE_SECONDS)
