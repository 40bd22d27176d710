from datetime import date, time

import pytest
from sqlalchemy import select

from bot.domain.group import Group
from bot.domain.post import CopyState, Post, PostState
from bot.services.forgetting import Forgotten
from bot.store.database import Store
from bot.store.tables import bindings, marks, reminders
from tests.services.conftest import Services
from tests.services.recorder import Recorder
from tests.stored import MONDAY, a_bulletin, add_copy, add_group, add_post, publish, the_post

AMINA, BRIAN = 71, 72


@pytest.fixture
async def group(store: Store) -> Group:
    return await add_group(store)


@pytest.fixture
async def posts(services: Services, store: Store, group: Group) -> list[Post]:
    """Two posts that both have prayed with; both are bound, want reminders, and have an answer in their chats."""
    request = (await publish(store, a_bulletin(), [(MONDAY, 0)])).requests[0]
    posts = [
        await add_post(store, group, request.id, day=date(2026, 3, day), state=PostState.REVEALED) for day in (2, 3)
    ]
    for person in (AMINA, BRIAN):
        answer = await add_post(store, group, request.id, day=None, state=PostState.REVEALED, chat_id=person)
        await add_copy(store, answer, 10, CopyState.REVEALED)
        await services.reminding.begin(group, person, time(20, 30))
        async with store.writing() as stored:
            await stored.bindings.bind(person, group.id)
            for post in posts:
                await stored.marks.add(post.id, person)
    return posts


async def test_all_of_one_person_goes_and_nothing_of_others(
    services: Services, store: Store, recorder: Recorder, posts: list[Post]
) -> None:
    assert await services.forgetting.forget(AMINA) == Forgotten(messages=1, bindings=1, reminders=1, marks=2)
    async with store.engine.connect() as connection:
        for table, left in ((bindings, 1), (reminders, 1), (marks, 2)):
            assert len((await connection.execute(select(table))).all()) == left
    assert [(await the_post(store, post.id)).prayed for post in posts] == [1, 1]
    await services.rewriting.wake()
    assert [(chat, out.html) for chat, _, out in recorder.edited] == [(AMINA, services.words.html("post.retired"))]
    async with store.reading() as stored:
        assert await stored.marks.of(BRIAN, [post.id for post in posts]) == {post.id for post in posts}
        assert await stored.bindings.group_of(BRIAN) is not None


async def test_there_is_nothing_to_forget_of_a_stranger_or_twice(services: Services, posts: list[Post]) -> None:
    await services.forgetting.forget(AMINA)
    nothing = Forgotten(messages=0, bindings=0, reminders=0, marks=0)
    assert await services.forgetting.forget(AMINA) == nothing
    assert await services.forgetting.forget(99) == nothing


async def test_an_answer_under_way_shows_nothing_to_whoever_is_forgotten(
    services: Services, store: Store, group: Group, posts: list[Post]
) -> None:
    answer = await add_post(store, group, posts[0].request_id, day=None, chat_id=AMINA)
    await services.forgetting.forget(AMINA)
    ended = await services.door.carry(answer.id)
    assert (ended.state, ended.reason) == (PostState.REFUSED, "not_bound")
