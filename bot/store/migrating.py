"""Bring a database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import DatabaseError, one_at_a_time
from bot.store.lock import at_work


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration for one open connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


class OlderRunsError(DatabaseError):
    """An older Vigil is at work on the database, whose schema mustn't change under it."""


async def migrate(engine: AsyncEngine, *, alone: bool = False) -> None:
    """Upgrade to the newest schema, where it isn't there yet: wholly or not at all, and one process at a time.

    `alone`: the caller is the sole bot. Otherwise it raises OlderRunsError where there is something to upgrade while a
    bot runs. Raises DatabaseError if a newer Vigil made this schema.
    """
    async with engine.begin() as connection:
        await connection.run_sync(one_at_a_time)
        await connection.run_sync(_migrate, alone)


def _migrate(connection: Connection, alone: bool) -> None:
    config = alembic_config(connection)
    script = ScriptDirectory.from_config(config)
    heads = MigrationContext.configure(connection).get_current_heads()
    if heads == tuple(script.get_heads()):
        return
    if heads and not alone and at_work(connection):
        raise OlderRunsError(
            "an older Vigil runs on this database. Stop it first; this version then brings the database up to date"
        )
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise DatabaseError("this database was made by a newer Vigil; use that version or restore a backup") from None
