from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.group import Group
from bot.domain.post import UNDER_WAY, Copy, CopyState, Post, PostState, Saying
from bot.store.copies import Tally
from bot.store.database import Store
from tests.stored import CHAT, MONDAY, NOW, a_bulletin, add_copy, add_group, add_post, publish, the_post

SOON = NOW + timedelta(minutes=1)


@pytest.fixture
async def group(store: Store) -> Group:
    return await add_group(store)


@pytest.fixture
async def request_id(store: Store) -> int:
    return (await publish(store, a_bulletin())).requests[0].id


@pytest.fixture
async def post(store: Store, group: Group, request_id: int) -> Post:
    return await add_post(store, group, request_id, state=PostState.REVEALED)


async def the_copy(store: Store, post: Post, part: int = 0) -> Copy:
    async with store.reading() as stored:
        return next(copy for copy in await stored.posts.copies(post.id) if copy.part == part)


@pytest.mark.parametrize(
    ("state", "ends"),
    [
        (PostState.PLANNED, PostState.SKIPPED),
        (PostState.OPENING, PostState.WITHDRAWN),
        (PostState.OPENED, PostState.WITHDRAWN),
        (PostState.REVEALING, PostState.WITHDRAWN),
        (PostState.REVEALED, PostState.WITHDRAWN),
        (PostState.SKIPPED, PostState.SKIPPED),
        (PostState.REFUSED, PostState.REFUSED),
        (PostState.RETIRED, PostState.RETIRED),
    ],
)
async def test_a_request_that_is_taken_back_ends_its_posts_wherever_they_are(
    store: Store, group: Group, request_id: int, state: PostState, ends: PostState
) -> None:
    post = await add_post(store, group, request_id, state=state)
    other = await add_post(store, group, None, day=None, state=state)
    async with store.writing() as stored:
        await stored.copies.withdraw([request_id], NOW)
    assert (await the_post(store, post.id)).state is ends
    assert (await the_post(store, other.id)).state is state


async def test_every_copy_but_a_tombstone_is_withdrawn(store: Store, post: Post, request_id: int) -> None:
    for part, state in enumerate(CopyState):
        await add_copy(store, post, 10 + part, state, part)
    async with store.writing() as stored:
        await stored.copies.withdraw([request_id], NOW)
        due = await stored.copies.due(NOW, 10)
        assert list(await stored.copies.due(NOW - timedelta(seconds=1), 10)) == []
    assert {copy.state for copy in due} == set(CopyState) - {CopyState.TOMBSTONE}
    assert {(copy.says, copy.again_at, copy.writes) for copy in due} == {(Saying.WITHDRAWN, NOW, 0)}


async def test_what_is_withdrawn_is_written_before_what_is_corrected_and_what_is_retired(
    store: Store, group: Group
) -> None:
    requests = (await publish(store, a_bulletin(), on=MONDAY)).requests
    posts = [await add_post(store, group, None, day=None, state=PostState.REVEALED) for _ in range(3)]
    for number, post in enumerate(posts):
        await add_copy(store, post, 10 + number, CopyState.REVEALED)
    corrected = await add_post(store, group, requests[0].id, day=None, state=PostState.REVEALED)
    await add_copy(store, corrected, 20, CopyState.REVEALED)
    async with store.writing() as stored:
        await stored.copies.retire_group(group.id, NOW)
        await stored.copies.take_back(posts[1].id, NOW)
        due = await stored.copies.due(NOW, 10)
        assert due[0].post_id == posts[1].id
        assert [copy.says for copy in due] == [Saying.WITHDRAWN, *[Saying.RETIRED] * 3]
        assert len(await stored.copies.due(NOW, 2)) == 2


async def test_a_correction_or_a_retirement_never_undoes_a_withdrawal(
    store: Store, post: Post, request_id: int
) -> None:
    await add_copy(store, post, 10, CopyState.REVEALED)
    async with store.writing() as stored:
        await stored.copies.correct(request_id, NOW)
    assert (await the_copy(store, post)).says is Saying.TEXT
    async with store.writing() as stored:
        await stored.copies.withdraw([request_id], NOW)
        await stored.copies.correct(request_id, NOW)
        await stored.copies.retire_group(post.group_id, NOW)
        await stored.bulletins.forget(request_id)
        await stored.copies.retire_gone(NOW)
    assert (await the_copy(store, post)).says is Saying.WITHDRAWN


