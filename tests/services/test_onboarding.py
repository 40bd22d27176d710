"""Who is asked for approval, how often, and what becomes of a group that nobody approves or that removes the bot."""

from datetime import timedelta
from unittest.mock import AsyncMock

import pytest
from sqlalchemy.exc import OperationalError

from bot.domain.chat import Chat, ChatType
from bot.domain.group import GroupState
from bot.domain.post import CopyState, PostState
from bot.services.messenger import REMOVED, ChatClosedError, MessengerError, NotNowError, UnknownOutcomeError
from tests.clock import StandingClock
from tests.services.conftest import Services
from tests.services.recorder import Recorder
from tests.stored import CHAT, MONDAY, a_bulletin, add_copy, add_group, add_post, publish, the_group

AMINA, BRIAN = 11, 12


async def asked_for(services: Services) -> list[str]:
    """The chats for which the operators are to be asked."""
    async with services.store.reading() as stored:
        return [each.about for each in await stored.notices.untold() if each.text_key == "operator.approve"]


async def state_of(services: Services, chat_id: int = CHAT) -> GroupState | None:
    group = await services.groups.by_chat(chat_id)
    return group.state if group else None


def questions(services: Services) -> int:
    """How often an operator was asked."""
    return len([text for text in services.recorder.texts(501) if "Approve it?" in text])


async def test_an_unapproved_group_is_told_and_left_after_its_time(services: Services, clock: StandingClock) -> None:
    await services.onboarding.added(CHAT, AMINA)
    clock.advance(hours=23, minutes=59)
    await services.onboarding.expire()
    assert await state_of(services) is GroupState.PENDING
    clock.advance(minutes=1)
    await services.onboarding.expire()
    await services.groups.announce()
    await services.leaving.leave()
    assert services.recorder.texts(CHAT)[-1] == services.words.html("group.is.declined")
    assert services.recorder.left == [CHAT]
    assert await asked_for(services) == []


@pytest.mark.parametrize("approve", [True, False])
async def test_a_group_for_which_the_operators_are_asked_again_has_its_whole_time_again(
    services: Services, clock: StandingClock, approve: bool
) -> None:
    await services.onboarding.added(CHAT, AMINA)
    group = await services.groups.by_chat(CHAT)
    assert group is not None
    assert await services.onboarding.decide(group.id, approve=approve)
    clock.advance(hours=23, minutes=55)
    await services.onboarding.removed(CHAT)
    await services.onboarding.added(CHAT, AMINA)
    assert await asked_for(services) == [f"approve:{group.id}"]
    for hours, state in ((23, GroupState.PENDING), (1, GroupState.DECLINED)):
        clock.advance(hours=hours)
        await services.onboarding.expire()
        assert await state_of(services) is state


async def test_a_chat_that_is_held_back_holds_up_neither_its_leaving_nor_other_groups(
    services: Services, clock: StandingClock
) -> None:
    services.recorder.chats[CHAT - 1] = Chat(CHAT - 1, ChatType.SUPERGROUP, "Harbour", has_username=True)
    for chat_id in (CHAT, CHAT - 1):
        services.recorder.pace.hold(chat_id, NotNowError(300, demanded=True))
        await services.onboarding.added(chat_id, AMINA)
    await services.onboarding.added(CHAT - 2, BRIAN)
    await services.groups.announce()
    await services.leaving.leave()
    assert services.recorder.left == [CHAT - 1]
    assert services.recorder.texts(CHAT) == services.recorder.texts(CHAT - 1) == []
    assert services.recorder.texts(CHAT - 2) == [services.words.html("group.is.pending")]


async def test_an_approved_group_is_not_left(services: Services, clock: StandingClock) -> None:
    await services.onboarding.added(CHAT, AMINA)
    group = await services.groups.by_chat(CHAT)
    assert group is not None
    assert await services.onboarding.decide(group.id, approve=True)
    clock.advance(days=2)
    await services.onboarding.expire()
    assert await state_of(services) is GroupState.APPROVED


