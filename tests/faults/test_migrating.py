"""Experiment 24: a migration killed at every step. The database is at the old schema or at the new one."""

import asyncio
import shutil
from pathlib import Path

import pytest
from alembic import command
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from bot.store.database import database_url, make_engine
from bot.store.migrating import alembic_config, migrate
from tests.faults.migrator import migrate_until
from tests.faults.test_kills import AT_ONCE, forked
from tests.migrations import differences
from tests.postgres import MakeDatabase

Schema = dict[str, set[str]]
# From nothing there are many steps alike; every fifth point is before and after a statement in turn.
STRIDE = 5


def head(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def schema(connection: Connection) -> Schema:
    """Every table with its columns. Alembic's own appears with the first migration."""
    inspector = inspect(connection)
    return {name: {column["name"] for column in inspector.get_columns(name)} for name in inspector.get_table_names()}


def one_step_back(connection: Connection) -> None:
    """The schema before the last migration, with something stored in it."""
    command.upgrade(alembic_config(connection), "head")
    connection.execute(text("INSERT INTO host_keys (id) VALUES ('kept')"))
    command.downgrade(alembic_config(connection), "-1")


async def killed(address: str, kill_at: int) -> bool:
    process = forked.Process(target=migrate_until, args=(address, kill_at))
    process.start()
    async with asyncio.timeout(120):
        await asyncio.get_running_loop().run_in_executor(None, process.join)
    return process.exitcode != 0


async def judge(address: str, before: Schema, *, kept: bool) -> None:
    """Old or new, nothing between; then it starts clean, with what was stored."""
    engine = make_engine(database_url(address))
    async with engine.connect() as connection:
        if await connection.run_sync(schema) != before:
            newest = await connection.run_sync(lambda each: ScriptDirectory.from_config(alembic_config(each)))
            assert await connection.run_sync(head) == newest.get_current_head()
            assert await connection.run_sync(differences) == []
    await migrate(engine)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
        assert list(await connection.scalars(text("SELECT id FROM host_keys"))) == (["kept"] if kept else [])
    await engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("kept", [False, True], ids=["from nothing", "from the schema before"])
async def test_killed_at_any_step_the_schema_is_the_old_or_the_new_one(
    kind: str, kept: bool, tmp_path: Path, postgres: MakeDatabase
) -> None:
    model = f"sqlite:///{tmp_path}/model.db" if kind == "sqlite" else postgres()
    engine = make_engine(database_url(model))
    async with engine.begin() as connection:
        if kept:
            await connection.run_sync(one_step_back)
        before = await connection.run_sync(schema)
    await engine.dispose()

    def copy(number: int) -> str:
        if kind == "postgresql":
            return postgres(like=model)
        shutil.copy(tmp_path / "model.db", tmp_path / f"{number}.db")
        return f"sqlite:///{tmp_path}/{number}.db"

    reached, going_on, stride = 0, True, 1 if kept else STRIDE
    while going_on:
        points = range(reached, reached + AT_ONCE * stride, stride)
        addresses = [copy(point) for point in points]
        outcomes = await asyncio.gather(*map(killed, addresses, points))
        for address in addresses:
            await judge(address, before, kept=kept)
        reached, going_on = reached + stride * sum(outcomes), all(outcomes)
    assert reached >= (10 if kept else 40), "so few steps are no migration"
