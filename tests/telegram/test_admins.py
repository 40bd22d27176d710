from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.chat import Chat, ChatType
from bot.domain.group import GroupState
from bot.domain.weekdays import WORKING_DAYS
from bot.services.messenger import Outgoing
from bot.telegram import admins
from bot.telegram.vigil import Vigil
from tests.clock import StandingClock
from tests.services.conftest import Services
from tests.services.recorder import Recorder
from tests.stored import CHAT, MONDAY, NOW, a_bulletin, add_group, publish, the_group
from tests.telegram.questions import question
from tests.texts import WORDS


def said(answer: Outgoing | None) -> str:
    assert answer is not None
    return answer.html


@pytest.mark.parametrize(
    "text", ["", "25:00", "7.30", "seven", "07:60", "-1:00", "7:30pm", "07:30:15", "1e1:0", ":", "٧:٣٠x"]
)
async def test_an_hour_that_is_none_changes_nothing(vigil: Vigil, services: Services, text: str) -> None:
    group = await add_group(services.store)
    assert said(await admins.set_time(vigil, question(text, group))) == WORDS.html("usage.time")
    assert await the_group(services.store, group.id) == group


@pytest.mark.parametrize(
    ("text", "at"), [("07:30", time(7, 30)), ("7:30", time(7, 30)), ("23:59", time(23, 59)), ("6", time(6))]
)
async def test_a_new_hour_is_taken_and_the_next_post_named(
    vigil: Vigil, services: Services, clock: StandingClock, text: str, at: time
) -> None:
    clock.instant = NOW - timedelta(hours=7)
    group = await add_group(services.store)
    answer = said(await admins.set_time(vigil, question(text, group)))
    assert answer == WORDS.html(
        "setup.changed", what=f"Hour: {at:%H:%M}", day="Mon 2 Mar", at=f"{at:%H:%M}", zone="UTC"
    )
    assert (await the_group(services.store, group.id)).at == at


async def test_a_wrong_zone_gets_the_nearest_names_and_changes_nothing(vigil: Vigil, services: Services) -> None:
    group = await add_group(services.store)
    for text in ("nairobi", "localtime", "<b>", "???", "x" * 500):
        answer = said(await admins.set_timezone(vigil, question(text, group)))
        assert "<" not in answer
        assert "/timezone " in answer
        assert len(answer) < 400
    assert "Africa/Nairobi" in said(await admins.set_timezone(vigil, question("nairobi", group)))
    assert said(await admins.set_timezone(vigil, question("", group))) == WORDS.html("usage.timezone")
    assert await the_group(services.store, group.id) == group


async def test_a_zone_is_taken_by_its_name(vigil: Vigil, services: Services) -> None:
    group = await add_group(services.store)
    await admins.set_timezone(vigil, question("Africa/Nairobi", group))
    assert (await the_group(services.store, group.id)).zone == ZoneInfo("Africa/Nairobi")


async def test_new_days_name_what_the_group_will_miss(vigil: Vigil, services: Services, clock: StandingClock) -> None:
    clock.instant = NOW
    await publish(services.store, a_bulletin(), [(MONDAY + timedelta(days=number), 0) for number in range(1, 4)])
    group = await add_group(services.store)
    answer = said(await admins.set_days(vigil, question("mon, wed", group)))
    assert answer.endswith(WORDS.html("group.missed", days="Tue 3 Mar · Thu 5 Mar"))
    assert said(await admins.set_days(vigil, question("someday", group))) == WORDS.html("usage.days")
    assert (await the_group(services.store, group.id)).weekdays == frozenset({0, 2})


@pytest.mark.parametrize("state", [GroupState.PENDING, GroupState.DECLINED])
async def test_a_group_that_is_not_approved_is_never_told_that_it_is_subscribed(
    vigil: Vigil, services: Services, state: GroupState
) -> None:
    group = await add_group(services.store, state=state, next_due=None)
    for handle in (admins.subscribe, admins.resume, admins.pause, admins.unsubscribe, admins.preview):
        assert said(await handle(vigil, question("", group))) == WORDS.html("group.not_approved")
    assert await the_group(services.store, group.id) == group


async def test_an_approved_group_begins_rests_and_goes_on(
    vigil: Vigil, services: Services, clock: StandingClock
) -> None:
    clock.instant = NOW
    group = await add_group(services.store, state=GroupState.APPROVED, weekdays=WORKING_DAYS, next_due=None)
    assert said(await admins.resume(vigil, question("", group))) == WORDS.html("group.not_subscribed")
    wanted = [
        (admins.subscribe, GroupState.ACTIVE, "Tue 3 Mar"),
        (admins.pause, GroupState.PAUSED, "/resume"),
        (admins.resume, GroupState.ACTIVE, "Tue 3 Mar"),
        (admins.unsubscribe, GroupState.APPROVED, "/subscribe"),
    ]
    for handle, state, word in wanted:
        group = await the_group(services.store, group.id)
        assert word in said(await handle(vigil, question("", group)))
        assert (await the_group(services.store, group.id)).state is state


async def test_a_public_group_is_told_why_it_cannot_begin(vigil: Vigil, services: Services, recorder: Recorder) -> None:
    group = await add_group(services.store, state=GroupState.APPROVED)
    recorder.chats[CHAT] = Chat(CHAT, ChatType.SUPERGROUP, has_username=True)
    answer = said(await admins.subscribe(vigil, question("", group)))
    assert WORDS.plain("reason.public") in answer
    assert (await the_group(services.store, group.id)).state is GroupState.APPROVED


@pytest.mark.parametrize("state", GroupState)
async def test_settings_show_how_a_group_stands(vigil: Vigil, services: Services, state: GroupState) -> None:
    group = await add_group(services.store, state=state, zone="Asia/Manila", weekdays=WORKING_DAYS)
    answer = said(await admins.show_settings(vigil, question("", group)))
    comes = "Mon 2 Mar 15:00" if group.is_served else "none"
    for word in (WORDS.plain(f"group.state.{state}"), "07:00", "Asia/Manila", "Mon–Fri", "English"):
        assert word in answer
    assert f"Next request: {comes}" in answer
