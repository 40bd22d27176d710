"""Replies: what was answered in a group lately, so that it is pointed at and not said again."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.key import Key
from bot.store.tables import replies

# A reply that was begun and never heard of again is in nobody's way after this.
_BEGUN = timedelta(minutes=1)
# Each answer in a direct chat asks for it; made once, it costs half.
_MESSAGE_DROPPED = delete(replies).where(
    replies.c.chat_id == bindparam("chat_id"), replies.c.message_id == bindparam("message_id")
)


class Replies:
    """Queries on replies, within one transaction. What is said is known by a fingerprint alone."""

    def __init__(self, connection: AsyncConnection, key: Key) -> None:
        self._connection = connection
        self._key = key

    async def begin(self, chat_id: int, thread_id: int | None, html: str, now: datetime, fresh: timedelta) -> bool:
        """Whether it is to be said now: nobody has said it there within `fresh`, or is about to."""
        await self._connection.execute(
            delete(replies).where(
                or_(replies.c.at <= now - fresh, (replies.c.message_id.is_(None)) & (replies.c.at <= now - _BEGUN))
            )
        )
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(replies).values(**self._named(chat_id, thread_id, html), at=now)
        begun = await self._connection.execute(statement.on_conflict_do_nothing().returning(replies.c.at))
        return begun.first() is not None

    async def standing(self, chat_id: int, thread_id: int | None, html: str) -> int | None:
        """The message that says it; None where it is on its way."""
        statement = select(replies.c.message_id).filter_by(**self._named(chat_id, thread_id, html))
        message_id: int | None = (await self._connection.execute(statement)).scalar_one_or_none()
        return message_id

    async def ended(self, chat_id: int, thread_id: int | None, html: str, message_id: int | None) -> None:
        """It stands in this message; or it couldn't be said, and may be tried again."""
        mine = self._named(chat_id, thread_id, html)
        if message_id is None:
            await self._connection.execute(delete(replies).filter_by(**mine))
        else:
            await self._connection.execute(update(replies).filter_by(**mine).values(message_id=message_id))

    async def forget(self, before: datetime) -> None:
        """Delete what was answered up to then."""
        await self._connection.execute(delete(replies).where(replies.c.at <= before))

    async def drop(self, chat_id: int, message_id: int) -> None:
        """This message doesn't say any more what it was known for."""
        await self._connection.execute(_MESSAGE_DROPPED, {"chat_id": chat_id, "message_id": message_id})

    def _named(self, chat_id: int, thread_id: int | None, html: str) -> dict[str, object]:
        return {"chat_id": chat_id, "thread_id": thread_id or 0, "said": self._key.fingerprint(html)}
