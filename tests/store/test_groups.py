from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.group import Group, GroupState
from bot.domain.weekdays import WORKING_DAYS
from bot.store.database import Store
from tests.overtaking import overtaken
from tests.stored import CHAT, MONDAY, NOW, add_copy, add_group, add_post, the_group, the_post

NEW_CHAT = -1002000000002


async def test_a_new_group_waits_and_is_told_nothing_yet(store: Store) -> None:
    async with store.writing() as stored:
        group = await stored.groups.add(CHAT, "Harbour", ZoneInfo("Asia/Manila"), time(6, 45), WORKING_DAYS)
        assert group == Group(
            group.id,
            CHAT,
            "Harbour",
            GroupState.PENDING,
            None,
            ZoneInfo("Asia/Manila"),
            time(6, 45),
            WORKING_DAYS,
            None,
        )
        assert await stored.groups.by_chat(CHAT) == group
        assert list(await stored.groups.untold()) == [group]
        with pytest.raises(LookupError):
            await stored.groups.get(group.id + 1)


async def test_a_group_has_a_language_or_the_hosts(store: Store) -> None:
    group = await add_group(store)
    assert group.language is None
    async with store.writing() as stored:
        await stored.groups.wish(group.id, language="es")
        spanish = await stored.groups.add(NEW_CHAT, "Plaza", group.zone, group.at, group.weekdays, "es")
    assert spanish.language == (await the_group(store, group.id)).language == "es"


async def test_a_state_changes_only_from_the_expected_ones(store: Store) -> None:
    group = await add_group(store, state=GroupState.PENDING)
    async with store.writing() as stored:
        assert not await stored.groups.move(group.id, GroupState.ACTIVE, (GroupState.APPROVED, GroupState.PAUSED))
        assert (await stored.groups.get(group.id)).state is GroupState.PENDING
        assert await stored.groups.move(group.id, GroupState.APPROVED, (GroupState.PENDING,))
        assert not await stored.groups.move(group.id + 1, GroupState.APPROVED)
        assert [each.state for each in await stored.groups.untold()] == [GroupState.APPROVED]
        await stored.groups.told(group.id, GroupState.APPROVED)
        assert list(await stored.groups.untold()) == []


async def test_only_subscribed_groups_are_due(store: Store) -> None:
    for number, state in enumerate(GroupState):
        await add_group(store, CHAT - number, state=state, next_due=NOW - timedelta(minutes=number))
    await add_group(store, CHAT - 100, next_due=NOW + timedelta(microseconds=1))
    await add_group(store, CHAT - 101, next_due=None)
    async with store.reading() as stored:
        active, suspended = await stored.groups.due(NOW)
        assert (active.state, suspended.state) == (GroupState.ACTIVE, GroupState.SUSPENDED)
        assert await stored.groups.earliest_due() == suspended.next_due_at


async def test_nothing_is_due_where_no_group_is_active(store: Store) -> None:
    await add_group(store, state=GroupState.PAUSED)
    async with store.reading() as stored:
        assert await stored.groups.earliest_due() is None


async def test_asks_are_counted_for_a_chat_for_a_person_and_for_all_whom_telegram_hides(store: Store) -> None:
    for chat_id, who in ((CHAT, 11), (CHAT - 1, None), (CHAT - 2, None)):
        group = await add_group(store, chat_id)
        async with store.writing() as stored:
            await stored.groups.asked(group.id, NOW, who)
    async with store.reading() as stored:
        since = NOW - timedelta(days=1)
        assert [await stored.groups.asks(since, CHAT - 3, who) for who in (11, 12, None)] == [1, 0, 2]
        assert await stored.groups.asks(since, CHAT, None) == 3
        assert await stored.groups.asks(NOW, CHAT, None) == 0


