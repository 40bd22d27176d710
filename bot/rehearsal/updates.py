"""The queue of updates for the bot, and the long poll that empties it."""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.rehearsal.errors import ApiError, bad_request, conflict
from bot.rehearsal.parameters import table
from bot.rehearsal.pulse import Pulse

# Left out unless they are asked for by name.
ONLY_WHEN_NAMED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
LONGEST_POLL = 50  # seconds
LIVES = {"callback_query": 150.0}  # seconds that an update waits to be fetched
LIFE = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Queued:
    """An update as it was when it happened."""

    id: int
    kind: str
    body: dict[str, Any]
    expires: float

    def as_json(self) -> dict[str, Any]:
        """The Update object."""
        return {"update_id": self.id, self.kind: self.body}


class Updates:
    """What the bot hasn't confirmed yet, oldest first. `monotonic` gives the seconds by which updates grow too old."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.pulse = Pulse()  # beats when a poll begins or ends and when updates come or are confirmed
        self._monotonic = monotonic
        self._queue: deque[Queued] = deque()
        self._expires = math.inf  # when the first of them grows too old
        self._next_id = 500_000_001
        self._delivered = 0  # the highest id ever handed out
        self._waiting: asyncio.Future[ApiError | None] | None = None
        self.allowed: frozenset[str] = default_allowed()

    def put(self, kind: str, body: dict[str, Any]) -> None:
        """Queues an update, unless the bot didn't ask for its kind."""
        if kind not in self.allowed:
            return
        expires = self._monotonic() + LIVES.get(kind, LIFE)
        self._queue.append(Queued(self._next_id, kind, body, expires))
        self._expires = min(self._expires, expires)
        self._next_id += 1
        self._wake(None)

    @property
    def unconfirmed(self) -> int:
        """How many updates the bot has not confirmed, whether it has seen them or not."""
        self._expire()
        return len(self._queue)

    @property
    def undelivered(self) -> int:
        """How many updates the bot has not even been given."""
        self._expire()
        return sum(update.id > self._delivered for update in self._queue)

    @property
    def polled(self) -> bool:
        """Whether a long poll waits for updates at this moment."""
        return self._waiting is not None

    def repeat(self, times: int = 1) -> None:
        """Queues copies of the newest update under its own id, as if it were delivered again and again."""
        self._queue.extend([self._queue[-1]] * times)
        self._wake(None)

    def reverse(self) -> None:
        """Turns the waiting updates round, so that they arrive out of order."""
        self._queue.reverse()

    def clear(self) -> None:
        """Forgets all waiting updates (drop_pending_updates)."""
        self._queue.clear()
        self.pulse.beat()

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Takes `allowed_updates`: None keeps the last setting, an empty list stands for the default."""
        if kinds is None:
            return
        unknown = sorted(set(kinds) - set(table()["update_types"]))
        if unknown:
            raise bad_request(f'unknown update type "{unknown[0]}" in allowed_updates')
        self.allowed = frozenset(kinds) or default_allowed()

    async def get(self, offset: int, limit: int, seconds: float) -> list[dict[str, Any]]:
        """Confirms what is older than `offset` and gives what waits, after at most `seconds`.

        A poll that waits is ended with a 409 when another begins; so two bots on one token disturb each other.
        """
        if seconds:
            self._wake(
                conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
            )
        self._confirm(offset)
        batch = self._batch(limit)
        if not batch and seconds:
            await self._wait(min(seconds, LONGEST_POLL))
            batch = self._batch(limit)
        self._delivered = max([self._delivered, *(update.id for update in batch)])
        self.pulse.beat()
        return [update.as_json() for update in batch]

    def _batch(self, limit: int) -> list[Queued]:
        self._expire()
        return list(self._queue)[: max(1, min(limit, 100))]

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self._queue) > -offset:
                self._queue.popleft()
        elif offset:
            self._queue = deque(update for update in self._queue if update.id >= offset)

    def _expire(self) -> None:
        now = self._monotonic()
        if now >= self._expires:
            self._queue = deque(update for update in self._queue if update.expires > now)
            self._expires = min((update.expires for update in self._queue), default=math.inf)

    def _wake(self, with_error: ApiError | None) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(with_error)
        self.pulse.beat()

    async def _wait(self, seconds: float) -> None:
        waiting = self._waiting = asyncio.get_running_loop().create_future()
        self.pulse.beat()
        try:
            async with asyncio.timeout(seconds):
                error = await waiting
        except TimeoutError:
            return
        finally:
            if self._waiting is waiting:
                self._waiting = None
            self.pulse.beat()
        if error:
            raise error


def default_allowed() -> frozenset[str]:
    """The kinds of updates a bot gets that never said which it wants."""
    return frozenset(table()["update_types"]) - ONLY_WHEN_NAMED
