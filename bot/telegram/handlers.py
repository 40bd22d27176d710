"""The updates that are being handled: so many at the same time, and none behind a stop."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from telegram.ext import SimpleUpdateProcessor


class Handlers(SimpleUpdateProcessor):
    """Handles so many updates at the same time, and knows which are under way: python-telegram-bot forgets them."""

    def __init__(self, at_once: int) -> None:
        super().__init__(at_once)
        self._under_way: set[asyncio.Task[Any]] = set()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handle one."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 (a coroutine runs in one)
        self._under_way.add(task)
        try:
            await coroutine
        finally:
            self._under_way.discard(task)

    async def cut_off(self) -> None:
        """End what is under way, and wait until it has unwound; a commit that has begun comes to its end.

        What is cut off isn't handled again: Telegram took it for received. What a step had stored is carried on.
        """
        while self._under_way:  # with each that ends, one that waited may begin
            for task in self._under_way:
                task.cancel()
            await asyncio.wait(tuple(self._under_way))