async def test_one_person_lets_the_operators_be_asked_only_so_often_a_day(
    services: Services, clock: StandingClock
) -> None:
    for number in range(4):
        await services.onboarding.added(CHAT - number, AMINA)
        clock.advance(minutes=1)
    assert len(await asked_for(services)) == 3
    assert await state_of(services, CHAT - 3) is None
    assert services.recorder.texts(CHAT - 3) == [services.words.html("group.why_left.too_many")]
    await services.leaving.leave()
    assert services.recorder.left == [CHAT - 3]
    await services.onboarding.added(CHAT - 4, BRIAN)
    assert await state_of(services, CHAT - 4) is GroupState.PENDING
    clock.advance(days=1)
    await services.onboarding.added(CHAT - 3, AMINA)
    assert await state_of(services, CHAT - 3) is GroupState.PENDING


async def test_adding_and_removing_the_bot_again_and_again_does_not_flood(
    services: Services, clock: StandingClock
) -> None:
    for who in (AMINA, BRIAN, None, AMINA, BRIAN):
        await services.onboarding.added(CHAT, who)
        assert await state_of(services) is GroupState.PENDING
        await services.telling.reachable()
        await services.telling.tell()
        for _ in ("removed", "banned"):
            await services.onboarding.removed(CHAT)
        clock.advance(minutes=1)
    assert questions(services) == 1
    clock.advance(days=1)
    await services.onboarding.added(CHAT, AMINA)
    await services.telling.tell()
    assert questions(services) == 2


async def test_a_question_that_was_answered_while_the_bot_was_out_is_asked_again(services: Services) -> None:
    await services.telling.reachable()
    for _ in range(2):
        await services.onboarding.added(CHAT, AMINA)
        await services.telling.tell()
        await services.onboarding.removed(CHAT)
        group = await services.groups.by_chat(CHAT)
        assert group is not None
        assert not await services.onboarding.decide(group.id, approve=True), "it doesn't wait"
    assert questions(services) == 2


async def test_all_whom_telegram_hides_let_the_operators_be_asked_like_one_person(services: Services) -> None:
    await services.onboarding.added(CHAT, BRIAN)
    for number in range(1, 5):
        await services.onboarding.added(CHAT - number, None)
    assert len(await asked_for(services)) == 4
    assert services.recorder.texts(CHAT - 4) == [services.words.html("group.why_left.too_many_hidden")]
    await services.onboarding.added(CHAT - 4, AMINA)
    assert await state_of(services, CHAT - 4) is GroupState.PENDING


async def test_a_removed_group_is_restored_as_it_was_after_a_new_approval(
    services: Services, clock: StandingClock
) -> None:
    group = await add_group(services.store, zone="Asia/Manila", topic_id=7, silent=True)
    async with services.store.writing() as stored:
        await stored.bindings.bind(BRIAN, group.id)
    await services.onboarding.removed(CHAT)
    await services.retiring.sweep()
    clock.advance(days=29, hours=23)
    await services.retiring.sweep()
    await services.onboarding.added(CHAT, AMINA)
    clock.advance(days=2)
    await services.retiring.sweep()
    assert await services.onboarding.decide(group.id, approve=True)
    again = await the_group(services.store, group.id)
    assert (again.zone, again.topic_id, again.silent, again.gone_at) == (group.zone, 7, True, None)
    assert again.state is GroupState.APPROVED, "its admin has still to confirm"
    async with services.store.reading() as stored:
        assert await stored.bindings.group_of(BRIAN) == group.id


async def test_thirty_days_after_its_removal_nothing_of_a_group_is_stored(
    services: Services, clock: StandingClock
) -> None:
    bulletin = await publish(services.store, a_bulletin())
    group, other = await add_group(services.store), await add_group(services.store, CHAT - 1)
    for each in (group, other):
        post = await add_post(services.store, each, bulletin.requests[0].id, state=PostState.REVEALED)
        await add_copy(services.store, post, 5, CopyState.REVEALED)
        await services.praying.prayed(each, post.id, BRIAN)
    async with services.store.writing() as stored:
        await stored.bindings.bind(BRIAN, group.id)
    await services.onboarding.removed(CHAT)
    await services.retiring.sweep()
    clock.advance(days=30)
    await services.retiring.sweep()
    assert await state_of(services) is GroupState.GONE, "what stands has still to be put away"
    for minutes in (0, 1, 9, 50):
        clock.advance(minutes=minutes)
        await services.rewriting.wake()
    await services.retiring.sweep()
    assert await state_of(services) is None
    async with services.store.reading() as stored:
        assert await stored.posts.on_date(group.id, MONDAY) is None
        assert await stored.bindings.group_of(BRIAN) is None
        assert await stored.posts.on_date(other.id, MONDAY) is not None


