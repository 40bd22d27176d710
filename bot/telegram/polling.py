"""Long polling: how python-telegram-bot is built, started, watched and stopped."""

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import ApplicationBuilder
from telegram.request import RequestData

from bot.telegram.handlers import Handlers
from bot.telegram.request import StrictRequest
from bot.telegram.updates import ALLOWED_UPDATES, App

# Updates that are handled at the same time: most of what one takes is waiting for Telegram.
_CONCURRENT_UPDATES = 32
_POLL_SECONDS = 10
_STOP_SECONDS = 0.6


# Updates that come in the very moment of a stop are confirmed to nobody, and come again at the next start. The updater
# can't tell an order from an accident, and calls that critical.
_UPDATER_LOG, STOPPED = logging.getLogger("telegram.ext.Updater"), "Updater stopped unexpectedly"


def _is_unexpected(record: logging.LogRecord) -> bool:
    return STOPPED not in str(record.msg)


class TokenRefusedError(Exception):
    """Telegram knows no bot with this token, or knows it no more."""


class WatchedRequest(StrictRequest):
    """Sees each answer to getUpdates: after a 401 or 404 python-telegram-bot stops polling without a word."""

    def __init__(self, elapsed: Callable[[], float], check: Callable[[], None]) -> None:
        super().__init__(connections=2, check=check)
        self._elapsed = elapsed
        self.refused = asyncio.Event()
        self.last_good = elapsed()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *timeouts: Any,
        **more_timeouts: Any,
    ) -> tuple[int, bytes]:
        """Ask as usual, and remember how it went."""
        status, body = await super().do_request(url, method, request_data, *timeouts, **more_timeouts)
        if status in (401, 404):
            self.refused.set()
        elif status == 200:
            self.last_good = self._elapsed()
        return status, body


class Polling:
    """One bot's connection to Telegram. `check` is asked before each call, and raises where none may be made."""

    def __init__(
        self,
        token: str,
        api_url: str,
        check: Callable[[], None] = lambda: None,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        # Without it python-telegram-bot warns at each 429 that its waiting time will be a timedelta one day.
        os.environ.setdefault("PTB_TIMEDELTA", "true")
        self._watch, self._request = WatchedRequest(elapsed, check), StrictRequest(check=check)
        self._handlers = Handlers(_CONCURRENT_UPDATES)
        self.application: App = (
            ApplicationBuilder()
            .token(token)
            .base_url(f"{api_url.rstrip('/')}/bot")
            .request(self._request)
            .get_updates_request(self._watch)
            .concurrent_updates(self._handlers)
            .build()
        )

    async def connect(self) -> bool:
        """Make ourselves known; False if Telegram can't be reached just now. Raises TokenRefusedError."""
        try:
            await self.application.initialize()
        except InvalidToken:
            raise TokenRefusedError from None
        except (NetworkError, TelegramError):
            return False
        return True

    async def start(self) -> None:
        """Begin to receive updates."""
        await self.application.start()
        updater = self.application.updater
        assert updater is not None  # noqa: S101 (built with one)
        await updater.start_polling(timeout=_POLL_SECONDS, bootstrap_retries=-1, allowed_updates=ALLOWED_UPDATES)

    async def until_refused(self) -> None:
        """Return when Telegram stops knowing the token."""
        await self._watch.refused.wait()

    async def receive_no_more(self) -> None:
        """End the polling. Updates that have come are still handled."""
        updater = self.application.updater
        if updater is not None and updater.running:
            _UPDATER_LOG.addFilter(_is_unexpected)
            await _briefly(updater.stop())

    async def close(self) -> None:
        """Finish the updates under way, or cut them off, and hang up: nothing goes on behind it."""
        if self.application.running:
            await _briefly(self.application.stop())
        await _briefly(self._handlers.cut_off())
        await _briefly(self.application.shutdown())
        for request in (self._watch, self._request):  # where Telegram was never reached they are still open
            await _briefly(request.shutdown())


async def _briefly(ending: Awaitable[None]) -> None:
    """Await it, but not for long: while Telegram is silent python-telegram-bot may take half a minute."""
    with suppress(TimeoutError, RuntimeError, TelegramError):
        async with asyncio.timeout(_STOP_SECONDS):
            await ending
