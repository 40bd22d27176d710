"""What comes in the middle of another's transaction. SQLite lets writers take turns; PostgreSQL lets them overtake."""

from datetime import time, timedelta
from functools import partial

import pytest

from bot.domain.group import Group
from bot.domain.post import PostState
from bot.store.database import Store
from bot.store.reminders import Reminder
from tests.clock import StandingClock
from tests.overtaking import overtaken
from tests.postgres import MakeDatabase
from tests.services.conftest import Services
from tests.stored import CHAT, NOW, add_group, add_post

AMINA = 71


@pytest.fixture
def migrated_database(postgres: MakeDatabase, migrated_postgres: str) -> str:
    return postgres(like=migrated_postgres)


@pytest.fixture
async def group(store: Store, clock: StandingClock) -> Group:
    clock.instant = NOW - timedelta(hours=1)
    return await add_group(store)


async def test_who_starts_the_bot_twice_at_once_is_bound(services: Services, group: Group) -> None:
    start = partial(services.asking.bind, AMINA, services.store.key.group_token(group.id))
    async with overtaken(services.store, "bindings", start):
        await start()
    assert await services.asking.group_of(AMINA) == group


async def test_a_reminder_that_is_set_while_one_is_sent_brings_no_second_one(
    services: Services, group: Group, store: Store, clock: StandingClock
) -> None:
    await add_post(store, group, None, state=PostState.REVEALED)
    await services.reminding.begin(group, AMINA, time(7))
    clock.instant = NOW
    async with overtaken(store, "FROM reminders", services.reminding.remind):
        await services.reminding.begin(group, AMINA, time(8))
    clock.instant = NOW + timedelta(hours=1)
    await services.reminding.remind()
    assert len(services.recorder.sent) == 1


async def test_two_reminders_that_are_set_at_once_are_one(group: Group, store: Store) -> None:
    async def put(at: time) -> None:
        async with store.writing() as stored:
            await stored.reminders.put(Reminder(AMINA, group.id, at, NOW))

    async with overtaken(store, "reminders", lambda: put(time(7))):
        await put(time(8))


async def test_a_departure_that_two_plan_at_once_is_planned(store: Store) -> None:
    async def plan() -> None:
        async with store.writing() as stored:
            await stored.departures.plan(CHAT, NOW)

    async with overtaken(store, "departures", plan):
        await plan()


async def test_a_forgotten_reminder_does_not_come_back_with_another_group(
    services: Services, group: Group, store: Store
) -> None:
    other = await add_group(store, CHAT - 1)
    await services.reminding.begin(group, AMINA, time(7))
    async with overtaken(store, "FROM reminders", partial(services.forgetting.forget, AMINA)):
        await services.asking.bind(AMINA, store.key.group_token(other.id))
    assert await services.reminding.of(AMINA) is None


async def test_a_binding_that_is_ended_while_it_is_made_holds_nobody_up(
    services: Services, group: Group, store: Store
) -> None:
    other = await add_group(store, CHAT - 1)
    await services.asking.bind(AMINA, store.key.group_token(group.id))
    await services.reminding.begin(group, AMINA, time(7))
    async with overtaken(store, "DELETE FROM", partial(services.asking.bind, AMINA, store.key.group_token(other.id))):
        await services.asking.unbind(AMINA)
