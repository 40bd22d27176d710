"""Marks: that somebody prayed, and not who."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.key import Key
from bot.store.tables import marks, posts

# A statement has room for so many posts with their marks, on either database.
_AT_ONCE = 500


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

    async def of(self, user_id: int, post_ids: Collection[int]) -> set[int]:
        """Those of the posts that the person has marked; no more than a few hundred may be asked for."""
        found = await self._connection.execute(select(marks.c.post_id).where(self._made_by(user_id, post_ids)))
        return set(found.scalars())

    async def remove(self, user_id: int, post_ids: Sequence[int]) -> int:
        """Take the person's marks off the posts again, and off their counts; how many there were."""
        removed = 0
        for start in range(0, len(post_ids), _AT_ONCE):
            mine = self._made_by(user_id, post_ids[start : start + _AT_ONCE])
            gone = await self._connection.execute(delete(marks).where(mine).returning(marks.c.post_id))
            counted = list(gone.scalars())
            fewer = update(posts).where(posts.c.id.in_(counted)).values(prayed=posts.c.prayed - 1)
            await self._connection.execute(fewer)
            removed += len(counted)
        return removed

    async def remove_all(self, user_id: int) -> int:
        """The same for every post that still has marks."""
        marked = select(posts.c.id).where(exists().where(marks.c.post_id == posts.c.id)).order_by(posts.c.id)
        return await self.remove(user_id, list((await self._connection.execute(marked)).scalars()))

    async def forget(self, before: datetime) -> None:
        """Delete the marks of posts that were due before then; their counts stay."""
        old = select(posts.c.id).where(posts.c.due_at < before)
        await self._connection.execute(delete(marks).where(marks.c.post_id.in_(old)))

    def _made_by(self, user_id: int, post_ids: Collection[int]) -> ColumnElement[bool]:
        made = [(post_id, self._key.mark(post_id, user_id)) for post_id in post_ids]
        return tuple_(marks.c.post_id, marks.c.mark).in_(made)
