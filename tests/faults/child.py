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
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, func, select
from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.app import App, Clocks, boottime, open_store_alone
from bot.cli.run import end_at_once
from bot.schedule import Rhythm
from bot.settings import CONFIG, load_settings
from bot.store.database import Store
from bot.store.tables import copies, groups
from bot.telegram.request import StrictRequest
from tests.faults.clock import SharedClock
from tests.faults.mutants import break_guard
from tests.faults.spoiling import Way, spoiling

# Sweeps come at each stop of the clock; these are for what happens while it stands.
NOW_AND_THEN = Rhythm(posting=0.2, faster=4)
SWEEP_SECONDS = 1.0
TICK_SECONDS, LONGEST_TICK_SECONDS = 0.002, 0.1
_UNCOUNTED = ("getUpdates", "getMe", "setMyCommands", "deleteWebhook")
_STEPS = ("INSERT INTO posts ", "UPDATE posts ")


@dataclass(frozen=True)
class Kill:
    """When a process kills itself: at the point of that name, or at the `passing`-th point from `since` on.

    Of points from `since` on only those count that begin with `kind`.
    `linger` seconds after the point, from a thread: in the middle of whatever it does then. It doesn't die there, but
    `freezes`, or its database is spoilt in one of these ways.
    """

    name: str | None = None
    since: datetime | None = None
    passing: int = 0
    kind: str = ""
    linger: float = 0.0
    freezes: bool = False
    spoils: Way | None = None


@dataclass(frozen=True)
class Orders:
    """What a process is to do. `points` is a file for the names of the points it passes.

    Sweeps come by the `rhythm` alone, or where it is None at each stop of the clock. With `rounds` the clock also stops
    where a chat is looked at again.
    """

    settings: dict[str, Any]
    token: str
    clock: Path
    log: Path
    kill: Kill | None = None
    points: Path | None = None
    mutant: str | None = None
    rhythm: Rhythm | None = None
    rounds: bool = False


class KillSwitch:
    """Names the points of a life, before and after each commit and each call, and kills this very process at one."""

    def __init__(
        self,
        kill: Kill | None,
        points: Path | None,
        now: Callable[[], datetime],
        act: Callable[[], None],
    ) -> None:
        self._kill, self._points, self._now, self._act = kill, points, now, act
        self._passed: Counter[str] = Counter()
        self._left = kill.passing if kill else 0

    def point(self, name: str) -> None:
        """Pass a point, or die there."""
        self._passed[name] += 1
        name = f"{name} {self._passed[name]}"
        if self._points:
            with self._points.open("a") as file:
                file.write(f"{name}\n")
        if self._kill and self._is_meant(name):
            if not self._kill.linger:
                self._act()
            else:
                threading.Timer(self._kill.linger, self._act).start()

    def _is_meant(self, name: str) -> bool:
        assert self._kill is not None
        if self._kill.name is not None:
            return name == self._kill.name
        if not name.startswith(self._kill.kind):
            return False
        if self._kill.since is not None and self._now() < self._kill.since:
            return False
        self._left -= 1
        return self._left == -1

    def arm(self, store: Store) -> None:
        """Put a point on either side of every commit and every call to Telegram.

        Those that store a step of a post are counted by themselves: the sweeps' own come in between as they may.
        """
        engine = store.engine.sync_engine
        commit, call, steps = engine.dialect.do_commit, StrictRequest.do_request, set[int]()

        def begin(connection: Connection) -> None:
            steps.discard(id(connection.connection))

        def executed(connection: Connection, cursor: Any, statement: str, *_: object) -> None:
            if statement.startswith(_STEPS) and cursor.rowcount:
                steps.add(id(connection.connection))

        def do_commit(connection: Any) -> None:
            name = "commit of a step" if id(connection) in steps else "commit"
            self.point(f"before {name}")
            commit(connection)
            self.point(f"after {name}")

        async def do_request(request: StrictRequest, url: str, *arguments: Any, **options: Any) -> tuple[int, bytes]:
            method = url.rpartition("/")[2]
            if method in _UNCOUNTED:
                return await call(request, url, *arguments, **options)
            self.point(f"before {method}")
            answer = await call(request, url, *arguments, **options)
            self.point(f"after {method}")
            return answer

        event.listen(engine, "begin", begin)
        event.listen(engine, "after_cursor_execute", executed)
        engine.dialect.do_commit = do_commit  # type: ignore[method-assign, assignment]
        StrictRequest.do_request = do_request  # type: ignore[method-assign, assignment]


