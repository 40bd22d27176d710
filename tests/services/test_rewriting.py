import asyncio
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from bot.domain.chat import Chat, ChatType
from bot.domain.group import Group, GroupState
from bot.domain.post import CopyState, Post, PostState, Saying
from bot.services.admission import ASKED_SECONDS
from bot.services.messenger import (
    ChatClosedError,
    MessageLostError,
    MessengerError,
    MovedError,
    NotNowError,
    OurMistakeError,
    Outgoing,
    UnknownOutcomeError,
)
from bot.services.pacing import Lane
from bot.services.retracting import Why
from bot.services.rewriting import AT_ONCE
from bot.store.database import Store
from tests.clock import StandingClock
from tests.e2e.stage import until
from tests.services.conftest import Services
from tests.services.recorder import Recorder
from tests.stored import CHAT, NOW, a_bulletin, a_request, add_copy, add_group, add_post, publish, the_group, the_post

TEXT = "Pray for the harbour team."
AMINA = 71


@pytest.fixture(autouse=True)
def _now(clock: StandingClock) -> None:
    clock.instant = NOW


@pytest.fixture
async def group(store: Store) -> Group:
    return await add_group(store)


@pytest.fixture
async def post(store: Store, group: Group) -> Post:
    """A revealed post."""
    request = (await publish(store, a_bulletin(a_request(TEXT)))).requests[0]
    post = await add_post(store, group, request.id, state=PostState.REVEALED)
    async with store.writing() as stored:
        await stored.posts.move(post, PostState.REVEALED, parts=1)
    await add_copy(store, post, 10, CopyState.REVEALED)
    return await the_post(store, post.id)


async def taken_back(services: Services, post: Post) -> None:
    assert post.request_id is not None
    assert await services.retracting.retract(post.request_id, Why.DANGER, None)


async def copy_of(services: Services, post: Post) -> tuple[CopyState, str | None, datetime | None]:
    async with services.store.reading() as stored:
        (copy,) = await stored.posts.copies(post.id)
    return copy.state, copy.reason, copy.again_at


async def test_a_tombstone_is_written_again_after_1_10_and_60_minutes_and_then_never(
    services: Services, recorder: Recorder, post: Post, clock: StandingClock
) -> None:
    await taken_back(services, post)
    written = []
    for minute in range(200):
        clock.instant = NOW + timedelta(minutes=minute)
        before = len(recorder.edited)
        await services.rewriting.wake()
        if len(recorder.edited) > before:
            written.append(minute)
    assert written == [0, 1, 10, 60]
    assert {message.html for _, _, message in recorder.edited} == {services.words.html("post.withdrawn")}
    assert await copy_of(services, post) == (CopyState.TOMBSTONE, None, None)


async def test_an_edit_that_had_landed_later_is_found_and_the_proof_begins_anew(
    services: Services, recorder: Recorder, post: Post, clock: StandingClock
) -> None:
    await taken_back(services, post)
    await services.rewriting.wake()
    recorder.edited.append((CHAT, 10, Outgoing(TEXT)))
    clock.advance(minutes=1)
    await services.rewriting.wake()
    assert TEXT not in recorder.edited[-1][2].html
    assert (await copy_of(services, post))[2] == clock.instant + timedelta(minutes=1)


async def test_a_tombstone_says_how_many_prayed_and_has_no_button(
    services: Services, recorder: Recorder, post: Post, group: Group
) -> None:
    for member in (71, 72):
        await services.praying.prayed(group, post.id, member)
    await taken_back(services, post)
    await services.rewriting.wake()
    ((_, _, message),) = recorder.edited
    assert "2 prayed" in message.html
    assert message.buttons == ()


