"""SQLite for an asynchronous engine, within its loop: a statement takes less time than it takes to wake a thread.

Whoever reads waits for no writer and no disk (WAL). Whoever writes may wait for another process to begin, and does for
the disk at the end: the one asks again and again, the other is left to a thread.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from typing import Any, Self

from sqlalchemy import Connection as SQLAlchemyConnection
from sqlalchemy import Pool, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import await_

DRIVER = "sqlite+inloop"

BUSY_SECONDS = 10.0
_LONGEST_PAUSE_SECONDS = 0.05


class Cursor(sqlite3.Cursor):
    """Reads all rows when it executes: they are looked at when its transaction may be over."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._rows: list[Any] = []

    def execute(self, sql: str, parameters: Any = ()) -> Self:
        """Execute one statement."""
        super().execute(sql, parameters)
        self._rows = super().fetchall()
        self._rows.reverse()
        return self

    def fetchone(self) -> Any:
        """The next row; None behind the last."""
        return self._rows.pop() if self._rows else None

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        """So many of the next rows, or as many as are left."""
        return [self._rows.pop() for _ in range(min(size or 1, len(self._rows)))]

    def fetchall(self) -> list[Any]:
        """The rows that are left."""
        rows, self._rows = self._rows[::-1], []
        return rows

    async def _async_soft_close(self) -> None:
        """SQLAlchemy's word to a cursor whose rows it has yet to look at."""


class Connection(sqlite3.Connection):
    """Its cursors are of that kind. `only_reads`: so does the next transaction, and waits for nobody."""

    only_reads = False

    def cursor(self, factory: Any = Cursor) -> Any:
        """One of them."""
        return super().cursor(factory)


class InLoop(SQLiteDialect_pysqlite):
    """sqlite3's own connections."""

    driver = "inloop"
    is_async = True
    has_terminate = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        """One that lets the loop go on while it waits for a connection."""
        return AsyncAdaptedQueuePool

    def create_connect_args(self, url: URL) -> Any:
        """With cursors of that kind."""
        arguments, options = super().create_connect_args(url)
        return arguments, {**options, "factory": Connection}

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Execute one statement."""
        await_(_nothing())
        cursor.execute(statement, parameters)

    def do_executemany(self, cursor: Any, statement: str, parameters: Sequence[Any], context: Any = None) -> None:
        """Execute one statement with each of these parameters."""
        await_(_nothing())
        cursor.executemany(statement, parameters)

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin a transaction; the driver would do it later, and lose concurrent updates."""
        connection = dbapi_connection.dbapi_connection
        if connection.only_reads:
            connection.execute("BEGIN")
        else:
            await_(_begin(connection))

    def do_commit(self, dbapi_connection: Any) -> None:
        """End a transaction."""
        if dbapi_connection.in_transaction:
            await_(_commit(dbapi_connection))

    def do_terminate(self, dbapi_connection: Any) -> None:
        """Close a connection that nobody has given back."""
        dbapi_connection.close()


registry.register("sqlite.inloop", __name__, InLoop.__name__)


def set_up(engine: AsyncEngine) -> None:
    """Make an engine's transactions hold; those with the option `reading` only read, and wait for no writer."""
    event.listen(engine.sync_engine, "connect", lambda connection, _record: _prepare(connection))
    event.listen(engine.sync_engine, "begin", _mark)


def _prepare(connection: Connection) -> None:
    connection.isolation_level = None  # the driver begins no transactions of its own
    # A commit outlives the machine's power, and what was deleted can't be read in the file.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    _wait_within_sqlite(connection, BUSY_SECONDS)


def _mark(connection: SQLAlchemyConnection) -> None:
    used: Any = connection.connection.dbapi_connection
    used.only_reads = connection.get_execution_options().get("reading", False)


async def _nothing() -> None:
    """Awaited by every statement, or SQLAlchemy would take it for one that held up the loop by mistake."""


async def _begin(connection: sqlite3.Connection) -> None:
    """Begin to write when no other process does. Raises OperationalError if one does for BUSY_SECONDS."""
    loop = asyncio.get_running_loop()
    until, pause = loop.time() + BUSY_SECONDS, 0.001
    _wait_within_sqlite(connection, 0)
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if not _is_busy(error) or loop.time() >= until:
                    raise
            else:
                return
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
    finally:
        _wait_within_sqlite(connection, BUSY_SECONDS)


def _wait_within_sqlite(connection: sqlite3.Connection, seconds: float) -> None:
    connection.execute(f"PRAGMA busy_timeout={round(1000 * seconds)}")


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


async def _commit(connection: sqlite3.Connection) -> None:
    """To its end, also when the task is cancelled meanwhile: a connection is for one thread at a time."""
    done = asyncio.get_running_loop().run_in_executor(None, connection.commit)
    try:
        await asyncio.shield(done)
    except asyncio.CancelledError:
        await asyncio.wait([done])
        done.exception()
        raise