def _act(kill: Kill | None, store: Store, clock: SharedClock) -> Callable[[], None]:
    """What happens to the process at its point."""
    if kill and kill.spoils:
        return spoiling(kill.spoils, store.engine, clock)
    return freeze if kill and kill.freezes else die


def freeze() -> None:
    """As `kill -STOP` would have it, until `kill -CONT`."""
    os.kill(os.getpid(), signal.SIGSTOP)


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
    async with open_store_alone(settings, end_at_once, _stand_by, lambda: boottime() + clock.slept) as store:
        app = App(settings, store, orders.token, Clocks(clock.now, clock.elapsed), orders.rhythm or NOW_AND_THEN)
        await _when(app.polling.connect)
        await app.telling.reachable()
        KillSwitch(orders.kill, orders.points, clock.now, _act(orders.kill, store, clock)).arm(store)
        await app.start()
        steps = Stepping(app, clock, sweeps=orders.rhythm is None, rounds=orders.rounds)
        stepping = asyncio.create_task(steps.go_on())
        await asyncio.wait((stepping, asyncio.create_task(stop.wait())), return_when=asyncio.FIRST_COMPLETED)
        stepping.cancel()
        await app.stop()


def _stand_by(whom: str) -> None:
    sys.stdout.write(f"{whom}\n")


class Stepping:
    """Steps the clock of a running bot: it stands while anything is due or under way."""

    def __init__(self, app: App, clock: SharedClock, *, sweeps: bool, rounds: bool) -> None:
        self._app, self._clock, self._sweeps, self._rounds = app, clock, sweeps, rounds

    async def go_on(self) -> None:
        """Whenever everything is done step to the next instant that matters; at the horizon say so."""
        while True:
            question = self._clock.asked
            self._app.schedule.wake()
            if self._sweeps:
                # Not longer: where Telegram is silent the clock goes on meanwhile.
                await asyncio.wait((asyncio.create_task(self._app.schedule.sweep()),), timeout=SWEEP_SECONDS)
            await _when(self._is_still)
            if self._clock.now() < self._clock.horizon:
                with suppress(SQLAlchemyError):  # it is down: asked again
                    coming = await self._coming()
                    if not self._is_busy():  # what began meanwhile would find that its second is over
                        self._clock.step(coming)
                continue
            self._clock.answer(question)
            await _when(partial(self._was_asked_after, question), longest=TICK_SECONDS)

    async def _was_asked_after(self, question: float) -> bool:
        return self._clock.asked != question

    async def _is_still(self) -> bool:
        """Whether no update is being handled, nothing is under way, and nothing is due at this instant."""
        await self._app.polling.application.update_queue.join()
        now = self._clock.now()
        try:
            async with self._app.store.reading() as stored:
                due = [await stored.groups.due(now), await stored.posts.actionable(now, 1)]
                due += [await stored.copies.due(now, 1)]
                due += [await stored.groups.to_look_at(now, 1)] if self._rounds else []
        except SQLAlchemyError:
            return False
        return not any(due) and not self._is_busy()

    def _is_busy(self) -> bool:
        return self._app.posting.busy or self._app.rewriting.busy

    async def _coming(self) -> list[datetime | None]:
        """When something is to be done next: a group, a post, a copy that is written again, a chat to look at."""
        now = self._clock.now()
        columns = [copies.c.again_at, *([groups.c.look_at] if self._rounds else [])]
        async with self._app.store.engine.connect() as connection:
            again = [(await connection.execute(select(func.min(each)).where(each > now))).scalar() for each in columns]
        async with self._app.store.reading() as stored:
            return [*again, await stored.groups.earliest_due(), await stored.posts.next_action(now)]


async def _when(holds: Callable[[], Awaitable[bool]], longest: float = LONGEST_TICK_SECONDS) -> None:
    """Look again and again until something holds: neither a database nor a file tells anybody that it changed.

    More and more seldom, but at the latest after `longest` seconds: whoever waits for a silent Telegram would keep all
    others from their work.
    """
    pause = TICK_SECONDS
    while not await holds():
        await asyncio.sleep(pause)
        pause = min(1.5 * pause, longest)


if __name__ == "__main__":
    live(pickle.load(sys.stdin.buffer))  # noqa: S301 (from our own parent)