@pytest.mark.parametrize(("error", "seconds"), [(NotNowError(30, demanded=True), 30), (UnknownOutcomeError(), 5)])
async def test_what_cannot_be_written_now_is_written_later(
    services: Services, recorder: Recorder, post: Post, clock: StandingClock, error: MessengerError, seconds: int
) -> None:
    await taken_back(services, post)
    recorder.fails[CHAT] = error
    await services.rewriting.wake()
    assert await copy_of(services, post) == (CopyState.REVEALED, None, NOW + timedelta(seconds=seconds))
    recorder.fails.clear()
    await services.rewriting.wake()
    assert recorder.edited == []


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ChatClosedError("no_access"), "no_access"),
        (MessageLostError(), "message_gone"),
        (MovedError(CHAT - 7), "upgraded"),
        (OurMistakeError("no"), "our_mistake"),
    ],
)
async def test_what_cannot_be_reached_is_recorded_with_its_reason(
    services: Services, recorder: Recorder, post: Post, clock: StandingClock, error: MessengerError, reason: str
) -> None:
    await taken_back(services, post)
    recorder.fails[CHAT] = error
    await services.rewriting.wake()
    clock.advance(days=1)
    await services.rewriting.wake()
    assert await copy_of(services, post) == (CopyState.UNREACHABLE, reason, None)
    assert recorder.calls == ["edit"]


async def test_many_copies_are_all_written(services: Services, recorder: Recorder, post: Post, group: Group) -> None:
    for number in range(150):
        answer = await add_post(services.store, group, post.request_id, day=None, state=PostState.REVEALED)
        await add_copy(services.store, answer, 100 + number, CopyState.REVEALED)
    await taken_back(services, post)
    await services.rewriting.wake()
    assert len(recorder.edited) == 151
    assert not services.rewriting.busy


async def test_as_many_chats_as_possible_are_in_hand_and_one_that_has_many_copies_keeps_none_waiting(
    services: Services, recorder: Recorder, post: Post, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2 * AT_ONCE):  # all in the chat of the post
        answer = await add_post(services.store, group, post.request_id, day=None, state=PostState.REVEALED)
        await add_copy(services.store, answer, 100 + number, CopyState.REVEALED)
    for number in range(1, 2 * AT_ONCE):
        other = await add_group(services.store, CHAT - number)
        shown = await add_post(services.store, other, post.request_id, state=PostState.REVEALED)
        for part in range(4):
            await add_copy(services.store, shown, 10 + part, CopyState.REVEALED, part)
    edit, arrived, go_on = recorder.edit, list[int](), asyncio.Event()

    async def held(chat_id: int, message_id: int, message: Outgoing) -> bool:
        arrived.append(chat_id)
        await go_on.wait()
        return await edit(chat_id, message_id, message)

    monkeypatch.setattr(recorder, "edit", held)
    await taken_back(services, post)
    writing = asyncio.ensure_future(services.rewriting.wake())
    await until(lambda: len(arrived) >= AT_ONCE)
    assert len(set(arrived)) == len(arrived) == AT_ONCE
    go_on.set()
    await writing
    assert len(recorder.edited) == len(set(recorder.edited)) == 1 + 2 * AT_ONCE + 4 * (2 * AT_ONCE - 1)


async def test_what_nobody_expected_holds_up_one_copy_alone(
    services: Services, recorder: Recorder, post: Post, clock: StandingClock
) -> None:
    answer = await add_post(services.store, await add_group(services.store, CHAT - 1), post.request_id, day=None)
    await add_copy(services.store, answer, 11, CopyState.REVEALED)
    await taken_back(services, post)
    recorder.fails[CHAT] = cast(MessengerError, ZeroDivisionError())
    await services.rewriting.wake()
    assert [message_id for _, message_id, _ in recorder.edited] == [11]
    assert (await copy_of(services, post))[2] == NOW + timedelta(minutes=1)


async def test_what_a_refused_or_broken_off_post_leaves_is_tried_until_it_is_gone(
    services: Services, recorder: Recorder, post: Post, clock: StandingClock
) -> None:
    async with services.store.writing() as stored:
        await stored.posts.move(post, PostState.REVEALING)
        await stored.posts.set_copies(post.id, CopyState.REVEALING)
        await stored.groups.move(post.group_id, GroupState.PAUSED)
    await services.door.carry(post.id)
    recorder.fails[CHAT] = UnknownOutcomeError()
    for _ in range(3):
        await services.rewriting.wake()
        clock.advance(seconds=5)
    recorder.fails.clear()
    await services.rewriting.wake()
    assert (await copy_of(services, post))[0] is CopyState.TOMBSTONE
    assert (await the_post(services.store, post.id)).reason == "group_paused"


