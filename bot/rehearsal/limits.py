"""Flood limits: how much a bot may write, and the 429 that follows.

The published figures are about 30 messages a second in all, one a second in a chat, 20 a minute in a group; edits count
towards a group's. Messages that are paid for (`allow_paid_broadcast`) have 1,000 a second of their own. The true ones
adapt and bursts pass, so the one a second is off unless a test wants it.
"""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.rehearsal.chats import Chat, Kind
from bot.rehearsal.errors import too_many_requests


@dataclass(frozen=True, slots=True)
class Window:
    """At most `count` writes in any `seconds`."""

    count: int
    seconds: float


class Limits:
    """Four windows; each may be set, or None for no limit. `monotonic` gives real elapsed seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self.overall: Window | None = Window(30, 1.0)
        self.paid: Window | None = Window(1000, 1.0)
        self.chat: Window | None = None
        self.group: Window | None = Window(20, 60.0)
        self._writes: dict[str, deque[float]] = {}

    def off(self) -> None:
        """No limits at all."""
        self.overall = self.paid = self.chat = self.group = None

    def count(self, chat: Chat, *, paid: bool = False) -> None:
        """Counts a write to a chat. Raises ApiError (429, with retry_after) instead if it would be one too many."""
        now = self._monotonic()
        windows = [("paid", self.paid) if paid else ("", self.overall), (f"chat {chat.id}", self.chat)]
        if chat.kind is not Kind.PRIVATE:
            windows.append((f"group {chat.id}", self.group))
        used = [(self._writes.setdefault(name, deque()), window) for name, window in windows if window]
        wait = max((_wait(writes, window, now) for writes, window in used), default=0.0)
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        for writes, _ in used:
            writes.append(now)


def _wait(writes: deque[float], window: Window, now: float) -> float:
    """Seconds until one more write fits; 0 if it does now."""
    while writes and writes[0] <= now - window.seconds:
        writes.popleft()
    if len(writes) < window.count:
        return 0.0
    return writes[-window.count] + window.seconds - now
