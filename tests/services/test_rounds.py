"""Asking again: shortly after request text was shown, and every hour while it stands."""

import asyncio
from datetime import timedelta
from unittest.mock import AsyncMock

import pytest
from sqlalchemy.exc import OperationalError

from bot.domain.chat import Chat, ChatType
from bot.domain.group import Group, GroupState
from bot.domain.post import CopyState
from bot.services.admission import LOOK_AFTER, look_after, look_at_once
from bot.services.messenger import REMOVED, ChatClosedError, MovedError, NotNowError, UnknownOutcomeError
from bot.services.rounds import AGAIN_AFTER, AT_ONCE, EVERY
from tests.clock import StandingClock
from tests.e2e.stage import until
from tests.services.conftest import Services
from tests.stored import CHAT, MONDAY, NOW, a_bulletin, add_group, publish, the_group

# What the privacy of a group is known by, and what its checkup is.
ASKED = ["chat", "rights"]
PUBLIC = Chat(CHAT, ChatType.SUPERGROUP, "Harbour", has_username=True)


@pytest.fixture
async def group(services: Services, clock: StandingClock) -> Group:
    """A group in which Monday's request has just been revealed."""
    await publish(services.store, a_bulletin(), [(MONDAY, 0)])
    group = await add_group(services.store)
    clock.instant = NOW
    await services.post_all()
    services.recorder.calls.clear()
    return group


async def look(services: Services, clock: StandingClock, later: timedelta) -> list[str]:
    """What is asked of Telegram in a round so much later."""
    clock.instant += later
    await services.round.look()
    calls, services.recorder.calls = services.recorder.calls, []
    return calls


async def test_a_group_is_asked_for_soon_after_its_post_and_then_every_hour(
    services: Services, clock: StandingClock, group: Group
) -> None:
    assert await look(services, clock, LOOK_AFTER - timedelta(seconds=1)) == []
    assert await look(services, clock, timedelta(seconds=1)) == ASKED
    assert await look(services, clock, EVERY - timedelta(seconds=1)) == []
    assert await look(services, clock, timedelta(seconds=1)) == ASKED
    assert (await the_group(services.store, group.id)).state is GroupState.ACTIVE


