import asyncio

import pytest

from bot.domain.post import PostState
from bot.store.database import Store
from tests.stored import CHAT, MONDAY, add_group, add_post, the_post


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


async def test_a_persons_marks_are_found_and_taken_off_and_nobody_elses(store: Store) -> None:
    group = await add_group(store)
    first, second, third = [
        await add_post(store, group, None, day=MONDAY.replace(day=day), state=PostState.REVEALED) for day in (2, 3, 4)
    ]
    async with store.writing() as stored:
        for post in (first, second):
            assert await stored.marks.add(post.id, 7)
            assert await stored.marks.add(post.id, 8)
        assert await stored.marks.of(7, [first.id, third.id]) == {first.id}
        assert await stored.marks.of(7, []) == set()
        assert await stored.marks.remove(7, [first.id, third.id]) == 1
        assert await stored.marks.remove(7, [first.id]) == 0
        assert await stored.marks.of(7, [first.id, second.id]) == {second.id}
        assert await stored.marks.of(8, [first.id, second.id]) == {first.id, second.id}
    assert [(await the_post(store, post.id)).prayed for post in (first, second, third)] == [1, 2, 0]


async def test_all_of_a_persons_marks_go_however_many_posts_there_are(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.marks._AT_ONCE", 2)
    group = await add_group(store)
    posts = [await add_post(store, group, None, day=MONDAY.replace(day=day)) for day in range(2, 7)]
    async with store.writing() as stored:
        for post in posts:
            await stored.marks.add(post.id, 7)
        await stored.marks.add(posts[0].id, 8)
        assert await stored.marks.remove_all(7) == 5
        assert await stored.marks.remove_all(7) == 0
    assert [(await the_post(store, post.id)).prayed for post in posts] == [1, 0, 0, 0, 0]


async def test_a_mark_that_was_taken_off_can_be_made_again(store: Store) -> None:
    post = await add_post(store, await add_group(store), None)
    async with store.writing() as stored:
        await stored.marks.add(post.id, 7)
        await stored.marks.remove(7, [post.id])
        assert await stored.marks.add(post.id, 7)
    assert (await the_post(store, post.id)).prayed == 1
