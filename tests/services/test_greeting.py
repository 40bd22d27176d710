"""Newcomers are greeted together, and the greeting goes again."""

from datetime import timedelta

import pytest

from bot.domain.group import GroupState
from bot.services.greeting import GreetingRules
from bot.services.messenger import MessageLostError, MessengerError, MovedError, NotNowError, UnknownOutcomeError
from tests.clock import StandingClock
from tests.services.conftest import Services
from tests.services.recorder import Recorder
from tests.stored import CHAT, add_group

RULES = GreetingRules()


async def after(services: Services, clock: StandingClock, passed: timedelta) -> list[str]:
    """What stands in the group so much later."""
    clock.instant += passed
    await services.greeting.sweep()
    await services.passing.remove()
    return services.recorder.texts(CHAT)


async def test_all_who_join_within_some_minutes_get_one_greeting(services: Services, clock: StandingClock) -> None:
    await add_group(services.store)
    await services.greeting.joined(CHAT)
    assert await after(services, clock, RULES.gather - timedelta(seconds=1)) == []
    await services.greeting.joined(CHAT)
    (greeting,) = await after(services, clock, timedelta(seconds=1))
    assert "they stay here" in greeting
    assert "/today" in greeting
    assert len(await after(services, clock, RULES.gather)) == 1
    await services.greeting.joined(CHAT)
    assert len(await after(services, clock, RULES.gather)) == 2


async def test_a_greeting_is_removed_after_a_day(services: Services, clock: StandingClock, recorder: Recorder) -> None:
    await add_group(services.store)
    await services.greeting.joined(CHAT)
    await after(services, clock, RULES.gather)
    await after(services, clock, RULES.stands - timedelta(seconds=1))
    assert recorder.deleted == []
    await after(services, clock, timedelta(seconds=1))
    assert recorder.deleted == [(CHAT, 1001)]
    await after(services, clock, RULES.stands)
    assert len(recorder.deleted) == 1


@pytest.mark.parametrize("error", [NotNowError(1), UnknownOutcomeError()], ids=repr)
async def test_what_cannot_be_deleted_now_is_deleted_later(
    services: Services, clock: StandingClock, recorder: Recorder, error: MessengerError
) -> None:
    async with services.store.writing() as stored:
        await stored.passing.add(CHAT, 7, clock.now())
    recorder.fails[CHAT] = error
    await services.passing.remove()
    recorder.fails.clear()
    clock.instant += timedelta(seconds=30)
    await services.passing.remove()
    assert recorder.deleted == [(CHAT, 7)]


async def test_what_is_deleted_already_is_forgotten(
    services: Services, clock: StandingClock, recorder: Recorder
) -> None:
    async with services.store.writing() as stored:
        await stored.passing.add(CHAT, 7, clock.now())
    recorder.fails[CHAT] = MessageLostError()
    await services.passing.remove()
    async with services.store.reading() as stored:
        assert await stored.passing.due(clock.now(), 10) == []


async def test_a_greeting_that_waits_comes_and_one_that_may_stand_is_not_repeated(
    services: Services, clock: StandingClock, recorder: Recorder
) -> None:
    await add_group(services.store)
    await services.greeting.joined(CHAT)
    recorder.fails_send = NotNowError(1)
    assert await after(services, clock, RULES.gather) == []
    recorder.fails_send = UnknownOutcomeError()
    assert await after(services, clock, timedelta()) == []
    recorder.fails_send = None
    assert await after(services, clock, timedelta()) == []


async def test_a_group_that_moved_meanwhile_is_greeted_under_its_new_id(
    services: Services, clock: StandingClock, recorder: Recorder
) -> None:
    await add_group(services.store)
    await services.greeting.joined(CHAT)
    recorder.fails[CHAT] = MovedError(CHAT - 1)
    await after(services, clock, RULES.gather)
    await after(services, clock, timedelta())
    assert len(recorder.texts(CHAT - 1)) == 1


async def test_nobody_is_greeted_where_nothing_is_posted(services: Services, clock: StandingClock) -> None:
    group = await add_group(services.store, state=GroupState.PENDING)
    await services.greeting.joined(CHAT)
    async with services.store.writing() as stored:
        await stored.groups.move(group.id, GroupState.ACTIVE)
    assert await after(services, clock, RULES.gather) == []
    await services.greeting.joined(CHAT)
    async with services.store.writing() as stored:
        await stored.groups.move(group.id, GroupState.SUSPENDED)
    assert await after(services, clock, RULES.gather) == []
