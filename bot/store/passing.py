"""Passing: the bot's own chatter in groups, and when it is deleted."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import passing


class Passing:
    """Queries on passing messages, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, chat_id: int, message_id: int, remove_at: datetime) -> None:
        """This message is to be deleted then."""
        statement = insert(passing).values(chat_id=chat_id, message_id=message_id, remove_at=remove_at)
        await self._connection.execute(statement)

    async def due(self, now: datetime, most: int) -> Sequence[tuple[int, int]]:
        """Chat id and message id of what is to be deleted now, the longest waiting first."""
        due = select(passing.c.chat_id, passing.c.message_id).where(passing.c.remove_at <= now)
        rows = await self._connection.execute(due.order_by(passing.c.remove_at).limit(most))
        return [(row.chat_id, row.message_id) for row in rows]

    async def holds(self, chat_id: int, message_id: int) -> bool:
        """Whether this message is one of them."""
        this = (passing.c.chat_id == chat_id, passing.c.message_id == message_id)
        return (await self._connection.execute(select(passing).where(*this))).first() is not None

    async def removed(self, chat_id: int, message_id: int) -> None:
        """It is gone, or can't be deleted."""
        this = (passing.c.chat_id == chat_id, passing.c.message_id == message_id)
        await self._connection.execute(delete(passing).where(*this))
