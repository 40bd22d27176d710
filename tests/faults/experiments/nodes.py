"""10: three nodes on one PostgreSQL; the one at work is killed, or frozen past its lease and woken."""

import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime, timedelta
from itertools import cycle, product

from bot.cli.run import LEASE_LOST
from bot.rehearsal.faults import delay_request
from tests.e2e.stage import until
from tests.faults.child import Kill
from tests.faults.experiments.kills import BEFORE_DUE, DUE, LATER, opens_in_flight
from tests.faults.experiments.replies import ASK, EDIT, SEND
from tests.faults.experiments.taking_back import PROVEN, retract
from tests.faults.judge import judge
from tests.faults.life import PATIENCE_SECONDS, Life
from tests.faults.outcome import Outcome, played, some
from tests.faults.place import Place
from tests.faults.trial import CANARY, Hour, Trial, trial

TAKEN_OVER_WITHIN = 30.0
ENDS_WITHIN = 30.0
LATE_REQUEST = timedelta(minutes=5)
HOURS = (Hour(), Hour())


async def several_nodes(seed: int, tries: int, place: Place) -> Outcome:
    """The holder killed or frozen at each call of a post's life, with a retraction meanwhile and without."""
    # Frozen before the call leaves it; or while the request is on its way, where it is 5 minutes late.
    moments = some(list(product((ASK, SEND, EDIT), (False, True))), seed, tries)
    plays = zip(cycle(("killed", "frozen before", "frozen meanwhile")), moments, strict=False)
    return await played(plays, lambda each: _taken_over(place, each[0], *each[1]))


async def _taken_over(place: Place, how: str, method: str, taken_back: bool) -> Outcome:
    freeze = Kill(name=f"before {method} 1", freezes=True) if how == "frozen before" else None
    async with trial(place, BEFORE_DUE, *HOURS) as played_on, _three_nodes(played_on, freeze) as (holder, others):
        clock, record = played_on.clock, played_on.world.record
        faults = played_on.server.faults
        held = None if freeze else faults.add(delay_request(), method=method, chat=played_on.served[0].chat, times=1)
        question = clock.ask(DUE)
        if held is None:
            await until(lambda: holder.is_frozen, seconds=PATIENCE_SECONDS)
        else:
            await held.met(PATIENCE_SECONDS)
            holder.signal(signal.SIGKILL if how == "killed" else signal.SIGSTOP)
        began, calls = played_on.world.monotonic(), len(record.calls_of(ASK))
        in_flight = await opens_in_flight(played_on)
        # Whoever takes over asks for the operators first.
        await until(lambda: len(record.calls_of(ASK)) > calls, seconds=PATIENCE_SECONDS)
        took = record.calls_of(ASK)[calls].began - began
        if taken_back:
            await retract(played_on)
        await until(lambda: clock.answered == question, seconds=PATIENCE_SECONDS)
        await _go_on(played_on, DUE + LATE_REQUEST)
        if held:
            held.release()
            await played_on.server.until_idle(PATIENCE_SECONDS)
        holder.signal(signal.SIGCONT)
        with suppress(TimeoutError):
            await holder.ended(ENDS_WITHIN)
        status = holder.status
        await _go_on(played_on, LATER + PROVEN)
        outcome = await judge(played_on, all_posted=not taken_back)
        standing = record.showing(CANARY)
        outcome.expect(all(node.status is None for node in others), "another node ended too")
    outcome.expect(
        outcome.stray <= in_flight, f"{outcome.stray} bare verses stand, and {in_flight} opens were in flight"
    )
    wanted = -signal.SIGKILL if how == "killed" else LEASE_LOST
    outcome.expect(status == wanted, f"the first node's status is {status} and not {wanted}")
    outcome.expect(not (taken_back and standing), f"retracted text stands in {len(standing)} messages")
    outcome.slowest = took
    return outcome.recovered_within(TAKEN_OVER_WITHIN)


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
