"""A day of the group for which nothing is planned."""

from datetime import timedelta

from bot.domain.group import GroupState, QuietDay
from bot.domain.post import PostState
from bot.services.messenger import NotNowError, UnknownOutcomeError
from bot.store.database import Store
from tests.clock import StandingClock
from tests.services.conftest import Services
from tests.stored import CHAT, MONDAY, NOW, VERSE, a_bulletin, a_request, add_group, publish

TUESDAY = MONDAY + timedelta(days=1)
TEXT = "Pray for the harbour team."


async def outcome(store: Store, group_id: int) -> tuple[PostState, str | None]:
    async with store.reading() as stored:
        post = await stored.posts.on_date(group_id, MONDAY)
    assert post is not None
    return post.state, post.reason


async def quiet_group(services: Services, clock: StandingClock, topic_id: int | None = None) -> int:
    clock.instant = NOW
    await publish(services.store, a_bulletin(a_request(TEXT)), [(TUESDAY, 0)])
    return (await add_group(services.store, quiet_day=QuietDay.VERSE, silent=True, topic_id=topic_id)).id


async def test_a_quiet_day_brings_the_verse_and_the_weeks_regions_once(
    services: Services, clock: StandingClock
) -> None:
    group_id = await quiet_group(services, clock, topic_id=7)
    for _ in range(3):
        await services.post_all()
        clock.advance(minutes=10)
    ((chat_id, message),) = services.recorder.sent
    assert (chat_id, message.silent, message.thread_id, message.buttons) == (CHAT, True, 7, ())
    assert VERSE.text in message.html
    assert f"{services.words.day(TUESDAY)} · Global" in message.html
    assert TEXT not in message.html
    assert await outcome(services.store, group_id) == (PostState.SKIPPED, "nothing_planned")


async def test_without_a_bulletin_it_brings_a_verse_alone(services: Services, clock: StandingClock) -> None:
    clock.instant = NOW
    await add_group(services.store, quiet_day=QuietDay.VERSE)
    await services.post_all()
    (text,) = services.recorder.texts(CHAT)
    assert services.words.html("quiet.alone") in text
    assert "<blockquote>" in text


async def test_a_quiet_day_that_was_cut_off_is_not_said_again(services: Services, clock: StandingClock) -> None:
    group_id = await quiet_group(services, clock)
    services.recorder.fails_send = UnknownOutcomeError()
    await services.post_all()
    services.recorder.fails_send = None
    clock.advance(minutes=2)
    await services.post_all()
    assert services.recorder.calls.count("send") == 1
    assert await outcome(services.store, group_id) == (PostState.SKIPPED, "nothing_planned")


async def test_where_telegram_asks_for_patience_it_is_said_later(services: Services, clock: StandingClock) -> None:
    group_id = await quiet_group(services, clock)
    services.recorder.fails_send = NotNowError(30, demanded=False)
    await services.post_all()
    assert (await outcome(services.store, group_id))[0] is PostState.PLANNED
    services.recorder.fails_send = None
    clock.advance(seconds=31)
    await services.post_all()
    assert len(services.recorder.sent) == 1


async def test_a_quiet_day_that_is_over_or_of_a_suspended_group_stays_silent(
    services: Services, clock: StandingClock
) -> None:
    group_id = await quiet_group(services, clock)
    suspended = await add_group(
        services.store, CHAT - 1, state=GroupState.SUSPENDED, quiet_day=QuietDay.VERSE, weekdays=frozenset({0})
    )
    clock.instant = NOW + timedelta(hours=6, seconds=1)
    await services.post_all()
    assert services.recorder.sent == []
    for each in (group_id, suspended.id):
        assert await outcome(services.store, each) == (PostState.SKIPPED, "nothing_planned")
