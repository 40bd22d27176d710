import asyncio
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.chat import Chat, ChatType
from bot.domain.group import APPROVED_STATES, GroupState
from bot.domain.post import CopyState, PostState
from bot.domain.weekdays import WORKING_DAYS
from bot.services.admission import look_at_once
from bot.services.groups import SUSPENDING, NotPrivateError
from bot.services.messenger import ChatClosedError, MessengerError, MovedError, NotNowError, UnknownOutcomeError
from bot.services.telling import GATHERED
from bot.store.notices import Notice
from tests.clock import StandingClock
from tests.services.conftest import OPERATORS, Services
from tests.services.recorder import Recorder
from tests.stored import CHAT, MONDAY, NOW, a_bulletin, add_copy, add_group, add_post, ledger, publish, the_group

PUBLIC = Chat(CHAT, ChatType.SUPERGROUP, "Harbour", has_username=True)


async def untold(services: Services) -> list[str]:
    async with services.store.reading() as stored:
        return [notice.about for notice in await stored.notices.untold()]


async def test_a_private_group_waits_for_the_operators_and_gets_one_neutral_sentence(
    services: Services, recorder: Recorder
) -> None:
    await services.onboarding.added(CHAT)
    await services.onboarding.added(CHAT)
    (group,) = await services.groups.all()
    assert (group.state, group.title, group.next_due_at) == (GroupState.PENDING, "Harbour", None)
    assert (group.zone, group.at, group.weekdays) == (ZoneInfo("Africa/Nairobi"), time(7), WORKING_DAYS)
    assert await untold(services) == [f"approve:{group.id}"]
    await services.groups.announce()
    await services.groups.announce()
    assert recorder.texts(CHAT) == [services.words.html("group.is.pending")]


@pytest.mark.parametrize(("code", "language"), [("es-MX", "es"), ("en", "en"), ("eo", None), (None, None)])
async def test_a_new_group_begins_with_the_language_of_whoever_added_the_bot(
    services: Services, code: str | None, language: str | None
) -> None:
    await services.onboarding.added(CHAT, language=code)
    assert [group.language for group in await services.groups.all()] == [language]


async def test_a_group_that_comes_back_keeps_its_language(services: Services) -> None:
    await services.onboarding.added(CHAT, language="es")
    await services.onboarding.removed(CHAT)
    await services.onboarding.added(CHAT, language="en")
    assert [group.language for group in await services.groups.all()] == ["es"]


@pytest.mark.parametrize(
    ("chat", "reason"),
    [
        (PUBLIC, "public"),
        (Chat(CHAT, ChatType.SUPERGROUP, is_linked=True), "linked"),
        (Chat(CHAT, ChatType.SUPERGROUP, has_location=True), "location"),
        (Chat(CHAT, ChatType.SUPERGROUP, is_community=True), "community"),
        (Chat(CHAT, ChatType.CHANNEL), "channel"),
    ],
)
async def test_anything_else_than_a_private_group_is_told_why_and_left(
    services: Services, recorder: Recorder, chat: Chat, reason: str
) -> None:
    recorder.chats[CHAT] = chat
    await services.onboarding.added(CHAT)
    assert recorder.texts(CHAT) == [services.words.html(f"group.why_left.{reason}")]
    await services.leaving.leave()
    assert recorder.left == [CHAT]
    assert await services.groups.all() == []


@pytest.mark.parametrize("state", GroupState)
async def test_a_group_that_was_left_or_declined_is_asked_for_anew(services: Services, state: GroupState) -> None:
    group = await add_group(services.store, title="Old name", state=state)
    async with services.store.writing() as stored:
        await stored.notices.add(Notice(f"approve:{group.id}", "operator.approve", group.id))
        await stored.notices.told(f"approve:{group.id}")
    await services.onboarding.added(CHAT)
    again = state in {GroupState.GONE, GroupState.DECLINED}
    found = await the_group(services.store, group.id)
    assert found.state is (GroupState.PENDING if again else state)
    assert found.title == ("Harbour" if again else "Old name")
    assert bool(await untold(services)) == again


