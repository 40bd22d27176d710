import asyncio

import pytest
from alembic import command
from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, Integer, inspect, text

from bot.store import tables
from bot.store.database import DatabaseError, Store, database_url, make_engine, one_at_a_time
from bot.store.lease import Terms
from bot.store.lock import sole_bot
from bot.store.migrating import OlderRunsError, alembic_config, migrate
from tests.clock import StandingSeconds
from tests.migrations import differences
from tests.postgres import MakeDatabase, waiting_for_a_lock
from tests.stored import add_group, the_group


def names(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def downgrade(connection: Connection) -> None:
    command.downgrade(alembic_config(connection), "base")


async def test_the_migrations_make_the_schema_that_is_declared(store: Store) -> None:
    async with store.engine.connect() as connection:
        assert await connection.run_sync(differences) == []
        assert await connection.run_sync(names) == {*tables.metadata.tables, "alembic_version"}


async def test_a_column_that_no_migration_makes_is_found(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    declared = type(tables.metadata)()
    for table in tables.metadata.tables.values():
        table.to_metadata(declared)
    declared.tables["groups"].append_column(Column("forgotten", Integer))
    monkeypatch.setattr("tests.migrations.metadata", declared)
    async with store.engine.connect() as connection:
        (found,) = await connection.run_sync(differences)
    assert "forgotten" in found


async def test_down_to_nothing_and_up_again(store: Store) -> None:
    async with store.engine.begin() as connection:
        await connection.run_sync(downgrade)
        assert await connection.run_sync(names) == {"alembic_version"}
    await migrate(store.engine)
    async with store.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrating_again_keeps_everything(store: Store) -> None:
    group = await add_group(store)
    await migrate(store.engine)
    assert await the_group(store, group.id) == group


async def test_a_database_of_a_newer_vigil_is_refused_and_left_alone(store: Store) -> None:
    async with store.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'from_tomorrow'"))
    with pytest.raises(DatabaseError, match="newer Vigil"):
        await migrate(store.engine)
    async with store.engine.connect() as connection:
        heads = await connection.run_sync(lambda each: MigrationContext.configure(each).get_current_heads())
    assert heads == ("from_tomorrow",)


async def test_a_second_process_waits_for_the_first_to_have_migrated(postgres: MakeDatabase) -> None:
    address = postgres()
    first, second = (make_engine(database_url(address)) for _ in range(2))
    async with first.begin() as connection:
        await connection.run_sync(one_at_a_time)
        migrating = asyncio.create_task(migrate(second))
        await waiting_for_a_lock(address)
        assert await connection.run_sync(names) == set()
    await migrating
    for engine in (first, second):
        await engine.dispose()


async def test_under_a_running_bot_of_an_older_schema_nothing_is_migrated(store: Store) -> None:
    older = text("UPDATE alembic_version SET version_num = '0001'")
    async with sole_bot(store.engine, Terms(), StandingSeconds(), print):
        async with store.engine.begin() as connection:
            await connection.execute(older)
        with pytest.raises(OlderRunsError, match="Stop it first"):
            await migrate(store.engine)
        async with store.engine.connect() as connection:
            heads = await connection.run_sync(lambda each: MigrationContext.configure(each).get_current_heads())
        assert heads == ("0001",)


async def test_the_bot_at_work_migrates_itself(sqlite_database: str) -> None:
    engine = make_engine(database_url(sqlite_database))
    async with engine.begin() as connection:
        await connection.run_sync(lambda each: command.downgrade(alembic_config(each), "-1"))
    async with sole_bot(engine, Terms(), StandingSeconds(), print):
        await migrate(engine, alone=True)
        async with engine.connect() as connection:
            assert await connection.run_sync(differences) == []
    await engine.dispose()
