"""What comes in the middle of another's transaction. SQLite lets writers take turns; PostgreSQL lets them overtake."""

from datetime import time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from bot.domain.group import Group, GroupState
from bot.domain.post import Copy, CopyState, Post, PostState, Saying
from bot.domain.regions import Region
from bot.services.planning import LoadError
from bot.services.replanning import ReplanError
from bot.services.retracting import Why
from bot.store.database import Store
from bot.store.reminders import Reminder
from tests.clock import StandingClock
from tests.overtaking import overtaken
from tests.postgres import MakeDatabase
from tests.services.conftest import Services
from tests.services.test_asking import whole
from tests.stored import (
    CHAT,
    MONDAY,
    NOW,
    SUNDAY,
    a_bulletin,
    a_request,
    add_copy,
    add_group,
    add_post,
    publish,
    the_group,
    the_post,
)

AMINA = 71
NEW_CHAT = -1002000000002
TUESDAY = MONDAY + timedelta(days=1)


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
    await services.reminding.begin(group, AMINA, time(8))
    clock.instant = NOW + timedelta(hours=1)
    async with overtaken(store, "FROM reminders", services.reminding.remind):
        await services.reminding.begin(group, AMINA, time(9))
    clock.instant = NOW + timedelta(hours=2)
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
    await services.reminding.begin(group, AMINA, time(8))
    async with overtaken(store, "FROM reminders", partial(services.forgetting.forget, AMINA)):
        await services.asking.bind(AMINA, store.key.group_token(other.id))
    assert await services.reminding.of(AMINA) is None


async def test_a_binding_that_is_ended_while_it_is_made_holds_nobody_up(
    services: Services, group: Group, store: Store
) -> None:
    other = await add_group(store, CHAT - 1)
    await services.asking.bind(AMINA, store.key.group_token(group.id))
    await services.reminding.begin(group, AMINA, time(8))
    async with overtaken(store, "DELETE FROM", partial(services.asking.bind, AMINA, store.key.group_token(other.id))):
        await services.asking.unbind(AMINA)


async def test_two_who_ask_for_the_same_at_once_get_one_answer(services: Services, group: Group) -> None:
    request = (await publish(services.store, a_bulletin())).requests[0]
    ask = partial(services.asking.answer, group, CHAT, whole(request))
    async with overtaken(services.store, "min(posts.id)", ask):
        await ask()
    assert len(services.recorder.sent) == 1


async def test_a_post_that_is_begun_while_its_chat_is_upgraded_goes_to_the_new_one(
    services: Services, group: Group, store: Store, clock: StandingClock
) -> None:
    await publish(store, a_bulletin(), [(MONDAY, 0)])
    clock.instant = NOW + timedelta(minutes=1)
    async with overtaken(store, "FROM plan_entries", partial(services.groups.upgraded, CHAT, NEW_CHAT)):
        assert await services.posting.post_now(group)
    async with store.reading() as stored:
        post = await stored.posts.on_date(group.id, MONDAY)
    assert post is not None
    assert post.chat_id == NEW_CHAT


async def test_two_settings_that_are_changed_at_once_both_hold(services: Services, group: Group, store: Store) -> None:
    nairobi = ZoneInfo("Africa/Nairobi")
    async with overtaken(store, "FROM groups", partial(services.groups.set_times, group, zone=nairobi)):
        await services.groups.set_times(group, at=time(8))
    changed = await the_group(store, group.id)
    assert (changed.zone, changed.at) == (nairobi, time(8))


async def test_a_post_that_begins_to_show_some_points_while_they_are_corrected_shows_the_new_words(
    services: Services, group: Group, store: Store, clock: StandingClock
) -> None:
    await services.planning.load([a_bulletin(a_request("Old words.", "And rest."))], SUNDAY)
    post = await a_post(store, group, PostState.OPENED)
    clock.instant = NOW
    async with overtaken(store, "UPDATE copies", partial(services.door.carry, post.id)):
        await services.correcting.correct(a_bulletin(a_request("New words.", "And rest.")), SUNDAY)
    await services.rewriting.wake()
    assert "New words." in services.recorder.edited[-1][2].html


async def test_a_short_answer_whose_request_is_corrected_while_it_is_asked_for_shows_the_new_words(
    services: Services, group: Group, store: Store, clock: StandingClock
) -> None:
    await services.planning.load([a_bulletin(a_request("Old words."))], SUNDAY)
    async with store.reading() as stored:
        (bulletin,) = await stored.bulletins.running(MONDAY)
    clock.instant = NOW + timedelta(hours=1)
    await services.asking.bind(AMINA, store.key.group_token(group.id))
    show = partial(services.asking.answer, group, AMINA, whole(bulletin.requests[0]), short=77)
    async with overtaken(store, "UPDATE copies", show):
        await services.correcting.correct(a_bulletin(a_request("New words.")), SUNDAY)
    await services.rewriting.wake()
    assert "New words." in services.recorder.edited[-1][2].html


