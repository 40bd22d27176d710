"""Retiring: old requests are put away, marks are forgotten, and what could not be put away is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from bot.services.replying import FRESH
from bot.store.copies import Tally
from bot.store.database import Store, Transaction
from bot.store.notices import Notice

# A copy that should have been changed this long ago is reported.
OVERDUE = timedelta(hours=1)
# What can't be changed for good is reported with others so long after its post.
REPORTED_FOR = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept: requests after their week, marks after their post, acts after they were done.

    An answer in a direct chat stays on the ledger as long as requests do, counted from the answer; a group is kept
    after its removal.
    """

    requests: timedelta = timedelta(days=14)
    marks: timedelta = timedelta(days=62)
    journal: timedelta = timedelta(days=366)
    removed_groups: timedelta = timedelta(days=30)


class Retiring:
    """Puts away what is over. Nothing is remembered between two sweeps but the day of the last report."""

    def __init__(self, store: Store, retention: Retention, now: Callable[[], datetime]) -> None:
        self._store, self._retention, self._now = store, retention, now
        self._reported: date | None = None

    async def sweep(self) -> None:
        """Delete old texts, let their copies become tombstones; forget answers that are over, marks, acts, replies."""
        now = self._now()
        async with self._store.writing() as stored:
            await stored.bulletins.put_away(now.date() - self._retention.requests)
            await stored.copies.retire_gone(now)
            await stored.copies.forget_answers(now - self._retention.requests)
            await stored.marks.forget(now - self._retention.marks)
            await stored.journal.forget(now - self._retention.journal)
            await stored.replies.forget(now - FRESH)
            await stored.roles.forget_links(now)
            await stored.groups.note_gone(now)
            for group in await stored.groups.gone_since(now - self._retention.removed_groups):
                await self._forget(stored, group.id, now)
        if self._reported != now.date():
            await self._report(now)
            self._reported = now.date()

    async def _forget(self, stored: Transaction, group_id: int, now: datetime) -> None:
        """Forget a removed group, once nothing that stands of it will be written any more: that needs its rows."""
        if await stored.copies.holds_text(group_id):
            await stored.copies.retire_group(group_id, now)
        elif not await stored.copies.is_written(group_id):
            await stored.groups.forget(group_id)

    async def _report(self, now: datetime) -> None:
        """Once a day: what should be a tombstone and isn't. The same is never told twice."""
        async with self._store.writing() as stored:
            left = await left_over(stored, now)
            if left:
                told = sha256(repr(sorted(map(repr, left))).encode()).hexdigest()[:16]
                await stored.notices.add(Notice(f"unretired:{told}", "operator.unretired", detail=now.isoformat()))


async def left_over(stored: Transaction, now: datetime) -> Sequence[Tally]:
    """Messages that should hold no request any more, and still do."""
    return await stored.copies.left_standing(since=now - REPORTED_FOR, before=now - OVERDUE)