async def test_what_was_decided_from_an_older_reading_changes_nothing(store: Store, post: Post) -> None:
    await add_copy(store, post, 10, CopyState.REVEALED)
    async with store.writing() as stored:
        await stored.copies.take_back(post.id, NOW)
        (copy,) = await stored.copies.due(NOW, 1)
        for stale in (replace(copy, says=Saying.TEXT), replace(copy, writes=1)):
            assert not await stored.copies.stands(stale)
            assert not await stored.copies.written(stale, CopyState.TOMBSTONE, 1, SOON)
            await stored.copies.later(stale, SOON)
            await stored.copies.unreachable(stale, "no_access")
        assert await stored.copies.stands(copy)
        assert list(await stored.copies.due(NOW, 1)) == [copy]
        assert await stored.copies.written(copy, CopyState.TOMBSTONE, 1, SOON)
        assert list(await stored.copies.due(NOW, 1)) == []


async def test_an_edit_that_lands_on_what_was_taken_back_makes_it_due_at_once(store: Store, post: Post) -> None:
    await add_copy(store, post, 10, CopyState.REVEALING)
    async with store.writing() as stored:
        assert await stored.copies.revealed(post.id, 0, NOW)
        await stored.copies.take_back(post.id, NOW)
        (copy,) = await stored.copies.due(NOW, 1)
        await stored.copies.written(copy, CopyState.TOMBSTONE, 1, SOON + timedelta(hours=1))
        assert not await stored.copies.revealed(post.id, 0, SOON)
        (again,) = await stored.copies.due(SOON, 1)
    assert (again.state, again.says, again.writes) == (CopyState.TOMBSTONE, Saying.WITHDRAWN, 0)


async def test_what_could_not_be_reached_is_tried_again_when_the_bot_is_back_and_a_tombstone_stays_one(
    store: Store, post: Post
) -> None:
    await add_copy(store, post, 10, CopyState.REVEALED)
    await add_copy(store, post, 11, CopyState.TOMBSTONE, 1)
    async with store.writing() as stored:
        await stored.copies.take_back(post.id, NOW)
        (copy,) = await stored.copies.due(NOW, 9)
        assert await stored.copies.is_waiting(CHAT)
        await stored.copies.unreachable(copy, "no_access")
        assert not await stored.copies.is_waiting(CHAT)
        assert list(await stored.copies.due(SOON, 9)) == []
        assert list(await stored.copies.left_standing(NOW - timedelta(days=1), NOW)) == [
            Tally(post.group_id, False, CopyState.UNREACHABLE, "no_access", False, 1)
        ]
        await stored.copies.try_again(CHAT - 1, SOON)
        assert list(await stored.copies.due(SOON, 9)) == []
        await stored.copies.try_again(CHAT, SOON)
        (again,) = await stored.copies.due(SOON, 9)
        assert (again.message_id, again.state, again.reason) == (10, CopyState.REVEALED, None)
        await stored.copies.written(again, CopyState.TOMBSTONE, 1, SOON)
        (proven,) = await stored.copies.due(SOON, 9)
        await stored.copies.unreachable(proven, "no_access")
    assert (await the_copy(store, post)).state is CopyState.TOMBSTONE


async def test_back_in_a_group_that_became_a_supergroup_it_tries_the_messages_of_before_too(
    store: Store, post: Post
) -> None:
    await add_copy(store, post, 10, CopyState.UNREACHABLE)
    async with store.writing() as stored:
        await stored.copies.take_back(post.id, NOW)
        (copy,) = await stored.copies.due(NOW, 9)
        await stored.copies.unreachable(copy, "no_access")
        await stored.groups.upgraded(CHAT, CHAT - 7)
        assert not await stored.copies.is_waiting(CHAT - 7)
        await stored.copies.try_again(CHAT - 7, SOON)
        assert await stored.copies.is_waiting(CHAT - 7)
        assert [each.message_id for each in await stored.copies.due(SOON, 9)] == [10]


async def test_a_tally_counts_a_requests_copies_by_group_place_and_state(
    store: Store, group: Group, post: Post, request_id: int
) -> None:
    await add_copy(store, post, 10, CopyState.REVEALED)
    await add_copy(store, post, 11, CopyState.REVEALED, 1)
    answer = await add_post(store, group, request_id, day=None, state=PostState.REVEALED, chat_id=71)
    await add_copy(store, answer, 12, CopyState.REVEALED)
    async with store.writing() as stored:
        await stored.copies.withdraw([request_id], NOW)
        tallies = set(await stored.copies.tally(request_id))
        assert list(await stored.copies.tally(request_id + 1)) == []
    assert tallies == {
        Tally(group.id, False, CopyState.REVEALED, None, True, 2),
        Tally(group.id, True, CopyState.REVEALED, None, True, 1),
    }