async def test_a_request_that_is_taken_back_while_it_is_shown_holds_nobody_up(
    services: Services, group: Group, store: Store, clock: StandingClock
) -> None:
    await services.planning.load([a_bulletin()], SUNDAY)
    post = await a_post(store, group, PostState.REVEALING)
    clock.instant = NOW
    async with overtaken(store, "not_before=", partial(services.door.carry, post.id)):
        assert await services.retracting.retract(request_of(post), Why.MISTAKE, None)
    async with store.reading() as stored:
        (copy,) = await stored.posts.copies(post.id)
    assert copy.says is Saying.WITHDRAWN


async def test_a_post_that_goes_back_to_its_beginning_is_taken_back(
    services: Services, group: Group, store: Store
) -> None:
    await services.planning.load([a_bulletin()], SUNDAY)
    post = await a_post(store, group, PostState.OPENING)

    async def give_back() -> None:
        async with store.writing() as stored:
            await stored.posts.move(post, PostState.PLANNED)

    async with overtaken(store, "UPDATE posts", give_back):
        await services.retracting.retract(request_of(post), Why.MISTAKE, None)
    assert (await the_post(store, post.id)).state is PostState.WITHDRAWN


async def test_an_upgrade_that_is_told_while_the_new_chat_is_asked_for_makes_no_stranger(
    services: Services, group: Group, store: Store
) -> None:
    async with overtaken(store, "sum(groups.asks)", partial(services.groups.upgraded, CHAT, NEW_CHAT)):
        await services.onboarding.added(NEW_CHAT, AMINA)
    assert [(each.id, each.chat_id, each.state) for each in await services.groups.all()] == [
        (group.id, NEW_CHAT, GroupState.ACTIVE)
    ]


async def test_a_new_chat_that_is_heard_of_while_its_upgrade_is_told_makes_no_stranger(
    services: Services, group: Group, store: Store
) -> None:
    async with overtaken(store, "FROM groups", partial(services.onboarding.added, NEW_CHAT, AMINA)):
        await services.groups.upgraded(CHAT, NEW_CHAT)
    assert [(each.id, each.chat_id, each.state) for each in await services.groups.all()] == [
        (group.id, NEW_CHAT, GroupState.ACTIVE)
    ]


async def test_a_group_that_comes_back_while_it_is_forgotten_is_not_lost(
    services: Services, group: Group, store: Store, clock: StandingClock
) -> None:
    await services.onboarding.removed(CHAT)
    await services.retiring.sweep()
    clock.advance(days=31)
    async with overtaken(store, "groups.gone_at <=", partial(services.onboarding.added, CHAT, AMINA)):
        await services.retiring.sweep()
    (back,) = await services.groups.all()
    assert back.state is GroupState.PENDING


async def test_a_message_that_is_tapped_while_its_post_is_taken_back_goes(
    services: Services, group: Group, store: Store
) -> None:
    await services.planning.load([a_bulletin()], SUNDAY)
    post = await a_post(store, group, PostState.OPENING)
    tap = partial(services.praying.tap, post.id, CHAT, 1001, AMINA, true_button=True)
    async with overtaken(store, "UPDATE copies", tap):
        await services.retracting.retract(request_of(post), Why.MISTAKE, None)
    await services.passing.remove()
    assert services.recorder.deleted == [(CHAT, 1001)]


async def test_a_message_that_is_stored_while_its_post_is_taken_back_becomes_a_tombstone(
    services: Services, group: Group, store: Store
) -> None:
    await services.planning.load([a_bulletin()], SUNDAY)
    post = await a_post(store, group, PostState.OPENING)
    sent = Copy(post.id, 0, CHAT, 1001, CopyState.OPENED)
    async with overtaken(store, "UPDATE copies", partial(services.door._keep, sent, post, is_last=True)):
        await services.retracting.retract(request_of(post), Why.MISTAKE, None)
    async with store.reading() as stored:
        (copy,) = await stored.posts.copies(post.id)
    assert copy.says is Saying.WITHDRAWN


async def test_a_post_that_is_made_while_its_request_is_corrected_shows_all_points_and_no_more(
    services: Services, group: Group, store: Store, clock: StandingClock
) -> None:
    await publish(store, a_bulletin(a_request("One.", "Two.")), [(MONDAY, 0)])
    clock.instant = NOW
    async with overtaken(store, "UPDATE posts", services.posting.wake):
        await services.correcting.correct(a_bulletin(a_request("All.")), SUNDAY)
    await services.post_all()
    async with store.reading() as stored:
        post = await stored.posts.on_date(group.id, MONDAY)
    assert post is not None
    assert (post.state, post.points) == (PostState.REVEALED, (0,))


