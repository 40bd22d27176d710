import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.group import Group
from bot.domain.post import UNDER_WAY, Copy, CopyState, Post, PostState
from bot.store.database import Store
from tests.stored import CHAT, MONDAY, NOW, a_bulletin, add_copy, add_group, add_post, publish, the_post

AT_ONCE = 8


@pytest.fixture
async def group(store: Store) -> Group:
    return await add_group(store)


@pytest.fixture
async def request_id(store: Store) -> int:
    return (await publish(store, a_bulletin())).requests[0].id


@pytest.fixture
async def post(store: Store, group: Group, request_id: int) -> Post:
    return await add_post(store, group, request_id)


async def test_a_group_has_one_post_for_a_local_date_however_many_add_it_at_once(store: Store, group: Group) -> None:
    async def add() -> Post | None:
        async with store.writing() as stored:
            return await stored.posts.add(
                group_id=group.id, chat_id=CHAT, request_id=None, points=(), local_date=MONDAY, due_at=NOW
            )

    ids = [found.id for found in await asyncio.gather(*(add() for _ in range(AT_ONCE))) if found is not None]
    assert len(ids) == 1
    async with store.reading() as stored:
        posts = await stored.posts.recent(NOW)
    assert [each.id for each in posts] == ids


async def test_another_date_another_group_and_answers_have_posts_of_their_own(store: Store, post: Post) -> None:
    async with store.reading() as stored:
        group = await stored.groups.get(post.group_id)
    other = await add_group(store, CHAT - 1)
    added = [
        await add_post(store, group, post.request_id, day=MONDAY + timedelta(days=1)),
        await add_post(store, other, post.request_id),
        await add_post(store, group, post.request_id, day=None),
        await add_post(store, group, post.request_id, day=None),
    ]
    assert len({each.id for each in [post, *added]}) == 5
    assert [each.is_answer for each in added] == [False, False, True, True]


async def test_a_post_is_read_back_as_it_was_added(store: Store, group: Group, request_id: int) -> None:
    post = await add_post(store, group, request_id, points=(0, 2, 11))
    assert post == Post(
        id=post.id,
        group_id=group.id,
        chat_id=CHAT,
        request_id=request_id,
        points=(0, 2, 11),
        local_date=MONDAY,
        due_at=NOW,
        topic_id=None,
        state=PostState.PLANNED,
        attempt=0,
        reopened=0,
        parts=0,
        reason=None,
        not_before=None,
        prayed=0,
        shown=0,
    )
    async with store.reading() as stored:
        assert await stored.posts.on_date(group.id, MONDAY) == post
        assert await stored.posts.on_date(group.id, MONDAY + timedelta(days=1)) is None
        assert await stored.posts.get(post.id + 1) is None


async def test_a_move_that_was_decided_from_an_old_state_changes_nothing(store: Store, post: Post) -> None:
    async with store.writing() as stored:
        opening = await stored.posts.move(post, PostState.OPENING, attempt=1)
    assert opening is not None
    for stale in (post, replace(opening, attempt=0), replace(opening, state=PostState.OPENED)):
        async with store.writing() as stored:
            assert await stored.posts.move(stale, PostState.SKIPPED, reason="late", attempt=9) is None
            await stored.posts.hold(stale, NOW)
        assert await the_post(store, post.id) == opening


async def test_of_many_who_claim_a_post_at_once_one_wins(store: Store, post: Post) -> None:
    async def claim(number: int) -> Post | None:
        async with store.writing() as stored:
            return await stored.posts.move(post, PostState.OPENING, attempt=post.attempt + 1, parts=number)

    winners = [won for won in await asyncio.gather(*map(claim, range(AT_ONCE))) if won is not None]
    assert len(winners) == 1
    assert await the_post(store, post.id) == winners[0]


async def test_a_post_that_moves_on_is_not_held_back_any_more(store: Store, post: Post) -> None:
    later = NOW + timedelta(seconds=60)
    async with store.writing() as stored:
        await stored.posts.hold(post, later)
        assert list(await stored.posts.actionable(NOW, 9)) == []
        assert await stored.posts.next_action(NOW) == later
        assert await stored.posts.next_action(later) is None
        assert [each.id for each in await stored.posts.actionable(later, 9)] == [post.id]
        await stored.posts.move(post, PostState.OPENING)
        assert await stored.posts.next_action(NOW) is None
        assert [each.id for each in await stored.posts.actionable(NOW, 9)] == [post.id]


@pytest.mark.parametrize("state", PostState)
async def test_only_a_post_under_way_is_carried_on(store: Store, group: Group, state: PostState) -> None:
    post = await add_post(store, group, None, state=state)
    async with store.writing() as stored:
        await stored.posts.hold(post, NOW)
        assert bool(await stored.posts.actionable(NOW, 9)) == (state in UNDER_WAY)
        assert (await stored.posts.next_action(NOW - timedelta(seconds=1)) == NOW) == (state in UNDER_WAY)


