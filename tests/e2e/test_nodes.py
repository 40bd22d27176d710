"""Several nodes on one PostgreSQL, as processes of their own: killed, frozen, cut off. The record is the judge."""

import asyncio
import signal
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.app import open_store, system_now
from bot.domain.post import PostState
from bot.rehearsal.faults import Planned, delay_request
from bot.store.database import database_url, make_engine
from bot.store.lock import is_running
from tests.e2e.host import Host, due_in_a_moment, end, host_of, line_with
from tests.e2e.sample import HARBOUR
from tests.e2e.stage import PATIENCE_SECONDS, stage_settings, until
from tests.postgres import MakeDatabase, Server, postgres_server

LEASE_LOST = 5
# Short, so that a takeover is waited for briefly; nothing here is judged by it.
SHORT = {"VIGIL_LEASE__SECONDS": "8", "VIGIL_LEASE__RENEW_SECONDS": "0.5"}
LONG = {"VIGIL_LEASE__SECONDS": "25", "VIGIL_LEASE__RENEW_SECONDS": "0.5"}


@pytest.fixture
async def host(postgres: MakeDatabase, migrated_postgres: str) -> AsyncIterator[Host]:
    async with host_of(postgres(like=migrated_postgres)) as host:
        yield host


async def in_mid_reveal(host: Host) -> Planned:
    """A post is due; the edits that reveal it, the repeated ones too, are held on their way."""
    group = await due_in_a_moment(host)
    return host.server.faults.add(delay_request(), method="editMessageText", chat=group)


def hold_no_more(held: Planned) -> None:
    """Edits from now on arrive; those that are held stay so."""
    held.times = held.taken


def assert_one_request(host: Host) -> None:
    """One message holds it, and no other was sent to the group."""
    (message,) = host.server.world.record.holding(HARBOUR)
    assert host.server.world.record.by_bot(message.chat) == [message]


async def test_when_the_holder_is_killed_another_goes_on_where_it_was(host: Host) -> None:
    held = await in_mid_reveal(host)
    async with host.started(**SHORT) as first:
        await held.met(PATIENCE_SECONDS)
        async with host.started(**SHORT) as second:
            assert f"process {first.pid} on" in await line_with(second.stdout, "this one stands by")
            first.kill()
            await first.wait()
            hold_no_more(held)
            await until(lambda: bool(host.server.world.record.showing(HARBOUR)))
            held.off()
            second.send_signal(signal.SIGTERM)
            status, _, err = await end(second)
    assert (status, "Traceback" in err) == (0, False)
    assert_one_request(host)


async def test_a_holder_that_was_frozen_past_its_lease_ends_itself(host: Host) -> None:
    held = await in_mid_reveal(host)
    async with host.started(**SHORT) as first:
        await held.met(PATIENCE_SECONDS)
        async with host.started(**SHORT) as second:
            await line_with(second.stdout, "this one stands by")
            first.send_signal(signal.SIGSTOP)
            hold_no_more(held)
            await until(lambda: bool(host.server.world.record.showing(HARBOUR)))
            held.off()
            first.send_signal(signal.SIGCONT)
            status, out, err = await end(first)
            assert (status, "lost its lease" in err, "Traceback" in out + err) == (LEASE_LOST, True, False)
            second.send_signal(signal.SIGTERM)
            assert (await end(second))[0] == 0
    assert_one_request(host)


async def test_a_holder_that_ends_in_order_gives_way_to_the_next(host: Host) -> None:
    """The lease would hold for longer than this test has patience for."""
    async with host.running(VIGIL_LEASE__SECONDS="25") as first, host.started(VIGIL_LEASE__SECONDS="25") as second:
        await line_with(second.stdout, "this one stands by")
        assert await running(host)
        first.send_signal(signal.SIGTERM)
        assert (await end(first))[0] == 0
        await line_with(second.stdout, "Vigil runs as @")
        assert await running(host)
        second.send_signal(signal.SIGINT)
        assert (await end(second))[0] == 0
        assert not await running(host)


async def test_a_node_that_stands_by_is_stopped_like_any_other(host: Host) -> None:
    async with host.running(), host.started() as second:
        await line_with(second.stdout, "this one stands by")
        second.send_signal(signal.SIGTERM)
        status, _, err = await end(second)
    assert (status, err) == (0, "")


async def test_several_that_start_at_once_on_an_empty_database(postgres: MakeDatabase) -> None:
    async with host_of(postgres()) as host:
        nodes = [await host.vigil("run") for _ in range(3)]
        async with asyncio.TaskGroup() as said:
            lines = [said.create_task(line_with(node.stdout, "")) for node in nodes]
        assert sorted("stands by" in line.result() for line in lines) == [False, True, True]
        for node in nodes:
            node.send_signal(signal.SIGTERM)
        for node in nodes:
            status, _, err = await end(node)
            assert (status, err) == (0, "")


async def running(host: Host) -> bool:
    engine = make_engine(database_url(host.database))
    try:
        return await is_running(engine)
    finally:
        await engine.dispose()


@pytest.fixture
async def crashing() -> AsyncIterator[tuple[Host, Server]]:
    """A host whose PostgreSQL is its own."""
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        postgres_server(Path(folder), lasting=True) as server,
    ):
        async with host_of(server()) as host:
            yield host, server


async def test_a_postgresql_that_is_killed_in_mid_post_and_started_again_is_survived(
    crashing: tuple[Host, Server],
) -> None:
    host, server = crashing
    held = await in_mid_reveal(host)
    async with host.running(**LONG) as process:
        await held.met(PATIENCE_SECONDS)
        server.crash()
        held.off()
        await line_with(process.stderr, "the database says")
        server.start()
        await revealed(host)
        process.send_signal(signal.SIGTERM)
        status, out, err = await end(process)
    assert (status, "Traceback" in out + err, ".py:" in out + err) == (0, False, False)
    assert_one_request(host)


async def test_a_holder_whose_postgresql_stays_away_ends_itself(crashing: tuple[Host, Server]) -> None:
    host, server = crashing
    held = await in_mid_reveal(host)
    async with host.running(**SHORT) as process:
        await held.met(PATIENCE_SECONDS)
        server.crash()
        status, out, err = await end(process)
    held.off()
    assert (status, "lost its lease" in err, "Traceback" in out + err) == (LEASE_LOST, True, False)
    server.start()


async def revealed(host: Host) -> None:
    """Wait until the ledger says so."""
    async with open_store(stage_settings(host.server, host.database)) as store, asyncio.timeout(PATIENCE_SECONDS):
        states: list[PostState] = []
        while states != [PostState.REVEALED]:
            async with store.reading() as stored:
                states = [post.state for post in await stored.posts.recent(system_now() - timedelta(days=2))]
