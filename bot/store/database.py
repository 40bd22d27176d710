"""The database: one SQLite file, or PostgreSQL. How it is opened, and what a transaction offers."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, event, insert, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store.bindings import Bindings
from bot.store.bulletins import Bulletins
from bot.store.copies import Copies
from bot.store.departures import Departures
from bot.store.greetings import Greetings
from bot.store.groups import Groups
from bot.store.invites import Invites
from bot.store.journal import Journal
from bot.store.key import HostKeyError, Key
from bot.store.marks import Marks
from bot.store.notices import Notices
from bot.store.passing import Passing
from bot.store.plan import Plan
from bot.store.posts import Posts
from bot.store.reminders import Reminders
from bot.store.replies import Replies
from bot.store.retractions import Retractions
from bot.store.roles import Roles
from bot.store.sqlite import DRIVER, set_up
from bot.store.tables import host_keys

_DRIVERS = {
    "postgres": "postgresql+psycopg",  # as Heroku writes it
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "sqlite": DRIVER,
    "sqlite+aiosqlite": DRIVER,  # as other programs write it
}
# They stay open: all sweeps come at once, and one connection too few would be made anew at each of them.
_POOL = {"pool_size": 15, "max_overflow": 0}
# PostgreSQL gives up on a node that is frozen or cut off within a transaction, so that its locks stand in nobody's way;
# and a node notices soon that its server is gone.
_IDLE_MILLISECONDS = 10_000
_GONE = {"connect_timeout": "5", "tcp_user_timeout": "10000", "keepalives_idle": "5", "keepalives_interval": "2"}
# Any number that no other program takes on the same database; this one spells "vigil".
_ADVISORY = 0x766967696C


class DatabaseError(Exception):
    """The database can't be used; its sentence says why, without a password."""


def database_url(text: str) -> URL:
    """The address with the driver that Vigil uses. Raises DatabaseError for another kind of database."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # the latter for a port that is no number
        raise DatabaseError("the database address is not of the form sqlite:///FILE or postgresql://...") from None
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        raise DatabaseError(f"a database of the kind {url.drivername!r} is not known: use sqlite or postgresql")
    if driver.startswith("sqlite") and url.database in (None, "", ":memory:"):
        raise DatabaseError("SQLite needs a file: sqlite:///var/vigil.db")
    return url.set(drivername=driver)


def make_engine(url: URL) -> AsyncEngine:
    """An engine whose transactions hold on either database. Makes a SQLite file's folder. Raises DatabaseError."""
    if not url.drivername.startswith("sqlite"):
        given = {name: value for name, value in _GONE.items() if name not in url.query}
        engine = create_async_engine(url, pool_pre_ping=True, hide_parameters=True, **_POOL, connect_args=given)
        event.listen(engine.sync_engine, "connect", _prepare_postgresql)
        return engine
    folder = Path(str(url.database)).parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # For its owner alone; SQLite gives the write-ahead log the same rights.
        os.close(os.open(str(url.database), os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise DatabaseError(f"the database file {url.database} can't be made: {error.strerror}") from None
    # The connection that was given back last still has the file's pages.
    engine = create_async_engine(url, hide_parameters=True, **_POOL, pool_use_lifo=True)
    set_up(engine)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute(f"SET idle_in_transaction_session_timeout = {_IDLE_MILLISECONDS}")
    cursor.close()
    connection.commit()


class Transaction:
    """All that is stored, within one transaction."""

    def __init__(self, connection: AsyncConnection, key: Key) -> None:
        self.bulletins = Bulletins(connection, key)
        self.groups = Groups(connection, key)
        self.posts = Posts(connection, key)
        self.copies = Copies(connection)
        self.retractions = Retractions(connection)
        self.departures = Departures(connection)
        self.passing = Passing(connection)
        self.marks = Marks(connection, key)
        self.bindings = Bindings(connection, key)
        self.reminders = Reminders(connection, key)
        self.notices = Notices(connection)
        self.plan = Plan(connection)
        self.invites = Invites(connection, key)
        self.greetings = Greetings(connection)
        self.roles = Roles(connection, key)
        self.journal = Journal(connection, key)
        self.replies = Replies(connection, key)


class Fence(Protocol):
    """What the stored steps of a node depend on, where several may run; see `lease.py`."""

    def check(self) -> None:
        """Raises LeaseLostError if it is over by this machine's clock."""

    async def fence(self, connection: AsyncConnection) -> None:
        """Make it hold until this transaction ends. Raises LeaseLostError."""


class Store:
    """Opens transactions. None of them may span a call to Telegram. With a fence, each of them depends on it."""

    def __init__(self, engine: AsyncEngine, key: Key, fence: Fence | None = None) -> None:
        self.engine = engine
        self.key = key
        self._fence = fence
        # PostgreSQL's transactions read what is committed at each statement: a BEGIN and its end would only cost two
        # more ways there and back.
        postgres = engine.dialect.name == "postgresql"
        self._readers = engine.execution_options(**{"isolation_level": "AUTOCOMMIT"} if postgres else {"reading": True})
        # A SQLite file has one writer at a time. Who waits for it there sleeps longer and longer, past the end of the
        # other's transaction and whoever came later; who waits here comes next.
        self._turn: AbstractAsyncContextManager[None] = nullcontext() if postgres else asyncio.Lock()

    def check(self) -> None:
        """Raises LeaseLostError if another node may be at work by now."""
        if self._fence is not None:
            self._fence.check()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Transaction]:
        """A transaction that may write: committed at the end, rolled back by an exception."""
        async with self._turn, self.engine.begin() as connection:
            if self._fence is not None:
                await self._fence.fence(connection)
            yield Transaction(connection, self.key)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """A transaction that only reads, and on SQLite waits for no writer."""
        self.check()
        async with self._readers.connect() as connection:
            yield Transaction(connection, self.key)

    async def admit_key(self) -> None:
        """Make sure that this key opens what is stored. Raises HostKeyError if the database was sealed with another."""
        async with self.engine.begin() as connection:
            await connection.run_sync(one_at_a_time)
            known = set((await connection.execute(select(host_keys.c.id))).scalars())
            if self.key.id in known:
                return
            if known:
                raise HostKeyError(
                    "this database was sealed with another key. Set VIGIL_KEY to that key, or put its file back; "
                    "without it the stored requests can't be read"
                )
            await connection.execute(insert(host_keys).values(id=self.key.id))

    async def close(self) -> None:
        """Let go of every connection."""
        await self.engine.dispose()


def one_at_a_time(connection: Connection) -> None:
    """Let only one process at once do what follows in this transaction, as SQLite does of itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY})


async def is_sealed(engine: AsyncEngine) -> bool:
    """Whether something in this database is sealed with a key already."""
    async with engine.connect() as connection:
        await connection.execution_options(reading=True)
        return (await connection.execute(select(host_keys.c.id).limit(1))).first() is not None


def plain_reason(error: Exception) -> str:
    """What a database error says, in one line without SQL or parameters."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