async def corrected(services: Services, post: Post, *texts: str) -> None:
    assert post.request_id is not None
    async with services.store.writing() as stored:
        await stored.bulletins.correct(await stored.bulletins.request(post.request_id), a_request(*texts))
        await stored.copies.correct(post.request_id, services.rewriting._now())


async def test_a_corrected_text_is_asked_for_and_shown_with_its_buttons(
    services: Services, recorder: Recorder, post: Post
) -> None:
    await corrected(services, post, "Pray for the mended harbour.")
    await services.rewriting.wake()
    ((_, _, message),) = recorder.edited
    assert "mended" in message.html
    async with services.store.reading() as stored:
        group = await stored.groups.get(post.group_id)
    assert message.buttons == services.door.buttons(post, group)
    assert recorder.calls == ["chat", "edit"]
    assert (await copy_of(services, post))[0] is CopyState.REVEALED


async def test_a_corrected_text_that_is_long_in_being_read_is_asked_for_again(
    services: Services, recorder: Recorder, post: Post, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await corrected(services, post, "Pray for the mended harbour.")
    admission = services.rewriting._admission
    with monkeypatch.context() as slow:
        ask = admission.ask

        async def long_ago(post: Post, group: Group, chat_id: int | None = None) -> float:
            return await ask(post, group, chat_id) - 2 * ASKED_SECONDS

        slow.setattr(admission, "ask", long_ago)
        await services.rewriting.wake()
    assert recorder.edited == []
    clock.advance(seconds=5)
    await services.rewriting.wake()
    assert "mended" in recorder.edited[-1][2].html


async def test_the_turn_for_a_text_is_asked_for_in_its_copys_own_chat(
    services: Services, recorder: Recorder, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn, turns = recorder.pace.turn, list[int | None]()

    async def noted(chat_id: int | None, lane: Lane = Lane.ANSWER, **more: Any) -> None:
        turns.append(chat_id)
        await turn(chat_id, lane, **more)

    monkeypatch.setattr(recorder.pace, "turn", noted)
    async with services.store.writing() as stored:
        await stored.posts.move(post, PostState.REVEALING)
        await stored.posts.set_copies(post.id, CopyState.REVEALING)
    await services.groups.upgraded(CHAT, CHAT - 7)
    await services.door.carry(post.id)
    await corrected(services, post, "Pray for the mended harbour.")
    await services.rewriting.wake()
    assert [chat_id for chat_id, _, _ in recorder.edited] == turns == [CHAT, CHAT]


async def test_where_a_corrected_text_may_not_be_shown_the_old_one_goes_too(
    services: Services, recorder: Recorder, post: Post
) -> None:
    await corrected(services, post, "Pray for the mended harbour.")
    await services.groups.pause(await the_group(services.store, post.group_id))
    await services.rewriting.wake()
    assert [message.html for _, _, message in recorder.edited] == [services.words.html("post.superseded")]
    assert (await the_post(services.store, post.id)).state is PostState.RETIRED


async def test_where_a_corrected_text_finds_strangers_all_that_stands_is_withdrawn(
    services: Services, recorder: Recorder, post: Post
) -> None:
    await corrected(services, post, "Pray for the mended harbour.")
    recorder.chats[CHAT] = Chat(CHAT, ChatType.SUPERGROUP, "Harbour", has_username=True)
    await services.rewriting.wake()
    assert [message.html for _, _, message in recorder.edited] == [services.words.html("post.withdrawn")]
    assert (await the_post(services.store, post.id)).state is PostState.RETIRED


async def test_a_retraction_while_a_corrected_text_is_on_its_way_wins(
    services: Services, recorder: Recorder, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    await corrected(services, post, "Pray for the mended harbour.")
    edit = recorder.edit

    async def retracted_meanwhile(chat_id: int, message_id: int, message: Outgoing) -> bool:
        monkeypatch.setattr(recorder, "edit", edit)
        await taken_back(services, post)
        return await edit(chat_id, message_id, message)

    monkeypatch.setattr(recorder, "edit", retracted_meanwhile)
    await services.rewriting.wake()
    assert recorder.edited[-1][2].html == services.words.html("post.withdrawn")
    async with services.store.reading() as stored:
        (copy,) = await stored.posts.copies(post.id)
    assert (copy.state, copy.says) == (CopyState.TOMBSTONE, Saying.WITHDRAWN)


async def test_what_is_corrected_while_its_group_becomes_a_supergroup_is_asked_for_anew(
    services: Services, recorder: Recorder, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    await corrected(services, post, "Pray for the mended harbour.")
    chat = recorder.chat

    async def upgraded_meanwhile(chat_id: int) -> Chat:
        monkeypatch.setattr(recorder, "chat", chat)
        await services.groups.upgraded(CHAT, CHAT - 7)
        return await chat(chat_id)

    monkeypatch.setattr(recorder, "chat", upgraded_meanwhile)
    await services.rewriting.wake()
    ((chat_id, message_id, message),) = recorder.edited
    assert (chat_id, message_id) == (CHAT, 10)
    assert "mended" in message.html
    assert (await copy_of(services, post))[:2] == (CopyState.REVEALED, None)


async def test_what_is_corrected_in_a_direct_chat_stays_there_when_its_group_becomes_a_supergroup(
    services: Services, recorder: Recorder, group: Group
) -> None:
    (request,) = (await publish(services.store, a_bulletin(a_request(TEXT)))).requests
    asked = await add_post(services.store, group, request.id, day=None, chat_id=AMINA)
    async with services.store.writing() as stored:
        await stored.bindings.bind(AMINA, group.id)
    assert (await services.door.carry(asked.id)).state is PostState.REVEALED
    await corrected(services, asked, "Pray for the mended harbour.")
    recorder.fails[CHAT] = MovedError(CHAT - 7)
    await services.rewriting.wake()
    await services.rewriting.wake()
    assert "mended" in recorder.edited[-1][2].html
    assert {chat_id for chat_id, _, _ in recorder.edited} == {AMINA}
    assert (await the_post(services.store, asked.id)).chat_id == AMINA
    async with services.store.reading() as stored:
        assert (await stored.groups.get(group.id)).chat_id == CHAT - 7


async def test_what_is_corrected_in_a_group_that_goes_on_without_its_post_is_not_asked_for_again_and_again(
    services: Services, recorder: Recorder, post: Post
) -> None:
    stranger = await add_group(services.store, CHAT - 7)
    await add_post(services.store, stranger, None)
    await corrected(services, post, "Pray for the mended harbour.")
    recorder.fails[CHAT] = MovedError(CHAT - 7)
    await services.rewriting.wake()
    assert recorder.calls == ["chat"]
    assert (await copy_of(services, post))[:2] == (CopyState.UNREACHABLE, "upgraded")


async def test_what_could_not_be_corrected_still_holds_text_and_is_put_away_with_its_group(
    services: Services, recorder: Recorder, post: Post
) -> None:
    await corrected(services, post, "Pray for the mended harbour.")
    recorder.fails[CHAT] = ChatClosedError("no_access")
    await services.rewriting.wake()
    assert (await copy_of(services, post))[:2] == (CopyState.UNREACHABLE, "no_access")
    recorder.fails.clear()
    async with services.store.writing() as stored:
        assert await stored.copies.holds_text(post.group_id)
        await stored.copies.retire_group(post.group_id, NOW)
        assert await stored.copies.is_waiting(CHAT)
        assert not await stored.copies.holds_text(post.group_id)
    await services.rewriting.wake()
    assert [message.html for _, _, message in recorder.edited] == [services.words.html("post.retired")]
    async with services.store.reading() as stored:
        assert not await stored.copies.is_waiting(CHAT)


async def test_cut_off_twice_it_leaves_nothing_behind_that_hangs(services: Services, post: Post) -> None:
    """As a shutdown does it: once by the scheduler and once by the loop's own end, at any moment of a write."""
    await taken_back(services, post)
    before = asyncio.all_tasks()
    for steps in range(60):
        rewriting = asyncio.ensure_future(services.rewriting.wake())
        for _ in range(steps):
            await asyncio.sleep(0)
        rewriting.cancel()
        await asyncio.sleep(0)
        rewriting.cancel()
        await asyncio.wait((rewriting,))
    left = asyncio.all_tasks() - before
    if left:
        _, hanging = await asyncio.wait(left, timeout=10)
        assert not hanging
