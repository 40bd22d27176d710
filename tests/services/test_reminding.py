from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.group import Group, GroupState
from bot.domain.post import Post, PostState
from bot.services.messenger import ChatClosedError, NotNowError, UnknownOutcomeError
from bot.services.reminding import later_than
from bot.store.database import Store
from tests.clock import StandingClock
from tests.services.conftest import Services
from tests.services.recorder import Recorder
from tests.stored import CHAT, MONDAY, NOW, add_group, add_post

AMINA, BRIAN = 71, 72
EVENING = time(20, 30)
DUE = datetime(2026, 3, 2, 20, 30, tzinfo=UTC)


@pytest.fixture
async def group(store: Store) -> Group:
    return await add_group(store)


@pytest.fixture
async def post(store: Store, group: Group) -> Post:
    return await add_post(store, group, None, state=PostState.REVEALED)


@pytest.fixture
async def reminded(services: Services, group: Group, clock: StandingClock) -> None:
    """Amina is to be reminded in the evening, and now it is time."""
    clock.instant = NOW
    await services.reminding.begin(group, AMINA, EVENING)
    clock.instant = DUE


async def next_at(services: Services, user_id: int = AMINA) -> datetime:
    reminder = await services.reminding.of(user_id)
    assert reminder is not None
    return reminder.next_at


async def move(store: Store, group: Group, state: GroupState) -> None:
    async with store.writing() as stored:
        await stored.groups.move(group.id, state)


async def test_a_quiet_word_with_the_button_comes_at_its_time_and_once_a_day(
    services: Services, recorder: Recorder, post: Post, reminded: None, clock: StandingClock
) -> None:
    clock.instant = DUE - timedelta(seconds=1)
    await services.reminding.remind()
    assert recorder.calls == []
    for clock.instant in (DUE, DUE, DUE + timedelta(hours=2)):
        await services.reminding.remind()
    ((chat_id, message),) = recorder.sent
    assert chat_id == AMINA
    assert message.silent
    assert [[button.data for button in row] for row in message.buttons] == [[f"pray:{post.id}"]]
    assert recorder.calls == ["is_member", "send"]
    assert await next_at(services) == DUE + timedelta(days=1)


async def test_whoever_has_prayed_hears_nothing(
    services: Services, recorder: Recorder, post: Post, group: Group, reminded: None
) -> None:
    await services.praying.prayed(group, post.id, AMINA)
    await services.reminding.remind()
    assert recorder.calls == []
    assert await next_at(services) == DUE + timedelta(days=1)


@pytest.mark.parametrize("state", sorted(set(PostState) - {PostState.REVEALED}))
async def test_a_request_that_does_not_stand_is_not_waited_for(
    services: Services, store: Store, recorder: Recorder, group: Group, reminded: None, state: PostState
) -> None:
    await add_post(store, group, None, state=state)
    await services.reminding.remind()
    assert recorder.calls == []


async def test_yesterdays_post_is_none_of_today(
    services: Services, store: Store, recorder: Recorder, group: Group, reminded: None
) -> None:
    await add_post(store, group, None, day=MONDAY - timedelta(days=1), state=PostState.REVEALED)
    await services.reminding.remind()
    assert recorder.calls == []
    assert await next_at(services) == DUE + timedelta(days=1)


@pytest.mark.parametrize("state", [GroupState.APPROVED, GroupState.SUSPENDED, GroupState.GONE, GroupState.PENDING])
async def test_a_group_that_is_not_served_reminds_nobody(
    services: Services, store: Store, recorder: Recorder, group: Group, post: Post, reminded: None, state: GroupState
) -> None:
    await move(store, group, state)
    await services.reminding.remind()
    assert recorder.calls == []
    assert await services.reminding.of(AMINA) is not None


async def test_whoever_has_left_is_never_written_to_and_not_remembered(
    services: Services, recorder: Recorder, post: Post, reminded: None
) -> None:
    recorder.strangers.add(AMINA)
    await services.reminding.remind()
    assert recorder.calls == ["is_member"]
    assert await services.reminding.of(AMINA) is None


async def test_whoever_blocked_the_bot_is_not_reminded_any_more(
    services: Services, recorder: Recorder, post: Post, reminded: None
) -> None:
    recorder.fails[AMINA] = ChatClosedError("no_access")
    await services.reminding.remind()
    assert await services.reminding.of(AMINA) is None