async def test_times_title_and_due_instant_are_changed(store: Store) -> None:
    group, other = await add_group(store), await add_group(store, CHAT - 1)
    async with store.writing() as stored:
        await stored.groups.set_times(group.id, ZoneInfo("Africa/Nairobi"), time(23, 59), frozenset({6, 0}))
        await stored.groups.rename(group.id, "Hafen & <Freunde>")
        await stored.groups.set_next_due(group.id, NOW.astimezone(ZoneInfo("Asia/Manila")))
    changed = await the_group(store, group.id)
    assert (changed.zone.key, changed.at, changed.weekdays) == ("Africa/Nairobi", time(23, 59), frozenset({0, 6}))
    assert (changed.title, changed.next_due_at) == ("Hafen & <Freunde>", NOW)
    assert await the_group(store, other.id) == other


async def test_dates_that_have_a_post_are_known(store: Store) -> None:
    group, other = await add_group(store), await add_group(store, CHAT - 1)
    await add_post(store, group, None)
    await add_post(store, group, None, day=None)
    await add_post(store, other, None, day=MONDAY + timedelta(days=1))
    async with store.reading() as stored:
        assert await stored.groups.posted_dates(group.id) == {MONDAY}


@pytest.mark.parametrize("new_chat_came_first", [False, True], ids=["told before", "seen as a stranger before"])
@pytest.mark.parametrize("times", [1, 2])
async def test_an_upgraded_group_is_the_same_group_under_another_id(
    store: Store, new_chat_came_first: bool, times: int
) -> None:
    group = await add_group(store)
    post = await add_post(store, group, None)
    copy = await add_copy(store, post, 10)
    if new_chat_came_first:
        await add_group(store, NEW_CHAT, state=GroupState.PENDING)
    for _ in range(times):
        async with store.writing() as stored:
            await stored.groups.upgraded(CHAT, NEW_CHAT)
    async with store.reading() as stored:
        (only,) = await stored.groups.all()
        assert (only.id, only.chat_id, only.state) == (group.id, NEW_CHAT, GroupState.ACTIVE)
        assert list(await stored.posts.copies(post.id)) == [copy], "copies keep the id they were sent to"
    assert (await the_post(store, post.id)).chat_id == NEW_CHAT


@pytest.mark.parametrize("migrated_database", ["postgresql"], indirect=True)
async def test_an_upgrade_that_two_tell_of_at_once_happens_once(store: Store) -> None:
    group = await add_group(store)
    await add_post(store, group, None)

    async def tell() -> None:
        async with store.writing() as stored:
            await stored.groups.upgraded(CHAT, NEW_CHAT)

    async with overtaken(store, "FROM groups", tell):
        await tell()
    now = await the_group(store, group.id)
    assert (now.state, now.chat_id, now.next_due_at) == (GroupState.ACTIVE, NEW_CHAT, group.next_due_at)


async def test_the_upgrade_of_an_unknown_group_changes_nothing(store: Store) -> None:
    group = await add_group(store, NEW_CHAT, state=GroupState.PENDING)
    async with store.writing() as stored:
        await stored.groups.upgraded(CHAT, NEW_CHAT)
        await stored.groups.upgraded(NEW_CHAT, NEW_CHAT)
        assert list(await stored.groups.all()) == [group]


async def test_answers_of_a_chat_that_was_met_under_its_new_id_go_to_its_group(store: Store) -> None:
    group = await add_group(store)
    stranger = await add_group(store, CHAT - 7)
    answer = await add_post(store, stranger, None, day=None)
    async with store.writing() as stored:
        await stored.bindings.bind(71, stranger.id)
        await stored.groups.upgraded(CHAT, CHAT - 7)
        assert await stored.bindings.group_of(71) == group.id
        assert [each.id for each in await stored.groups.all()] == [group.id]
    assert (await the_post(store, answer.id)).group_id == group.id


async def test_a_chat_with_posts_of_its_own_under_its_new_id_lives_on_and_the_old_one_ends(store: Store) -> None:
    group = await add_group(store)
    stranger = await add_group(store, CHAT - 7)
    await add_post(store, stranger, None)
    async with store.writing() as stored:
        assert await stored.groups.upgraded(CHAT, CHAT - 7) == group.id
    old = await the_group(store, group.id)
    assert (old.state, old.chat_id) == (GroupState.GONE, CHAT)
    assert await the_group(store, stranger.id) == stranger
