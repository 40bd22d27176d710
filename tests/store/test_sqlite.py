"""What SQLite's own connections do within the loop, and what they leave to others."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import sqlite
from bot.store.database import database_url, make_engine
from bot.store.tables import host_keys

IDS = ["a", "b", "c"]


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(database_url(f"sqlite:///{tmp_path}/vigil.db"))
    async with engine.begin() as connection:
        await connection.run_sync(host_keys.create)
    yield engine
    await engine.dispose()


async def store(engine: AsyncEngine, *ids: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(insert(host_keys), [{"id": each} for each in ids])


async def stored(engine: AsyncEngine) -> list[str]:
    async with engine.execution_options(reading=True).connect() as connection:
        return list(await connection.scalars(select(host_keys.c.id).order_by(host_keys.c.id)))


async def test_rows_can_be_looked_at_in_every_way_when_the_transaction_is_over(engine: AsyncEngine) -> None:
    await store(engine, *IDS)
    ids = select(host_keys.c.id).order_by(host_keys.c.id)
    async with engine.connect() as connection:
        results = [await connection.execute(ids) for _ in range(4)]
    one_by_one, parts, first, scalars = results
    assert [row.id for row in iter(one_by_one.fetchone, None)] == IDS
    assert [[row.id for row in part] for part in parts.partitions(2)] == [IDS[:2], IDS[2:]]
    assert (first.first(), first.closed) == (("a",), True)
    assert scalars.scalars().all() == IDS


async def test_who_writes_waits_for_another_process_while_others_go_on(engine: AsyncEngine, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "vigil.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(store(engine, *IDS))
    for _ in range(3):
        assert await stored(engine) == []
    assert not writing.done()
    other.execute("ROLLBACK")
    other.close()
    await writing
    assert await stored(engine) == IDS


async def test_who_writes_does_not_wait_for_ever(
    engine: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0)
    other = sqlite3.connect(tmp_path / "vigil.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DBAPIError, match="database is locked"):
        await store(engine, *IDS)
    other.close()
    await store(engine, *IDS)


async def test_a_commit_comes_to_its_end_though_its_task_is_cancelled(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, goes_on = asyncio.Event(), Event()
    loop = asyncio.get_running_loop()

    def commit(connection: Any) -> None:
        loop.call_soon_threadsafe(begun.set)
        goes_on.wait()
        sqlite3.Connection.commit(connection)

    monkeypatch.setattr(sqlite.Connection, "commit", commit)
    writing = asyncio.create_task(store(engine, *IDS))
    await begun.wait()
    assert await stored(engine) == []  # the disk holds up nobody else
    writing.cancel()
    await asyncio.sleep(0)
    assert not writing.done()
    goes_on.set()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert await stored(engine) == IDS
    await store(engine, "d")
