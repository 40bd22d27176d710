"""Notices: what the operators are told, each once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import notices


@dataclass(frozen=True, slots=True)
class Notice:
    """`about` makes it one; `text_key` names the sentence in the texts, `detail` fills it."""

    about: str
    text_key: str
    group_id: int | None = None
    detail: str | None = None


class Notices:
    """Queries on notices, within one transaction. One whose text is among those of `group` is told to its group."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, notice: Notice) -> None:
        """To be told; nothing happens if it is there, told or not."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(notices).values(
            about=notice.about,
            text_key=notice.text_key,
            group_id=notice.group_id,
            detail=notice.detail,
            told=False,
        )
        await self._connection.execute(statement.on_conflict_do_nothing())

    async def untold(self, *, of: str | None = None, but: str | None = None) -> Sequence[Notice]:
        """What no operator has been told yet: with this text only, or with any other."""
        statement = select(notices).where(~notices.c.told, ~_for_group()).order_by(notices.c.about)
        if of is not None:
            statement = statement.where(notices.c.text_key == of)
        if but is not None:
            statement = statement.where(notices.c.text_key != but)
        return [_notice(row) for row in await self._connection.execute(statement)]

    async def untold_to_groups(self) -> Sequence[Notice]:
        """What a group has not been told yet."""
        statement = select(notices).where(~notices.c.told, _for_group()).order_by(notices.c.about)
        return [_notice(row) for row in await self._connection.execute(statement)]

    async def detail(self, about: str) -> str | None:
        """The detail of this notice, told or not; None if there is no such notice."""
        statement = select(notices.c.detail).where(notices.c.about == about)
        detail: str | None = (await self._connection.execute(statement)).scalar_one_or_none()
        return detail

    async def holds(self, about: str) -> bool:
        """Whether there is such a notice, told or not."""
        statement = select(notices.c.about).where(notices.c.about == about)
        return (await self._connection.execute(statement)).first() is not None

    async def told(self, about: str) -> None:
        """Never tell it again."""
        await self._connection.execute(update(notices).where(notices.c.about == about).values(told=True))

    async def forget(self, about: str) -> None:
        """It may be told anew when it happens again."""
        await self._connection.execute(delete(notices).where(notices.c.about == about))


def _for_group() -> ColumnElement[bool]:
    return notices.c.text_key.startswith("group.")


def _notice(row: Row[Any]) -> Notice:
    return Notice(row.about, row.text_key, row.group_id, row.detail)
