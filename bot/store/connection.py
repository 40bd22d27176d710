"""A connection to a SQLite file that can be closed at any moment."""

import asyncio
import sqlite3
from contextlib import suppress
from threading import Thread
from typing import Any

import aiosqlite
from aiosqlite import core


class SqliteConnection(aiosqlite.Connection):
    """Stops its thread once.

    When a task is cancelled a second time while it closes its connection, SQLAlchemy stops the thread, and aiosqlite's
    `close`, still under way, asks the thread to stop again and would wait for its answer for ever.
    """

    _is_stopped = False

    def stop(self) -> asyncio.Future[Any] | None:
        """Ask the thread to end; None where it was asked before."""
        if self._is_stopped:
            return None
        self._is_stopped = True
        return super().stop()


def connect(file: str, **options: Any) -> SqliteConnection:
    """Connect as `aiosqlite.connect` does. An open connection doesn't hold up the process's end."""
    connection = SqliteConnection(lambda: sqlite3.connect(file, **options), iter_chunk_size=64)
    connection._thread = Thread(target=_work, args=(connection._tx,), daemon=True)
    return connection


def _work(orders: Any) -> None:
    """As aiosqlite's own thread, but for what is still done when the loop has ended: nobody waits for its outcome."""
    with suppress(RuntimeError):  # "Event loop is closed"
        core._connection_worker_thread(orders)
