"""Bindings: the group that a person's direct chat belongs to."""

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.key import Key
from bot.store.tables import bindings

# Asked for with each answer in a direct chat; made once, it costs half.
_GROUP_OF = select(bindings.c.group_id).where(bindings.c.person == bindparam("person"))


class Bindings:
    """Queries on bindings, within one transaction."""

    def __init__(self, connection: AsyncConnection, key: Key) -> None:
        self._connection = connection
        self._key = key

    async def bind(self, user_id: int, group_id: int) -> None:
        """From now on this person's direct chat belongs to the group."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(bindings).values(person=self._key.person(user_id), group_id=group_id)
        # Not deleted and made anew: two at once would both make it.
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=[bindings.c.person], set_={"group_id": group_id})
        )

    async def group_of(self, user_id: int) -> int | None:
        """The id of the group that the direct chat belongs to."""
        found = await self._connection.execute(_GROUP_OF, {"person": self._key.person(user_id)})
        group_id: int | None = found.scalar_one_or_none()
        return group_id

    async def unbind(self, user_id: int) -> bool:
        """End it; False if there was nothing to end."""
        statement = delete(bindings).where(bindings.c.person == self._key.person(user_id))
        return (await self._connection.execute(statement)).rowcount == 1
