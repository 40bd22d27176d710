from datetime import timedelta

import pytest

from bot.domain.chat import Chat, ChatType
from bot.domain.group import Group, GroupState
from bot.domain.regions import Region
from bot.services.asking import Answer, Outcome
from bot.services.messenger import ChatClosedError, NotNowError
from bot.store.bulletins import StoredBulletin
from bot.store.database import Store
from tests.clock import StandingClock
from tests.services.conftest import Services
from tests.services.recorder import Recorder
from tests.stored import CHAT, MONDAY, NOW, a_bulletin, a_request, add_group, publish

AMINA = 71


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
    assert await services.asking.answer(group, CHAT, request) == Answer(Outcome.GIVEN)
    assert await services.asking.answer(group, CHAT, request) == Answer(Outcome.STANDS, 1001)
    ((_, opened),), ((_, message_id, revealed),) = recorder.sent, recorder.edited
    assert message_id == 1001
    assert "Three." not in opened.html
    assert "Three." in revealed.html
    assert revealed.buttons == ()


async def test_another_days_points_of_the_same_request_are_not_taken_for_todays(
    services: Services, recorder: Recorder, group: Group, bulletin: StoredBulletin, clock: StandingClock
) -> None:
    await services.asking.bind(AMINA, services.store.key.group_token(group.id))
    request = bulletin.requests[0]
    assert (await services.asking.answer(group, AMINA, request, (0,))).outcome is Outcome.GIVEN
    assert (await services.asking.answer(group, AMINA, request, (1,))).outcome is Outcome.GIVEN
    assert (await services.asking.answer(group, AMINA, request, (1,))).outcome is Outcome.STANDS
    assert [("One." in message.html, "Two." in message.html) for _, _, message in recorder.edited] == [
        (True, False),
        (False, True),
    ]


async def test_what_comes_today_anyway_is_not_given_before(
    services: Services, recorder: Recorder, group: Group, bulletin: StoredBulletin
) -> None:
    assert await services.asking.answer(group, CHAT, bulletin.requests[0]) == Answer(Outcome.COMES)
    assert recorder.calls == []


@pytest.mark.parametrize(
    ("chat", "reason"),
    [(Chat(CHAT, ChatType.SUPERGROUP, has_username=True), "public"), (Chat(CHAT, ChatType.CHANNEL), "channel")],
)
async def test_nothing_is_given_where_anyone_could_read_it(
    services: Services, recorder: Recorder, group: Group, bulletin: StoredBulletin, chat: Chat, reason: str
) -> None:
    recorder.chats[CHAT] = chat
    answer = await services.asking.answer(group, CHAT, bulletin.requests[1])
    assert answer == Answer(Outcome.REFUSED, reason=reason)
    assert recorder.sent == []


async def test_an_answer_that_must_wait_says_so(
    services: Services, recorder: Recorder, group: Group, bulletin: StoredBulletin
) -> None:
    recorder.fails[CHAT] = NotNowError(5)
    assert await services.asking.answer(group, CHAT, bulletin.requests[1]) == Answer(Outcome.WAITS)


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
    answer = await services.asking.answer(group, AMINA, bulletin.requests[1])
    assert answer == Answer(Outcome.REFUSED, reason="no_member")
    unbound = await services.asking.answer(group, AMINA + 1, bulletin.requests[1])
    assert unbound == Answer(Outcome.REFUSED, reason="not_bound")
    assert recorder.sent == []


async def test_a_person_who_blocked_the_bot_does_not_suspend_the_group(
    services: Services, recorder: Recorder, group: Group, bulletin: StoredBulletin
) -> None:
    await services.asking.bind(AMINA, services.store.key.group_token(group.id))
    recorder.fails[AMINA] = ChatClosedError("no_access")
    answer = await services.asking.answer(group, AMINA, bulletin.requests[1])
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
    assert await services.asking.next_date_of(east, bulletin.requests[1].id) == MONDAY + timedelta(days=1)
