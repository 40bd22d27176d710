import asyncio
import shutil
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.chat import Chat
from bot.domain.group import SUBSCRIBED, GroupState
from bot.domain.post import PostState
from bot.domain.weekdays import WORKING_DAYS
from bot.services import posting
from bot.services.messenger import NotNowError, UnknownOutcomeError
from bot.store.database import Store, database_url, make_engine
from bot.store.key import Key
from tests.clock import StandingClock
from tests.services.conftest import Services, joined
from tests.stored import CHAT, MONDAY, NOW, a_bulletin, a_request, add_group, ledger, publish, the_group

TEXT = "Pray for the harbour team."


def days_on(number: int) -> date:
    return MONDAY + timedelta(days=number)


async def test_at_its_instant_and_not_before_a_group_has_its_post(services: Services, clock: StandingClock) -> None:
    await publish(services.store, a_bulletin(a_request(TEXT)), [(MONDAY, 0)])
    group = await add_group(services.store, next_due=NOW)
    clock.instant = NOW - timedelta(microseconds=1)
    assert await services.posting.wake() == NOW
    assert await ledger(services.store, group.id) == []
    clock.instant = NOW
    await services.post_all()
    assert await ledger(services.store, group.id) == [(MONDAY, PostState.REVEALED, None)]
    ((_, opened),), ((_, _, revealed),) = services.recorder.sent, services.recorder.edited
    assert TEXT not in opened.html
    assert TEXT in revealed.html
    assert (await the_group(services.store, group.id)).next_due_at == NOW + timedelta(days=1)


async def test_a_chat_that_telegram_holds_back_takes_nobodys_place_in_memory(
    services: Services, clock: StandingClock
) -> None:
    clock.instant = NOW
    await publish(services.store, a_bulletin(a_request(TEXT)), [(MONDAY, 0)])
    held, other = await add_group(services.store), await add_group(services.store, chat_id=CHAT - 1)
    services.recorder.pace.hold(held.chat_id, NotNowError(300, demanded=True))
    async with asyncio.timeout(60):
        await services.post_all()
    assert await ledger(services.store, other.id) == [(MONDAY, PostState.REVEALED, None)]
    async with services.store.reading() as stored:
        post = await stored.posts.on_date(held.id, MONDAY)
    assert post is not None
    assert post.state is PostState.PLANNED
    assert post.not_before is not None
    assert NOW < post.not_before <= NOW + timedelta(seconds=300)


async def test_waking_again_and_again_posts_once(services: Services, clock: StandingClock) -> None:
    await publish(services.store, a_bulletin(), [(MONDAY, 0)])
    await add_group(services.store)
    for minute in range(5):
        clock.instant = NOW + timedelta(minutes=minute)
        await services.post_all()
    assert len(services.recorder.sent) == len(services.recorder.edited) == 1


@pytest.mark.parametrize(
    ("late", "state", "reason"),
    [
        (timedelta(hours=6), PostState.REVEALED, None),
        (timedelta(hours=6, seconds=1), PostState.SKIPPED, "late"),
        (timedelta(hours=16, minutes=59), PostState.SKIPPED, "late"),
    ],
)
async def test_a_late_post_goes_out_within_the_limit_or_is_skipped_with_its_reason(
    services: Services, clock: StandingClock, late: timedelta, state: PostState, reason: str | None
) -> None:
    await publish(services.store, a_bulletin(), [(MONDAY, 0)])
    group = await add_group(services.store)
    clock.instant = NOW + late
    await services.post_all()
    assert await ledger(services.store, group.id) == [(MONDAY, state, reason)]
    assert bool(services.recorder.sent) == (state is PostState.REVEALED)


async def test_within_the_limit_but_on_another_local_date_it_is_skipped(
    services: Services, clock: StandingClock
) -> None:
    await publish(services.store, a_bulletin(), [(MONDAY, 0)])
    due = datetime(2026, 3, 2, 15, tzinfo=UTC)  # 23:00 in Manila
    group = await add_group(services.store, zone="Asia/Manila", at=time(23), next_due=due)
    clock.instant = due + timedelta(hours=1)
    await services.post_all()
    assert await ledger(services.store, group.id) == [(MONDAY, PostState.SKIPPED, "late")]
    assert services.recorder.calls == []


