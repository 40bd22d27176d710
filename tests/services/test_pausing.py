"""Pauses that end by themselves, and posts that come late by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from babel import Locale

from bot.domain.group import GroupState
from bot.domain.post import PostState
from bot.services.matching import day_meant
from bot.services.screens import settings
from tests.clock import StandingClock
from tests.services.conftest import Services
from tests.stored import MONDAY, NOW, a_bulletin, add_group, ledger, publish, the_group

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        ("24 Dec", date(2026, 12, 24)),
        ("24. December", date(2026, 12, 24)),
        ("dec 24", date(2026, 12, 24)),
        ("24 diciembre", date(2026, 12, 24)),
        ("1 Mar", date(2027, 3, 1)),
        ("2 Mar", date(2027, 3, 2)),
        ("3 Mar", date(2026, 3, 3)),
        ("29 Feb", date(2028, 2, 29)),
        ("2028-03-02", date(2028, 3, 2)),
        ("2026-03-02", None),
        ("2028-03-03", None),
        ("9999-12-31", None),
        ("2026-13-02", None),
        ("31 Feb", None),
        ("24 d", None),
        ("24 Dec 25", None),
        ("tomorrow", None),
        ("24", None),
        ("", None),
    ],
)
def test_a_coming_day_is_understood(text: str, day: date | None) -> None:
    assert day_meant(text, TODAY, Locale("es")) == day


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "UTC", "America/Los_Angeles"])
async def test_a_pause_ends_on_its_day_by_the_groups_own_time(
    services: Services, clock: StandingClock, zone: str
) -> None:
    clock.instant = NOW
    group = await add_group(services.store, zone=zone)
    await services.groups.pause(group, MONDAY + timedelta(days=3))
    paused = await the_group(services.store, group.id)
    due = datetime(2026, 3, 5, 7, tzinfo=paused.zone).astimezone(UTC)
    assert (paused.state, paused.next_due_at) == (GroupState.PAUSED, due)
    midnight = datetime(2026, 3, 5, tzinfo=paused.zone).astimezone(UTC)
    for instant, state in ((midnight - timedelta(seconds=1), GroupState.PAUSED), (midnight, GroupState.ACTIVE)):
        clock.instant = instant
        await services.groups.end_pauses()
        assert (await the_group(services.store, group.id)).state is state
    assert (await the_group(services.store, group.id)).next_due_at == due


async def test_a_paused_group_misses_nothing_that_anybody_is_told_of(services: Services, clock: StandingClock) -> None:
    wednesday = MONDAY + timedelta(days=2)
    await publish(services.store, a_bulletin(), [(MONDAY + timedelta(days=number), 0) for number in range(3)])
    clock.instant = NOW - timedelta(hours=1)
    paused = await services.groups.pause(await add_group(services.store), wednesday)
    until = services.words.plain("group.paused_until", day=services.words.day(wednesday))
    assert until in settings(await services.groups.view(paused)).html
    for _ in range(3):
        clock.advance(hours=1)
        await services.groups.end_pauses()
        await services.post_all()
        clock.advance(hours=23)
    assert [(day, state) for day, state, _ in await ledger(services.store, paused.id)] == [
        (wednesday, PostState.REVEALED)
    ]
    async with services.store.reading() as stored:
        assert await stored.notices.untold() == []


async def test_times_changed_during_a_pause_count_after_it(services: Services, clock: StandingClock) -> None:
    clock.instant = NOW
    group = await add_group(services.store)
    paused = await services.groups.pause(group, MONDAY + timedelta(days=3))
    changed = await services.groups.set_times(paused, at=NOW.time().replace(hour=20))
    assert changed.next_due_at == datetime(2026, 3, 5, 20, tzinfo=UTC)


async def test_a_pause_that_was_made_endless_does_not_end(services: Services, clock: StandingClock) -> None:
    clock.instant = NOW
    group = await add_group(services.store)
    await services.groups.pause(group, MONDAY + timedelta(days=1))
    await services.groups.pause(group)
    clock.advance(days=5)
    await services.groups.end_pauses()
    assert (await the_group(services.store, group.id)).state is GroupState.PAUSED


async def test_a_late_post_is_made_once_and_only_where_it_is_missing(services: Services, clock: StandingClock) -> None:
    await publish(services.store, a_bulletin(), [(MONDAY, 0)])
    clock.instant = NOW + timedelta(hours=3)
    tomorrow = NOW + timedelta(days=1)
    late = await add_group(services.store, next_due=tomorrow, topic_id=7)
    others = [
        await add_group(services.store, late.chat_id - 1, next_due=tomorrow, state=GroupState.PAUSED),
        await add_group(services.store, late.chat_id - 2, next_due=tomorrow, weekdays=frozenset({1})),
        await add_group(services.store, late.chat_id - 3, next_due=None, at=clock.now().time().replace(hour=23)),
    ]
    assert [await services.posting.post_now(group) for group in (late, late, *others)] == [True, *[False] * 4]
    await services.post_all()
    ((chat_id, message),) = services.recorder.sent
    assert (chat_id, message.thread_id) == (late.chat_id, 7)
    assert (await the_group(services.store, late.id)).next_due_at == tomorrow
