"""The lease: with PostgreSQL any number of nodes may run, and one of them holds it. Only that one writes to chats.

There is one row. Its number, the fence, goes up with each new holder; what a holder stores is stored only while the
fence is still its own. The row expires by the database's clock; a node judges its own hold by a clock that goes on
while the machine sleeps, and a little earlier.
"""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, Update, bindparam, func, inspect, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.database import plain_reason
from bot.store.tables import lease

log = logging.getLogger(__name__)

# A node takes its own lease for over after this part of it: others must never begin before it has ended.
_OWN_PART = 0.8
# How often a node looks whether its lease is over; how long giving it up may take.
_LOOK_SECONDS = 1.0

_TAKEN = "another node has taken it"
_NOT_RENEWED = "it couldn't be renewed in time"

# Part of every transaction that writes. A KEY SHARE lock goes together with the renewals, which don't touch the key;
# FOR SHARE would hold them up.
_FENCE = select(lease.c.fence).where(lease.c.fence == bindparam("fence")).with_for_update(read=True, key_share=True)


class LeaseLostError(SQLAlchemyError):
    """The lease isn't this node's any more. To whoever was storing, it is one more refusal of the database."""


@dataclass(frozen=True, slots=True)
class Terms:
    """For how long a lease holds, and how often it is renewed; in seconds."""

    seconds: float = 15.0
    renew_seconds: float = 4.0


class Lease:
    """One node's hold on the row.

    `boottime` gives seconds that never stand still or jump. `ended` is called, before the error is raised, when the
    lease is found lost: whatever the node would do from then on, it mustn't.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        terms: Terms,
        boottime: Callable[[], float],
        ended: Callable[[LeaseLostError], None],
    ) -> None:
        self._engine, self._terms, self._boottime, self._ended = engine, terms, boottime, ended
        self._fence = -1
        self._good_until = boottime()

    async def take(self) -> bool:
        """Become the holder, if nobody is."""
        began = self._boottime()
        holder = f"process {os.getpid()} on {socket.gethostname()}"[:128]
        fence = await self._write(
            update(lease).where(lease.c.expires_at <= func.now()).values(fence=lease.c.fence + 1, holder=holder)
        )
        if fence is None:
            return False
        self._fence, self._good_until = fence, began + _OWN_PART * self._terms.seconds
        return True

    def check(self) -> None:
        """Raises LeaseLostError if the lease is over by this machine's clock."""
        if self._left() <= 0:
            raise self._lost(_NOT_RENEWED)

    async def fence(self, connection: AsyncConnection) -> None:
        """Keep others from taking the lease until this transaction ends. Raises LeaseLostError if one has it."""
        self.check()
        if (await connection.execute(_FENCE, {"fence": self._fence})).first() is None:
            raise self._lost(_TAKEN)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Renew it meanwhile, and give it up at the end."""
        tasks = [asyncio.create_task(self._renew_again_and_again()), asyncio.create_task(self._watch())]
        try:
            yield
        finally:
            # Bounded without cancelling: a database that doesn't answer may take its time over that too.
            await asyncio.wait({asyncio.create_task(self._give_up(tasks))}, timeout=_LOOK_SECONDS)

    async def _renew_again_and_again(self) -> None:
        pause = self._terms.renew_seconds
        while True:
            await asyncio.sleep(pause)
            began, pause = self._boottime(), self._terms.renew_seconds
            try:
                fence = await self._write(update(lease).where(lease.c.fence == self._fence))
            except SQLAlchemyError as error:
                log.warning("the lease could not be renewed: %s", plain_reason(error))
                pause = min(pause, _LOOK_SECONDS)
                continue
            if fence is None:
                self._lost(_TAKEN)
                return
            self._good_until = began + _OWN_PART * self._terms.seconds

    async def _watch(self) -> None:
        """Apart from the renewing, which may wait for a database that doesn't answer."""
        while self._left() > 0:  # noqa: ASYNC110 (what ends it is a clock)
            # Looks often: while the machine sleeps, the time to sleep here stands still.
            await asyncio.sleep(min(_LOOK_SECONDS, self._left()))
        self._lost(_NOT_RENEWED)

    async def _give_up(self, tasks: Collection[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)  # a last renewal would undo it
        try:
            await self._write(update(lease).where(lease.c.fence == self._fence), timedelta())
        except SQLAlchemyError as error:
            log.warning("the lease could not be given up; it ends by itself: %s", plain_reason(error))

    async def _write(self, statement: Update, holds: timedelta | None = None) -> int | None:
        """Change the row and its end, which is by the database's clock; the fence if the condition held."""
        ends = func.now() + (timedelta(seconds=self._terms.seconds) if holds is None else holds)
        async with self._engine.begin() as connection:
            changed = await connection.execute(statement.values(expires_at=ends).returning(lease.c.fence))
            fence: int | None = changed.scalar_one_or_none()
            return fence

    def _left(self) -> float:
        """For how many seconds the lease is this node's own."""
        return self._good_until - self._boottime()

    def _lost(self, why: str) -> LeaseLostError:
        error = LeaseLostError(f"This node has lost its lease: {why}. It ends at once; start it again.")
        self._ended(error)
        return error


def lease_holder(connection: Connection) -> str | None:
    """Who holds the lease at this moment; None for nobody, and where the database has no such table yet."""
    if not inspect(connection).has_table(lease.name):
        return None
    holder: str | None = connection.scalar(select(lease.c.holder).where(lease.c.expires_at > func.now()))
    return holder