@pytest.fixture
async def rush(services: Services, clock: StandingClock, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Eight groups due at once, with room for three. Telegram answers no question before the event is set."""
    monkeypatch.setattr(posting, "MOST_AT_ONCE", 3)
    await publish(services.store, a_bulletin(), [(MONDAY, 0)])
    for number in range(8):
        await add_group(services.store, CHAT - number)
    clock.instant = NOW
    answering, ask = asyncio.Event(), services.recorder.chat

    async def chat(chat_id: int) -> Chat:
        await answering.wait()
        return await ask(chat_id)

    monkeypatch.setattr(services.recorder, "chat", chat)
    return answering


async def test_in_a_rush_a_few_posts_are_in_memory_and_the_others_wait_in_the_database(
    services: Services, rush: asyncio.Event
) -> None:
    in_a_second = NOW + timedelta(seconds=1)
    for _ in range(3):
        assert await services.posting.wake() == in_a_second
    rush.set()
    shown: list[int] = []
    while not shown or shown[-1] < 8:
        await services.posting.finish(60)
        shown.append(len(services.recorder.edited))
        again = await services.posting.wake()
    assert shown == [3, 6, 8]
    assert again == NOW + timedelta(days=1)


async def test_a_day_without_a_request_stands_in_the_ledger(services: Services, clock: StandingClock) -> None:
    group = await add_group(services.store)
    clock.instant = NOW
    await services.post_all()
    assert await ledger(services.store, group.id) == [(MONDAY, PostState.SKIPPED, "nothing_planned")]
    assert services.recorder.calls == []


async def test_every_date_missed_while_nothing_ran_stands_in_the_ledger(
    services: Services, clock: StandingClock
) -> None:
    await publish(services.store, a_bulletin(), [(days_on(number), 0) for number in (0, 1, 4)])
    group = await add_group(services.store, weekdays=WORKING_DAYS)
    clock.instant = NOW + timedelta(days=7, hours=1)
    await services.post_all()
    assert await ledger(services.store, group.id) == [
        (days_on(0), PostState.SKIPPED, "late"),
        (days_on(1), PostState.SKIPPED, "late"),
        (days_on(2), PostState.SKIPPED, "nothing_planned"),
        (days_on(3), PostState.SKIPPED, "nothing_planned"),
        (days_on(4), PostState.SKIPPED, "late"),
        (days_on(7), PostState.SKIPPED, "nothing_planned"),
    ]
    assert (await the_group(services.store, group.id)).next_due_at == NOW + timedelta(days=8)


async def test_a_suspended_groups_date_ends_on_the_ledger_with_that_reason(
    services: Services, clock: StandingClock
) -> None:
    await publish(services.store, a_bulletin(), [(MONDAY, 0)])
    group = await add_group(services.store, state=GroupState.SUSPENDED)
    clock.instant = NOW
    await services.post_all()
    assert await ledger(services.store, group.id) == [(MONDAY, PostState.REFUSED, "group_suspended")]
    assert services.recorder.calls == []


@pytest.mark.parametrize("state", [state for state in GroupState if state not in SUBSCRIBED])
async def test_a_group_that_is_not_subscribed_gets_nothing(
    services: Services, clock: StandingClock, state: GroupState
) -> None:
    await publish(services.store, a_bulletin(), [(MONDAY, 0)])
    group = await add_group(services.store, state=state)
    clock.instant = NOW
    await services.post_all()
    assert await ledger(services.store, group.id) == []
    assert services.recorder.calls == []


async def test_one_region_whose_points_are_spread_shows_the_points_of_the_day(
    services: Services, clock: StandingClock
) -> None:
    clock.instant = NOW
    await services.planning.load([a_bulletin(a_request("First point.", "Second point."))], date(2026, 3, 1))
    await add_group(services.store)
    await services.post_all()
    clock.advance(days=1)
    await services.post_all()
    first, second = (message.html for _, _, message in services.recorder.edited)
    assert "First point." in first and "Second point." not in first
    assert "Second point." in second and "First point." not in second


async def test_an_edit_that_never_gets_an_answer_ends_at_the_late_limit_and_leaves_no_text(
    services: Services, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(services.store, a_bulletin(a_request(TEXT)), [(MONDAY, 0)])
    group = await add_group(services.store)
    clock.instant = NOW

    async def silent(*_: object) -> bool:
        raise UnknownOutcomeError

    with monkeypatch.context() as patch:
        patch.setattr(services.recorder, "edit", silent)
        await services.post_all()
        assert await ledger(services.store, group.id) == [(MONDAY, PostState.REVEALING, None)]
        clock.advance(hours=7)
        await services.post_all()
    assert await ledger(services.store, group.id) == [(MONDAY, PostState.SKIPPED, "late")]
    await services.rewriting.wake()
    assert [message.html for _, _, message in services.recorder.edited] == [services.words.html("post.withdrawn")]


async def test_a_turn_that_comes_after_the_late_limit_opens_nothing(
    services: Services, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(services.store, a_bulletin(a_request(TEXT)), [(MONDAY, 0)])
    group = await add_group(services.store)
    clock.instant = NOW
    chat = services.recorder.chat

    async def hours_later(chat_id: int) -> Chat:
        clock.advance(hours=7)
        return await chat(chat_id)

    monkeypatch.setattr(services.recorder, "chat", hours_later)
    await services.post_all()
    assert await ledger(services.store, group.id) == [(MONDAY, PostState.SKIPPED, "late")]
    assert services.recorder.sent == []


# Random lives of a group.

zones = st.sampled_from(
    ["UTC", "Pacific/Auckland", "Pacific/Honolulu", "America/New_York", "Africa/Cairo", "Pacific/Kiritimati"]
).map(ZoneInfo)
changes = st.one_of(
    st.tuples(st.just("zone"), zones),
    st.tuples(st.just("at"), st.times().map(lambda at: at.replace(second=0, microsecond=0))),
    st.tuples(st.just("weekdays"), st.frozensets(st.integers(0, 6), min_size=1)),
    st.tuples(st.sampled_from(["pause", "resume", "unsubscribe"]), st.none()),
)
steps = st.lists(st.tuples(st.integers(0, 30 * 60), st.none() | changes), min_size=3, max_size=14)


@pytest.mark.no_cover
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
async def test_no_change_of_hour_zone_or_days_ever_gives_a_second_post_for_a_local_date(
    migrated_sqlite: Path, key: Key, history: list[tuple[int, tuple[str, object] | None]]
) -> None:
    with TemporaryDirectory() as folder:
        shutil.copy(migrated_sqlite, folder)
        store = Store(make_engine(database_url(f"sqlite:///{folder}/vigil.db")), key)
        await store.admit_key()
        clock = StandingClock(NOW)
        services = joined(store, clock)
        await publish(store, a_bulletin(), [(days_on(number), 0) for number in range(-2, 40)])
        group = await add_group(store)
        shown: list[tuple[datetime, date]] = []
        for minutes, change in history:
            clock.advance(minutes=minutes)
            before = len(services.recorder.edited)
            zone = (await the_group(store, group.id)).zone
            await services.post_all()
            assert len(services.recorder.edited) - before <= 1
            if len(services.recorder.edited) > before:
                shown.append((clock.instant, clock.instant.astimezone(zone).date()))
            await _change(services, group.id, change)
        posts = await ledger(store, group.id)
        await store.close()
    revealed = [day for day, state, _ in posts if day and state in (PostState.REVEALED, PostState.RETIRED)]
    assert len({day for day, _, _ in posts}) == len(posts)
    assert sorted(day for _, day in shown) == sorted(revealed), "each went out on the local date it is for"


async def _change(services: Services, group_id: int, change: tuple[str, object] | None) -> None:
    group = await the_group(services.store, group_id)
    match change:
        case ("pause", _):
            await services.groups.pause(group)
        case ("unsubscribe", _):
            await services.groups.unsubscribe(group)
        case ("resume", _):
            await services.groups.subscribe(group)
        case (name, value):
            await services.groups.set_times(group, **{name: value})  # type: ignore[arg-type]