@pytest.mark.parametrize(("approve", "state"), [(True, GroupState.APPROVED), (False, GroupState.DECLINED)])
async def test_an_operators_word_counts_once(services: Services, approve: bool, state: GroupState) -> None:
    group = await add_group(services.store, state=GroupState.PENDING)
    assert await services.onboarding.decide(group.id, approve=approve)
    assert not await services.onboarding.decide(group.id, approve=not approve)
    assert not await services.onboarding.decide(group.id + 1, approve=True)
    assert (await the_group(services.store, group.id)).state is state


@pytest.mark.parametrize("state", GroupState)
async def test_only_an_approved_group_can_be_subscribed(
    services: Services, clock: StandingClock, state: GroupState
) -> None:
    group = await add_group(services.store, state=state, next_due=None)
    clock.instant = NOW - timedelta(hours=1)
    found = await services.groups.subscribe(group)
    allowed = state in APPROVED_STATES
    assert found.state is (GroupState.ACTIVE if allowed else state)
    assert found.next_due_at == (NOW if allowed else None)
    assert found.told is found.state


@pytest.mark.parametrize("state", GroupState)
async def test_a_group_that_is_not_approved_cannot_be_paused_or_unsubscribed(
    services: Services, state: GroupState
) -> None:
    group = await add_group(services.store, state=state)
    await services.groups.pause(group)
    await services.groups.unsubscribe(group)
    found = await the_group(services.store, group.id)
    assert found.state is (GroupState.APPROVED if state in APPROVED_STATES else state)
    assert found.told is found.state, "nothing that it did itself is announced"
    assert (found.next_due_at is None) == (state in APPROVED_STATES)


async def test_a_public_group_cannot_be_subscribed(services: Services, recorder: Recorder) -> None:
    group = await add_group(services.store, state=GroupState.APPROVED, next_due=None)
    recorder.chats[CHAT] = PUBLIC
    with pytest.raises(NotPrivateError, match="public"):
        await services.groups.subscribe(group)
    assert await the_group(services.store, group.id) == group


@pytest.mark.parametrize("reason", SUSPENDING)
async def test_after_a_suspension_was_mended_the_next_one_is_told_again(services: Services, reason: str) -> None:
    group = await add_group(services.store, state=GroupState.SUSPENDED)
    about = f"suspended:{group.id}:{reason}"
    async with services.store.writing() as stored:
        await stored.notices.add(Notice(about, "operator.suspended", group.id, reason))
        await stored.notices.told(about)
    await services.groups.subscribe(group)
    async with services.store.writing() as stored:
        await stored.notices.add(Notice(about, "operator.suspended", group.id, reason))
    assert await untold(services) == [about]


async def test_a_resumed_group_does_not_get_todays_post_again(services: Services, clock: StandingClock) -> None:
    group = await add_group(services.store, state=GroupState.PAUSED, next_due=None)
    await add_post(services.store, group, None)
    clock.instant = NOW - timedelta(hours=2)
    assert (await services.groups.subscribe(group)).next_due_at == NOW + timedelta(days=1)


async def test_a_new_hour_or_zone_on_the_same_date_does_not_give_a_second_post(
    services: Services, clock: StandingClock
) -> None:
    group = await add_group(services.store)
    await add_post(services.store, group, None)
    clock.instant = NOW + timedelta(hours=1)
    changed = await services.groups.set_times(group, at=time(23))
    assert changed.next_due_at == datetime(2026, 3, 3, 23, tzinfo=UTC)
    changed = await services.groups.set_times(changed, zone=ZoneInfo("Pacific/Honolulu"))
    # It is Sunday, 1 March there; Monday has its post already.
    assert changed.next_due_at == datetime(2026, 3, 1, 23, tzinfo=ZoneInfo("Pacific/Honolulu"))


@pytest.mark.parametrize("change", ["hour", "days", "resume", "pause", "unsubscribe"])
async def test_what_is_due_when_a_group_is_changed_stands_on_the_ledger(
    services: Services, clock: StandingClock, change: str
) -> None:
    await publish(services.store, a_bulletin(), [(MONDAY, 0)])
    group = await add_group(services.store, next_due=NOW)
    clock.instant = NOW
    match change:
        case "hour":
            changed = await services.groups.set_times(group, at=group.at)
            assert changed.next_due_at == NOW + timedelta(days=1)
        case "days":
            await services.groups.set_times(group, weekdays=frozenset({5}))
        case "resume":
            changed = await services.groups.subscribe(group)
            assert changed.next_due_at == NOW + timedelta(days=1)
        case "pause":
            await services.groups.pause(group)
        case "unsubscribe":
            await services.groups.unsubscribe(group)
    await services.post_all()
    ((day, state, reason),) = await ledger(services.store, group.id)
    assert day == MONDAY
    assert state is PostState.REVEALED if change in ("hour", "days", "resume") else reason


