from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.bulletin import Bulletin, Kind, NamedDays, Point, Request
from bot.domain.plan import window
from bot.domain.regions import Region
from bot.store.bulletins import BulletinState
from bot.store.database import Store
from bot.store.plan import PlanEntry
from tests.stored import MONDAY, SUNDAY, VERSE, a_bulletin, a_request, add_group, add_post, publish

FULL = Request(
    Region.LATIN_AMERICA,
    None,
    (Point("Una oración & “más” <b>", Kind.MIXED), Point("🎉", Kind.PRAISE)),
    ("BO", "GT"),
    (NamedDays("Tuesday", MONDAY, MONDAY + timedelta(days=1)),),
)


async def test_a_bulletin_is_read_back_as_it_was_stored_without_its_notes(store: Store) -> None:
    bulletin = Bulletin("Weekly", SUNDAY, VERSE, (FULL, a_request("one", "two")), notes=("Do not print.",))
    async with store.writing() as stored:
        added = await stored.bulletins.add(bulletin, "content", SUNDAY, window(SUNDAY), VERSE)
    assert [each.request for each in added.requests] == list(bulletin.requests)
    assert (added.title, added.verse, added.published_on, added.state) == ("Weekly", VERSE, SUNDAY, BulletinState.DRAFT)
    assert (added.first_day, added.last_day) == (SUNDAY + timedelta(days=1), SUNDAY + timedelta(days=7))
    async with store.reading() as stored:
        assert await stored.bulletins.known("content") == added
        assert await stored.bulletins.known("other content") is None
        assert await stored.bulletins.request(added.requests[0].id) == added.requests[0]
        with pytest.raises(LookupError):
            await stored.bulletins.request(added.requests[-1].id + 1)


async def test_the_same_content_is_never_stored_twice(store: Store) -> None:
    await publish(store, a_bulletin())
    with pytest.raises(IntegrityError):
        await publish(store, a_bulletin())


@pytest.mark.parametrize("state", BulletinState)
async def test_only_a_published_bulletin_runs_and_only_in_its_window(store: Store, state: BulletinState) -> None:
    added = await publish(store, a_bulletin())
    async with store.writing() as stored:
        await stored.bulletins.set_state(added.id, state)
        running = [
            number
            for number in range(-1, 10)
            if await stored.bulletins.running(SUNDAY + timedelta(days=number))
        ]  # fmt: skip
        overlapping = await stored.bulletins.overlapping(SUNDAY, MONDAY)
    assert running == ([1, 2, 3, 4, 5, 6, 7] if state is BulletinState.PUBLISHED else [])
    assert bool(overlapping) == (state is BulletinState.PUBLISHED)


async def test_the_newest_running_bulletin_comes_first(store: Store) -> None:
    older = await publish(store, a_bulletin(), on=SUNDAY)
    newer = await publish(store, a_bulletin(), on=MONDAY)
    async with store.reading() as stored:
        assert [each.id for each in await stored.bulletins.running(MONDAY)] == [older.id]
        both = await stored.bulletins.running(MONDAY + timedelta(days=1))
        assert [each.id for each in both] == [newer.id, older.id]
        later = await stored.bulletins.overlapping(SUNDAY + timedelta(days=8), date.max)
        assert [each.id for each in later] == [newer.id]


async def test_a_date_has_one_plan_entry_and_a_second_one_undoes_the_whole_transaction(store: Store) -> None:
    added = await publish(store, a_bulletin(FULL), [(MONDAY, 0)])
    request_id = added.requests[0].id
    tuesday = MONDAY + timedelta(days=1)
    with pytest.raises(IntegrityError):
        async with store.writing() as stored:
            await stored.plan.put([PlanEntry(tuesday, request_id, (0,)), PlanEntry(MONDAY, request_id, (1,))])
    async with store.reading() as stored:
        assert list(await stored.plan.between(MONDAY, tuesday)) == [PlanEntry(MONDAY, request_id, (0, 1))]
        assert await stored.plan.on(tuesday) is None


async def test_a_plan_entry_keeps_its_reason(store: Store) -> None:
    added = await publish(store, a_bulletin(FULL))
    entry = PlanEntry(MONDAY, added.requests[0].id, (0,), "moved from Friday to Monday: names 2 March")
    async with store.writing() as stored:
        await stored.plan.put([entry])
    async with store.reading() as stored:
        assert await stored.plan.on(MONDAY) == entry


async def test_dates_are_taken_out_of_the_plan(store: Store) -> None:
    days = window(SUNDAY)
    await publish(store, a_bulletin(), [(day, 0) for day in days])
    async with store.writing() as stored:
        await stored.plan.clear([])
        await stored.plan.clear(days[1:6])
        assert [entry.date for entry in await stored.plan.between(date.min, date.max)] == [days[0], days[6]]
        assert [entry.date for entry in await stored.plan.between(days[1], days[6])] == [days[6]]


async def test_a_date_is_judged_as_soon_as_one_group_has_it_in_its_ledger(store: Store) -> None:
    group = await add_group(store)
    await add_post(store, group, None, day=MONDAY)
    await add_post(store, group, None, day=MONDAY + timedelta(days=9))
    await add_post(store, group, None, day=None)
    async with store.reading() as stored:
        assert await stored.plan.judged_dates(SUNDAY, MONDAY + timedelta(days=6)) == {MONDAY}
