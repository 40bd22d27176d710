"""A group is set up and changed with buttons: by its admins, and by nobody else."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.group import Group
from bot.domain.post import PostState
from bot.rehearsal.chats import Chat
from bot.rehearsal.messages import Message
from bot.rehearsal.people import Person
from tests.e2e.conftest import MONDAY_DUE, Scene
from tests.e2e.sample import HARBOUR, LIGHTHOUSE, publish
from tests.e2e.stage import Stage
from tests.texts import LANGUAGES, WORDS


async def stored(stage: Stage, chat: Chat) -> Group:
    """The group as it is stored now."""
    group = await stage.app.groups.by_chat(chat.id)
    assert group is not None
    return group


async def tapped(stage: Stage, person: Person, message: Message, *buttons: str) -> str:
    """Tap these buttons of one message, one after the other; what it says then."""
    for button in buttons:
        await stage.tap(person, message, button)
    return message.text


async def settings(scene: Scene) -> Message:
    """The settings message in the group."""
    await scene.stage.ask(scene.admin, scene.group, "/settings")
    return scene.stage.last(scene.group)


@pytest.fixture
async def setting_up(stage: Stage) -> tuple[Chat, Person, Message]:
    """An approved group with its admin and the set-up message."""
    await publish(stage.app.store, stage.clock)
    admin = stage.world.person("Amina")
    group = await stage.approved("Harbour prayer", admin, stage.world.person("Brian"))
    (message,) = stage.world.record.showing("Set-up · 1 of 5", group)
    return group, admin, message


async def test_a_group_is_set_up_in_one_message_and_only_confirming_subscribes_it(
    stage: Stage, setting_up: tuple[Chat, Person, Message]
) -> None:
    group, admin, message = setting_up
    assert "<b>07:00</b>" not in message.text
    assert "Chosen: 06:15" in await tapped(stage, admin, message, "06:00", ":15")
    assert "Set-up · 2 of 5" in await tapped(stage, admin, message, "Next")
    stage.world.say(admin, group, "Mombasa", reply_to=message)
    await stage.until(lambda: "Chosen: Africa/Nairobi, where it is 15:00 now" in message.text)
    assert "Chosen: Mon–Fri" in await tapped(stage, admin, message, "Next")
    assert "Chosen: Mon–Thu" in await tapped(stage, admin, message, "✓ Fri")
    assert "Chosen: in General" in await tapped(stage, admin, message, "Next")
    confirm = await tapped(stage, admin, message, "Next")
    assert "The next request comes on Mon 2 Mar at 06:15 by this group’s time" in confirm
    assert (await stored(stage, group)).state == "approved"
    assert (await stored(stage, group)).next_due_at is None
    assert "Mon 2 Mar at 06:15 (Africa/Nairobi)" in await tapped(stage, admin, message, "Begin")
    assert (await stored(stage, group)).next_due_at == datetime(2026, 3, 2, 3, 15, tzinfo=UTC)
    stage.clock.instant = datetime(2026, 3, 2, 3, 15, tzinfo=UTC)
    await stage.until(lambda: stage.shows(group, HARBOUR))


async def test_when_set_up_is_done_its_chatter_is_removed_and_no_request(
    stage: Stage, setting_up: tuple[Chat, Person, Message]
) -> None:
    group, admin, message = setting_up
    hello = stage.world.record.showing("stay silent", group)[0]
    stage.clock.advance(hours=1)
    await stage.settled()
    assert not hello.deleted
    await tapped(stage, admin, message, *["Next"] * 4, "Begin")
    stage.clock.advance(minutes=9)
    await stage.settled()
    assert not message.deleted
    stage.clock.advance(minutes=1)
    await stage.until(lambda: bool(message.deleted and hello.deleted))
    stage.clock.instant = datetime(2026, 3, 2, 7, tzinfo=UTC)
    await stage.until(lambda: stage.shows(group, HARBOUR))
    stage.clock.advance(days=1)
    await stage.until(lambda: stage.shows(group, LIGHTHOUSE))
    assert not any(post.deleted for post in stage.world.record.holding("Please pray"))


async def test_a_zone_is_chosen_by_a_location_and_by_the_city_that_is_meant(
    stage: Stage, setting_up: tuple[Chat, Person, Message]
) -> None:
    group, admin, message = setting_up
    await tapped(stage, admin, message, "Next")
    stage.world.share_location(admin, group, 14.6, 121.0, reply_to=message)
    await stage.until(lambda: "Asia/Manila" in message.text)
    stage.world.say(admin, group, "Birmingham", reply_to=message)
    await stage.until(lambda: "several time zones" in message.text)
    assert "Chosen: America/Chicago" in await tapped(stage, admin, message, "Birmingham, US")
    stage.world.say(admin, group, "zzzzzz <b>", reply_to=message)
    await stage.until(lambda: "I don’t know the city “zzzzzz <b>”" in message.text)
    stage.world.say(admin, group, "europe/london", reply_to=message)
    await stage.until(lambda: "Chosen: Europe/London" in message.text)
    assert (await stored(stage, group)).zone.key == "Europe/London"


async def test_only_an_admins_answer_to_the_question_names_a_zone(
    stage: Stage, setting_up: tuple[Chat, Person, Message]
) -> None:
    group, admin, message = setting_up
    brian = next(each for each in stage.world.people.values() if each.first_name == "Brian")
    stage.world.say(admin, group, "Nairobi", reply_to=message)
    await stage.settled()
    assert (await stored(stage, group)).zone.key == "UTC", "the message doesn't ask for a zone yet"
    await tapped(stage, admin, message, "Next")
    for said in ("Nairobi", "Manila"):
        stage.world.say(admin, group, said)
    stage.world.edit(stage.world.say(admin, group, "Good morning", reply_to=message), "Nairobi")
    stage.world.say(brian, group, "Nairobi", reply_to=message)
    await stage.until(lambda: stage.shows(group, "Only an admin"))
    await stage.settled()
    assert (await stored(stage, group)).zone.key == "UTC"
    stage.world.promote(brian, group, anonymous=True)
    stage.world.say(brian, group, "Nairobi", reply_to=message)
    await stage.until(lambda: "Africa/Nairobi" in message.text)


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
    assert "in General, without a sound" in message.text
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
        "set:pause:2026-02-30", "set:pause:2020-01-01", "set:language:tlh", "set:topic:5", "set:quiet:loud",
        "set:show:nowhere", "set:silent:maybe", "set:", "set:group:2:hour:7", "setup:resume:1",
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


async def test_a_pause_until_a_date_ends_by_itself(scene: Scene) -> None:
    stage = scene.stage
    assert await stage.ask(scene.admin, scene.group, "/pause 1 Mar 2026") == WORDS.html("usage.pause")
    assert await stage.ask(scene.admin, scene.group, "/pause 2026-02-28") == WORDS.html("usage.pause")
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
    assert "State: paused\n" in text
    assert (await stored(stage, scene.group)).next_due_at is None


async def test_todays_request_is_posted_once_after_a_late_set_up(stage: Stage) -> None:
    await publish(stage.app.store, stage.clock)
    admin = stage.world.person("Amina")
    stage.clock.instant = datetime(2026, 3, 2, 12, tzinfo=UTC)
    group = await stage.approved("Harbour prayer", admin)
    (message,) = stage.world.record.showing("Set-up · 1 of 5", group)
    assert await stage.tap_data(admin, message, "set:now") == WORDS.plain("tap.no_post_now")
    assert "Tue 3 Mar at 07:00" in await tapped(stage, admin, message, *["Next"] * 4, "Begin")
    assert "comes in a moment" in await tapped(stage, admin, message, "Post today")
    await stage.until(lambda: stage.shows(group, HARBOUR))
    await stage.settled()
    assert await stage.tap_data(admin, message, "set:now") == WORDS.plain("tap.no_post_now")
    stage.clock.advance(hours=1)
    await stage.settled()
    assert len(stage.world.record.holding(HARBOUR)) == 1
    assert await stage.outcome(group) == (PostState.REVEALED, None)
    assert (await stored(stage, group)).next_due_at == datetime(2026, 3, 3, 7, tzinfo=UTC)
