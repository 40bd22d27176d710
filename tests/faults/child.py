"""A posting process that can be killed at any numbered point: before and after each commit and each call."""

import asyncio
import os
import signal
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from telegram.request import HTTPXRequest

from bot.app import App, Clocks, open_store
from bot.domain.post import UNDER_WAY
from bot.services.receipts import Receipts
from bot.services.retracting import Why
from bot.services.words import Words
from bot.settings import TEXTS, load_settings
from tests.clock import StandingClock

FINISH_SECONDS = 60.0


@dataclass(frozen=True)
class Orders:
    """What a child is to do. `kill_at` is the number of the point at which it is killed, None for never."""

    settings: dict[str, Any]
    token: str
    now: datetime
    kill_at: int | None
    receipt_to: int | None = None


class KillSwitch:
    """Counts points and kills this very process at one of them, as `kill -9` would."""

    def __init__(self, kill_at: int | None) -> None:
        self._left = kill_at

    def point(self) -> None:
        """Pass a point, or die there."""
        if self._left is None:
            return
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1

    def arm(self, app: App) -> None:
        """Put a point on either side of every commit and every call to Telegram."""
        dialect = app.store.engine.sync_engine.dialect
        commit = dialect.do_commit

        def do_commit(connection: Any) -> None:
            self.point()
            commit(connection)
            self.point()

        dialect.do_commit = do_commit  # type: ignore[method-assign, assignment]
        call = HTTPXRequest.do_request

        async def do_request(*arguments: Any, **options: Any) -> tuple[int, bytes]:
            self.point()
            answer = await call(*arguments, **options)
            self.point()
            return answer

        HTTPXRequest.do_request = do_request  # type: ignore[method-assign]


def post_until_done(orders: Orders) -> None:
    """Post everything that is due, moving the clock on to whatever holds a post back. The target of a child process."""
    asyncio.run(_post_until_done(orders))


async def _post_until_done(orders: Orders) -> None:
    clock = StandingClock(orders.now)
    settings = load_settings(**orders.settings)
    async with open_store(settings) as store:
        app = App(settings, store, orders.token, Clocks(clock.now))
        assert await app.polling.connect()
        KillSwitch(orders.kill_at).arm(app)
        while True:
            held_until = await app.posting.wake()
            await app.posting.finish(FINISH_SECONDS)
            async with store.reading() as stored:
                under_way = [post for post in await stored.posts.recent(orders.now) if post.state in UNDER_WAY]
            if not under_way:
                break
            held = [post.not_before for post in under_way if post.not_before is not None]
            clock.instant = max(clock.instant, *held, held_until or clock.instant) if held else clock.instant
        await app.polling.close()


def take_back_until_done(orders: Orders) -> None:
    """Post what is due, take it back and prove it for an hour. The target of a child process."""
    asyncio.run(_take_back_until_done(orders))


async def _take_back_until_done(orders: Orders) -> None:
    clock = StandingClock(orders.now)
    settings = load_settings(**orders.settings)
    async with open_store(settings) as store:
        app = App(settings, store, orders.token, Clocks(clock.now))
        assert await app.polling.connect()
        receipts = Receipts(store, app.messenger, Words.load(TEXTS), app.pace)
        await app.posting.wake()
        await app.posting.finish(FINISH_SECONDS)
        KillSwitch(orders.kill_at).arm(app)
        # The hour of the proof, and time for a write that has to come again.
        for minute in (0, 2, 12, 70, 130):
            clock.instant = orders.now + timedelta(minutes=minute)
            if minute == 0:
                for choice in await app.retracting.choices():
                    await app.retracting.retract(choice.request_id, Why.DANGER, orders.receipt_to)
            await app.rewriting.wake()
            await receipts.show()
        await app.polling.close()
