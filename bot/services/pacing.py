"""How fast Vigil may call: Telegram's limits, kept before it has to remind us of them."""

import asyncio
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.services.messenger import NotNowError


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages and edits: in any second over all chats, in any minute in one chat, and of the latter for counts."""

    per_second: int = 30
    per_minute_in_a_chat: int = 20
    counts_per_minute: int = 8


class Window:
    """At most `most` events in any `seconds` in a row."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._times: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Seconds until one more is allowed."""
        while self._times and now - self._times[0] >= self._seconds:
            self._times.popleft()
        return 0.0 if len(self._times) < self._most else self._times[0] + self._seconds - now

    def take(self, now: float) -> None:
        """Count one."""
        self._times.append(now)


class Pace:
    """Gives each call its turn, by elapsed time that no clock change touches."""

    def __init__(
        self,
        limits: Limits,
        elapsed: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limits, self._elapsed, self._sleep = limits, elapsed, sleep
        self._all = Window(limits.per_second, 1)
        self._chats: dict[int, Window] = {}
        self._counts: dict[int, Window] = {}
        self._held: dict[int, float] = {}

    async def turn(self, chat_id: int, at_most: float = math.inf) -> None:
        """Wait until a message or edit in this chat is allowed, and count it.

        Raises NotNowError instead of waiting for more than `at_most` seconds.
        """
        while (wait := self._wait(chat_id)) > 0:
            if wait > at_most:
                raise NotNowError(wait)
            await self._sleep(wait)
        self._take(chat_id)

    def count_turn(self, chat_id: int) -> bool:
        """Take a turn for a count's edit if there is one at this moment; counts never wait in line."""
        now = self._elapsed()
        # The gap keeps the edits of a busy minute apart instead of spending them all at its start.
        gap = self._counts.setdefault(chat_id, Window(1, 60 / self._limits.counts_per_minute))
        if gap.wait(now) > 0 or self._wait(chat_id) > 0:
            return False
        gap.take(now)
        self._take(chat_id)
        return True

    def hold(self, chat_id: int, error: NotNowError) -> None:
        """Where Telegram demands patience in a chat: no turn there until then; others go on."""
        if error.demanded:
            self._held[chat_id] = max(self._held.get(chat_id, 0.0), self._elapsed() + error.seconds)

    def _wait(self, chat_id: int) -> float:
        now = self._elapsed()
        held = self._held.get(chat_id, 0.0) - now
        return max(held, self._all.wait(now), self._chat(chat_id).wait(now))

    def _take(self, chat_id: int) -> None:
        now = self._elapsed()
        self._all.take(now)
        self._chat(chat_id).take(now)

    def _chat(self, chat_id: int) -> Window:
        return self._chats.setdefault(chat_id, Window(self._limits.per_minute_in_a_chat, 60))
