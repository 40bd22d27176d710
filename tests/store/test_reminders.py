from dataclasses import replace
from datetime import date, time, timedelta

from sqlalchemy import delete, select

from bot.store.database import Store
from bot.store.reminders import Reminder
from bot.store.tables import groups, reminders
from tests.stored import CHAT, NOW, add_group

PERSON = 77001122


async def a_reminder(store: Store, user_id: int = PERSON) -> Reminder:
    group = await add_group(store, CHAT - user_id)
    reminder = Reminder(user_id, group.id, time(20, 30), NOW)
    async with store.writing() as stored:
        await stored.reminders.put(reminder)
    return reminder


async def test_a_person_has_one_reminder_the_one_that_was_put_last(store: Store) -> None:
    first = await a_reminder(store)
    second = replace(first, at=time(6), next_at=NOW + timedelta(hours=1), reminded_on=date(2026, 3, 1))
    async with store.writing() as stored:
        await stored.reminders.put(second)
        assert await stored.reminders.get(PERSON) == second
        assert await stored.reminders.get(PERSON + 1) is None
        assert await stored.reminders.of_group(first.group_id) == [second]


async def test_what_is_due_comes_in_the_order_of_waiting(store: Store) -> None:
    late, early = await a_reminder(store, 7), await a_reminder(store, 8)
    async with store.writing() as stored:
        assert await stored.reminders.move(late, NOW + timedelta(minutes=2), None)
        assert await stored.reminders.move(early, NOW + timedelta(minutes=1), None)
        assert await stored.reminders.due(NOW, 10) == []
        due = await stored.reminders.due(NOW + timedelta(minutes=2), 10)
        assert [each.user_id for each in due] == [8, 7]
        assert len(await stored.reminders.due(NOW + timedelta(minutes=2), 1)) == 1


async def test_a_reminder_moves_only_if_it_is_as_it_was_read(store: Store) -> None:
    reminder = await a_reminder(store)
    later = NOW + timedelta(days=1)
    async with store.writing() as stored:
        await stored.reminders.put(replace(reminder, at=time(21)))
        assert not await stored.reminders.move(reminder, later, NOW.date())
        assert await stored.reminders.move(replace(reminder, at=time(21)), later, NOW.date())
        assert not await stored.reminders.move(replace(reminder, at=time(21)), later, NOW.date())
        assert await stored.reminders.get(PERSON) == Reminder(
            PERSON, reminder.group_id, time(21), later, reminded_on=NOW.date()
        )


async def test_a_reminder_goes_when_it_is_ended_and_with_its_group(store: Store) -> None:
    await a_reminder(store)
    other = await a_reminder(store, 8)
    async with store.writing() as stored:
        assert await stored.reminders.remove(PERSON)
        assert not await stored.reminders.remove(PERSON)
    async with store.engine.begin() as connection:
        await connection.execute(delete(groups).where(groups.c.id == other.group_id))
        assert (await connection.execute(select(reminders))).all() == []


async def test_a_reminder_follows_its_group_where_that_was_known_by_another_id(store: Store) -> None:
    group = await add_group(store)
    reminder = await a_reminder(store)
    async with store.writing() as stored:
        await stored.groups.upgraded(group.chat_id, CHAT - PERSON)
        assert await stored.reminders.of_group(group.id) == [replace(reminder, group_id=group.id)]


async def test_a_person_stands_nowhere_in_the_table(store: Store) -> None:
    await a_reminder(store)
    async with store.engine.connect() as connection:
        (row,) = (await connection.execute(select(reminders))).all()
    assert PERSON not in row
    for sealed in (row.person, row.sealed_chat):
        assert PERSON.to_bytes(8, "big") not in sealed
        assert str(PERSON).encode() not in sealed
