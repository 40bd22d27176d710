from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.chat import Chat, ChatType
from bot.domain.group import Group, GroupState
from bot.domain.regions import Region
from bot.services.asking import Answer, Brief, NextDay, Outcome
from bot.services.messenger import ChatClosedError, MovedError, NotNowError
from bot.services.retracting import Why
from bot.store.bulletins import StoredBulletin, StoredRequest
from bot.store.database import Store
from tests.clock import StandingClock
from tests.services.conftest import Services
from tests.services.recorder import Recorder
from tests.stored import CHAT, MONDAY, NOW, a_bulletin, a_request, add_group, publish

AMINA = 71


def whole(request: StoredRequest) -> Brief:
    """All points of a request."""
    return Brief(request, tuple(range(len(request.request.points))), None)


@pytest.fixture
async def group(store: Store, clock: StandingClock) -> Group:
    clock.instant = NOW - timedelta(hours=1)
    return await add_group(store)


@pytest.fixture
async def bulletin(store: Store) -> StoredBulletin:
    requests = (a_request("One.", "Two."), a_request("Three.", region=Region.SOUTH_ASIA))
    return await publish(store, a_bulletin(*requests), [(MONDAY, 0), (MONDAY + timedelta(days=1), 1)])


async def test_an_answer_is_given_once_and_then_pointed_at(
    services: Services, recorder: Recorder, group: Group, bulletin: StoredBulletin
) -> None:
    request = bulletin.requests[1]
    assert await services.asking.answer(group, CHAT, whole(request)) == Answer(Outcome.GIVEN)
    assert await services.asking.answer(group, CHAT, whole(request)) == Answer(Outcome.STANDS, 1001)
    ((_, opened),), ((_, message_id, revealed),) = recorder.sent, recorder.edited
    assert message_id == 1001
    assert "Three." not in opened.html
    assert "Three." in revealed.html
    assert revealed.buttons == ()


async def test_a_short_answer_becomes_the_whole_one(
    services: Services, recorder: Recorder, group: Group, bulletin: StoredBulletin
) -> None:
    answer = await services.asking.answer(group, CHAT, whole(bulletin.requests[1]), short=77)
    assert answer == Answer(Outcome.GIVEN)
    ((chat_id, message_id, revealed),) = recorder.edited
    assert (chat_id, message_id, revealed.buttons) == (CHAT, 77, ())
    assert "Three." in revealed.html
    assert recorder.sent == []
    assert await services.asking.look(group, CHAT, whole(bulletin.requests[1])) == Answer(Outcome.STANDS, 77)


async def test_a_short_answer_whose_request_was_corrected_meanwhile_is_left_and_the_new_words_come_below(
    services: Services, recorder: Recorder, group: Group, bulletin: StoredBulletin
) -> None:
    request = bulletin.requests[1]
    async with services.store.writing() as stored:
        await stored.bulletins.correct(request, a_request("Mended.", region=Region.SOUTH_ASIA))
    assert await services.asking.answer(group, CHAT, whole(request), short=77) == Answer(Outcome.GIVEN)
    assert [message_id for _, message_id, _ in recorder.edited] == [1001]
    assert "Mended." in recorder.edited[0][2].html


async def test_a_short_answer_whose_request_was_taken_back_meanwhile_shows_nothing(
    services: Services, recorder: Recorder, group: Group, bulletin: StoredBulletin
) -> None:
    request = bulletin.requests[1]
    await services.retracting.retract(request.id, Why.DANGER, None)
    answer = await services.asking.answer(group, CHAT, whole(request), short=77)
    assert answer == Answer(Outcome.REFUSED, reason="retracted")
    assert (recorder.sent, recorder.edited) == ([], [])


async def test_what_needs_more_than_one_message_is_sent_in_its_own(
    services: Services, recorder: Recorder, group: Group, store: Store
) -> None:
    long = " ".join(f"Pray for house number {number} at the harbour." for number in range(200))
    (request,) = (await publish(store, a_bulletin(a_request(long)), [])).requests
    assert await services.asking.answer(group, CHAT, whole(request), short=77) == Answer(Outcome.GIVEN)
    assert len(recorder.sent) > 1
    assert 77 not in [message_id for _, message_id, _ in recorder.edited]


