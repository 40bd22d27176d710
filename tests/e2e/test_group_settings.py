"""A group's settings are changed with buttons: by its admins, and by nobody else."""

from datetime import timedelta

import pytest

from bot.rehearsal.faults import delay_request, fail
from bot.rehearsal.messages import Message
from tests.e2e.conftest import MONDAY_DUE, Scene, stored, tapped
from tests.e2e.sample import BRICKYARD, HARBOUR, LIGHTHOUSE
from tests.e2e.stage import PATIENCE_SECONDS
from tests.texts import LANGUAGES, WORDS


async def settings(scene: Scene) -> Message:
    """The settings message in the group."""
    await scene.stage.ask(scene.admin, scene.group, "/settings")
    return scene.stage.last(scene.group)


async def test_settings_are_one_message_that_is_changed_in_place(scene: Scene) -> None:
    stage, admin = scene.stage, scene.admin
    message = await settings(scene)
    before = len(stage.world.record.by_bot(scene.group))
    text = await tapped(stage, admin, message, "Hour", "06:30")
    assert "Changed: Hour: 06:30. The next request comes on Mon 2 Mar at 06:30 (UTC)." in text
    text = await tapped(stage, admin, message, "‹ Back", "Days", "✓ Mon")
    assert "The next request comes on Tue 3 Mar at 06:30" in text
    assert "the group will miss what is planned for Mon 2 Mar" in text
    await tapped(stage, admin, message, "‹ Back", "Without sound", "Hide numbers", "Quiet days: a verse")
    assert "Posts come: without a sound" in message.text
    assert "Quiet days: a verse and the week’s regions" in message.text
    assert "How many prayed: not shown" in message.text
    await tapped(stage, admin, message, "Language", "español")
    assert LANGUAGES.of("es").plain("button.show.hour") in message.buttons
    assert len(stage.world.record.by_bot(scene.group)) == before
    group = await stored(stage, scene.group)
    assert (group.silent, group.numbers, group.quiet_day, group.language) == (True, False, "verse", "es")


async def test_only_admins_change_settings_by_buttons_asked_at_each_tap(scene: Scene) -> None:
    stage = scene.stage
    message = await settings(scene)
    before = await stored(stage, scene.group)
    assert await stage.tap(scene.member, message, "Without sound") == WORDS.plain("tap.not_admin")
    assert await stage.tap_data(scene.member, message, "setup:begin") == WORDS.plain("tap.not_admin")
    stage.world.promote(scene.member, scene.group)
    await stage.tap(scene.member, message, "Without sound")
    stage.world.demote(scene.member, scene.group)
    assert await stage.tap(scene.member, message, "With sound") == WORDS.plain("tap.not_admin")
    after = await stored(stage, scene.group)
    assert (before.silent, after.silent) == (False, True)


@pytest.mark.parametrize(
    "data",
    [
        "set:zone:localtime", "set:zone:../UTC", "set:days:", "set:days:7", "set:hour:24", "set:minute:7",
        "set:pause:2026-02-30", "set:pause:2020-01-01", "set:pause:9999-12-31", "set:language:tlh", "set:topic:5",
        "set:quiet:loud", "set:show:nowhere", "set:silent:maybe", "set:", "set:group:2:hour:7", "setup:resume:1",
    ],
)  # fmt: skip
async def test_damaged_data_changes_nothing(scene: Scene, data: str) -> None:
    stage = scene.stage
    message = await settings(scene)
    before, said = await stored(stage, scene.group), message.text
    assert await stage.tap_data(scene.admin, message, data) == WORDS.plain("tap.unknown")
    assert await stored(stage, scene.group) == before
    assert message.text == said


async def test_an_admin_reaches_only_the_group_in_which_the_button_was_tapped(scene: Scene) -> None:
    stage = scene.stage
    carol = stage.world.person("Carol")
    other = await stage.subscribed("Lighthouse prayer", carol)
    before = await stored(stage, scene.group)
    await stage.ask(carol, other, "/settings")
    await stage.tap_data(carol, stage.last(other), "set:hour:3")
    assert (await stored(stage, other)).at.hour == 3
    assert await stored(stage, scene.group) == before
    direct = stage.last(stage.world.private_chat(stage.operator))
    assert await stage.tap_data(stage.operator, direct, "set:hour:3") == WORDS.plain("tap.unknown")


async def test_a_request_is_never_written_over_by_settings(scene: Scene) -> None:
    stage = scene.stage
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(scene.group, HARBOUR))
    await stage.settled()
    (post,) = stage.world.record.showing(HARBOUR)
    assert await stage.tap_data(scene.admin, post, "set:show:main") == WORDS.plain("tap.a_request")
    stage.world.say(scene.admin, scene.group, "Nairobi", reply_to=post)
    await stage.settled()
    assert HARBOUR in post.text
    assert (await stored(stage, scene.group)).zone.key == "UTC"


