"""`python -m tests.migrations`: do the migrations make the schema that `tables.py` declares? As `alembic check` asks.

Exit status 1 with the differences if they don't, on either kind of database. With a sentence as argument it writes the
migration that is missing: `make migration NAME="Groups have a topic"`.
"""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.store.database import database_url, make_engine
from bot.store.migrating import alembic_config, migrate
from bot.store.tables import metadata
from tests.postgres import postgres_server


def differences(connection: Connection) -> list[str]:
    """What would have to change to make this database's schema the declared one; a line each."""
    context = MigrationContext.configure(connection, opts={"compare_server_default": True})
    return [repr(each) for each in compare_metadata(context, metadata)]


async def differences_at_head(address: str) -> list[str]:
    """Bring an empty database to the newest schema and compare."""
    engine = make_engine(database_url(address))
    try:
        await migrate(engine)
        async with engine.connect() as connection:
            return await connection.run_sync(differences)
    finally:
        await engine.dispose()


def next_number(connection: Connection) -> str:
    """Migrations are numbered in their order, from 0001 on."""
    made = ScriptDirectory.from_config(alembic_config(connection)).walk_revisions()
    return f"{sum(1 for _ in made) + 1:04}"


async def write_migration(address: str, sentence: str) -> None:
    """Write the difference between an empty database at the newest schema and the declared one as a migration."""
    engine = make_engine(database_url(address))
    try:
        await migrate(engine)
        async with engine.begin() as connection:
            await connection.run_sync(
                lambda plain: command.revision(
                    alembic_config(plain), sentence, autogenerate=True, rev_id=next_number(plain)
                )
            )
    finally:
        await engine.dispose()


def main() -> int:
    """Check both kinds of database, or write a migration."""
    failed = 0
    if sys.argv[1:]:
        with TemporaryDirectory() as name:
            asyncio.run(write_migration(f"sqlite:///{name}/vigil.db", sys.argv[1]))
        return 0
    with TemporaryDirectory(ignore_cleanup_errors=True) as name, postgres_server(Path(name)) as make:
        for kind, address in (("SQLite", f"sqlite:///{name}/vigil.db"), ("PostgreSQL", make())):
            found = asyncio.run(differences_at_head(address))
            failed += bool(found)
            said = "the migrations make another schema than is declared:" if found else "the schema is as declared."
            sys.stdout.write("\n  ".join([f"Migrations, {kind}: {said}", *found]) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
