from sqlalchemy import select

from bot.store.database import Store
from bot.store.tables import bindings
from tests.stored import CHAT, add_group

PERSON = 77001122


async def test_a_direct_chat_belongs_to_the_group_it_was_bound_to_last(store: Store) -> None:
    first, second = await add_group(store), await add_group(store, CHAT - 1)
    async with store.writing() as stored:
        assert await stored.bindings.group_of(PERSON) is None
        assert await stored.groups.bound_to(PERSON) is None
        await stored.bindings.bind(PERSON, first.id)
        await stored.bindings.bind(PERSON + 1, first.id)
        await stored.bindings.bind(PERSON, second.id)
    async with store.reading() as stored:
        assert await stored.bindings.group_of(PERSON) == second.id
        assert await stored.groups.bound_to(PERSON) == second
        assert await stored.bindings.group_of(PERSON + 1) == first.id


async def test_a_binding_that_was_ended_is_gone(store: Store) -> None:
    group = await add_group(store)
    async with store.writing() as stored:
        await stored.bindings.bind(PERSON, group.id)
        assert await stored.bindings.unbind(PERSON)
        assert not await stored.bindings.unbind(PERSON)
        assert await stored.bindings.group_of(PERSON) is None
    async with store.engine.connect() as connection:
        assert (await connection.execute(select(bindings))).all() == []


async def test_a_person_stands_nowhere_in_the_table(store: Store) -> None:
    group = await add_group(store)
    async with store.writing() as stored:
        await stored.bindings.bind(PERSON, group.id)
    async with store.engine.connect() as connection:
        (row,) = (await connection.execute(select(bindings))).all()
    assert PERSON not in row
    assert len(row.person) == 32
    assert PERSON.to_bytes(8, "big") not in row.person