async def test_a_message_that_shows_another_request_is_left_to_it(
    services: Services, recorder: Recorder, group: Group, bulletin: StoredBulletin
) -> None:
    await services.asking.bind(AMINA, services.store.key.group_token(group.id))
    first, second = bulletin.requests
    assert await services.asking.answer(group, AMINA, whole(first), short=77) == Answer(Outcome.GIVEN)
    assert await services.asking.answer(group, AMINA, whole(second), short=77) == Answer(Outcome.GIVEN)
    assert [message_id for _, message_id, _ in recorder.edited] == [77, 1001]


async def test_another_days_points_of_the_same_request_are_not_taken_for_todays(
    services: Services, recorder: Recorder, group: Group, bulletin: StoredBulletin, clock: StandingClock
) -> None:
    await services.asking.bind(AMINA, services.store.key.group_token(group.id))
    request = bulletin.requests[0]
    assert (await services.asking.answer(group, AMINA, Brief(request, (0,), None))).outcome is Outcome.GIVEN
    assert (await services.asking.answer(group, AMINA, Brief(request, (1,), None))).outcome is Outcome.GIVEN
    assert (await services.asking.answer(group, AMINA, Brief(request, (1,), None))).outcome is Outcome.STANDS
    assert [("One." in message.html, "Two." in message.html) for _, _, message in recorder.edited] == [
        (True, False),
        (False, True),
    ]


async def test_what_comes_today_anyway_is_not_given_before(
    services: Services, recorder: Recorder, group: Group, bulletin: StoredBulletin
) -> None:
    assert await services.asking.answer(group, CHAT, whole(bulletin.requests[0])) == Answer(Outcome.COMES)
    assert recorder.calls == []


@pytest.mark.parametrize(
    ("chat", "reason"),
    [(Chat(CHAT, ChatType.SUPERGROUP, has_username=True), "public"), (Chat(CHAT, ChatType.CHANNEL), "channel")],
)
async def test_nothing_is_given_where_anyone_could_read_it(
    services: Services, recorder: Recorder, group: Group, bulletin: StoredBulletin, chat: Chat, reason: str
) -> None:
    recorder.chats[CHAT] = chat
    answer = await services.asking.answer(group, CHAT, whole(bulletin.requests[1]))
    assert answer == Answer(Outcome.REFUSED, reason=reason)
    assert recorder.sent == []


async def test_an_answer_that_must_wait_says_so(
    services: Services, recorder: Recorder, group: Group, bulletin: StoredBulletin
) -> None:
    recorder.fails[CHAT] = NotNowError(5)
    assert await services.asking.answer(group, CHAT, whole(bulletin.requests[1])) == Answer(Outcome.WAITS)


async def test_a_direct_chat_belongs_to_the_group_whose_token_it_brings(
    services: Services, recorder: Recorder, group: Group
) -> None:
    asking, token = services.asking, services.store.key.group_token(group.id)
    assert await asking.group_of(AMINA) is None
    assert await asking.bind(AMINA, token) == group
    assert await asking.group_of(AMINA) == group
    recorder.strangers.add(AMINA)
    assert await asking.group_of(AMINA) is None, "whoever leaves the group reads nothing any more"
    recorder.strangers.clear()
    assert await asking.unbind(AMINA)
    assert await asking.group_of(AMINA) is None
    assert not await asking.unbind(AMINA)


async def test_a_stranger_or_a_forged_token_is_bound_to_nothing(
    services: Services, recorder: Recorder, group: Group
) -> None:
    key = services.store.key
    recorder.strangers.add(AMINA)
    assert await services.asking.bind(AMINA, key.group_token(group.id)) is None
    recorder.strangers.clear()
    for token in ("", "A" * 27, key.group_token(group.id)[:-1] + "!", key.group_token(group.id + 1)):
        assert await services.asking.bind(AMINA, token) is None
    async with services.store.reading() as stored:
        assert await stored.bindings.group_of(AMINA) is None


