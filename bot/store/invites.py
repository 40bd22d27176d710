"""Invites: the bot's own links into groups."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.key import Key
from bot.store.tables import invites


@dataclass(frozen=True, slots=True)
class Invite:
    """One link, and how many have come in by it."""

    id: int
    group_id: int
    link: str
    uses: int
    revoked: bool


class Invites:
    """Queries on invites, within one transaction."""

    def __init__(self, connection: AsyncConnection, key: Key) -> None:
        self._connection = connection
        self._key = key

    async def add(self, group_id: int, link: str) -> bool:
        """The group's live link; False if it has one already, which stays."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(invites).values(
            group_id=group_id, sealed_link=self._key.seal(link, "link"), uses=0, revoked=False
        )
        added = await self._connection.execute(statement.on_conflict_do_nothing().returning(invites.c.id))
        return added.scalar_one_or_none() is not None

    async def live(self, group_id: int) -> Invite | None:
        """The group's link that wasn't revoked."""
        return await self._one(invites.c.group_id == group_id, ~invites.c.revoked)

    async def by_link(self, group_id: int, link: str) -> Invite | None:
        """The group's invite with this link, revoked or not. Links are sealed, so that each has to be opened."""
        rows = await self._connection.execute(select(invites).where(invites.c.group_id == group_id))
        return next((each for each in map(self._invite, rows) if each.link == link), None)

    async def get(self, invite_id: int) -> Invite | None:
        """The invite with this id."""
        return await self._one(invites.c.id == invite_id)

    async def revoke(self, invite_id: int) -> None:
        """It leads nowhere any more."""
        await self._change(invite_id, revoked=True)

    async def used(self, invite_id: int) -> None:
        """Somebody came in by it."""
        await self._change(invite_id, uses=invites.c.uses + 1)

    async def _one(self, *conditions: Any) -> Invite | None:
        row = (await self._connection.execute(select(invites).where(*conditions))).one_or_none()
        return self._invite(row) if row else None

    async def _change(self, invite_id: int, **values: object) -> None:
        await self._connection.execute(update(invites).where(invites.c.id == invite_id).values(**values))

    def _invite(self, row: Row[Any]) -> Invite:
        return Invite(row.id, row.group_id, self._key.unseal(row.sealed_link, "link"), row.uses, row.revoked)
