"""The journal of privileged acts: who did what and when, never with what words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.act import Act
from bot.store.key import Key, person_code
from bot.store.tables import journal


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. `person` is the code of whoever did it, None for the shell; `other` that of whom it concerned."""

    at: datetime
    person: str | None
    act: Act
    group_id: int | None
    request_id: int | None
    other: str | None


class Journal:
    """Queries on the journal, within one transaction: the act's own."""

    def __init__(self, connection: AsyncConnection, key: Key) -> None:
        self._connection = connection
        self._key = key

    async def add(
        self,
        act: Act,
        at: datetime,
        by: int | None = None,
        *,
        group_id: int | None = None,
        request_id: int | None = None,
        other: int | None = None,
    ) -> None:
        """Write an act down. `by` is a person's Telegram id, None for the shell; `other` that of whom it concerns."""
        people = {"person": by, "other": other}
        codes = {name: None if each is None else self._key.person(each) for name, each in people.items()}
        values = {"at": at, "act": act, "group_id": group_id, "request_id": request_id, **codes}
        await self._connection.execute(insert(journal).values(values))

    async def last(self, most: int) -> Sequence[Entry]:
        """The newest acts, the newest last."""
        rows = (await self._connection.execute(select(journal).order_by(journal.c.id.desc()).limit(most))).all()
        return [
            Entry(
                at=row.at,
                person=row.person and person_code(row.person),
                act=Act(row.act),
                group_id=row.group_id,
                request_id=row.request_id,
                other=row.other and person_code(row.other),
            )
            for row in reversed(rows)
        ]

    async def last_on(self, group_id: int) -> Act | None:
        """The newest act on this group."""
        acts = select(journal.c.act).where(journal.c.group_id == group_id).order_by(journal.c.id.desc()).limit(1)
        act = (await self._connection.execute(acts)).scalar_one_or_none()
        return None if act is None else Act(act)

    async def forget(self, before: datetime) -> None:
        """Delete what was done before then."""
        await self._connection.execute(delete(journal).where(journal.c.at < before))
