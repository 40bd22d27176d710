"""Passing messages: the bot's own chatter in groups, and stray bare verses, which are removed again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import passing


class Passing:
    """Queries on passing messages, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, chat_id: int, message_id: int, remove_at: datetime | None = None) -> None:
        """The message is to be removed then; without an instant, when `done` is said of its chat."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(passing).values(chat_id=chat_id, message_id=message_id, remove_at=remove_at)
        await self._connection.execute(statement.on_conflict_do_nothing())

    async def done(self, chat_id: int, remove_at: datetime) -> None:
        """What was said in the chat for as long as its set-up lasts is to be removed then."""
        waiting = update(passing).where(passing.c.chat_id == chat_id, passing.c.remove_at.is_(None))
        await self._connection.execute(waiting.values(remove_at=remove_at))

    async def newest(self, chat_id: int) -> int | None:
        """The message that was said last in the chat, for as long as its set-up lasts; None if that is over."""
        waiting = (passing.c.chat_id == chat_id, passing.c.remove_at.is_(None))
        newest = select(func.max(passing.c.message_id)).where(*waiting)
        message_id: int | None = (await self._connection.execute(newest)).scalar_one()
        return message_id

    async def due(self, now: datetime, most: int) -> Sequence[tuple[int, int]]:
        """Chat id and message id of what is to be removed now, the longest waiting first."""
        waiting = select(passing.c.chat_id, passing.c.message_id).where(passing.c.remove_at <= now)
        rows = await self._connection.execute(waiting.order_by(passing.c.remove_at).limit(most))
        return [(row.chat_id, row.message_id) for row in rows]

    async def ends(self, chat_id: int, after: datetime, by: datetime) -> bool:
        """Whether anything that was said in the chat is to be removed between the two; not what is overdue."""
        this = (passing.c.chat_id == chat_id, passing.c.remove_at > after, passing.c.remove_at <= by)
        return (await self._connection.execute(select(passing).where(*this).limit(1))).first() is not None

    async def holds(self, chat_id: int, message_id: int) -> bool:
        """Whether this message is one of them."""
        this = (passing.c.chat_id == chat_id, passing.c.message_id == message_id)
        return (await self._connection.execute(select(passing).where(*this))).first() is not None

    async def later(self, chat_id: int, message_id: int, at: datetime) -> None:
        """It couldn't be removed now: again then."""
        mine = (passing.c.chat_id == chat_id) & (passing.c.message_id == message_id)
        await self._connection.execute(update(passing).where(mine).values(remove_at=at))

    async def forget(self, chat_id: int, message_id: int) -> None:
        """It is gone, or stays."""
        mine = (passing.c.chat_id == chat_id) & (passing.c.message_id == message_id)
        await self._connection.execute(delete(passing).where(mine))
