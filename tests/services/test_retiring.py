from datetime import timedelta

import pytest

from bot.domain.post import CopyState, Post, PostState
from bot.services.messenger import ChatClosedError, UnknownOutcomeError
from bot.services.retracting import Why
from bot.store.bulletins import BulletinState
from bot.store.database import Store
from tests.clock import StandingClock
from tests.services.conftest import OPERATORS, Services
from tests.services.recorder import Recorder
from tests.stored import (
    CHAT,
    LONG_TITLE,
    MONDAY,
    NOW,
    a_bulletin,
    add_copy,
    add_group,
    add_post,
    everything,
    publish,
    the_post,
)

# The week ends on Sunday, 8 March; two weeks later nothing of it is left.
LAST_DAY, OVER = NOW + timedelta(days=20), NOW + timedelta(days=21)


@pytest.fixture
async def post(store: Store) -> Post:
    request = (await publish(store, a_bulletin(), [(MONDAY, 0)])).requests[0]
    post = await add_post(store, await add_group(store), request.id, state=PostState.REVEALED)
    await add_copy(store, post, 10, CopyState.REVEALED)
    return post


async def is_gone(services: Services, post: Post) -> bool:
    assert post.request_id is not None
    async with services.store.reading() as stored:
        return (await stored.bulletins.request(post.request_id)).is_gone


async def test_two_weeks_after_its_week_a_request_is_deleted_and_its_messages_say_so(
    services: Services, recorder: Recorder, post: Post, clock: StandingClock
) -> None:
    for clock.instant in (NOW, LAST_DAY):
        await services.retiring.sweep()
        await services.rewriting.wake()
        assert not await is_gone(services, post)
    assert recorder.calls == []
    clock.instant = OVER
    await services.retiring.sweep()
    assert await is_gone(services, post)
    assert (await the_post(services.store, post.id)).state is PostState.RETIRED
    await services.rewriting.wake()
    assert [(chat, message, out.html) for chat, message, out in recorder.edited] == [
        (CHAT, 10, services.words.html("post.retired"))
    ]
    async with services.store.reading() as stored:
        (bulletin,) = await stored.bulletins._select()
        assert list(await stored.bulletins.overlapping(MONDAY, MONDAY)) == []
    assert (bulletin.state, bulletin.title, bulletin.verse.text) == (BulletinState.RETIRED, None, "")


async def test_sweeping_again_changes_nothing(
    services: Services, recorder: Recorder, post: Post, clock: StandingClock
) -> None:
    clock.instant = OVER
    for _ in range(3):
        await services.retiring.sweep()
        await services.rewriting.wake()
    assert len(recorder.edited) == 1


async def test_marks_go_after_62_days_and_their_count_stays(
    services: Services, post: Post, clock: StandingClock
) -> None:
    async with services.store.writing() as stored:
        await stored.marks.add(post.id, 71)
    for days, again in ((62, False), (63, True)):
        clock.instant = NOW + timedelta(days=days)
        await services.retiring.sweep()
        async with services.store.writing() as stored:
            assert await stored.marks.add(post.id, 71) is again
    assert (await the_post(services.store, post.id)).prayed == 2


async def test_what_a_group_was_answered_goes_after_an_hour_without_another_question(
    services: Services, clock: StandingClock
) -> None:
    clock.instant = NOW

    async def say() -> int:
        return 7

    await services.replying.once(CHAT, None, "Latin America on Tuesday", say)
    for minutes, kept in ((59, 1), (60, 0)):
        clock.instant = NOW + timedelta(minutes=minutes)
        await services.retiring.sweep()
        assert len((await everything(services.store))["replies"]) == kept


async def test_a_tap_on_what_was_put_away_counts_nothing(services: Services, post: Post, clock: StandingClock) -> None:
    clock.instant = OVER
    await services.retiring.sweep()
    assert await services.praying.tap(post.id, CHAT, 10, 71) is None


async def test_what_could_not_be_put_away_is_told_once_with_its_group_and_reason(
    services: Services, recorder: Recorder, post: Post, clock: StandingClock
) -> None:
    await services.telling.reachable()
    recorder.fails[CHAT] = ChatClosedError("no_access")
    clock.instant = OVER
    for _ in range(3):
        await services.retiring.sweep()
        await services.rewriting.wake()
        clock.advance(days=1)
        await services.retiring.sweep()
        await services.telling.tell()
    (told,) = recorder.texts(OPERATORS[0])
    assert "“Harbour”: 1 (I was removed or blocked there)." in told


async def test_what_could_not_be_put_away_in_more_groups_than_a_message_holds_is_told_all_the_same(
    services: Services, recorder: Recorder, post: Post, clock: StandingClock
) -> None:
    await services.telling.reachable()
    for number in range(1, 60):
        group = await add_group(services.store, CHAT - number, title=f"{number} {LONG_TITLE}")
        other = await add_post(services.store, group, post.request_id, state=PostState.REVEALED)
        await add_copy(services.store, other, 10, CopyState.REVEALED)
        recorder.fails[CHAT - number] = ChatClosedError("no_access")
    clock.instant = OVER
    await services.retiring.sweep()
    for _ in range(3):
        await services.rewriting.wake()
    clock.advance(days=1)
    await services.retiring.sweep()
    for _ in range(2):
        await services.telling.tell()
    (told,) = recorder.texts(OPERATORS[0])
    named = told.count(LONG_TITLE)
    assert 15 < named < 59
    assert told.endswith(services.words.html("retract.more", count=59 - named))


async def test_what_is_tried_again_and_again_in_vain_is_told_too(
    services: Services, recorder: Recorder, post: Post, clock: StandingClock
) -> None:
    await services.telling.reachable()
    clock.instant = NOW
    assert post.request_id is not None
    recorder.fails[CHAT] = UnknownOutcomeError()
    await services.retracting.retract(post.request_id, Why.DANGER, None)
    for _ in range(8):
        await services.rewriting.wake()
        clock.advance(minutes=15)
    await services.rewriting.wake()
    await services.retiring.sweep()
    await services.telling.tell()
    (told,) = recorder.texts(OPERATORS[0])
    assert "still being tried" in told


async def test_what_hangs_is_told_too(services: Services, recorder: Recorder, post: Post, clock: StandingClock) -> None:
    await services.telling.reachable()
    clock.instant = NOW
    assert post.request_id is not None
    await services.retracting.retract(post.request_id, Why.DANGER, None)
    clock.advance(hours=2)
    await services.retiring.sweep()
    await services.telling.tell()
    (told,) = recorder.texts(OPERATORS[0])
    assert "still being tried" in told
