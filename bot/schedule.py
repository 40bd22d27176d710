"""The wake-ups. APScheduler wakes the jobs, and decides nothing: what is due stands in the database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.exc import SQLAlchemyError

from bot.store.database import plain_reason

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sweep:
    """A job that comes round every so many seconds, one run at a time: what is stored decides whether it has to do."""

    job: Callable[[], Awaitable[object]]
    seconds: float


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`posting`: seconds between two wake-ups of the posting job, at the most. `faster`: how much sooner sweeps come.

    What another process wrote into the database is seen after that.
    """

    posting: float = 5.0
    faster: float = 1.0


USUAL = Rhythm()

_UNWIND_SECONDS = 0.5


class Schedule:
    """Wakes the posting job at the earliest due instant that it names, and each sweep by its own rhythm."""

    def __init__(
        self,
        post: Callable[[], Awaitable[datetime | None]],
        sweeps: Sequence[Sweep],
        now: Callable[[], datetime],
        rhythm: Rhythm,
    ) -> None:
        self._post, self._sweeps, self._now, self._rhythm = post, sweeps, now, rhythm
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._jobs: set[asyncio.Future[Any]] = set()
        self._sweeping: set[Sweep] = set()
        self._at_work = False
        self._woken_meanwhile = False
        self._cut_off = False

    def start(self) -> None:
        """Begin to wake, at once for the first time."""
        for sweep in self._sweeps:
            trigger = IntervalTrigger(seconds=sweep.seconds / self._rhythm.faster, timezone=UTC)
            # A long run lets wake-ups go by; the scheduler would warn of each.
            self._scheduler.add_job(
                self._sweep, trigger, [sweep], misfire_grace_time=None, coalesce=True, max_instances=2
            )
        self._scheduler.start()
        self.wake()

    async def stop(self, seconds: float) -> None:
        """Wake no more, and wait up to `seconds` for what was woken: the scheduler would cut it off in the middle."""
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        await asyncio.sleep(0)  # what was woken a moment ago begins, and is waited for too
        jobs = set(self._jobs)
        if jobs:
            await asyncio.wait(jobs, timeout=seconds)
        self._cut_off = True
        self._scheduler.shutdown(wait=False)
        if jobs:
            # What was cut off has to unwind; a commit that is under way comes to its end.
            await asyncio.wait(jobs, timeout=_UNWIND_SECONDS)

    def wake(self) -> None:
        """Wake the posting job now; if it is at work, once more after that."""
        self._woken_meanwhile = self._at_work
        if not self._at_work:
            self._wake_in(0)

    async def sweep(self) -> None:
        """Let every sweep come round now, but for those that are at it already."""
        await asyncio.gather(*map(self._sweep, self._sweeps))

    def _wake_in(self, seconds: float) -> None:
        # The scheduler waits by the machine's own clock, also where `now` is another one.
        instant = datetime.now(UTC) + timedelta(seconds=max(0.0, seconds))
        # APScheduler counts a run until a moment after its end. With one instance it would drop a wake-up that comes in
        # that moment, and every later one with it.
        self._scheduler.add_job(
            self._wake,
            DateTrigger(instant),
            id="posting",
            replace_existing=True,
            misfire_grace_time=None,
            max_instances=2,
        )

    async def _wake(self) -> None:
        if self._at_work:
            self._woken_meanwhile = True
            return
        instant: datetime | None = None
        self._at_work = self._woken_meanwhile = True
        try:
            while self._woken_meanwhile:
                self._woken_meanwhile = False
                instant = await self._run(self._post)
        finally:
            # Whatever went wrong: a next wake-up that isn't set here is never set.
            self._at_work = False
            if self._scheduler.running:
                self._wake_in(self._soon(instant))

    def _soon(self, instant: datetime | None) -> float:
        if instant is None:
            return self._rhythm.posting
        # Never in less than a moment: what couldn't be done at its instant mustn't spin.
        return min(self._rhythm.posting, max(0.05, (instant - self._now()).total_seconds()))

    async def _sweep(self, sweep: Sweep) -> None:
        if sweep in self._sweeping:
            return
        self._sweeping.add(sweep)
        try:
            await self._run(sweep.job)
        finally:
            self._sweeping.discard(sweep)

    async def _run(self, job: Callable[[], Awaitable[T]]) -> T | None:
        """Run a job; what the database can't do now is done at the next wake-up."""
        # The scheduler's whole task, not this part of it: it may have more to do, and `stop` waits for all of it.
        task = asyncio.current_task()
        if task is not None and task not in self._jobs:
            self._jobs.add(task)
            task.add_done_callback(self._jobs.discard)
        try:
            return await job()
        except asyncio.CancelledError:
            if not self._cut_off:
                raise
            return None  # by `stop`: the scheduler would tell of an error; it is resumed at the next start
        except SQLAlchemyError as error:
            log.error("a job waits: the database says: %s", plain_reason(error))
            return None
