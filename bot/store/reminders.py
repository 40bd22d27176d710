"""Reminders: who wants a quiet word, and when it comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.key import Key
from bot.store.tables import reminders


@dataclass(frozen=True, slots=True)
class Reminder:
    """One person's reminder at a local time of their group. `reminded_on` is the last local date that had one."""

    user_id: int
    group_id: int
    at: time
    next_at: datetime
    reminded_on: date | None = None


class Reminders:
    """Queries on reminders, within one transaction."""

    def __init__(self, connection: AsyncConnection, key: Key) -> None:
        self._connection = connection
        self._key = key

    async def put(self, reminder: Reminder) -> None:
        """Store it, in place of the one that the person had."""
        values: dict[str, object] = {
            "sealed_chat": self._key.seal(str(reminder.user_id), "reminder"),
            "group_id": reminder.group_id,
            "at": reminder.at,
            "next_at": reminder.next_at,
            "reminded_on": reminder.reminded_on,
        }
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(reminders).values(person=self._key.person(reminder.user_id), **values)
        # Not deleted and made anew: whoever waits to delete it would miss the new one.
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=[reminders.c.person], set_=values)
        )

    async def get(self, user_id: int) -> Reminder | None:
        """The person's reminder."""
        found = await self._select(reminders.c.person == self._key.person(user_id))
        return found[0] if found else None

    async def take_up(self, user_id: int) -> Reminder | None:
        """The same, to be put anew: nobody sends, moves or ends it until this transaction ends."""
        found = await self._select(reminders.c.person == self._key.person(user_id), locked=True)
        return found[0] if found else None

    async def of_group(self, group_id: int) -> Sequence[Reminder]:
        """Every reminder of a group's members."""
        return await self._select(reminders.c.group_id == group_id)

    async def due(self, now: datetime, most: int) -> Sequence[Reminder]:
        """Reminders whose time has come, the longest waiting first."""
        return await self._select(reminders.c.next_at <= now, most=most)

    async def move(self, reminder: Reminder, next_at: datetime, reminded_on: date | None) -> bool:
        """When it comes next; False if it isn't any more as it was read."""
        mine = reminders.c.person == self._key.person(reminder.user_id)
        as_read = (reminders.c.next_at == reminder.next_at) & (reminders.c.at == reminder.at)
        moved = update(reminders).where(mine, as_read).values(next_at=next_at, reminded_on=reminded_on)
        return (await self._connection.execute(moved)).rowcount == 1

    async def remove(self, user_id: int) -> bool:
        """End it; False if there was none."""
        statement = delete(reminders).where(reminders.c.person == self._key.person(user_id))
        return (await self._connection.execute(statement)).rowcount == 1

    async def _select(
        self, *conditions: ColumnElement[bool], most: int | None = None, locked: bool = False
    ) -> list[Reminder]:
        ordered = select(reminders).where(*conditions).order_by(reminders.c.next_at, reminders.c.person).limit(most)
        rows = await self._connection.execute(ordered.with_for_update() if locked else ordered)
        return [self._reminder(row) for row in rows]

    def _reminder(self, row: Row[Any]) -> Reminder:
        return Reminder(
            user_id=int(self._key.unseal(row.sealed_chat, "reminder")),
            group_id=row.group_id,
            at=row.at,
            next_at=row.next_at,
            reminded_on=row.reminded_on,
        )