async def test_a_group_that_cannot_be_asked_reminds_nobody_today(
    services: Services, recorder: Recorder, post: Post, reminded: None
) -> None:
    recorder.fails[CHAT] = ChatClosedError("no_access")
    await services.reminding.remind()
    assert recorder.sent == []
    assert await next_at(services) == DUE + timedelta(days=1)


@pytest.mark.parametrize("chat_id", [AMINA, CHAT])
async def test_where_telegram_says_not_now_it_comes_a_little_later(
    services: Services, recorder: Recorder, post: Post, reminded: None, clock: StandingClock, chat_id: int
) -> None:
    recorder.fails[chat_id] = NotNowError(30)
    await services.reminding.remind()
    assert await next_at(services) == DUE + timedelta(seconds=30)
    recorder.fails.clear()
    clock.advance(seconds=30)
    await services.reminding.remind()
    await services.reminding.remind()
    assert [chat for chat, _ in recorder.sent] == [AMINA]


async def test_one_that_may_have_arrived_is_not_sent_again(
    services: Services, recorder: Recorder, post: Post, reminded: None, clock: StandingClock
) -> None:
    recorder.fails[AMINA] = UnknownOutcomeError()
    await services.reminding.remind()
    recorder.fails.clear()
    clock.advance(minutes=5)
    await services.reminding.remind()
    assert recorder.sent == []
    assert await next_at(services) == DUE + timedelta(days=1)