async def test_a_group_that_is_removed_while_it_unsubscribes_holds_nobody_up(
    services: Services, group: Group, store: Store
) -> None:
    await services.planning.load([a_bulletin()], SUNDAY)
    await a_post(store, group, PostState.REVEALED)
    async with overtaken(store, "UPDATE", partial(services.overseeing.remove, group.id, AMINA)):
        await services.groups.unsubscribe(group)
    assert (await the_group(store, group.id)).state is GroupState.DECLINED


async def test_who_opens_a_link_to_a_role_twice_at_once_has_the_role(services: Services, store: Store) -> None:
    accept = partial(services.people.accept, AMINA, await services.people.invite(501))
    async with overtaken(store, "FROM roles", accept):
        assert await accept()


async def a_post(store: Store, group: Group, state: PostState) -> Post:
    """Monday's post, in this state, with its copy; one that is opening has none yet."""
    async with store.writing() as stored:
        entry = await stored.plan.on(MONDAY)
    assert entry is not None
    post = await add_post(store, group, entry.request_id, state=state)
    if state is not PostState.OPENING:
        await add_copy(store, post, 1001, CopyState(state))
    return await the_post(store, post.id)


def request_of(post: Post) -> int:
    assert post.request_id is not None
    return post.request_id


async def test_a_day_that_is_posted_while_it_is_moved_stays_where_it_is(
    services: Services, group: Group, store: Store, clock: StandingClock
) -> None:
    stored_bulletin = await publish(store, a_bulletin(), [(MONDAY, 0)])
    clock.instant = NOW
    with pytest.raises(ReplanError, match="already"):
        async with overtaken(store, "INSERT INTO posts", partial(services.replanning.move, "Global", TUESDAY)):
            await services.posting.wake()
    await services.post_all()
    async with store.reading() as stored:
        assert await stored.plan.days_of(stored_bulletin.requests[0].id) == [MONDAY]


async def test_a_day_that_is_moved_while_it_comes_due_is_posted_on_its_new_one(
    services: Services, group: Group, store: Store, clock: StandingClock
) -> None:
    await publish(store, a_bulletin(), [(MONDAY, 0)])
    clock.instant = NOW
    async with overtaken(store, "DELETE FROM plan_entries", services.posting.wake):
        await services.replanning.move("Global", TUESDAY)
    async with store.reading() as stored:
        post = await stored.posts.on_date(group.id, MONDAY)
    assert post is not None
    assert (post.state, post.reason, post.request_id) == (PostState.SKIPPED, "nothing_planned", None)


async def test_a_bulletin_that_is_loaded_twice_at_once_is_loaded_once(services: Services, store: Store) -> None:
    load = partial(services.planning.load, [a_bulletin()], SUNDAY)
    with pytest.raises(LoadError, match="loaded before"):
        async with overtaken(store, "INSERT INTO bulletins", load):
            await load()
    async with store.reading() as stored:
        assert len(await stored.bulletins.overlapping(MONDAY, MONDAY)) == 1


async def _loaded_twice(services: Services) -> list[int]:
    """The same request of two loads of a week, and of one with other words in the wrong load's days."""
    amina, rahul = (a_request(f"Pray for {name}.", region=Region.SOUTH_ASIA) for name in ("Amina", "Rahul"))
    next_week = SUNDAY + timedelta(days=7)
    loads = [
        await services.planning.load([a_bulletin(a_request(other), request)], on, replace=True)
        for other, request, on in (("Rain.", amina, next_week), ("Sun.", amina, SUNDAY), ("Snow.", rahul, next_week))
    ]
    return [loaded.bulletin.requests[1].id for (loaded,) in loads]


@pytest.mark.parametrize(("one", "other"), [(0, 1), (1, 0), (1, 2)])
async def test_two_who_take_back_the_same_at_once_both_succeed(
    services: Services, group: Group, one: int, other: int
) -> None:
    ids = await _loaded_twice(services)
    second = partial(services.retracting.retract, ids[other], Why.DANGER, None)
    async with overtaken(services.store, "UPDATE requests", second):
        assert await services.retracting.retract(ids[one], Why.DANGER, None)
    gone = {choice.request_id for choice in await services.retracting.choices(60) if choice.is_gone}
    assert {ids[one], ids[other]} <= gone


async def test_a_group_is_removed_while_two_loads_are_taken_back(
    services: Services, group: Group, store: Store
) -> None:
    ids = await _loaded_twice(services)
    for number in (0, 1):
        post = await add_post(store, group, ids[number], day=MONDAY + timedelta(days=number), state=PostState.REVEALED)
        await add_copy(store, post, 10 + number, CopyState.REVEALED)
    async with overtaken(store, "UPDATE posts", partial(services.overseeing.remove, group.id, 71)):
        assert await services.retracting.retract(ids[1], Why.DANGER, None)
    async with store.reading() as stored:
        assert not await stored.copies.holds_text(group.id)