async def test_the_first_copy_of_a_part_stands(store: Store, post: Post) -> None:
    async def come(message_id: int) -> Copy:
        return await add_copy(store, post, message_id)

    standing = await asyncio.gather(*map(come, range(10, 10 + AT_ONCE)))
    assert len(set(standing)) == 1
    second = await add_copy(store, post, 100, part=1)
    async with store.reading() as stored:
        assert list(await stored.posts.copies(post.id)) == [standing[0], second]
        assert await stored.posts.copy_at(CHAT, 100) == second
        assert await stored.posts.copy_at(CHAT - 1, 100) is None
        assert await stored.posts.copy_at(CHAT, 101) is None


async def test_a_message_belongs_to_one_post_alone(store: Store, group: Group, post: Post) -> None:
    mine = await add_copy(store, post, 10)
    other = await add_post(store, group, None, day=None)
    await add_copy(store, other, 10)
    async with store.reading() as stored:
        assert await stored.posts.copy_at(CHAT, 10) == mine
        assert list(await stored.posts.copies(other.id)) == []


async def test_one_part_or_all_may_show_something_else(store: Store, post: Post) -> None:
    for part in range(3):
        await add_copy(store, post, 10 + part, part=part)
    other = await add_post(store, await add_group(store, CHAT - 1), None)
    await add_copy(store, other, 10)

    async def states(of: Post) -> list[CopyState]:
        async with store.reading() as stored:
            return [copy.state for copy in await stored.posts.copies(of.id)]

    async with store.writing() as stored:
        await stored.posts.set_copies(post.id, CopyState.REVEALING)
    assert await states(post) == [CopyState.REVEALING] * 3
    async with store.writing() as stored:
        await stored.posts.set_copies(post.id, CopyState.REVEALED, 1)
    assert await states(post) == [CopyState.REVEALING, CopyState.REVEALED, CopyState.REVEALING]
    assert await states(other) == [CopyState.OPENED]


async def test_what_stands_is_the_newest_first_part_that_is_revealed(
    store: Store, group: Group, request_id: int
) -> None:
    async def shown(message_id: int, state: CopyState, post_state: PostState = PostState.REVEALED) -> None:
        post = await add_post(store, group, request_id, day=None, state=post_state)
        await add_copy(store, post, message_id, state)
        await add_copy(store, post, message_id + 1, state, part=1)

    async def standing(chat_id: int = CHAT, points: tuple[int, ...] = (0,)) -> int | None:
        async with store.reading() as stored:
            copy = await stored.posts.standing(chat_id, request_id, points)
        return copy.message_id if copy else None

    await shown(10, CopyState.OPENED)
    await shown(20, CopyState.TOMBSTONE)
    await shown(30, CopyState.REVEALED, PostState.REVEALING)
    assert await standing() is None
    await shown(40, CopyState.REVEALED)
    await shown(50, CopyState.REVEALED)
    await shown(60, CopyState.TOMBSTONE)
    assert await standing() == 50
    assert await standing(CHAT - 1) is None
    assert await standing(points=(0, 1)) is None, "it shows other points"


async def test_the_latest_post_is_the_newest_date_that_is_revealed(store: Store, group: Group) -> None:
    async def latest() -> int | None:
        async with store.reading() as stored:
            post = await stored.posts.latest_revealed(group.id)
        return post.id if post else None

    await add_post(store, group, None, day=MONDAY, state=PostState.SKIPPED)
    await add_post(store, group, None, day=None, state=PostState.REVEALED)
    await add_post(store, await add_group(store, CHAT - 1), None, state=PostState.REVEALED)
    assert await latest() is None
    wednesday = await add_post(store, group, None, day=MONDAY + timedelta(days=2), state=PostState.REVEALED)
    await add_post(store, group, None, day=MONDAY + timedelta(days=1), state=PostState.REVEALED)
    await add_post(store, group, None, day=MONDAY + timedelta(days=3), state=PostState.REVEALING)
    assert await latest() == wednesday.id


async def test_a_button_is_miscounted_until_it_shows_the_count(store: Store, group: Group) -> None:
    post = await add_post(store, group, None, state=PostState.REVEALED)
    hidden = await add_post(store, group, None, day=MONDAY + timedelta(days=1))
    async with store.writing() as stored:
        await stored.marks.add(post.id, 1)
        await stored.marks.add(hidden.id, 1)
        assert [each.id for each in await stored.posts.miscounted()] == [post.id]
        (miscounted,) = await stored.posts.miscounted()
        await stored.posts.shown(miscounted)
        assert list(await stored.posts.miscounted()) == []


async def test_recent_posts_come_oldest_first(store: Store, group: Group) -> None:
    for number in (2, 0, 1):
        await add_post(store, group, None, day=MONDAY + timedelta(days=number))
    async with store.reading() as stored:
        recent = await stored.posts.recent(NOW + timedelta(days=1))
    assert [post.local_date for post in recent] == [MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)]
