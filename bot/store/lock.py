"""One bot at work on a database: a file lock with SQLite, the lease with PostgreSQL."""

import asyncio
import fcntl
import logging
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import DatabaseError, make_engine, plain_reason
from bot.store.lease import Lease, LeaseLostError, Terms, lease_holder

log = logging.getLogger(__name__)

# How often a node that stands by looks whether the lease is free.
_LOOK_SECONDS = 1.0


class AlreadyRunningError(Exception):
    """Another bot runs on this database. The sentence names it."""


class _FileLock:
    """flock(2) on a file that holds the owner's process id."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def __enter__(self) -> None:
        try:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise DatabaseError(f"the lock file {self._path} can't be used: {error.strerror}") from None
        if not self._locked(self._handle):
            owner = os.read(self._handle, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(self._handle)
            raise AlreadyRunningError(
                f"another Vigil (process {owner}) runs on this database. Stop it first: kill {owner}"
            )
        os.ftruncate(self._handle, 0)
        os.write(self._handle, f"{os.getpid()}\n".encode())

    @staticmethod
    def _locked(handle: int) -> bool:
        """Try a few times: somebody may just be asking whether a bot runs."""
        for pause in (0.01, 0.05, 0.1, 0.0):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(pause)
            else:
                return True
        return False

    def __exit__(self, *_: object) -> None:
        if self._handle is not None:
            os.close(self._handle)


@asynccontextmanager
async def sole_bot(
    engine: AsyncEngine,
    terms: Terms,
    boottime: Callable[[], float],
    ended: Callable[[LeaseLostError], None],
    stand_by: Callable[[str], None] | None = None,
) -> AsyncIterator[Lease | None]:
    """Be the only bot at work on the database; gives the lease where there is one (`Lease` says what it asks for).

    With PostgreSQL and `stand_by` it waits for its turn, and tells `stand_by` once for whom. Otherwise it raises
    AlreadyRunningError if somebody is at work. The database has the table of the lease already.
    """
    if engine.dialect.name == "sqlite":
        with _FileLock(_lock_path(engine)):
            yield None
        return
    # A connection of its own: the renewals never wait in line behind the work.
    own_engine = make_engine(engine.url)
    try:
        lease = Lease(own_engine, terms, boottime, ended)
        if not await lease.take():
            await _wait_for(lease, own_engine, terms, stand_by)
        async with lease.kept():
            yield lease
    finally:
        await own_engine.dispose()


async def _wait_for(lease: Lease, engine: AsyncEngine, terms: Terms, stand_by: Callable[[str], None] | None) -> None:
    """Take the lease as soon as it is free."""
    async with engine.connect() as connection:
        holder = await connection.run_sync(lease_holder) or "unknown"
    if stand_by is None:
        raise AlreadyRunningError(
            f"another Vigil ({holder}) runs on this database. Stop it first; "
            f"if it is gone already, try again in {terms.seconds:g} s"
        )
    stand_by(f"Another node ({holder}) holds the lease; this one stands by.")
    told = False
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        try:
            if await lease.take():
                return
            told = False
        except SQLAlchemyError as error:
            if not told:
                log.warning("the lease can't be asked for now: the database says: %s", plain_reason(error))
            told = True


async def is_running(engine: AsyncEngine) -> bool:
    """Whether a bot runs on this database at this moment."""
    async with engine.connect() as connection:
        return await connection.run_sync(at_work)


def at_work(connection: Connection) -> bool:
    """Whether a bot runs on this connection's database at this moment."""
    if connection.dialect.name == "sqlite":
        return _is_locked(_lock_path(connection.engine))
    return lease_holder(connection) is not None


def _lock_path(engine: AsyncEngine | Engine) -> Path:
    return Path(f"{engine.url.database}.lock")


def _is_locked(path: Path) -> bool:
    """A shared lock for a moment: it can't be had while a bot holds the file, and a bot that starts waits it out."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
