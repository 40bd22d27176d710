from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.group import Group
from bot.domain.month import Month
from bot.domain.post import Post, PostState
from bot.store.database import Store
from tests.clock import StandingClock
from tests.services.conftest import Services
from tests.stored import CHAT, NOW, add_group, add_post, the_post

AMINA, BRIAN = 71, 72
MARCH, FEBRUARY, JANUARY = Month(2026, 3), Month(2026, 2), Month(2026, 1)


@pytest.fixture
async def group(store: Store) -> Group:
    return await add_group(store)


async def posted(store: Store, group: Group, day: date, state: PostState = PostState.REVEALED) -> Post:
    return await add_post(store, group, None, day=day, state=state)


async def mark(store: Store, post: Post, user_id: int = AMINA) -> None:
    async with store.writing() as stored:
        await stored.marks.add(post.id, user_id)


async def test_a_month_shows_days_prayed_days_open_and_nothing_else(
    services: Services, store: Store, group: Group
) -> None:
    prayed, open_, withdrawn, retired = [
        await posted(store, group, date(2026, 3, day), state)
        for day, state in (
            (2, PostState.REVEALED),
            (3, PostState.REVEALED),
            (4, PostState.WITHDRAWN),
            (5, PostState.RETIRED),
        )
    ]
    await posted(store, group, date(2026, 3, 6), PostState.SKIPPED)
    await posted(store, group, date(2026, 2, 27))
    await mark(store, prayed)
    await mark(store, withdrawn)
    await mark(store, open_, BRIAN)
    days = await services.mine.days(group, AMINA)
    assert days.month == MARCH
    assert dict(days.prayed) == {date(2026, 3, 2): prayed.id, date(2026, 3, 4): withdrawn.id}
    assert days.open == {date(2026, 3, 3), date(2026, 3, 5)}
    assert retired.local_date in days.open
    assert (days.before, days.after) == (FEBRUARY, None)


async def test_one_can_go_back_as_far_as_marks_are_kept_and_no_further(
    services: Services, store: Store, group: Group, clock: StandingClock
) -> None:
    clock.instant = datetime(2026, 3, 10, 12, tzinfo=UTC)
    await mark(store, await posted(store, group, date(2026, 1, 6)))  # 63 days ago
    await mark(store, await posted(store, group, date(2026, 1, 8)))
    january = await services.mine.days(group, AMINA, JANUARY)
    assert set(january.prayed) == {date(2026, 1, 8)}
    assert (january.before, january.after) == (None, FEBRUARY)
    february = await services.mine.days(group, AMINA, FEBRUARY)
    assert (dict(february.prayed), february.open) == ({}, set())
    assert (february.before, february.after) == (JANUARY, MARCH)
    for beyond, nearest in ((Month(1999, 1), JANUARY), (Month(2026, 4), MARCH)):
        assert (await services.mine.days(group, AMINA, beyond)).month == nearest


async def test_this_month_is_the_groups_own(services: Services, store: Store, clock: StandingClock) -> None:
    clock.instant = datetime(2026, 3, 31, 12, tzinfo=UTC)
    kiritimati = await add_group(store, zone="Pacific/Kiritimati")
    days = await services.mine.days(kiritimati, AMINA)
    assert (days.month, days.before, days.after) == (Month(2026, 4), None, None)


async def test_a_slip_is_undone_once_and_the_count_goes_down(services: Services, store: Store, group: Group) -> None:
    post = await posted(store, group, date(2026, 3, 2))
    await mark(store, post)
    await mark(store, post, BRIAN)
    assert await services.mine.undo(group, AMINA, post.id) == date(2026, 3, 2)
    assert await services.mine.undo(group, AMINA, post.id) is None
    assert (await the_post(store, post.id)).prayed == 1
    assert dict((await services.mine.days(group, AMINA)).prayed) == {}
    assert dict((await services.mine.days(group, BRIAN)).prayed) == {date(2026, 3, 2): post.id}


async def test_nothing_of_another_group_is_shown_or_undone(services: Services, store: Store, group: Group) -> None:
    other = await add_group(store, CHAT - 1)
    post = await posted(store, other, date(2026, 3, 2))
    await mark(store, post)
    assert await services.mine.undo(group, AMINA, post.id) is None
    assert await services.mine.undo(group, AMINA, post.id + 1) is None
    days = await services.mine.days(group, AMINA)
    assert (dict(days.prayed), days.open) == ({}, set())
    assert (await the_post(store, post.id)).prayed == 1


async def test_after_62_days_nobody_can_tell_ones_days_any_more(
    services: Services, store: Store, group: Group, clock: StandingClock
) -> None:
    post = await posted(store, group, date(2026, 3, 2))
    await mark(store, post)
    clock.instant = NOW + timedelta(days=63)
    await services.retiring.sweep()
    for month in (None, MARCH):
        assert dict((await services.mine.days(group, AMINA, month)).prayed) == {}
    assert await services.mine.undo(group, AMINA, post.id) is None
    assert (await the_post(store, post.id)).prayed == 1