async def test_a_planned_day_that_the_group_leaves_out_passes_in_silence(scene: Scene) -> None:
    stage = scene.stage
    assert "Tue 3 Mar at 07:30" in await stage.ask(scene.admin, scene.group, "/days tue-fri")
    before = len(stage.world.record.by_bot(scene.group))
    stage.clock.instant = MONDAY_DUE
    await stage.settled()
    stage.clock.advance(hours=12)
    await stage.settled()
    assert len(stage.world.record.by_bot(scene.group)) == before
    async with stage.app.store.reading() as stored_now:
        assert await stored_now.posts.recent(MONDAY_DUE - timedelta(days=7)) == [], "not on the ledger either"
    stage.clock.instant = MONDAY_DUE + timedelta(days=1)
    await stage.until(lambda: stage.shows(scene.group, LIGHTHOUSE))
    assert not stage.world.record.holding(HARBOUR)


async def test_posts_come_with_a_sound_until_an_admin_taps_without_sound(scene: Scene) -> None:
    stage, record = scene.stage, scene.stage.world.record
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(scene.group, HARBOUR))
    await stage.settled()
    assert [post.silent for post in record.showing(HARBOUR, scene.group)] == [False]
    message = await settings(scene)
    await stage.tap(scene.admin, message, "Without sound")
    stage.clock.advance(days=1)
    await stage.until(lambda: stage.shows(scene.group, LIGHTHOUSE))
    await stage.settled()
    assert [post.silent for post in record.showing(LIGHTHOUSE, scene.group)] == [True]
    await stage.tap(scene.admin, message, "With sound")
    stage.clock.advance(days=1)
    await stage.until(lambda: stage.shows(scene.group, BRICKYARD))
    assert [post.silent for post in record.showing(BRICKYARD, scene.group)] == [False]


async def test_a_pause_until_a_date_ends_by_itself(scene: Scene) -> None:
    stage = scene.stage
    for day in ("1 Mar 2026", "2026-02-28", "9999-12-31"):
        said = await stage.ask(scene.admin, scene.group, f"/pause {day}")
        assert said == WORDS.html("usage.pause", date="2026-03-15")
    answer = await stage.ask(scene.admin, scene.group, "/pause 4 Mar")
    assert "The next request comes on Wed 4 Mar at 07:30 (UTC)" in answer
    stage.clock.instant = MONDAY_DUE + timedelta(days=1)
    await stage.settled()
    assert not stage.world.record.holding(HARBOUR)
    assert not stage.world.record.holding(LIGHTHOUSE)
    stage.clock.instant = MONDAY_DUE + timedelta(days=2)
    await stage.until(lambda: stage.shows(scene.group, "brickyard"))
    assert (await stored(stage, scene.group)).paused_until is None
    assert "Only an admin" in await stage.ask(scene.member, scene.group, "/pause 2026-12-24")


async def test_a_pause_by_button_and_going_on(scene: Scene) -> None:
    stage = scene.stage
    message = await settings(scene)
    text = await tapped(stage, scene.admin, message, "Pause", "Until Sun 8 Mar")
    assert "State: paused until Sun 8 Mar" in text
    assert "The next request comes on Mon 9 Mar" in text
    assert "The next request comes on Mon 2 Mar at 07:30" in await tapped(stage, scene.admin, message, "Resume")
    text = await tapped(stage, scene.admin, message, "Pause", "Until /resume")
    assert text.startswith("Changed: paused. No request comes until a group admin sends /resume.\n\n")
    assert "State: paused\n" in text
    assert (await stored(stage, scene.group)).next_due_at is None


@pytest.mark.parametrize("by", ["command", "button"])
@pytest.mark.parametrize(
    ("what", "state", "told"),
    [("suspended", "suspended", "group.is.suspended"), ("ended", "approved", "group.not_subscribed")],
)
async def test_a_pause_brings_back_no_group_that_was_suspended_or_ended_meanwhile(
    scene: Scene, by: str, what: str, state: str, told: str
) -> None:
    stage, world, group = scene.stage, scene.stage.world, scene.group
    message = await settings(scene)
    await stage.tap(scene.admin, message, "Pause")
    held = stage.server.faults.add(delay_request(), method="getChatAdministrators", chat=group, times=1)
    tap = world.tap(scene.admin, message, "Until Sun 8 Mar") if by == "button" else None
    if tap is None:
        world.say(scene.admin, group, "/pause 8 Mar")
    await held.met()
    if what == "ended":
        await stage.app.groups.unsubscribe(await stored(stage, group))
    else:
        world.make_public(group, "harbour")
        await stage.app.round.soon(group.id)
        await stage.until(lambda: stage.shows(group, "not private any more"))
    held.off()
    if tap is not None:
        await tap.answered(PATIENCE_SECONDS)
    await stage.handled()
    assert (await stored(stage, group)).state == state
    said = message.text.partition("\n\n")[0] if tap else stage.last(group).text
    assert said == WORDS.plain(told)


@pytest.mark.parametrize(
    ("command", "method", "said"),
    [
        ("/settings", "getChatAdministrators", "group.cannot_check"),
        ("/subscribe", "getChat", "tap.later"),
        ("/checkup", "getChat", "tap.later"),
        ("/invite", "createChatInviteLink", "tap.later"),
    ],
)
async def test_who_the_admins_are_is_blamed_only_where_telegram_does_not_say_it(
    scene: Scene, command: str, method: str, said: str
) -> None:
    lost = scene.stage.server.faults.add(fail(502), method=method)
    assert await scene.stage.ask(scene.admin, scene.group, command) == WORDS.html(said)
    assert lost.taken
