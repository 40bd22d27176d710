"""Retractions: what was taken back, why, and the receipt that says how far that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import retractions


@dataclass(frozen=True, slots=True)
class Retraction:
    """`reason` is one of the texts' `retract.why`. `shown` is what the receipt `message_id` in `chat_id` says yet."""

    id: int
    request_id: int
    reason: str
    at: datetime
    chat_id: int | None
    message_id: int | None
    shown: str | None
    finished: bool


class Retractions:
    """Queries on retractions, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, request_id: int, reason: str, at: datetime, chat_id: int | None) -> None:
        """Remember it; `chat_id` is where its receipt goes."""
        values = {"request_id": request_id, "reason": reason, "at": at, "chat_id": chat_id, "finished": chat_id is None}
        await self._connection.execute(insert(retractions).values(values))

    async def of_request(self, request_id: int) -> Retraction | None:
        """The retraction of a request."""
        row = (
            await self._connection.execute(select(retractions).where(retractions.c.request_id == request_id))
        ).one_or_none()
        return None if row is None else _retraction(row)

    async def unfinished(self) -> Sequence[Retraction]:
        """Those whose receipt has still to be sent or edited."""
        statement = select(retractions).where(~retractions.c.finished).order_by(retractions.c.id)
        return [_retraction(row) for row in await self._connection.execute(statement)]

    async def receipt(self, retraction_id: int, message_id: int | None, shown: str, *, finished: bool) -> None:
        """The receipt says this now."""
        statement = update(retractions).where(retractions.c.id == retraction_id)
        await self._connection.execute(statement.values(message_id=message_id, shown=shown, finished=finished))


def _retraction(row: Row[Any]) -> Retraction:
    return Retraction(**row._mapping)
