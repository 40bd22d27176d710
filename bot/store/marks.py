"""Marks: that somebody prayed, and not who."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.key import Key
from bot.store.tables import marks, posts


class Marks:
    """Queries on marks, within one transaction."""

    def __init__(self, connection: AsyncConnection, key: Key) -> None:
        self._connection = connection
        self._key = key

    async def add(self, post_id: int, user_id: int) -> bool:
        """Mark the post for the member and count it; False if it was marked before."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(marks).values(post_id=post_id, mark=self._key.mark(post_id, user_id))
        # An INSERT's row count is not kept on every driver; what it returns is.
        statement = statement.on_conflict_do_nothing().returning(marks.c.post_id)
        new = (await self._connection.execute(statement)).first() is not None
        if new:
            await self._connection.execute(update(posts).where(posts.c.id == post_id).values(prayed=posts.c.prayed + 1))
        return new

    async def forget(self, before: datetime) -> None:
        """Delete the marks of posts that were due before then; their counts stay."""
        old = select(posts.c.id).where(posts.c.due_at < before)
        await self._connection.execute(delete(marks).where(marks.c.post_id.in_(old)))
