"""A database that takes nothing any more, seen from the bot's process; until the parent mends it."""

import resource
import sqlite3
from collections.abc import Callable
from enum import StrEnum

import psycopg
from sqlalchemy import Connection, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.tables import host_keys, lease, metadata
from tests.faults.clock import SharedClock

NO_LIMIT = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
# All that a bot writes, but for its hold on the database.
TABLES = tuple(table.name for table in metadata.sorted_tables if table not in (lease, host_keys))
# As the server itself says it, when a statement writes or not before the commit, until the one row says otherwise.
_FULL_DISK = """
    CREATE TABLE disk (full_for text);
    INSERT INTO disk VALUES ('nobody');
    CREATE FUNCTION look_at_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF (SELECT full_for = TG_NAME FROM disk) THEN
            RAISE disk_full USING MESSAGE = 'could not extend file: No space left on device';
        END IF;
        RETURN NULL;
    END $$;
"""
_STATEMENTS, _COMMITS, _NOBODY = "statements", "commits", "nobody"
_WATCHED = f"""
    CREATE TRIGGER {_STATEMENTS} BEFORE INSERT OR UPDATE OR DELETE ON {{0}} EXECUTE FUNCTION look_at_disk();
    CREATE CONSTRAINT TRIGGER {_COMMITS} AFTER INSERT OR UPDATE OR DELETE ON {{0}}
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION look_at_disk();
"""
# In pages. SQLite writes to the file at the commit, and before it what the cache doesn't hold: with the small one a
# statement that changes a second page is refused.
_SMALL_CACHE, _USUAL_CACHE = 1, -2000


class Way(StrEnum):
    """In which way a database is spoilt: it refuses statements that write, or lets them pass and refuses the commit."""

    FULL = "the disk is full"
    FULL_AT_COMMIT = "the disk is full, as the commit finds"
    READ_ONLY = "it can only be read"


def prepare(address: str) -> None:
    """Give a PostgreSQL database a disk that can be full."""
    with psycopg.connect(address) as connection:
        connection.execute(_FULL_DISK)
        for table in TABLES:
            connection.execute(_WATCHED.format(table).encode())


def _fill(address: str, full_for: str) -> None:
    """Fill this disk up, or make room."""
    with psycopg.connect(address) as connection:
        connection.execute("UPDATE disk SET full_for = %s", [full_for])


def make_room(address: str, pid: int, clock: SharedClock) -> None:
    """Mend the database of a bot's process, whichever way it was spoilt."""
    if address.startswith("sqlite"):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, NO_LIMIT)
    else:
        _fill(address, _NOBODY)
    clock.spoilt = False


def spoiling(way: Way, engine: AsyncEngine, clock: SharedClock) -> Callable[[], None]:
    """What a bot's process calls to spoil its own database."""

    is_sqlite = engine.dialect.name == "sqlite"

    def failed(context: ExceptionContext) -> None:
        clock.failed += clock.spoilt
        clock.failed_commits += clock.spoilt and context.statement is None and not _could_not_begin(context)

    def begin(connection: Connection) -> None:
        if way is Way.READ_ONLY:
            _restrict(connection, clock.spoilt)
        elif way is Way.FULL and is_sqlite:
            pages = _SMALL_CACHE if clock.spoilt else _USUAL_CACHE
            connection.exec_driver_sql(f"PRAGMA cache_size={pages}")

    def spoil() -> None:
        clock.spoilt = True
        if way is Way.READ_ONLY:
            return
        if is_sqlite:
            # The system refuses every byte that this process writes into a file.
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        else:
            url = engine.url.set(drivername="postgresql")
            _fill(url.render_as_string(hide_password=False), _COMMITS if way is Way.FULL_AT_COMMIT else _STATEMENTS)

    event.listen(engine.sync_engine, "handle_error", failed)
    event.listen(engine.sync_engine, "begin", begin)
    return spoil


def _could_not_begin(context: ExceptionContext) -> bool:
    """Whether SQLite, which can only be read, refused already to begin; a commit is refused for want of room alone."""
    error = context.original_exception
    return isinstance(error, sqlite3.Error) and error.sqlite_errorcode == sqlite3.SQLITE_READONLY


def _restrict(connection: Connection, only_read: bool) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if only_read else 'OFF'}")
    elif only_read:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
