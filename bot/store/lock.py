"""One running bot a database: the second refuses, naming the first."""

import fcntl
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import DatabaseError

# Any number that no other program takes on the same database; this one spells "vigil".
_ADVISORY = 0x766967696C


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
async def sole_bot(engine: AsyncEngine) -> AsyncIterator[None]:
    """Hold the database's lock; raises AlreadyRunningError. However the process ends, the system lets go of it."""
    if engine.url.drivername.startswith("sqlite"):
        with _FileLock(Path(f"{engine.url.database}.lock")):
            yield
        return
    async with engine.connect() as connection:
        if not await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _ADVISORY}):
            raise AlreadyRunningError("another Vigil runs on this PostgreSQL database. Stop it first.")
        # The lock belongs to the connection, not to a transaction that would stay open meanwhile.
        await connection.commit()
        try:
            yield
        finally:
            # The pool keeps the connection, and the connection would keep the lock; a broken one has lost it already.
            with suppress(DBAPIError):
                await connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _ADVISORY})
                await connection.commit()


async def is_running(engine: AsyncEngine) -> bool:
    """Whether a bot runs on this database at this moment."""
    if engine.url.drivername.startswith("sqlite"):
        return _is_locked(Path(f"{engine.url.database}.lock"))
    async with engine.connect() as connection:
        holders = text(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
            " WHERE locktype = 'advisory' AND granted AND datname = current_database()"
            " AND classid = :high AND objid = :low"
        )
        halves = {"high": _ADVISORY >> 32, "low": _ADVISORY & 0xFFFFFFFF}
        return bool(await connection.scalar(holders, halves))


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
