"""The wake-ups."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

from bot.schedule import Rhythm, Schedule

NOW = datetime(2026, 3, 2, tzinfo=UTC)


class Idle:
    """Services with nothing to do; `posting` does what the test says."""

    def __init__(self, on_wake: Callable[[], None]) -> None:
        self.woken = 0
        self.thrice = asyncio.Event()
        self._on_wake = on_wake

    async def wake(self) -> datetime | None:
        self.woken += 1
        if self.woken == 3:
            self.thrice.set()
        else:
            self._on_wake()
        return None

    async def show_counts(self) -> bool:
        return False

    async def announce(self) -> None:
        pass

    async def tell(self) -> None:
        pass


async def woken_thrice(on_wake: Callable[[Schedule], None]) -> None:
    """Run a schedule until its posting job was woken three times. The rhythm alone would need an hour for that."""
    idle: Any = Idle(lambda: on_wake(schedule))
    schedule = Schedule(idle, idle, idle, idle, lambda: NOW, Rhythm(posting=3600, counts=3600, telling=3600))
    schedule.start()
    try:
        async with asyncio.timeout(10):
            await cast("Idle", idle).thrice.wait()
    finally:
        await schedule.stop(10)


async def test_a_wake_up_while_the_job_is_at_work_is_not_lost() -> None:
    await woken_thrice(lambda schedule: schedule.wake())


def wake_soon(schedule: Schedule) -> None:
    asyncio.get_running_loop().call_soon(schedule.wake)


async def test_a_wake_up_in_the_moment_after_the_job_is_not_lost() -> None:
    await woken_thrice(wake_soon)
