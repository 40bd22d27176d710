import asyncio

from bot.domain.post import PostState
from bot.store.database import Store
from tests.stored import CHAT, add_group, add_post, the_post


async def test_each_member_counts_once_however_often_and_at_once_they_tap(store: Store) -> None:
    post = await add_post(store, await add_group(store), None, state=PostState.REVEALED)
    other = await add_post(store, await add_group(store, CHAT - 1), None, state=PostState.REVEALED)

    async def mark(user_id: int) -> bool:
        async with store.writing() as stored:
            return await stored.marks.add(post.id, user_id)

    new = await asyncio.gather(*(mark(user_id) for user_id in (7, 8, 9) for _ in range(4)))
    assert sum(new) == 3
    assert (await the_post(store, post.id)).prayed == 3
    assert (await the_post(store, other.id)).prayed == 0


async def test_a_member_counts_for_each_post_of_its_own(store: Store) -> None:
    group = await add_group(store)
    posts = [await add_post(store, group, None), await add_post(store, group, None, day=None)]
    async with store.writing() as stored:
        assert [await stored.marks.add(post.id, 7) for post in posts] == [True, True]
        assert [await stored.marks.add(post.id, 7) for post in posts] == [False, False]