async def test_a_group_whose_messages_cannot_be_put_away_is_forgotten_all_the_same(
    services: Services, clock: StandingClock
) -> None:
    bulletin = await publish(services.store, a_bulletin())
    group = await add_group(services.store)
    post = await add_post(services.store, group, bulletin.requests[0].id, state=PostState.REVEALED)
    await add_copy(services.store, post, 5, CopyState.REVEALED)
    await services.onboarding.removed(CHAT)
    await services.retiring.sweep()
    clock.instant += timedelta(days=30)
    services.recorder.fails[CHAT] = ChatClosedError("no_access")
    for _ in range(2):
        await services.retiring.sweep()
        await services.rewriting.wake()
    assert await state_of(services) is None


@pytest.mark.parametrize("reason", REMOVED)
async def test_a_declined_group_that_cannot_be_left_counts_as_removed(services: Services, reason: str) -> None:
    await services.onboarding.added(CHAT, AMINA)
    group = await services.groups.by_chat(CHAT)
    assert group is not None
    await services.onboarding.decide(group.id, approve=False)
    await services.groups.announce()
    services.recorder.fails[CHAT] = ChatClosedError(reason)
    await services.leaving.leave()
    assert await state_of(services) is GroupState.GONE
    assert services.recorder.left == []


@pytest.mark.parametrize("error", [NotNowError(10), UnknownOutcomeError()])
async def test_a_chat_that_telegram_does_not_tell_of_when_the_bot_is_added_is_asked_for_again(
    services: Services, recorder: Recorder, clock: StandingClock, error: MessengerError
) -> None:
    recorder.fails[CHAT] = error
    with pytest.raises(type(error)):
        await services.onboarding.added(CHAT, AMINA, "es")
    for _ in range(2):
        clock.advance(seconds=10)
        await services.onboarding.ask_again()
        await services.onboarding.ask_again()
    assert recorder.calls == ["chat"] * 3
    recorder.fails.clear()
    await services.onboarding.ask_again()
    assert await services.groups.by_chat(CHAT) is None, "not yet"
    clock.advance(seconds=10)
    for _ in range(2):
        await services.onboarding.ask_again()
    (group,) = await services.groups.all()
    assert (group.state, group.language) == (GroupState.PENDING, "es")
    assert await asked_for(services) == [f"approve:{group.id}"]


@pytest.mark.parametrize("ends", ["removed", "closed"])
async def test_a_chat_that_the_bot_is_out_of_again_is_not_asked_for(
    services: Services, recorder: Recorder, clock: StandingClock, ends: str
) -> None:
    recorder.fails[CHAT] = NotNowError(10) if ends == "removed" else ChatClosedError("no_access")
    with pytest.raises(MessengerError):
        await services.onboarding.added(CHAT, AMINA)
    if ends == "removed":
        await services.onboarding.removed(CHAT)
    clock.advance(seconds=10)
    await services.onboarding.ask_again()
    assert recorder.calls == ["chat"]


async def test_a_chat_is_asked_for_again_where_the_database_fails_as_it_is_taken_in(
    services: Services, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = AsyncMock(side_effect=OperationalError("INSERT", {}, Exception("locked")))
    with monkeypatch.context() as patched, pytest.raises(OperationalError):
        patched.setattr(services.onboarding, "_ask_operators", lost)
        await services.onboarding.added(CHAT, AMINA)
    clock.advance(minutes=1)
    await services.onboarding.ask_again()
    assert await state_of(services) is GroupState.PENDING
