"""A connection to a SQLite file that can be closed at any moment, and that asks its thread no more than it must."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from threading import Thread
from typing import Any, Self

import aiosqlite
from aiosqlite import core

# Begin a transaction that only reads, or that may write.
READING, WRITING = "BEGIN", "BEGIN IMMEDIATE"


class SqliteCursor(aiosqlite.Cursor):
    """Opens, executes, reads all rows and closes in one turn of the thread: turns cost more than what SQLite does."""

    _conn: "SqliteConnection"
    _rows: list[Any]

    def __init__(self, connection: "SqliteConnection") -> None:
        self._conn, self._rows = connection, []

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> Self:
        """Execute one statement."""
        if sql == READING:
            self._conn.begun()
        await self._at_once(sqlite3.Cursor.execute, sql, parameters or ())
        if sql == WRITING:
            self._conn.begun(writing=True)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> Self:
        """Execute one statement with each of these parameters."""
        return await self._at_once(sqlite3.Cursor.executemany, sql, parameters)

    async def _at_once(self, execute: Callable[..., object], sql: str, parameters: Iterable[Any]) -> Self:
        def work() -> tuple[sqlite3.Cursor, list[Any]]:
            cursor = self._conn._conn.cursor()
            execute(cursor, sql, parameters)
            rows = cursor.fetchall()
            cursor.close()
            return cursor, rows

        # What is asked of a closed cursor, its description and counts, it still knows.
        self._cursor, self._rows = await self._execute(work)  # type: ignore[no-untyped-call]
        return self

    async def fetchall(self) -> list[Any]:
        """The rows that were read."""
        return self._rows

    async def close(self) -> None:
        """There is nothing left to be closed."""


class SqliteConnection(aiosqlite.Connection):
    """Its cursors are of that kind, it leaves to its thread only what waits, and it stops that once.

    Whoever reads waits for no writer and no disk (WAL), and is done sooner than a thread is woken. Whoever writes may
    wait for another writer to begin, and does for the disk at the end; between these it waits for nobody either.

    When a task is cancelled a second time while it closes its connection, SQLAlchemy stops the thread, and aiosqlite's
    `close`, still under way, asks the thread to stop again and would wait for its answer for ever.
    """

    _is_stopped = False
    _has_begun = False
    _is_writing = False

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self._has_begun:
            return fn(*args, **kwargs)
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]

    def begun(self, *, writing: bool = False) -> None:
        """A transaction has begun."""
        self._has_begun, self._is_writing = True, writing

    async def commit(self) -> None:
        """End a transaction."""
        await self._end(super().commit)

    async def rollback(self) -> None:
        """End a transaction."""
        await self._end(super().rollback)

    async def _end(self, end: Callable[[], Awaitable[None]]) -> None:
        self._has_begun = self._has_begun and not self._is_writing
        try:
            await end()
        finally:
            self._has_begun = self._is_writing = False

    def cursor(self) -> SqliteCursor:  # type: ignore[override]  # theirs is awaited too, for one turn more
        """A cursor that is opened when it is needed."""
        return SqliteCursor(self)

    def stop(self) -> asyncio.Future[Any] | None:
        """Ask the thread to end; None where it was asked before."""
        if self._is_stopped:
            return None
        self._is_stopped = True
        return super().stop()


def connect(file: str, **options: Any) -> SqliteConnection:
    """Connect as `aiosqlite.connect` does, with sqlite3's `options`, of which `check_same_thread` must be off.

    An open connection doesn't hold up the process's end.
    """
    connection = SqliteConnection(lambda: sqlite3.connect(file, **options), iter_chunk_size=64)
    connection._thread = Thread(target=_work, args=(connection._tx,), daemon=True)
    return connection


def _work(orders: Any) -> None:
    """As aiosqlite's own thread, but for what is still done when the loop has ended: nobody waits for its outcome."""
    while True:
        with suppress(RuntimeError):  # "Event loop is closed"
            core._connection_worker_thread(orders)
            return
        if orders.empty():
            return  # else the order to close may be among them
