"""Where tries are played: a folder, and databases of one kind at the newest schema."""

import asyncio
import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psycopg
from alembic.migration import MigrationContext
from alembic.operations import Operations
from psycopg import sql
from sqlalchemy import Connection

from bot.store.database import database_url, make_engine
from bot.store.migrating import migrate
from tests.postgres import MakeDatabase

SQLITE, POSTGRESQL = "sqlite", "postgresql"
KINDS = (SQLITE, POSTGRESQL)
_numbers = itertools.count()


@dataclass(frozen=True)
class Place:
    """One kind of database; `postgres` makes them where it is PostgreSQL. `mutant` names a guard that is broken."""

    kind: str
    folder: Path
    postgres: MakeDatabase | None = None
    mutant: str | None = None

    @contextmanager
    def database(self, name: str, like: str | None = None) -> Iterator[str]:
        """The address of a database of its own, gone afterwards: at the newest schema, or a copy of another."""
        model = like or self._model
        if self.postgres is None:
            path = self.folder / f"{name}.db"
            shutil.copy(model.removeprefix("sqlite:///"), path)
            yield f"sqlite:///{path}"
            for each in self.folder.glob(f"{name}.db*"):
                each.unlink()
            return
        address = self.postgres(like=model)
        yield address
        drop(address)

    def empty(self) -> str:
        """The address of an empty database, which stays."""
        return self.postgres() if self.postgres else f"sqlite:///{self.folder}/{next(_numbers)}.model"

    @cached_property
    def _model(self) -> str:
        """A migrated database, to be copied."""
        model = self.empty()
        asyncio.run(_migrated(model, unique=self.mutant != "no unique key"))
        return model

    def prepare(self) -> None:
        """Make the model now, outside of any running loop."""
        assert self._model


async def _migrated(address: str, *, unique: bool) -> None:
    engine = make_engine(database_url(address))
    await migrate(engine)
    if not unique:
        async with engine.begin() as connection:
            await connection.run_sync(_without_unique_key)
    await engine.dispose()


def _without_unique_key(connection: Connection) -> None:
    operations = Operations(MigrationContext.configure(connection))
    with operations.batch_alter_table("posts") as posts:
        posts.drop_constraint("uq_posts_group_id_local_date")


def drop(address: str) -> None:
    """Remove a PostgreSQL database, whoever is connected."""
    name = psycopg.conninfo.conninfo_to_dict(address)["dbname"]
    elsewhere = psycopg.conninfo.make_conninfo(address, dbname="postgres")
    with psycopg.connect(elsewhere, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(str(name))))
