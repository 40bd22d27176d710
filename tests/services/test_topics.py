"""Where in a forum posts go, and how they look there."""

import pytest

from bot.domain.group import GroupState
from bot.domain.post import PostState
from bot.services.messenger import ChatClosedError
from tests.clock import StandingClock
from tests.services.conftest import Services
from tests.stored import CHAT, MONDAY, NOW, a_bulletin, add_group, add_post, publish, the_group, the_post


async def test_a_post_goes_into_its_groups_topic_as_it_was_when_it_was_made(
    services: Services, clock: StandingClock
) -> None:
    bulletin = await publish(services.store, a_bulletin())
    clock.instant = NOW
    group = await add_group(services.store, topic_id=7, silent=True, next_due=None)
    post = await add_post(services.store, group, bulletin.requests[0].id, topic_id=7)
    async with services.store.writing() as stored:
        await stored.groups.wish(group.id, topic_id=8)
    await services.door.carry(post.id)
    ((_, message),) = services.recorder.sent
    assert (message.thread_id, message.silent) == (7, True)


@pytest.mark.parametrize("reason", ["topic_closed", "topic_gone"])
async def test_a_topic_that_cannot_be_written_to_is_told_once_in_general_and_suspends_nothing(
    services: Services, clock: StandingClock, reason: str
) -> None:
    await publish(services.store, a_bulletin(), [(MONDAY, 0)])
    clock.instant = NOW
    group = await add_group(services.store, topic_id=7)
    services.recorder.fails_send = ChatClosedError(reason)
    await services.post_all()
    services.recorder.fails_send = None
    async with services.store.reading() as stored:
        post = await stored.posts.on_date(group.id, MONDAY)
        assert not await stored.notices.untold(but="operator.digest"), "the operators read of it in the digest"
    assert post is not None
    assert (post.state, post.reason) == (PostState.REFUSED, reason)
    for _ in range(2):
        await services.groups.announce()
    ((chat_id, message),) = services.recorder.sent
    assert (chat_id, message.thread_id, message.html) == (CHAT, None, services.words.html(f"group.{reason}"))
    assert (await the_group(services.store, group.id)).state is GroupState.ACTIVE


async def test_what_ails_a_topic_is_told_anew_when_it_had_healed(services: Services, clock: StandingClock) -> None:
    bulletin = await publish(services.store, a_bulletin())
    clock.instant = NOW
    group = await add_group(services.store, topic_id=7, next_due=None)
    for number, error in enumerate([ChatClosedError("topic_closed"), None, ChatClosedError("topic_closed")]):
        day = MONDAY.replace(day=2 + number)
        clock.instant = NOW.replace(day=2 + number)
        post = await add_post(services.store, group, bulletin.requests[0].id, day=day, topic_id=7)
        services.recorder.fails_send = error
        await services.door.carry(post.id)
        services.recorder.fails_send = None
        await services.groups.announce()
    assert services.recorder.texts(CHAT).count(services.words.html("group.topic_closed")) == 2


async def test_a_group_without_numbers_shows_no_count(services: Services, clock: StandingClock) -> None:
    bulletin = await publish(services.store, a_bulletin())
    clock.instant = NOW
    group = await add_group(services.store, next_due=None, numbers=False)
    post = await add_post(services.store, group, bulletin.requests[0].id)
    await services.door.carry(post.id)
    assert await services.praying.prayed(group, post.id, 11)
    ((_, _, shown),) = services.recorder.edited
    assert shown.buttons[0][0].text == services.words.plain("button.pray")
    async with services.store.writing() as stored:
        await stored.copies.retire_group(group.id, clock.now())
    await services.rewriting.wake()
    assert services.recorder.edited[-1][2].html == services.words.html("post.retired")
    assert (await the_post(services.store, post.id)).prayed == 1