@pytest.mark.parametrize("state", [GroupState.PAUSED, GroupState.SUSPENDED])
async def test_a_group_that_is_resumed_when_it_is_due_has_its_post(
    services: Services, clock: StandingClock, state: GroupState
) -> None:
    await publish(services.store, a_bulletin(), [(MONDAY, 0)])
    group = await add_group(services.store, state=state, next_due=NOW)
    clock.instant = NOW
    assert (await services.groups.subscribe(group)).next_due_at == NOW + timedelta(days=1)
    await services.post_all()
    assert await ledger(services.store, group.id) == [(MONDAY, PostState.REVEALED, None)]


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ("suspended", GroupState.HELD),
        ("removed by an operator", GroupState.DECLINED),
        ("removed by its admin", GroupState.GONE),
        ("found to be removed", GroupState.GONE),
        ("another under its new id", GroupState.GONE),
    ],
)
async def test_what_is_due_when_a_group_loses_its_posts_has_its_reason_and_the_operators_read_it(
    services: Services, recorder: Recorder, clock: StandingClock, change: str, state: GroupState
) -> None:
    await publish(services.store, a_bulletin(), [(MONDAY, 0)])
    group = await add_group(services.store, next_due=NOW)
    clock.instant = NOW
    match change:
        case "suspended":
            await services.overseeing.suspend(group.id, OPERATORS[0])
        case "removed by an operator":
            await services.overseeing.remove(group.id, OPERATORS[0])
        case "removed by its admin":
            await services.onboarding.removed(CHAT)
        case "found to be removed":
            await look_at_once(services.store, group, NOW)
            recorder.fails[CHAT] = ChatClosedError("no_access")
            await services.round.look()
        case _:
            other = await add_group(services.store, CHAT - 7, next_due=None)
            await add_post(services.store, other, None, state=PostState.REVEALED)
            await services.groups.upgraded(CHAT, CHAT - 7)
    changed = await the_group(services.store, group.id)
    assert (changed.state, changed.next_due_at) == (state, None)
    assert await ledger(services.store, group.id) == [(MONDAY, PostState.REFUSED, f"group_{state}")]
    async with services.store.reading() as stored:
        told = [notice.detail for notice in await stored.notices.untold(of=GATHERED)]
    assert told == [f"{MONDAY} group_{state}"]


async def test_a_group_without_posts_keeps_its_times_and_has_no_due_instant(services: Services) -> None:
    group = await add_group(services.store, state=GroupState.PAUSED, next_due=None)
    changed = await services.groups.set_times(group, weekdays=frozenset({0}))
    assert (changed.weekdays, changed.next_due_at) == (frozenset({0}), None)


async def test_the_planned_days_that_a_groups_weekdays_leave_out_are_known(
    services: Services, clock: StandingClock
) -> None:
    days = [MONDAY + timedelta(days=number) for number in (-1, 0, 5, 13, 14)]
    await publish(services.store, a_bulletin(), [(day, 0) for day in days])
    group = await add_group(services.store, weekdays=frozenset({0, 1}))
    clock.instant = NOW
    assert await services.groups.missed_days(group) == [date(2026, 3, 7), date(2026, 3, 15)]


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (GroupState.PENDING, True),
        (GroupState.APPROVED, True),
        (GroupState.DECLINED, True),
        (GroupState.SUSPENDED, True),
        (GroupState.ACTIVE, False),
        (GroupState.PAUSED, False),
        (GroupState.GONE, False),
    ],
)
async def test_a_group_is_told_of_what_others_decided_and_not_of_its_own_doing(
    services: Services, recorder: Recorder, state: GroupState, told: bool
) -> None:
    group = await add_group(services.store)
    async with services.store.writing() as stored:
        unlike = GroupState.PENDING if state in (GroupState.ACTIVE, GroupState.DECLINED) else GroupState.ACTIVE
        await stored.groups.told(group.id, unlike)
        await stored.groups.move(group.id, state)
    for _ in range(2):
        await services.groups.announce()
    said = [text.partition("\n\n")[0] for text in recorder.texts(CHAT)]
    assert said == ([services.words.html(f"group.is.{state}")] if told else [])
    await services.leaving.leave()
    assert recorder.left == ([CHAT] if state is GroupState.DECLINED else [])