@pytest.mark.parametrize("state", GroupState)
async def test_a_direct_chat_shows_requests_only_while_its_group_is_served(
    services: Services, group: Group, state: GroupState
) -> None:
    await services.asking.bind(AMINA, services.store.key.group_token(group.id))
    async with services.store.writing() as stored:
        await stored.groups.move(group.id, state)
    found = await services.asking.group_of(AMINA)
    assert (found is not None) == (state in {GroupState.ACTIVE, GroupState.PAUSED})


async def test_a_person_who_left_between_is_refused_at_the_door(
    services: Services, recorder: Recorder, group: Group, bulletin: StoredBulletin
) -> None:
    await services.asking.bind(AMINA, services.store.key.group_token(group.id))
    recorder.strangers.add(AMINA)
    answer = await services.asking.answer(group, AMINA, whole(bulletin.requests[1]))
    assert answer == Answer(Outcome.REFUSED, reason="no_member")
    unbound = await services.asking.answer(group, AMINA + 1, whole(bulletin.requests[1]))
    assert unbound == Answer(Outcome.REFUSED, reason="not_bound")
    assert recorder.sent == []


async def test_a_person_who_blocked_the_bot_does_not_suspend_the_group(
    services: Services, recorder: Recorder, group: Group, bulletin: StoredBulletin
) -> None:
    await services.asking.bind(AMINA, services.store.key.group_token(group.id))
    recorder.fails[AMINA] = ChatClosedError("no_access")
    answer = await services.asking.answer(group, AMINA, whole(bulletin.requests[1]))
    assert answer == Answer(Outcome.REFUSED, reason="no_access")
    async with services.store.reading() as stored:
        assert (await stored.groups.get(group.id)).state is GroupState.ACTIVE
        assert list(await stored.notices.untold()) == []


async def test_the_week_shows_its_planned_days_and_which_are_posted(
    services: Services, group: Group, bulletin: StoredBulletin, clock: StandingClock
) -> None:
    clock.instant = NOW
    await services.post_all()
    week = await services.asking.week(group)
    assert [(day.date, day.request.request.region, day.posted) for day in week] == [
        (MONDAY, Region.GLOBAL, True),
        (MONDAY + timedelta(days=1), Region.SOUTH_ASIA, False),
    ]
    clock.advance(days=30)
    assert await services.asking.week(group) == []


async def test_a_regions_request_is_looked_for_in_the_running_window_of_the_groups_own_date(
    services: Services, store: Store, bulletin: StoredBulletin, clock: StandingClock
) -> None:
    east = await add_group(store, CHAT - 1, zone="Pacific/Kiritimati")
    west = await add_group(store, CHAT - 2, zone="Pacific/Honolulu")
    clock.instant = NOW - timedelta(hours=20)  # 1 March, 11:00 UTC: already the 2nd in the east
    assert await services.asking.request_of(east, Region.SOUTH_ASIA) == bulletin.requests[1]
    assert await services.asking.request_of(west, Region.SOUTH_ASIA) is None
    assert await services.asking.request_of(east, Region.LATIN_AMERICA) is None


async def test_a_brief_says_the_next_day_or_else_the_last_one(
    services: Services, group: Group, bulletin: StoredBulletin, clock: StandingClock
) -> None:
    first = bulletin.requests[0]
    assert await services.asking.brief(group, first) == Brief(first, (0, 1), MONDAY)
    clock.advance(days=3)
    assert (await services.asking.brief(group, first)).day == MONDAY
    async with services.store.writing() as stored:
        await stored.plan.clear([MONDAY])
    assert (await services.asking.brief(group, first)).day is None


