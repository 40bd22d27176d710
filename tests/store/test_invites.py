"""Invites, greetings and passing messages, on both kinds of database."""

from datetime import timedelta

from sqlalchemy import select

from bot.store.database import Store
from bot.store.tables import invites
from tests.stored import CHAT, NOW, add_group

LINK, OTHER = "https://t.me/+harbour", "https://t.me/+ferry"


async def test_a_group_has_one_live_link(store: Store) -> None:
    group, ferry = await add_group(store), await add_group(store, CHAT - 1)
    async with store.writing() as stored:
        assert await stored.invites.add(group.id, LINK)
        assert not await stored.invites.add(group.id, OTHER)
        assert await stored.invites.add(ferry.id, OTHER)
        live = await stored.invites.live(group.id)
        assert live is not None
        assert live.link == LINK
        await stored.invites.revoke(live.id)
        assert await stored.invites.live(group.id) is None
        assert await stored.invites.add(group.id, OTHER)


async def test_uses_are_counted_also_of_a_revoked_link(store: Store) -> None:
    group = await add_group(store)
    async with store.writing() as stored:
        await stored.invites.add(group.id, LINK)
        live = await stored.invites.live(group.id)
        assert live is not None
        await stored.invites.used(live.id)
        await stored.invites.revoke(live.id)
        await stored.invites.used(live.id)
        found = await stored.invites.by_link(group.id, LINK)
        assert found is not None
        assert (found.uses, found.revoked) == (2, True)
        assert await stored.invites.by_link(group.id, OTHER) is None


async def test_a_link_is_stored_sealed(store: Store) -> None:
    group = await add_group(store)
    async with store.writing() as stored:
        await stored.invites.add(group.id, LINK)
    async with store.engine.connect() as connection:
        sealed = (await connection.execute(select(invites.c.sealed_link))).scalar_one()
    assert b"harbour" not in sealed


async def test_who_comes_later_does_not_put_a_greeting_off(store: Store) -> None:
    group = await add_group(store)
    async with store.writing() as stored:
        await stored.greetings.plan(group.id, NOW)
        await stored.greetings.plan(group.id, NOW + timedelta(minutes=4))
        assert await stored.greetings.due(NOW - timedelta(seconds=1)) == []
        assert await stored.greetings.due(NOW) == [group.id]
        await stored.greetings.done(group.id)
        assert await stored.greetings.due(NOW + timedelta(days=1)) == []


async def test_what_is_overdue_is_not_said_to_end_soon(store: Store) -> None:
    soon = NOW + timedelta(minutes=10)
    async with store.writing() as stored:
        await stored.passing.add(CHAT, 1, NOW)
        assert not await stored.passing.ends(CHAT, NOW, soon)
        await stored.passing.add(CHAT, 2, soon)
        assert await stored.passing.ends(CHAT, NOW, soon)


async def test_passing_messages_are_due_in_their_time(store: Store) -> None:
    async with store.writing() as stored:
        await stored.passing.add(CHAT, 2, NOW + timedelta(minutes=1))
        await stored.passing.add(CHAT, 1, NOW)
        assert await stored.passing.due(NOW, 10) == [(CHAT, 1)]
        assert await stored.passing.due(NOW + timedelta(hours=1), 10) == [(CHAT, 1), (CHAT, 2)]
        assert await stored.passing.due(NOW + timedelta(hours=1), 1) == [(CHAT, 1)]
        await stored.passing.forget(CHAT, 1)
        assert await stored.passing.due(NOW, 10) == []


async def test_what_was_bad_and_who_decides_is_remembered(store: Store) -> None:
    group = await add_group(store)
    assert (group.findings, group.asks_admin) == (None, True)
    async with store.writing() as stored:
        await stored.groups.set_findings(group.id, frozenset())
        assert (await stored.groups.get(group.id)).findings == frozenset()
        await stored.groups.set_findings(group.id, frozenset({"timer", "adding"}))
        await stored.groups.set_asks_admin(group.id, asks=False)
        changed = await stored.groups.get(group.id)
    assert changed.findings == frozenset({"timer", "adding"})
    assert not changed.asks_admin
