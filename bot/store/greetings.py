"""Greetings: the groups in which those who joined have still to be greeted."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import greetings


class Greetings:
    """Queries on greetings, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def plan(self, group_id: int, at: datetime) -> None:
        """Greet the group's newcomers then; nothing happens if a greeting of theirs is coming."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(greetings).values(group_id=group_id, at=at)
        await self._connection.execute(statement.on_conflict_do_nothing())

    async def due(self, now: datetime) -> Sequence[int]:
        """The ids of the groups that are to be greeted now."""
        statement = select(greetings.c.group_id).where(greetings.c.at <= now).order_by(greetings.c.at)
        return list((await self._connection.execute(statement)).scalars())

    async def done(self, group_id: int) -> None:
        """They were greeted, or needn't be."""
        await self._connection.execute(delete(greetings).where(greetings.c.group_id == group_id))
