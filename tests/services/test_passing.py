"""What the bot said in passing is removed; what shows a request never is."""

from datetime import timedelta

from bot.domain.group import GroupState
from bot.services.messenger import MessageLostError, NotNowError
from bot.services.passing import REMOVED_AFTER
from bot.store.database import Store
from tests.clock import StandingClock
from tests.services.conftest import Services
from tests.stored import CHAT, a_bulletin, add_copy, add_group, add_post, publish


async def say(store: Store, message_id: int, *, chat_id: int = CHAT) -> None:
    async with store.writing() as stored:
        await stored.passing.add(chat_id, message_id)


async def test_what_was_said_during_set_up_is_removed_some_time_after_it(
    services: Services, clock: StandingClock
) -> None:
    group = await add_group(services.store, state=GroupState.APPROVED)
    await say(services.store, 5)
    await say(services.store, 6, chat_id=CHAT - 1)
    clock.advance(hours=40)
    await services.passing.remove()
    assert services.recorder.deleted == []
    await services.groups.subscribe(group)
    clock.instant += REMOVED_AFTER - timedelta(seconds=1)
    await services.passing.remove()
    assert services.recorder.deleted == []
    clock.advance(seconds=1)
    for _ in range(2):
        await services.passing.remove()
    assert services.recorder.deleted == [(CHAT, 5)], "another group's set-up isn't done"


async def test_a_copy_is_never_removed(services: Services, clock: StandingClock) -> None:
    bulletin = await publish(services.store, a_bulletin())
    group = await add_group(services.store)
    post = await add_post(services.store, group, bulletin.requests[0].id)
    await add_copy(services.store, post, 5)
    async with services.store.writing() as stored:
        await stored.passing.add(CHAT, 5, clock.now())
    await services.passing.remove()
    assert services.recorder.deleted == []


async def test_what_cannot_be_removed_now_is_removed_later_and_what_never_can_is_forgotten(
    services: Services, clock: StandingClock
) -> None:
    async with services.store.writing() as stored:
        await stored.passing.add(CHAT, 5, clock.now())
        await stored.passing.add(CHAT - 1, 6, clock.now())
    services.recorder.fails = {CHAT: NotNowError(30), CHAT - 1: MessageLostError()}
    await services.passing.remove()
    services.recorder.fails.clear()
    await services.passing.remove()
    assert services.recorder.deleted == []
    clock.advance(seconds=30)
    await services.passing.remove()
    assert services.recorder.deleted == [(CHAT, 5)]
