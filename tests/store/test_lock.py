import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from bot.store import lock
from bot.store.database import database_url, make_engine
from bot.store.lock import AlreadyRunningError, is_running, sole_bot

HOLDER = """
import asyncio, sys
from bot.store.database import database_url, make_engine
from bot.store.lock import sole_bot

async def hold():
    async with sole_bot(make_engine(database_url(sys.argv[1]))):
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


def wait_until_free(address: str) -> None:
    """PostgreSQL notices a killed client a moment later; a file's lock is gone with its process."""
    if address.startswith("postgresql"):
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", [lock._ADVISORY])


async def test_a_second_bot_is_refused_until_the_first_process_ends_however_it_ends(any_database: str) -> None:
    engine = make_engine(database_url(any_database))
    with holder(any_database) as process:
        with pytest.raises(AlreadyRunningError, match="runs on this") as caught:
            async with sole_bot(engine):
                pytest.fail("two bots run on one database")
        assert await is_running(engine)
        if any_database.startswith("sqlite"):
            assert f"process {process.pid}" in str(caught.value)
        process.kill()
        process.wait()
    wait_until_free(any_database)
    async with sole_bot(engine):
        assert await is_running(engine)
    assert not await is_running(engine)
    await engine.dispose()


async def test_the_refusal_names_the_running_process(any_database: str) -> None:
    engine = make_engine(database_url(any_database))
    async with sole_bot(engine):
        with pytest.raises(AlreadyRunningError) as caught:
            async with sole_bot(engine):
                pytest.fail("two bots run on one database")
    await engine.dispose()
    named = str(os.getpid()) if any_database.startswith("sqlite") else "PostgreSQL"
    assert named in str(caught.value)


async def test_a_bot_that_fails_lets_go(any_database: str) -> None:
    engine = make_engine(database_url(any_database))
    with pytest.raises(RuntimeError, match="on purpose"):
        async with sole_bot(engine):
            raise RuntimeError("on purpose")
    assert not await is_running(engine)
    await engine.dispose()
