"""A database that takes nothing any more, seen from the bot's process; until the parent mends it."""

import resource
from collections.abc import Callable
from enum import StrEnum

import psycopg
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.faults.clock import SharedClock

NO_LIMIT = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
TABLES = ("posts", "copies", "groups", "marks", "notices")
# As the server itself says it, from the first statement that writes until the one row says otherwise.
_FULL_DISK = """
    CREATE TABLE disk (is_full boolean);
    INSERT INTO disk VALUES (false);
    CREATE FUNCTION look_at_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF (SELECT is_full FROM disk) THEN
            RAISE disk_full USING MESSAGE = 'could not extend file: No space left on device';
        END IF;
        RETURN NULL;
    END $$;
"""
_WATCHED = "CREATE TRIGGER disk BEFORE INSERT OR UPDATE OR DELETE ON {} EXECUTE FUNCTION look_at_disk();"


class Way(StrEnum):
    """In which way a database is spoilt."""

    FULL = "the disk is full"
    READ_ONLY = "it can only be read"


def prepare(address: str) -> None:
    """Give a PostgreSQL database a disk that can be full."""
    with psycopg.connect(address) as connection:
        connection.execute(_FULL_DISK)
        for table in TABLES:
            connection.execute(_WATCHED.format(table).encode())


def fill(address: str, *, up: bool) -> None:
    """Fill this disk up, or make room."""
    with psycopg.connect(address) as connection:
        connection.execute("UPDATE disk SET is_full = %s", [up])


def make_room(address: str, pid: int, clock: SharedClock) -> None:
    """Mend the database of a bot's process, whichever way it was spoilt."""
    if address.startswith("sqlite"):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, NO_LIMIT)
    else:
        fill(address, up=False)
    clock.spoilt = False


def spoiling(way: Way, engine: AsyncEngine, clock: SharedClock) -> Callable[[], None]:
    """What a bot's process calls to spoil its own database."""

    def failed(_context: object) -> None:
        clock.failed += clock.spoilt

    def begin(connection: Connection) -> None:
        if way is Way.READ_ONLY:
            _restrict(connection, clock.spoilt)

    def spoil() -> None:
        clock.spoilt = True
        if way is Way.FULL and engine.dialect.name == "sqlite":
            # The system refuses every byte that this process writes into a file.
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        elif way is Way.FULL:
            url = engine.url.set(drivername="postgresql")
            fill(url.render_as_string(hide_password=False), up=True)

    event.listen(engine.sync_engine, "handle_error", failed)
    event.listen(engine.sync_engine, "begin", begin)
    return spoil


def _restrict(connection: Connection, only_read: bool) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if only_read else 'OFF'}")
    elif only_read:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
