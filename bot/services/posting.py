"""Posting: when a group is due, its post begins; what is under way is carried on."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.domain.due import due_instant, next_due
from bot.domain.group import Group, GroupState
from bot.services.ending import DoorRules
from bot.services.ledger import begin_due
from bot.services.publishing import Door
from bot.store.database import Store, Transaction, plain_reason
from bot.store.plan import PlanEntry

log = logging.getLogger(__name__)

# So many posts are carried at a time, some seconds' worth of calls. The others wait in the database.
MOST_AT_ONCE = 30
_LOOK_AGAIN = timedelta(seconds=1)


class Posting:
    """The posting job. Everything it knows is in the database: killed at any point, the next `wake` goes on."""

    def __init__(self, store: Store, door: Door, rules: DoorRules, now: Callable[[], datetime]) -> None:
        self._store, self._door, self._rules, self._now = store, door, rules, now
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._more_waits = False

    @property
    def busy(self) -> bool:
        """Whether anything is under way at this moment, answers that somebody waits for included."""
        return bool(self._tasks or self._door.under_way)

    async def wake(self) -> datetime | None:
        """Begin what is due, go on with what is under way; the next instant at which there is something to do."""
        now = self._now()
        async with self._store.writing() as stored:
            for group in await stored.groups.due(now):
                await begin_due(stored, group, self._rules.late, now)
        await self._fill()
        async with self._store.reading() as stored:
            instants = [await stored.groups.earliest_due(), await stored.posts.next_action(now)]
        if self._more_waits:
            instants.append(now + _LOOK_AGAIN)
        return min((instant for instant in instants if instant is not None), default=None)

    async def post_now(self, group: Group) -> bool:
        """Post today's request whose hour has passed without it; False where there is none, or a post already."""
        now = self._now()
        async with self._store.writing() as stored:
            # Read again: another tap may have been quicker, and its post stands on the ledger then.
            group = await stored.groups.take_up(group.id)
            await stored.plan.take_up(now.astimezone(group.zone).date())
            entry = await missed_today(stored, group, now)
            if entry is None:
                return False
            post = await stored.posts.add(
                group_id=group.id,
                chat_id=group.chat_id,
                request_id=entry.request_id,
                points=entry.points,
                local_date=entry.date,
                due_at=now,
                topic_id=group.topic_id,
            )
        return post is not None

    async def finish(self, seconds: float) -> None:
        """Let what is under way come to a stored state; after `seconds` cut it off, to be resumed at the next start."""
        self._more_waits = False
        under_way: set[asyncio.Future[Any]] = {*self._tasks.values(), *self._door.under_way}
        if not under_way:
            return
        _, pending = await asyncio.wait(under_way, timeout=seconds)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)

    async def _fill(self) -> None:
        """Go on with what nothing holds back, the earliest due first, as far as there is room."""
        async with self._store.reading() as stored:
            # Those carried already may come first among them; one more shows that there is no room for all.
            actionable = await stored.posts.actionable(self._now(), 2 * MOST_AT_ONCE + 1)
        waiting = [post.id for post in actionable if post.id not in self._tasks and not self._door.carries(post.id)]
        room = MOST_AT_ONCE - len(self._tasks)
        for post_id in waiting[:room]:
            self._tasks[post_id] = task = asyncio.create_task(self._carry(post_id))
            task.add_done_callback(partial(self._ended, post_id))
        self._more_waits = len(waiting) > room

    def _ended(self, post_id: int, _task: object) -> None:
        del self._tasks[post_id]

    async def _carry(self, post_id: int) -> None:
        try:
            await self._door.carry(post_id)
            if self._more_waits and len(self._tasks) <= MOST_AT_ONCE // 2 + 1:
                await self._fill()
        except SQLAlchemyError as error:
            log.error("post %s waits: the database says: %s", post_id, plain_reason(error))
        except Exception as error:
            log.error("post %s waits: %s", post_id, type(error).__name__, exc_info=error)
            await self._door.wait(post_id)


async def missed_today(stored: Transaction, group: Group, now: datetime) -> PlanEntry | None:
    """The plan entry of the group's local date, if its hour has passed and the ledger has nothing for that date."""
    day = now.astimezone(group.zone).date()
    due = due_instant(day, group.at, group.zone)
    entry = await stored.plan.on(day)
    if group.state is not GroupState.ACTIVE or day.weekday() not in group.weekdays:
        return None
    if entry is None or due is None or due > now or await stored.posts.on_date(group.id, day) is not None:
        return None
    return None if (await stored.bulletins.request(entry.request_id)).is_gone else entry


async def plan_next(stored: Transaction, group_id: int, now: datetime) -> None:
    """Store when the group is due next; where a pause ends by itself, not before its end."""
    group = await stored.groups.get(group_id)
    posted = await stored.groups.posted_dates(group_id)
    await stored.groups.set_next_due(group_id, first_due(group, posted, now))


def first_due(group: Group, posted: set[date], now: datetime) -> datetime:
    """When a group is due next after its times have changed: never again for a local date that has its post."""
    after = now
    if group.paused_until is not None:
        midnight = datetime.combine(group.paused_until, time.min, group.zone)
        after = max(now, midnight.astimezone(UTC) - timedelta(microseconds=1))
    _, instant = next_due(after, group.at, group.zone, group.weekdays, posted)
    return instant