async def test_what_cannot_be_told_now_is_told_later_and_others_do_not_wait(
    services: Services, recorder: Recorder
) -> None:
    for chat_id in (CHAT, CHAT - 1):
        await services.onboarding.added(chat_id)
    recorder.fails[CHAT] = NotNowError(5)
    await services.groups.announce()
    assert [chat_id for chat_id, _ in recorder.sent] == [CHAT - 1]
    recorder.fails.clear()
    await services.groups.announce()
    assert [chat_id for chat_id, _ in recorder.sent] == [CHAT - 1, CHAT]


async def test_a_group_that_shut_us_out_is_told_nothing_for_ever(services: Services, recorder: Recorder) -> None:
    await services.onboarding.added(CHAT)
    recorder.fails[CHAT] = ChatClosedError("no_access")
    await services.groups.announce()
    recorder.fails.clear()
    await services.groups.announce()
    assert recorder.sent == []


async def test_a_group_that_moved_is_told_under_its_new_id(services: Services, recorder: Recorder) -> None:
    await services.onboarding.added(CHAT)
    recorder.fails[CHAT] = MovedError(CHAT - 7)
    await services.groups.announce()
    await services.groups.announce()
    assert recorder.texts(CHAT - 7) == [services.words.html("group.is.pending")]


async def test_a_group_that_removed_the_bot_gets_nothing_more(services: Services, recorder: Recorder) -> None:
    group = await add_group(services.store)
    await services.onboarding.removed(CHAT)
    await services.onboarding.removed(CHAT - 1)
    found = await the_group(services.store, group.id)
    assert (found.state, found.next_due_at) == (GroupState.GONE, None)
    await services.groups.announce()
    assert recorder.calls == []


async def test_a_group_that_became_a_supergroup_is_found_by_its_new_id(services: Services) -> None:
    group = await add_group(services.store)
    await services.groups.upgraded(CHAT, CHAT - 7)
    found = await services.groups.by_chat(CHAT - 7)
    assert found is not None
    assert found.id == group.id
    assert await services.groups.by_chat(CHAT) is None


async def test_a_group_that_unsubscribes_has_what_stands_put_away(services: Services, recorder: Recorder) -> None:
    group = await add_group(services.store)
    for number, chat_id in enumerate((CHAT, 71)):
        post = await add_post(services.store, group, None, day=None, state=PostState.REVEALED, chat_id=chat_id)
        await add_copy(services.store, post, 10 + number, CopyState.REVEALED)
    await services.groups.pause(group)
    await services.rewriting.wake()
    assert recorder.edited == []
    await services.groups.unsubscribe(group)
    await services.rewriting.wake()
    assert sorted((chat, message) for chat, message, _ in recorder.edited) == [(CHAT, 10), (71, 11)]
    assert {message.html for _, _, message in recorder.edited} == {services.words.html("post.retired")}


async def test_a_chat_is_left_only_when_nothing_of_a_request_stands_there(
    services: Services, recorder: Recorder, clock: StandingClock
) -> None:
    group = await add_group(services.store, state=GroupState.GONE)
    post = await add_post(services.store, group, None, state=PostState.REVEALED)
    await add_copy(services.store, post, 10, CopyState.REVEALED)
    recorder.chats[CHAT] = PUBLIC
    await services.onboarding.added(CHAT)
    await services.leaving.leave()
    assert recorder.left == []
    await services.rewriting.wake()
    await services.leaving.leave()
    assert (len(recorder.edited), recorder.left) == (1, [CHAT])


@pytest.mark.parametrize("error", [NotNowError(30), UnknownOutcomeError()])
async def test_a_chat_that_cannot_be_left_now_is_left_later_and_told_once(
    services: Services, recorder: Recorder, clock: StandingClock, error: MessengerError
) -> None:
    await services.onboarding.added(CHAT)
    group = await services.groups.by_chat(CHAT)
    assert group is not None
    await services.onboarding.decide(group.id, approve=False)
    await services.groups.announce()
    recorder.fails[CHAT] = error
    for _ in range(3):
        await services.groups.announce()
        await services.leaving.leave()
    recorder.fails.clear()
    clock.advance(seconds=30)
    for _ in range(2):
        await services.leaving.leave()
    assert recorder.left == [CHAT]
    assert recorder.texts(CHAT) == [services.words.html("group.is.declined")]


