"""The bot as a process of its own, on a clock that steps, which can be killed at any point of its life.

It is forked from a preloaded parent, or started cold: `python -m tests.faults.child`, with its orders on standard
input.
"""

import asyncio
import os
import pickle
import signal
import sys
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from telegram.request import HTTPXRequest

from bot import logs
from bot.app import App, Clocks, open_store
from bot.schedule import Rhythm
from bot.settings import CONFIG, load_settings
from bot.store.database import Store
from bot.store.lock import AlreadyRunningError, sole_bot
from tests.faults.clock import SharedClock
from tests.faults.mutants import break_guard

RHYTHM = Rhythm(posting=0.2, counts=0.05, telling=0.05)
TICK_SECONDS = 0.01
_UNCOUNTED = ("getUpdates", "getMe", "setMyCommands", "deleteWebhook")


@dataclass(frozen=True)
class Kill:
    """When a process kills itself: at the point of that name, or at the `passing`-th point from `since` on.

    `linger` seconds after the point, from a thread: in the middle of whatever it does then.
    """

    name: str | None = None
    since: datetime | None = None
    passing: int = 0
    linger: float = 0.0


@dataclass(frozen=True)
class Orders:
    """What a process is to do. `points` is a file for the names of the points it passes."""

    settings: dict[str, Any]
    token: str
    clock: Path
    log: Path
    kill: Kill | None = None
    points: Path | None = None
    mutant: str | None = None


class KillSwitch:
    """Names the points of a life, before and after each commit and each call, and kills this very process at one."""

    def __init__(self, orders: Orders, clock: SharedClock) -> None:
        self._kill, self._points, self._clock = orders.kill, orders.points, clock
        self._passed: Counter[str] = Counter()
        self._left = orders.kill.passing if orders.kill else 0

    def point(self, name: str) -> None:
        """Pass a point, or die there."""
        self._passed[name] += 1
        name = f"{name} {self._passed[name]}"
        if self._points:
            with self._points.open("a") as file:
                file.write(f"{name}\n")
        if self._kill and self._is_meant(name):
            if not self._kill.linger:
                die()
            threading.Timer(self._kill.linger, die).start()

    def _is_meant(self, name: str) -> bool:
        assert self._kill is not None
        if self._kill.name is not None:
            return name == self._kill.name
        if self._kill.since is not None and self._clock.now() < self._kill.since:
            return False
        self._left -= 1
        return self._left == -1

    def arm(self, store: Store) -> None:
        """Put a point on either side of every commit and every call to Telegram."""
        dialect = store.engine.sync_engine.dialect
        commit, call = dialect.do_commit, HTTPXRequest.do_request

        def do_commit(connection: Any) -> None:
            self.point("before commit")
            commit(connection)
            self.point("after commit")

        async def do_request(request: HTTPXRequest, url: str, *arguments: Any, **options: Any) -> tuple[int, bytes]:
            method = url.rpartition("/")[2]
            if method in _UNCOUNTED:
                return await call(request, url, *arguments, **options)
            self.point(f"before {method}")
            answer = await call(request, url, *arguments, **options)
            self.point(f"after {method}")
            return answer

        dialect.do_commit = do_commit  # type: ignore[method-assign, assignment]
        HTTPXRequest.do_request = do_request  # type: ignore[method-assign, assignment]


def die() -> None:
    """As `kill -9` would have it."""
    os.kill(os.getpid(), signal.SIGKILL)


def live(orders: Orders) -> None:
    """Run the bot until it is killed, or told to stop by SIGTERM. The target of a process."""
    log = os.open(orders.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    logs.configure(CONFIG / "logging.yaml")
    if orders.mutant:
        break_guard(orders.mutant)
    asyncio.run(_live(orders))


async def _live(orders: Orders) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    clock, settings = SharedClock(orders.clock), load_settings(**orders.settings)
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(settings))
        await _when(lambda: _alone(store, stack))
        app = App(settings, store, orders.token, Clocks(clock.now, clock.elapsed), RHYTHM)
        await _when(app.polling.connect)
        await app.telling.reachable()
        KillSwitch(orders, clock).arm(store)
        await app.start()
        stepping = asyncio.create_task(_step_on(app, clock))
        await asyncio.wait((stepping, asyncio.create_task(stop.wait())), return_when=asyncio.FIRST_COMPLETED)
        stepping.cancel()
        await app.stop()


async def _alone(store: Store, stack: AsyncExitStack) -> bool:
    """Whether no other bot holds the database: PostgreSQL notices a killed one a moment later."""
    try:
        await stack.enter_async_context(sole_bot(store.engine))
    except AlreadyRunningError:
        return False
    return True


async def _step_on(app: App, clock: SharedClock) -> None:
    """Whenever everything is done step the clock to the next instant that matters; at the horizon say so."""
    while True:
        question = clock.asked
        app.schedule.wake()
        await _when(lambda: _is_still(app, clock))
        if clock.now() < clock.horizon:
            async with app.store.reading() as stored:
                coming = await stored.groups.earliest_due(), await stored.posts.next_action(clock.now())
            clock.step(coming)
            continue
        clock.answer(question)
        await _when(partial(_asked_again, clock, question))


async def _when(holds: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again until something holds: neither a database nor a file tells anybody that it changed."""
    while not await holds():  # noqa: ASYNC110
        await asyncio.sleep(TICK_SECONDS)


async def _asked_again(clock: SharedClock, question: float) -> bool:
    return clock.asked != question


async def _is_still(app: App, clock: SharedClock) -> bool:
    """Whether no update is being handled, no post is under way, and nothing is due at this instant."""
    await app.polling.application.update_queue.join()
    if app.posting.busy:
        return False
    try:
        async with app.store.reading() as stored:
            due = await stored.groups.due(clock.now()) or await stored.posts.actionable(clock.now())
    except SQLAlchemyError:
        return False
    return not due and not app.posting.busy


if __name__ == "__main__":
    live(pickle.load(sys.stdin.buffer))  # noqa: S301 (from our own parent)