async def test_text_that_is_shown_while_its_chat_is_asked_for_has_a_look_of_its_own(
    services: Services, clock: StandingClock, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = services.recorder.chat

    async def shown_meanwhile(chat_id: int) -> Chat:
        chat = await asked(chat_id)
        async with services.store.writing() as stored:
            (post,) = await stored.posts.recent(NOW)
            await look_after(stored, post, clock.now())
        return chat

    with monkeypatch.context() as patched:
        patched.setattr(services.recorder, "chat", shown_meanwhile)
        assert await look(services, clock, LOOK_AFTER) == ASKED
    assert await look(services, clock, LOOK_AFTER - timedelta(seconds=1)) == []
    assert await look(services, clock, timedelta(seconds=1)) == ASKED


async def test_many_groups_are_asked_for_at_a_time_and_their_checkups_come_after_all_of_them(
    services: Services, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.instant = NOW
    groups = [await add_group(services.store, CHAT - number) for number in range(2 * AT_ONCE)]
    for group in groups:
        await look_at_once(services.store, group, NOW)
    ask, asked, go_on = services.recorder.chat, list[int](), asyncio.Event()

    async def held(chat_id: int) -> Chat:
        asked.append(chat_id)
        await go_on.wait()
        return await ask(chat_id)

    monkeypatch.setattr(services.recorder, "chat", held)
    looking = asyncio.ensure_future(services.round.look())
    await until(lambda: len(asked) >= AT_ONCE)
    assert len(asked) == AT_ONCE
    go_on.set()
    await looking
    assert services.recorder.calls == [each for each in ASKED for _ in groups]


async def test_a_look_whose_checkup_was_refused_comes_again_soon(
    services: Services, clock: StandingClock, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(services.recorder, "rights", AsyncMock(side_effect=NotNowError(30)))
        assert await look(services, clock, LOOK_AFTER) == ["chat"]
    assert await look(services, clock, timedelta(seconds=29)) == []
    assert await look(services, clock, timedelta(seconds=1)) == ASKED


async def test_where_the_database_fails_one_look_the_others_are_done_and_it_is_due_again(
    services: Services, clock: StandingClock, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await add_group(services.store, CHAT - 1)
    await look_at_once(services.store, other, NOW + LOOK_AFTER)
    ask = services.recorder.chat

    async def fails_for_one(chat_id: int) -> Chat:
        if chat_id == CHAT:
            raise OperationalError("SELECT", {}, Exception("locked"))
        return await ask(chat_id)

    with monkeypatch.context() as patched:
        patched.setattr(services.recorder, "chat", fails_for_one)
        clock.instant += LOOK_AFTER
        with pytest.raises(OperationalError):
            await services.round.look()
    assert services.recorder.calls == ASKED
    services.recorder.calls.clear()
    assert await look(services, clock, timedelta(0)) == ASKED


async def test_text_that_slipped_into_a_public_group_is_withdrawn_at_once(
    services: Services, clock: StandingClock, group: Group, caplog: pytest.LogCaptureFixture
) -> None:
    services.recorder.chats[CHAT] = PUBLIC
    await look(services, clock, LOOK_AFTER)
    await services.rewriting.wake()
    assert services.recorder.edited[-1][2].html == services.words.html("post.withdrawn")
    assert (await the_group(services.store, group.id)).state is GroupState.SUSPENDED
    async with services.store.reading() as stored:
        assert [notice.detail for notice in await stored.notices.untold()] == ["public"]
        (post,) = await stored.posts.recent(NOW)
        assert [copy.state for copy in await stored.posts.copies(post.id)] == [CopyState.TOMBSTONE]
    assert "taken back" in caplog.text
    services.recorder.calls.clear()
    assert await look(services, clock, 2 * EVERY) == []


async def test_a_group_without_live_text_is_left_in_peace(
    services: Services, clock: StandingClock, group: Group
) -> None:
    async with services.store.writing() as stored:
        await stored.copies.retire_group(group.id, clock.now())
    assert await look(services, clock, LOOK_AFTER) == ASKED
    assert await look(services, clock, 2 * EVERY) == []


async def test_an_answer_that_says_nothing_is_asked_for_again(
    services: Services, clock: StandingClock, group: Group
) -> None:
    services.recorder.fails[CHAT] = UnknownOutcomeError("silence")
    await look(services, clock, LOOK_AFTER)
    services.recorder.fails.clear()
    assert (await the_group(services.store, group.id)).state is GroupState.ACTIVE
    assert await look(services, clock, AGAIN_AFTER) == ASKED


@pytest.mark.parametrize("reason", REMOVED)
async def test_where_the_bot_is_no_more_the_group_counts_as_removed_and_is_asked_for_no_more(
    services: Services, clock: StandingClock, group: Group, reason: str
) -> None:
    services.recorder.fails[CHAT] = ChatClosedError(reason)
    await look(services, clock, LOOK_AFTER)
    found = await the_group(services.store, group.id)
    assert (found.state, found.told, found.next_due_at) == (GroupState.GONE, GroupState.GONE, None)
    async with services.store.reading() as stored:
        assert [notice.detail for notice in await stored.notices.untold()] == ["no_access"]
    assert await look(services, clock, 2 * EVERY) == []


async def test_a_group_that_lets_the_bot_in_again_while_it_is_asked_for_does_not_count_as_removed(
    services: Services, clock: StandingClock, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def comes_back(_chat_id: int) -> Chat:
        await services.onboarding.removed(CHAT)
        monkeypatch.undo()
        await services.onboarding.added(CHAT)
        raise ChatClosedError("no_access")

    monkeypatch.setattr(services.recorder, "chat", comes_back)
    await look(services, clock, LOOK_AFTER)
    assert (await the_group(services.store, group.id)).state is GroupState.PENDING


async def test_a_post_that_is_shut_out_lets_the_round_find_whether_the_bot_is_out(
    services: Services, clock: StandingClock
) -> None:
    days = [MONDAY, MONDAY + timedelta(days=1)]
    await publish(services.store, a_bulletin(), [(day, 0) for day in days])
    in_it, out_of_it = await add_group(services.store), await add_group(services.store, CHAT - 1)
    clock.instant = NOW
    services.recorder.fails_send = ChatClosedError("no_access")
    await services.post_all()
    services.recorder.fails[CHAT - 1] = ChatClosedError("no_access")
    await services.round.look()
    assert (await the_group(services.store, in_it.id)).state is GroupState.SUSPENDED, "its chat answers"
    assert (await the_group(services.store, out_of_it.id)).state is GroupState.GONE


async def test_an_upgraded_group_is_asked_for_under_its_new_id(
    services: Services, clock: StandingClock, group: Group
) -> None:
    services.recorder.fails[CHAT] = MovedError(CHAT - 1)
    await look(services, clock, LOOK_AFTER)
    assert (await the_group(services.store, group.id)).chat_id == CHAT - 1
    assert await look(services, clock, timedelta()) == ASKED


async def test_a_group_that_was_renamed_is_known_by_its_new_title(
    services: Services, clock: StandingClock, group: Group
) -> None:
    services.recorder.chats[CHAT] = Chat(CHAT, ChatType.SUPERGROUP, "Quiet Tuesday")
    await look(services, clock, LOOK_AFTER)
    assert (await the_group(services.store, group.id)).title == "Quiet Tuesday"
    services.recorder.chats[CHAT] = Chat(CHAT, ChatType.SUPERGROUP)
    await look(services, clock, EVERY)
    assert (await the_group(services.store, group.id)).title == "Quiet Tuesday"
