"""Roles: who may do more than the settings say, and the links by which somebody comes to a role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.key import Key, person_code
from bot.store.tables import role_links, roles

_SEALED_AS = "role chat"


class Role(StrEnum):
    """What somebody is, beside the operators of the settings."""

    EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with a role: `code` stands for the person, as in the journal; `chat_id` is the direct chat."""

    code: str
    chat_id: int
    since: date


class Roles:
    """Queries on roles and their links, within one transaction."""

    def __init__(self, connection: AsyncConnection, key: Key) -> None:
        self._connection = connection
        self._key = key

    async def give(self, user_id: int, role: Role, since: date) -> None:
        """The person, who has no role yet, has this one."""
        sealed = self._key.seal(str(user_id), _SEALED_AS)
        values = {"person": self._key.person(user_id), "role": role, "sealed_chat": sealed, "since": since}
        await self._connection.execute(insert(roles).values(values))

    async def has(self, user_id: int, role: Role) -> bool:
        """Whether the person has this role."""
        mine = (roles.c.person == self._key.person(user_id)) & (roles.c.role == role)
        return (await self._connection.execute(select(roles.c.role).where(mine))).first() is not None

    async def holders(self, role: Role) -> Sequence[Holder]:
        """Everybody who has this role, whoever has had it longest first."""
        statement = select(roles).where(roles.c.role == role).order_by(roles.c.since, roles.c.person)
        return [
            Holder(person_code(row.person), int(self._key.unseal(row.sealed_chat, _SEALED_AS)), row.since)
            for row in await self._connection.execute(statement)
        ]

    async def take(self, user_id: int) -> None:
        """The person has no role any more."""
        await self._connection.execute(delete(roles).where(roles.c.person == self._key.person(user_id)))

    async def add_link(self, token: str, role: Role, expires_at: datetime) -> None:
        """Whoever brings this token first, before it expires, gets the role. Only its hash is stored."""
        values = {"token": _hash(token), "role": role, "expires_at": expires_at}
        await self._connection.execute(insert(role_links).values(values))

    async def use_link(self, token: str, now: datetime) -> Role | None:
        """The role that a token gives, once; None if there is no such link, or not any more."""
        good = (role_links.c.token == _hash(token)) & (role_links.c.expires_at > now)
        statement = delete(role_links).where(good).returning(role_links.c.role)
        role = (await self._connection.execute(statement)).scalar_one_or_none()
        return None if role is None else Role(role)

    async def forget_links(self, now: datetime) -> None:
        """Delete the links that have expired."""
        await self._connection.execute(delete(role_links).where(role_links.c.expires_at <= now))


def _hash(token: str) -> bytes:
    """A token is random and long, so that its plain hash can't be turned back."""
    return sha256(token.encode()).digest()
