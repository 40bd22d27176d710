import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import database_url, make_engine
from bot.store.lease import Lease, Terms
from bot.store.lock import AlreadyRunningError, is_running, sole_bot
from tests.clock import StandingSeconds

HOLDER = """
import asyncio, sys
from bot.app import boottime
from bot.store.database import database_url, make_engine
from bot.store.lease import Terms
from bot.store.lock import sole_bot

async def hold():
    async with sole_bot(make_engine(database_url(sys.argv[1])), Terms(), boottime, print):
        print("held", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)

asyncio.run(hold())
"""


@contextmanager
def holder(address: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the database until it is killed."""
    command = [sys.executable, "-c", HOLDER, address]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def alone(
    engine: AsyncEngine, stand_by: Callable[[str], None] | None = None
) -> AbstractAsyncContextManager[Lease | None]:
    """Be the sole bot, by a clock that stands."""
    return sole_bot(engine, Terms(), StandingSeconds(), print, stand_by)


def expire(address: str) -> None:
    """A killed node's lease is over when its time is; here at once. A file's lock is gone with its process."""
    if address.startswith("postgresql"):
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("UPDATE lease SET expires_at = now()")


async def test_a_second_bot_is_refused_until_the_first_process_ends_however_it_ends(migrated_database: str) -> None:
    engine = make_engine(database_url(migrated_database))
    with holder(migrated_database) as process:
        with pytest.raises(AlreadyRunningError, match="runs on this") as caught:
            async with alone(engine):
                pytest.fail("two bots run on one database")
        assert await is_running(engine)
        assert f"process {process.pid}" in str(caught.value)
        process.kill()
        process.wait()
    expire(migrated_database)
    async with alone(engine):
        assert await is_running(engine)
    assert not await is_running(engine)
    await engine.dispose()


async def test_the_refusal_names_the_running_process(migrated_database: str) -> None:
    engine = make_engine(database_url(migrated_database))
    async with alone(engine):
        with pytest.raises(AlreadyRunningError, match=f"process {os.getpid()}"):
            async with alone(engine):
                pytest.fail("two bots run on one database")
    await engine.dispose()


async def test_a_bot_that_fails_lets_go(migrated_database: str) -> None:
    engine = make_engine(database_url(migrated_database))
    with pytest.raises(RuntimeError, match="on purpose"):
        async with alone(engine):
            raise RuntimeError("on purpose")
    assert not await is_running(engine)
    await engine.dispose()


async def test_nobody_runs_on_a_database_that_is_empty(any_database: str) -> None:
    engine = make_engine(database_url(any_database))
    assert not await is_running(engine)
    await engine.dispose()
