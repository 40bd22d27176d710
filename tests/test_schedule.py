"""The wake-ups, with jobs that only say they were woken. Nothing here sleeps: a test waits for the next wake-up."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy.exc import OperationalError

from bot.schedule import Rhythm, Schedule, TakingBack
from tests.clock import StandingClock

# A rhythm that never comes round in a test: what is woken then was woken by something else.
NEVER = Rhythm(posting=3600, counts=3600, telling=3600, rewriting=3600, retiring=3600)
QUICK = Rhythm(posting=0.05, counts=0.05, telling=0.05, rewriting=0.05, retiring=0.05)
# Only ends a test that would hang.
PATIENCE_SECONDS = 30
LOCKED = OperationalError("UPDATE", {}, Exception("database is locked"))


@dataclass
class Job:
    """A job that counts its runs, and works until it may end."""

    free: asyncio.Event = field(default_factory=asyncio.Event)
    runs: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    ended: int = 0
    answer: datetime | None = None
    error: Exception | None = None

    def __post_init__(self) -> None:
        self.free.set()

    async def run(self) -> datetime | None:
        """One run."""
        self.runs += 1
        self.begun.set()
        await self.free.wait()
        self.ended += 1
        if self.error is not None:
            raise self.error
        return self.answer

    wake = show_counts = announce = tell = sweep = show = leave = run

    async def reached(self, runs: int) -> None:
        """Wait until the job has been run this often."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self.runs < runs:
                self.begun.clear()
                await self.begun.wait()


@dataclass
class Jobs:
    """The jobs of the schedule."""

    posting: Job = field(default_factory=Job)
    praying: Job = field(default_factory=Job)
    groups: Job = field(default_factory=Job)
    telling: Job = field(default_factory=Job)
    rewriting: Job = field(default_factory=Job)
    retiring: Job = field(default_factory=Job)
    receipts: Job = field(default_factory=Job)
    leaving: Job = field(default_factory=Job)

    def all(self) -> list[Job]:
        """Each of them."""
        return [getattr(self, each.name) for each in fields(self)]


Start = Callable[[Rhythm], Schedule]


@pytest.fixture
def jobs() -> Jobs:
    return Jobs()


@pytest.fixture
async def start(jobs: Jobs, clock: StandingClock) -> AsyncIterator[Start]:
    made: list[Schedule] = []

    def begin(rhythm: Rhythm) -> Schedule:
        parts = cast(Any, jobs)
        back = TakingBack(parts.rewriting, parts.retiring, parts.receipts, parts.leaving)
        made.append(Schedule(parts.posting, parts.praying, parts.groups, parts.telling, back, clock.now, rhythm))
        made[-1].start()
        return made[-1]

    yield begin
    for job in jobs.all():
        job.free.set()
    for schedule in made:
        await schedule.stop(PATIENCE_SECONDS)


async def test_the_posting_job_is_woken_at_once_and_when_asked_for(jobs: Jobs, start: Start) -> None:
    schedule = start(NEVER)
    await jobs.posting.reached(1)
    schedule.wake()
    await jobs.posting.reached(2)


async def test_a_wake_up_during_the_work_is_not_lost_and_does_not_run_beside_it(jobs: Jobs, start: Start) -> None:
    jobs.posting.free.clear()
    schedule = start(NEVER)
    await jobs.posting.reached(1)
    schedule.wake()
    schedule.wake()
    assert (jobs.posting.runs, jobs.posting.ended) == (1, 0)
    jobs.posting.free.set()
    await jobs.posting.reached(2)


async def test_the_posting_job_is_woken_at_the_instant_it_named(jobs: Jobs, start: Start, clock: StandingClock) -> None:
    jobs.posting.answer = clock.now() + timedelta(seconds=0.1)
    start(NEVER)
    await jobs.posting.reached(3)


async def test_every_job_comes_round_by_its_rhythm(jobs: Jobs, start: Start) -> None:
    start(QUICK)
    for job in jobs.all():
        await job.reached(2)


async def test_what_the_database_cannot_do_now_is_done_at_the_next_wake_up(
    jobs: Jobs, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    for job in jobs.all():
        job.error = LOCKED
    start(QUICK)
    for job in jobs.all():
        await job.reached(2)
    assert "database is locked" in caplog.text


async def test_an_error_that_nobody_expected_does_not_end_the_posting(
    jobs: Jobs, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    jobs.posting.error = LookupError("no post 7")
    start(QUICK)
    await jobs.posting.reached(3)


async def test_stopping_waits_for_what_is_under_way_and_wakes_nothing_more(jobs: Jobs, start: Start) -> None:
    jobs.posting.free.clear()
    schedule = start(NEVER)
    await jobs.posting.reached(1)
    stopping = asyncio.create_task(schedule.stop(PATIENCE_SECONDS))
    jobs.posting.free.set()
    await stopping
    assert (jobs.posting.runs, jobs.posting.ended) == (1, 1)
    await schedule.stop(PATIENCE_SECONDS)


async def test_stopping_does_not_wait_for_ever(jobs: Jobs, start: Start) -> None:
    jobs.posting.free.clear()
    schedule = start(NEVER)
    await jobs.posting.reached(1)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await schedule.stop(0)
    assert jobs.posting.ended == 0
