"""Departures: the chats that the bot has still to leave."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import departures


class Departures:
    """Queries on departures, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def plan(self, chat_id: int, at: datetime) -> None:
        """The chat is to be left then, at the earliest."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(departures).values(chat_id=chat_id, again_at=at)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=[departures.c.chat_id], set_={"again_at": at})
        )

    async def due(self, now: datetime) -> Sequence[int]:
        """The chats that are to be left now."""
        statement = select(departures.c.chat_id).where(departures.c.again_at <= now).order_by(departures.c.chat_id)
        return list((await self._connection.execute(statement)).scalars())

    async def later(self, chat_id: int, at: datetime) -> None:
        """It couldn't be left: again then, unless it needn't be left any more."""
        statement = update(departures).where(departures.c.chat_id == chat_id)
        await self._connection.execute(statement.values(again_at=at))

    async def cancel(self, chat_id: int) -> None:
        """It was left, or needn't be."""
        await self._connection.execute(delete(departures).where(departures.c.chat_id == chat_id))
