import asyncio
from datetime import timedelta

from bot.store.database import Store
from bot.store.roles import Role
from tests.stored import MONDAY, NOW

AMINA, TOKEN = 77001122, "role-token"


async def test_of_many_who_open_a_link_at_once_one_gets_the_role(store: Store) -> None:
    async with store.writing() as stored:
        await stored.roles.add_link(TOKEN, Role.EDITOR, NOW + timedelta(hours=1))

    async def use() -> Role | None:
        async with store.writing() as stored:
            return await stored.roles.use_link(TOKEN, NOW)

    used = await asyncio.gather(*(use() for _ in range(6)))
    assert sorted(each is None for each in used) == [False] + [True] * 5


async def test_a_role_is_given_known_and_taken(store: Store) -> None:
    async with store.writing() as stored:
        await stored.roles.give(AMINA, Role.EDITOR, MONDAY)
        await stored.roles.give(AMINA + 1, Role.EDITOR, MONDAY - timedelta(days=1))
        assert [each.chat_id for each in await stored.roles.holders(Role.EDITOR)] == [AMINA + 1, AMINA]
        await stored.roles.take(AMINA)
        assert not await stored.roles.has(AMINA, Role.EDITOR)
        assert await stored.roles.has(AMINA + 1, Role.EDITOR)
