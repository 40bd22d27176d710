"""The wake-ups, with jobs that only say they were woken. Nothing here sleeps: a test waits for the next wake-up."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from bot.schedule import Rhythm, Schedule, Sweep
from tests.clock import StandingClock

# A rhythm that never comes round in a test: what is woken then was woken by something else.
NEVER = Rhythm(posting=3600)
QUICK = Rhythm(posting=0.05, faster=72_000)
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

    async def reached(self, runs: int) -> None:
        """Wait until the job has been run this often."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self.runs < runs:
                self.begun.clear()
                await self.begun.wait()


@dataclass
class Jobs:
    """The posting job and two sweeps."""

    posting: Job = field(default_factory=Job)
    counting: Job = field(default_factory=Job)
    telling: Job = field(default_factory=Job)

    @property
    def all(self) -> Sequence[Job]:
        """Every one."""
        return self.posting, self.counting, self.telling


Start = Callable[[Rhythm], Schedule]


@pytest.fixture
def jobs() -> Jobs:
    return Jobs()


@pytest.fixture
async def start(jobs: Jobs, clock: StandingClock) -> AsyncIterator[Start]:
    made: list[Schedule] = []

    def begin(rhythm: Rhythm) -> Schedule:
        sweeps = [Sweep(jobs.counting.run, 3600), Sweep(jobs.telling.run, 3600)]
        made.append(Schedule(jobs.posting.run, sweeps, clock.now, rhythm))
        made[-1].start()
        return made[-1]

    yield begin
    for job in jobs.all:
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
    for job in jobs.all:
        await job.reached(2)


async def test_a_sweep_that_is_still_at_work_does_not_run_beside_itself(jobs: Jobs, start: Start) -> None:
    jobs.counting.free.clear()
    start(QUICK)
    await jobs.counting.reached(1)
    await jobs.telling.reached(4)
    assert (jobs.counting.runs, jobs.counting.ended) == (1, 0)
    jobs.counting.free.set()
    await jobs.counting.reached(2)


async def test_what_the_database_cannot_do_now_is_done_at_the_next_wake_up(
    jobs: Jobs, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    for job in jobs.all:
        job.error = LOCKED
    start(QUICK)
    for job in jobs.all:
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


async def test_stopping_does_not_wait_for_ever_and_what_is_cut_off_is_no_error(
    jobs: Jobs, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    jobs.posting.free.clear()
    jobs.telling.free.clear()
    schedule = start(QUICK)
    await jobs.posting.reached(1)
    await jobs.telling.reached(1)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await schedule.stop(0)
    assert jobs.posting.ended == jobs.telling.ended == 0
    assert not caplog.records