async def test_what_shows_a_deleted_text_is_put_away_and_nothing_else(
    store: Store, group: Group, post: Post, request_id: int
) -> None:
    await add_copy(store, post, 10, CopyState.REVEALED)
    kept = await add_post(store, group, None, day=None, state=PostState.REVEALED)
    await add_copy(store, kept, 11, CopyState.REVEALED)
    async with store.writing() as stored:
        await stored.copies.retire_gone(NOW)
        assert list(await stored.copies.due(NOW, 9)) == []
        assert await stored.bulletins.forget(request_id)
        assert not await stored.bulletins.forget(request_id)
        await stored.copies.retire_gone(NOW)
        assert [(copy.post_id, copy.says) for copy in await stored.copies.due(NOW, 9)] == [(post.id, Saying.RETIRED)]
    assert (await the_post(store, post.id)).state is PostState.RETIRED
    assert (await the_post(store, kept.id)).state is PostState.REVEALED


async def test_what_stands_in_one_direct_chat_is_put_away_and_counted(
    store: Store, post: Post, group: Group, request_id: int
) -> None:
    mine, others = [
        await add_post(store, group, request_id, day=None, state=PostState.REVEALED, chat_id=chat) for chat in (71, 72)
    ]
    await add_copy(store, post, 10, CopyState.REVEALED)
    for part, state in enumerate((CopyState.REVEALED, CopyState.REVEALING, CopyState.TOMBSTONE)):
        await add_copy(store, mine, 20 + part, state, part=part)
    await add_copy(store, others, 30, CopyState.REVEALED)
    async with store.writing() as stored:
        assert await stored.copies.retire_direct(71, NOW) == 2
        assert await stored.copies.retire_direct(71, NOW) == 0
    assert (await the_post(store, mine.id)).state is PostState.RETIRED
    assert (await the_copy(store, mine)).says is Saying.RETIRED
    for untouched in (post, others):
        assert (await the_post(store, untouched.id)).state is PostState.REVEALED
        assert (await the_copy(store, untouched)).says is None


@pytest.mark.parametrize("state", list(PostState))
@pytest.mark.parametrize("chat", [71, CHAT])
async def test_an_ended_answer_of_which_nothing_stands_is_deleted_in_a_direct_chat_alone(
    store: Store, group: Group, request_id: int, state: PostState, chat: int
) -> None:
    answer = await add_post(store, group, request_id, day=None, state=state, chat_id=chat)
    await add_copy(store, answer, 10, CopyState.TOMBSTONE)
    await add_copy(store, answer, 11, CopyState.OPENED, part=1)
    ended = state not in (*UNDER_WAY, PostState.REVEALED)
    for before, left in ((NOW, True), (SOON, not ended or chat == CHAT)):
        async with store.writing() as stored:
            await stored.copies.forget_answers(before)
            assert (await stored.posts.get(answer.id) is not None) is left
            assert len(await stored.posts.copies(answer.id)) == (2 if left else 0)


@pytest.mark.parametrize("state", [CopyState.REVEALED, CopyState.REVEALING, CopyState.UNREACHABLE])
async def test_an_answer_that_may_still_stand_is_kept(
    store: Store, group: Group, request_id: int, state: CopyState
) -> None:
    answer = await add_post(store, group, request_id, day=None, state=PostState.RETIRED, chat_id=71)
    await add_copy(store, answer, 10, state)
    async with store.writing() as stored:
        await stored.copies.forget_answers(SOON)
        assert await stored.posts.get(answer.id) is not None


async def test_an_answer_is_kept_until_its_tombstone_is_proven_and_its_receipt_finished(
    store: Store, group: Group, request_id: int
) -> None:
    answer = await add_post(store, group, request_id, day=None, state=PostState.REVEALED, chat_id=71)
    await add_copy(store, answer, 10, CopyState.REVEALED)

    async def is_kept() -> bool:
        async with store.writing() as stored:
            await stored.copies.forget_answers(SOON)
            return await stored.posts.get(answer.id) is not None

    async with store.writing() as stored:
        await stored.retractions.add(request_id, "danger", NOW, 501)
        await stored.copies.withdraw([request_id], NOW)
    assert await is_kept()
    copy = await the_copy(store, answer)
    async with store.writing() as stored:
        await stored.copies.written(copy, CopyState.TOMBSTONE, 4, None)
    assert await is_kept()
    async with store.writing() as stored:
        (retraction,) = await stored.retractions.unfinished()
        await stored.retractions.receipt(retraction.id, 1, "1/0/0/False", finished=True)
    assert not await is_kept()


async def test_a_post_of_a_group_is_never_deleted(store: Store, post: Post, group: Group) -> None:
    async with store.writing() as stored:
        await stored.copies.retire_group(group.id, NOW)
        await stored.copies.forget_answers(SOON)
        assert await stored.posts.get(post.id) is not None