async def test_what_a_day_brings_is_told_only_within_the_running_window(
    services: Services, group: Group, bulletin: StoredBulletin, clock: StandingClock
) -> None:
    tuesday = MONDAY + timedelta(days=1)
    assert await services.asking.planned_on(group, tuesday) == Brief(bulletin.requests[1], (0,), tuesday)
    assert await services.asking.planned_on(group, MONDAY + timedelta(days=2)) is None
    clock.advance(days=14)
    assert await services.asking.planned_on(group, tuesday) is None


async def test_a_region_without_a_request_has_its_next_day_in_a_later_week(services: Services, group: Group) -> None:
    later = MONDAY + timedelta(days=9)
    requests = a_request("Later.", region=Region.LATIN_AMERICA), a_request("Too.", region=Region.SOUTH_ASIA)
    bulletin = await publish(services.store, a_bulletin(*requests), [(later, 0)], on=MONDAY + timedelta(days=6))
    assert await services.asking.request_of(group, Region.LATIN_AMERICA) is None
    assert await services.asking.next_day_of(group, Region.LATIN_AMERICA) == NextDay(later, comes=True)
    assert await services.asking.next_day_of(group, Region.SOUTH_ASIA) is None
    async with services.store.writing() as stored:
        await stored.bulletins.forget(bulletin.requests[0].id)
    assert await services.asking.next_day_of(group, Region.LATIN_AMERICA) is None


async def test_a_regions_next_day_is_one_on_which_the_group_has_posts(services: Services, store: Store) -> None:
    wednesday, next_monday = MONDAY + timedelta(days=9), MONDAY + timedelta(days=14)
    latin = a_request("Later.", region=Region.LATIN_AMERICA)
    for day in (wednesday, next_monday):
        await publish(store, a_bulletin(latin), [(day, 0)], on=day - timedelta(days=day.weekday() + 1))
    mondays = await add_group(store, weekdays=frozenset({0}))
    tuesdays = await add_group(store, CHAT - 1, weekdays=frozenset({1}))
    paused = await add_group(store, CHAT - 2, state=GroupState.PAUSED)
    soon = await add_group(store, CHAT - 3, state=GroupState.PAUSED, paused_until=next_monday)
    for group, expected in (
        (mondays, NextDay(next_monday, comes=True)),
        (tuesdays, NextDay(wednesday, comes=False)),
        (paused, NextDay(wednesday, comes=False)),
        (soon, NextDay(next_monday, comes=True)),
    ):
        assert await services.asking.next_day_of(group, Region.LATIN_AMERICA) == expected


async def test_a_country_is_looked_for_in_the_requests_that_name_it(services: Services, group: Group) -> None:
    named = replace(a_request("One.", region=Region.AFRICA_EUROPE), countries=("KE", "UG"))
    too = replace(a_request("Two.", region=Region.GLOBAL), countries=("KE",))
    bulletin = await publish(services.store, a_bulletin(named, too))
    assert await services.asking.requests_naming(group, "KE") == list(bulletin.requests)
    assert await services.asking.requests_naming(group, "UG") == [bulletin.requests[0]]
    assert await services.asking.requests_naming(group, "PE") == []
    async with services.store.writing() as stored:
        await stored.bulletins.forget(bulletin.requests[0].id)
    assert await services.asking.requests_naming(group, "UG") == []


async def test_a_group_that_was_upgraded_meanwhile_is_asked_for_anew_and_gets_nothing_that_a_person_asked_for(
    services: Services, recorder: Recorder, group: Group, bulletin: StoredBulletin
) -> None:
    await services.asking.bind(AMINA, services.store.key.group_token(group.id))
    recorder.fails[CHAT] = MovedError(CHAT - 7)
    assert await services.asking.answer(group, AMINA, whole(bulletin.requests[1])) == Answer(Outcome.GIVEN)
    assert {chat_id for chat_id, _ in recorder.sent} == {AMINA}
    assert {chat_id for chat_id, _, _ in recorder.edited} == {AMINA}
    async with services.store.reading() as stored:
        assert (await stored.groups.get(group.id)).chat_id == CHAT - 7
