"""Waiting for a fact to become true, without asking again and again."""

import asyncio
from collections.abc import Callable


class Pulse:
    """Beats whenever something may have changed; whoever waits then looks again."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def beat(self) -> None:
        """Says that something changed."""
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    async def until(self, holds: Callable[[], bool], seconds: float | None = None) -> None:
        """Waits until `holds()` is true. Raises TimeoutError after `seconds` of real time (None: never)."""
        async with asyncio.timeout(seconds):
            while not holds():
                waiting = asyncio.get_running_loop().create_future()
                self._waiting.add(waiting)
                try:
                    await waiting
                finally:
                    self._waiting.discard(waiting)