async def test_a_group_made_public_before_a_post_has_what_stands_put_away(
    services: Services, recorder: Recorder, clock: StandingClock
) -> None:
    request = (await publish(services.store, a_bulletin(), [(MONDAY, 0)])).requests[0]
    group = await add_group(services.store)
    before = await add_post(services.store, group, request.id, day=None, state=PostState.REVEALED)
    await add_copy(services.store, before, 10, CopyState.REVEALED)
    recorder.chats[CHAT] = PUBLIC
    clock.instant = NOW
    await services.post_all()
    await services.rewriting.wake()
    assert (await the_group(services.store, group.id)).state is GroupState.SUSPENDED
    assert [(message, out.html) for _, message, out in recorder.edited] == [(10, services.words.html("post.withdrawn"))]


async def test_an_answer_that_is_asked_for_under_the_old_id_after_the_upgrade_comes_under_the_new_one(
    services: Services, recorder: Recorder
) -> None:
    request = (await publish(services.store, a_bulletin())).requests[0]
    group = await add_group(services.store, CHAT - 7)
    answer = await add_post(services.store, group, request.id, day=None, chat_id=CHAT)
    recorder.fails[CHAT] = MovedError(CHAT - 7)
    carried = await asyncio.wait_for(services.door.carry(answer.id), 5)
    assert (carried.state, carried.chat_id) == (PostState.REVEALED, CHAT - 7)


async def test_a_post_whose_group_goes_on_without_it_under_the_new_id_ends(
    services: Services, recorder: Recorder, clock: StandingClock
) -> None:
    clock.instant = NOW
    request = (await publish(services.store, a_bulletin())).requests[0]
    group, stranger = await add_group(services.store), await add_group(services.store, CHAT - 7)
    await add_post(services.store, stranger, request.id)
    post = await add_post(services.store, group, request.id)
    recorder.fails[CHAT] = MovedError(CHAT - 7)
    carried = await asyncio.wait_for(services.door.carry(post.id), 5)
    assert (carried.state, carried.chat_id) == (PostState.SKIPPED, CHAT)


@pytest.mark.parametrize("reason", ["muted", "topic_closed"])
async def test_what_a_group_cannot_be_told_while_the_bot_may_not_write_it_is_told_when_it_may(
    services: Services, recorder: Recorder, clock: StandingClock, reason: str
) -> None:
    group = await add_group(services.store)
    async with services.store.writing() as stored:
        await stored.groups.move(group.id, GroupState.SUSPENDED)
    recorder.fails_send = ChatClosedError(reason)
    for _ in range(3):
        await services.groups.announce()
    assert recorder.calls == ["send"], "tried once an hour at the most"
    clock.advance(minutes=60)
    await services.groups.announce()
    assert recorder.calls == ["send"] * 2
    recorder.fails_send = None
    clock.advance(minutes=59)
    await services.groups.announce()
    assert recorder.sent == []
    clock.advance(minutes=1)
    for _ in range(2):
        await services.groups.announce()
    assert recorder.texts(CHAT) == [services.words.html("group.is.suspended")]


async def test_what_is_new_is_tried_at_once_where_the_bot_may_not_write(services: Services, recorder: Recorder) -> None:
    await services.onboarding.added(CHAT)
    (group,) = await services.groups.all()
    recorder.fails_send = ChatClosedError("muted")
    await services.groups.announce()
    recorder.fails_send = None
    await services.onboarding.decide(group.id, approve=True)
    await services.groups.announce()
    assert len(recorder.sent) == 1


async def test_a_declined_group_is_left_where_the_bot_may_not_say_so(services: Services, recorder: Recorder) -> None:
    await services.onboarding.added(CHAT)
    (group,) = await services.groups.all()
    await services.onboarding.decide(group.id, approve=False)
    recorder.fails_send = ChatClosedError("muted")
    await services.groups.announce()
    await services.leaving.leave()
    assert recorder.left == [CHAT]