async def test_a_prayer_while_telegram_is_asked_keeps_the_word_back(
    services: Services,
    recorder: Recorder,
    post: Post,
    group: Group,
    reminded: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def meanwhile(_chat_id: int, user_id: int) -> bool:
        await services.praying.prayed(group, post.id, user_id)
        return True

    monkeypatch.setattr(recorder, "is_member", meanwhile)
    await services.reminding.remind()
    assert recorder.sent == []


async def test_one_that_is_ended_while_telegram_is_asked_is_not_sent(
    services: Services, recorder: Recorder, post: Post, reminded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def meanwhile(_chat_id: int, user_id: int) -> bool:
        return await services.reminding.end(user_id)

    monkeypatch.setattr(recorder, "is_member", meanwhile)
    await services.reminding.remind()
    assert recorder.sent == []


@pytest.mark.parametrize(("late", "sent"), [(timedelta(hours=3), 1), (timedelta(hours=4), 0)])
async def test_after_the_bot_was_down_it_comes_late_on_the_same_date_alone(
    services: Services, recorder: Recorder, post: Post, reminded: None, clock: StandingClock, late: timedelta, sent: int
) -> None:
    clock.instant = DUE + late
    await services.reminding.remind()
    assert len(recorder.sent) == sent
    assert await next_at(services) == DUE + timedelta(days=1)


async def test_over_the_late_limit_it_does_not_come(
    services: Services, recorder: Recorder, post: Post, group: Group, clock: StandingClock
) -> None:
    clock.instant = NOW
    await services.reminding.begin(group, AMINA, time(8))
    clock.instant = NOW + timedelta(hours=7, seconds=1)
    await services.reminding.remind()
    assert recorder.calls == []


@pytest.mark.parametrize("at", [time(6, 30), time(7)])
async def test_an_hour_at_which_the_request_has_not_come_is_not_taken(
    services: Services, group: Group, reminded: None, at: time
) -> None:
    assert not await services.reminding.begin(group, AMINA, at)
    assert await next_at(services) == DUE
    assert await services.reminding.begin(group, AMINA, time(7, 1))


async def test_a_reminder_that_the_groups_hour_has_overtaken_says_so_once_and_ends(
    services: Services, recorder: Recorder, post: Post, group: Group, reminded: None, clock: StandingClock
) -> None:
    await services.groups.set_times(group, at=time(21))
    await services.reminding.remind()
    for clock.instant in (DUE + timedelta(days=1), DUE + timedelta(days=2)):
        await services.reminding.remind()
    (_, today), (chat_id, told) = recorder.sent
    assert today.buttons
    assert (chat_id, told.silent, told.buttons) == (AMINA, True, ())
    assert "at 21:00 now" in told.html
    assert "/remind 22:00" in told.html
    assert await services.reminding.of(AMINA) is None


async def test_that_the_hour_was_overtaken_is_said_again_where_it_perhaps_did_not_arrive(
    services: Services, recorder: Recorder, group: Group, reminded: None, clock: StandingClock
) -> None:
    await services.groups.set_times(group, at=time(21))
    for error, clock.instant in ((UnknownOutcomeError(), DUE), (NotNowError(30), DUE + timedelta(days=1))):
        recorder.fails_send = error
        await services.reminding.remind()
        assert await services.reminding.of(AMINA) is not None
    recorder.fails_send = None
    clock.advance(seconds=30)
    await services.reminding.remind()
    assert len(recorder.sent) == 1
    assert await services.reminding.of(AMINA) is None


async def test_who_is_no_member_any_more_is_not_told_of_the_groups_hour(
    services: Services, recorder: Recorder, group: Group, reminded: None
) -> None:
    await services.groups.set_times(group, at=time(21))
    recorder.strangers.add(AMINA)
    await services.reminding.remind()
    assert recorder.sent == []
    assert await services.reminding.of(AMINA) is None


@pytest.mark.parametrize(
    ("at", "later"), [(time(7, 30), time(8, 30)), (time(22), time(23)), (time(23, 5), time(23, 59))]
)
def test_the_hour_that_is_proposed_is_one_that_works(at: time, later: time) -> None:
    assert later_than(at) == later


async def test_another_hour_on_the_same_date_brings_no_second_word(
    services: Services, recorder: Recorder, post: Post, group: Group, reminded: None, clock: StandingClock
) -> None:
    await services.reminding.remind()
    await services.reminding.begin(group, AMINA, time(21))
    assert await next_at(services) == datetime(2026, 3, 3, 21, tzinfo=UTC)
    clock.instant = DUE + timedelta(hours=1)
    await services.reminding.remind()
    assert len(recorder.sent) == 1


async def test_another_zone_of_the_group_is_another_instant_and_no_second_word(
    services: Services, recorder: Recorder, post: Post, group: Group, reminded: None, clock: StandingClock
) -> None:
    await services.reminding.remind()
    clock.instant = DUE + timedelta(minutes=1)
    for zone, instant in (
        ("America/New_York", datetime(2026, 3, 4, 1, 30, tzinfo=UTC)),
        ("Africa/Nairobi", datetime(2026, 3, 3, 17, 30, tzinfo=UTC)),
    ):
        await services.groups.set_times(group, zone=ZoneInfo(zone))
        assert await next_at(services) == instant
    await services.reminding.remind()
    assert len(recorder.sent) == 1


async def test_the_hour_is_the_groups_own_also_when_the_clocks_change(
    services: Services, store: Store, clock: StandingClock
) -> None:
    berlin = await add_group(store, CHAT - 1, zone="Europe/Berlin", at=time(1))
    clock.instant = datetime(2026, 3, 27, 12, tzinfo=UTC)
    await services.reminding.begin(berlin, AMINA, time(2, 30))
    instants = []
    for _ in range(4):
        clock.instant = await next_at(services)
        instants.append(clock.instant)
        await services.reminding.remind()
    # 2:30 doesn't exist on the 29th: it is taken as the first minute that does.
    assert [f"{instant:%d %H:%M}" for instant in instants] == ["28 01:30", "29 01:00", "30 00:30", "31 00:30"]


async def test_the_reminder_goes_with_the_direct_chat_and_follows_it_to_another_group(
    services: Services, store: Store, group: Group, reminded: None, clock: StandingClock
) -> None:
    other = await add_group(store, CHAT - 1, zone="Africa/Nairobi")
    clock.instant = NOW
    await services.asking.bind(AMINA, store.key.group_token(group.id))
    assert await next_at(services) == DUE
    await services.asking.bind(AMINA, store.key.group_token(other.id))
    assert await next_at(services) == DUE - timedelta(hours=3)
    await services.asking.unbind(AMINA)
    assert await services.reminding.of(AMINA) is None


async def test_what_is_due_together_is_sent_together(
    services: Services, recorder: Recorder, post: Post, group: Group, reminded: None, clock: StandingClock
) -> None:
    clock.instant = NOW
    for person in range(100, 180):
        await services.reminding.begin(group, person, EVENING)
    clock.instant = DUE
    for _ in range(3):
        await services.reminding.remind()
    assert sorted(chat for chat, _ in recorder.sent) == [AMINA, *range(100, 180)]
