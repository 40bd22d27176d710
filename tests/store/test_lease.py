"""The lease on PostgreSQL: one holder at a time, and nothing stored by a node that isn't the holder any more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import Store, database_url, make_engine
from bot.store.key import Key
from bot.store.lease import Lease, LeaseLostError, Terms, lease_holder
from bot.store.lock import sole_bot
from bot.store.tables import lease as lease_table
from tests.clock import StandingSeconds
from tests.e2e.stage import until
from tests.postgres import MakeDatabase, waiting_for_a_lock
from tests.stored import add_group

PATIENCE_SECONDS = 60.0
BRISK = Terms(seconds=15, renew_seconds=0.01)


class Nodes:
    """Nodes on one database, each with a clock of its own."""

    def __init__(self, address: str, key: Key) -> None:
        self.address, self._key = address, key
        self.engine = make_engine(database_url(address))
        self.engines = [self.engine]
        self.losses: list[LeaseLostError] = []

    def lease(self, boottime: StandingSeconds | None = None, terms: Terms = BRISK) -> Lease:
        """Another node's lease."""
        self.engines.append(make_engine(database_url(self.address)))
        return Lease(self.engines[-1], terms, boottime or StandingSeconds(), self.losses.append)

    def store(self, lease: Lease) -> Store:
        """What the node stores with."""
        return Store(self.engine, self._key, lease)

    async def expire(self) -> None:
        """Let the lease's time be over, by the database's clock."""
        async with self.engine.begin() as connection:
            await connection.execute(update(lease_table).values(expires_at=func.now()))

    async def read(self, query: str) -> object:
        async with self.engine.connect() as connection:
            return await connection.scalar(text(query))

    async def renewed(self) -> None:
        """Wait for the next renewal."""
        query = "SELECT expires_at FROM lease"
        before = await self.read(query)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await self.read(query) == before:
                pass


@pytest.fixture
async def nodes(postgres: MakeDatabase, migrated_postgres: str, key: Key) -> AsyncIterator[Nodes]:
    nodes = Nodes(postgres(like=migrated_postgres), key)
    await nodes.store(nodes.lease()).admit_key()
    yield nodes
    for engine in nodes.engines:
        await engine.dispose()


async def groups_of(engine: AsyncEngine, key: Key) -> int:
    async with Store(engine, key).reading() as stored:
        return len(await stored.groups.all())


async def test_of_eight_nodes_one_takes_it_and_another_when_it_is_over(nodes: Nodes) -> None:
    leases = [nodes.lease() for _ in range(8)]
    for _ in range(3):
        assert sorted(await asyncio.gather(*(each.take() for each in leases))) == [False] * 7 + [True]
        await nodes.expire()
    assert await nodes.read("SELECT fence FROM lease") == 3


async def test_what_a_node_stores_after_another_took_over_is_not_stored(nodes: Nodes, key: Key) -> None:
    """Its own clock stood meanwhile, as if it had been frozen: only the fence can tell."""
    old, new = nodes.lease(), nodes.lease()
    assert await old.take()
    await add_group(nodes.store(old))
    await nodes.expire()
    assert await new.take()
    with pytest.raises(LeaseLostError, match="another node"):
        await add_group(nodes.store(old), chat_id=-2)
    assert len(nodes.losses) == 1
    assert await groups_of(nodes.engine, key) == 1
    await add_group(nodes.store(new), chat_id=-3)


async def test_a_takeover_waits_for_what_is_being_stored(nodes: Nodes, key: Key) -> None:
    old, new = nodes.lease(), nodes.lease()
    assert await old.take()
    async with nodes.store(old).writing():
        await nodes.expire()
        taking = asyncio.create_task(new.take())
        await waiting_for_a_lock(nodes.address)
        assert not taking.done()
    assert await taking


async def test_it_is_renewed_while_something_is_being_stored(nodes: Nodes) -> None:
    holder = nodes.lease()
    assert await holder.take()
    async with nodes.store(holder).writing(), holder.kept():
        await nodes.renewed()


async def test_by_its_own_clock_it_is_over_before_others_may_take_it(nodes: Nodes) -> None:
    clock = StandingSeconds()
    holder = nodes.lease(clock, Terms(seconds=15))
    assert await holder.take()
    clock.seconds = 11.9
    holder.check()
    clock.seconds = 12
    store = nodes.store(holder)
    with pytest.raises(LeaseLostError, match="renewed"):
        async with store.writing():
            pytest.fail("it stores")
    with pytest.raises(LeaseLostError):
        async with store.reading():
            pytest.fail("it goes on")
    with pytest.raises(LeaseLostError):
        store.check()
    assert not await nodes.lease().take()


async def test_a_node_that_slept_notices_by_itself(nodes: Nodes) -> None:
    clock = StandingSeconds()
    holder = nodes.lease(clock, Terms(seconds=15, renew_seconds=5))
    assert await holder.take()
    async with holder.kept():
        clock.seconds = 36 * 3600
        await until(lambda: bool(nodes.losses))


async def test_a_renewed_lease_is_good_for_longer(nodes: Nodes) -> None:
    clock = StandingSeconds()
    holder = nodes.lease(clock)
    assert await holder.take()
    clock.seconds = 11
    async with holder.kept():
        await nodes.renewed()
        await nodes.renewed()  # by now the node knows of the one before
    clock.seconds = 22
    holder.check()


async def test_given_up_in_order_it_is_free_at_once(nodes: Nodes) -> None:
    holder = nodes.lease()
    assert await holder.take()
    async with holder.kept():
        assert not await nodes.lease().take()
    async with nodes.engine.connect() as connection:
        assert await connection.run_sync(lease_holder) is None
    assert await nodes.lease().take()
    assert not nodes.losses


async def test_a_node_stands_by_until_the_holder_ends(nodes: Nodes) -> None:
    said: list[str] = []
    async with AsyncExitStack() as first:
        await first.enter_async_context(sole_bot(nodes.engine, Terms(), StandingSeconds(), print))
        second = sole_bot(nodes.engine, Terms(), StandingSeconds(), print, said.append)
        standing_by = asyncio.ensure_future(second.__aenter__())
        await until(lambda: bool(said))
    assert await standing_by
    await second.__aexit__(None, None, None)
    (sentence,) = said
    assert "stands by" in sentence


async def test_a_transaction_that_stands_idle_is_ended_by_the_server(nodes: Nodes) -> None:
    """What a node that is frozen within one has locked would keep all others from taking over."""
    assert await nodes.read("SHOW idle_in_transaction_session_timeout") == "10s"


async def test_the_table_has_one_row(nodes: Nodes) -> None:
    async with nodes.engine.connect() as connection:
        assert len((await connection.execute(select(lease_table))).all()) == 1
