"""A group is set up with buttons: by its admins, and by nobody else."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.post import PostState
from bot.rehearsal.chats import Chat
from bot.rehearsal.messages import Message
from bot.rehearsal.people import Person
from tests.e2e.conftest import stored, tapped
from tests.e2e.sample import HARBOUR, LIGHTHOUSE, publish
from tests.e2e.stage import Stage
from tests.texts import WORDS


@pytest.fixture
async def setting_up(stage: Stage) -> tuple[Chat, Person, Message]:
    """An approved group with its admin and the set-up message."""
    await publish(stage.app.store, stage.clock)
    admin = stage.world.person("Amina")
    group = await stage.approved("Harbour prayer", admin, stage.world.person("Brian"))
    (message,) = stage.world.record.showing("Set-up · 1 of 4", group)
    return group, admin, message


async def test_a_group_is_set_up_in_one_message_and_only_confirming_subscribes_it(
    stage: Stage, setting_up: tuple[Chat, Person, Message]
) -> None:
    group, admin, message = setting_up
    assert "<b>07:00</b>" not in message.text
    assert "Chosen: 06:15" in await tapped(stage, admin, message, "06:00", ":15")
    assert "Set-up · 2 of 4" in await tapped(stage, admin, message, "Next")
    stage.world.say(admin, group, "Mombasa", reply_to=message)
    await stage.until(lambda: "Chosen: Africa/Nairobi, where it is 15:00 now" in message.text)
    assert "Chosen: Mon–Fri" in await tapped(stage, admin, message, "Next")
    assert "Chosen: Mon–Thu" in await tapped(stage, admin, message, "✓ Fri")
    confirm = await tapped(stage, admin, message, "Next")
    assert "The next request comes on Mon 2 Mar at 06:15 by this group’s time" in confirm
    assert (await stored(stage, group)).state == "approved"
    assert (await stored(stage, group)).next_due_at is None
    assert "Mon 2 Mar at 06:15 (Africa/Nairobi)" in await tapped(stage, admin, message, "Begin")
    assert (await stored(stage, group)).next_due_at == datetime(2026, 3, 2, 3, 15, tzinfo=UTC)
    stage.clock.instant = datetime(2026, 3, 2, 3, 15, tzinfo=UTC)
    await stage.until(lambda: stage.shows(group, HARBOUR))


async def test_what_a_command_changes_during_set_up_the_set_up_shows_too(
    stage: Stage, setting_up: tuple[Chat, Person, Message]
) -> None:
    group, admin, message = setting_up
    for command, shown in (
        ("/time 07:35", "Chosen: 07:35"),
        ("/timezone Asia/Manila", "Chosen: Asia/Manila"),
        ("/days mon,wed", "Chosen: Mon, Wed"),
    ):
        await stage.ask(admin, group, command)
        assert shown in message.text
    assert message.buttons[0] == "✓ Mon"
    begun = await tapped(stage, admin, message, "Next", "Begin")
    await stage.ask(admin, group, "/time 08:00")
    assert message.text == begun, "the set-up is done"


@pytest.mark.parametrize("how", ["/subscribe", "Begin"])
@pytest.mark.parametrize("bot_is_admin", [True, False])
async def test_a_group_is_asked_to_make_the_bot_an_admin_only_where_it_is_none(
    stage: Stage, setting_up: tuple[Chat, Person, Message], how: str, bot_is_admin: bool
) -> None:
    group, admin, message = setting_up
    if not bot_is_admin:
        stage.world.demote(stage.world.bot, group)
    if how == "Begin":
        said = await tapped(stage, admin, message, *["Next"] * 3, "Begin")
    else:
        said = await stage.ask(admin, group, how)
    assert "Mon 2 Mar at 07:00" in said
    assert ("make me an admin too" in said) is not bot_is_admin


async def test_when_set_up_is_done_its_chatter_is_removed_and_no_request(
    stage: Stage, setting_up: tuple[Chat, Person, Message]
) -> None:
    group, admin, message = setting_up
    hello = stage.world.record.showing("stay silent", group)[0]
    stage.clock.advance(hours=1)
    await stage.settled()
    assert not hello.deleted
    await tapped(stage, admin, message, *["Next"] * 3, "Begin")
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


async def test_when_set_up_is_done_by_commands_their_answers_are_removed_too(
    stage: Stage, setting_up: tuple[Chat, Person, Message]
) -> None:
    group, admin, _ = setting_up
    stage.world.say(admin, group, "/days mon-fri")
    await stage.until(lambda: stage.shows(group, "Changed: Days"))
    for command in ("/subscribe", "/timezone UTC", "/time 07:30"):
        await stage.ask(admin, group, command)
    chatter = stage.world.record.by_bot(group)
    assert len(chatter) == 6
    stage.clock.advance(minutes=9)
    await stage.settled()
    assert not any(each.deleted for each in chatter)
    assert "https://" in await stage.ask(admin, group, "/invite")
    stage.clock.advance(minutes=1)
    await stage.until(lambda: all(each.deleted for each in chatter))
    for command in ("/settings", "/time 07:45", "/subscribe"):
        await stage.ask(admin, group, command)
    stage.clock.advance(hours=1)
    await stage.settled()
    async with stage.app.store.reading() as stored:
        assert not await stored.passing.due(stage.clock.instant + timedelta(days=1), 50)
    assert [bool(each.deleted) for each in stage.world.record.by_bot(group)] == [True] * 6 + [False] * 4


async def test_when_set_up_is_done_whatever_else_was_said_meanwhile_is_removed_and_no_link(
    stage: Stage, setting_up: tuple[Chat, Person, Message]
) -> None:
    group, admin, _ = setting_up
    brian = next(each for each in stage.world.people.values() if each.first_name == "Brian")
    for command in ("/timezone Atlantis", "/time 7.99", "/days sometimes", "/pause", "/preview", "/topic there"):
        await stage.ask(admin, group, command)
    for command in ("/language xx", "/help", "/checkup", "/resume", "/invite", "/subscribe now"):
        await stage.ask(admin, group, command)
    for command in ("/subscribe", "/today"):
        await stage.ask(brian, group, command)
    await stage.ask(admin, group, "/subscribe")
    await stage.ask(admin, group, "/time 7.99")
    chatter = list(stage.world.record.by_bot(group))
    for command in ("/invite", "/checkup"):
        await stage.ask(admin, group, command)
    await stage.ask(brian, group, "/week")
    stage.clock.advance(minutes=10)
    await stage.until(lambda: all(each.deleted for each in chatter))
    stage.clock.advance(hours=1)
    await stage.settled()
    assert [bool(each.deleted) for each in stage.world.record.by_bot(group)] == [True] * len(chatter) + [False] * 3


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


async def test_a_members_location_or_a_forwarded_one_names_no_zone(
    stage: Stage, setting_up: tuple[Chat, Person, Message]
) -> None:
    group, admin, message = setting_up
    brian = next(each for each in stage.world.people.values() if each.first_name == "Brian")
    await tapped(stage, admin, message, "Next")
    stage.world.share_location(brian, group, 14.6, 121.0, reply_to=message)
    await stage.until(lambda: stage.shows(group, "Only an admin"))
    elsewhere = stage.world.group("Elsewhere", admins=[admin])
    stage.world.forward(admin, stage.world.share_location(admin, elsewhere, 14.6, 121.0), group)
    stage.world.share_location(admin, group, 14.6, 121.0)
    await stage.settled()
    assert (await stored(stage, group)).zone.key == "UTC"
    assert "Chosen: UTC" in message.text


async def test_a_group_without_topics_is_asked_nothing_about_them(
    stage: Stage, setting_up: tuple[Chat, Person, Message]
) -> None:
    group, admin, message = setting_up
    screens = [message.text, *[await tapped(stage, admin, message, "Next") for _ in range(3)]]
    assert ["Set-up · 4 of 4" in each for each in screens] == [False, False, False, True]
    assert "07:00, UTC, Mon–Fri.\n" in screens[-1]
    assert "Chosen: Mon–Fri" in await tapped(stage, admin, message, "‹ Back")
    screens.append(await stage.ask(admin, group, "/settings"))
    assert "Posts come: with a sound" in screens[-1]
    assert "Topic" not in stage.last(group).buttons
    assert not [each for each in screens if "General" in each or "topic" in each]
    assert "has no topics" in await stage.ask(admin, group, "/topic here")
    assert (await stored(stage, group)).topic_id is None


async def test_during_set_up_another_language_is_spoken_at_once(
    stage: Stage, setting_up: tuple[Chat, Person, Message]
) -> None:
    _, admin, message = setting_up
    stage.world.say(admin, message.chat, "/language es")
    await stage.until(lambda: "Configuración · 1 de 4" in message.text)


async def test_a_button_for_the_topic_from_before_still_works_in_a_group_without_topics(
    stage: Stage, setting_up: tuple[Chat, Person, Message]
) -> None:
    group, admin, message = setting_up
    assert await stage.tap_data(admin, message, "setup:show:topic") == ""
    assert "Set-up · 4 of 4" in message.text
    assert await stage.tap_data(admin, message, "setup:topic:general") == ""
    assert "Set-up · 4 of 4" in message.text
    await stage.ask(admin, group, "/settings")
    screen = stage.last(group)
    assert await stage.tap_data(admin, screen, "set:show:topic") == ""
    assert "Changed: Topic: in General" in await tapped(stage, admin, screen, "General")
    assert (await stored(stage, group)).topic_id is None


async def test_a_topic_that_was_chosen_is_shown_though_the_group_has_none_any_more(
    stage: Stage, setting_up: tuple[Chat, Person, Message]
) -> None:
    group, admin, message = setting_up
    group.forum = True
    stage.world.say(admin, group, "/topic here", topic=stage.world.topic(group, "Prayer"))
    await stage.until(lambda: "Chosen: in their topic" in message.text)
    await stage.settled()
    group.forum = False
    assert "in their topic, with a sound" in await stage.ask(admin, group, "/settings")
    await tapped(stage, admin, stage.last(group), "Topic", "General")
    assert "Posts come: with a sound" in stage.last(group).text


async def test_the_first_step_knows_how_many_a_forum_has(stage: Stage) -> None:
    admin = stage.world.person("Amina")
    group = stage.world.group("Harbour prayer", admins=[admin])
    group.forum = True
    stage.world.add_bot(group, by=admin, admin=True)
    asked = stage.world.private_chat(stage.operator)
    await stage.until(lambda: stage.shows(asked, "Harbour prayer") and bool(stage.world.record.by_bot(group)))
    await stage.tap(stage.operator, stage.last(asked), "Approve")
    await stage.until(lambda: stage.shows(group, "Set-up · 1 of 5"))
    assert "Set-up · 5 of 5" in await tapped(stage, admin, stage.last(group), *["Next"] * 4)


async def test_during_set_up_a_topic_is_chosen_in_it_and_the_set_up_says_so(
    stage: Stage, setting_up: tuple[Chat, Person, Message]
) -> None:
    group, admin, message = setting_up
    group.forum = True
    prayer = stage.world.topic(group, "Prayer")
    assert "Chosen: in General" in await tapped(stage, admin, message, *["Next"] * 3)
    assert message.buttons == ["‹ Back", "Next ›"], "it stands in General itself"
    stage.world.say(admin, group, "/topic here", topic=prayer)
    await stage.until(lambda: "Chosen: in their topic" in message.text)
    await stage.settled()
    assert "Set-up · 4 of 5" in message.text
    assert "in their topic" in await tapped(stage, admin, message, "Next")
    assert "Chosen: in General" in await tapped(stage, admin, message, "‹ Back", "General")
    stage.world.say(admin, group, "/topic here", topic=prayer)
    await stage.until(lambda: "Chosen: in their topic" in message.text)
    await tapped(stage, admin, message, "Next", "Begin")
    begun = message.text
    stage.world.say(admin, group, "/topic here", topic=prayer)
    await stage.settled()
    assert message.text == begun, "the set-up is done"
    stage.clock.instant = datetime(2026, 3, 2, 7, tzinfo=UTC)
    await stage.until(lambda: stage.shows(group, HARBOUR))
    assert stage.world.record.showing(HARBOUR, group)[0].thread_id == prayer.id


async def test_a_member_does_not_choose_the_topic_during_set_up(
    stage: Stage, setting_up: tuple[Chat, Person, Message]
) -> None:
    group, admin, message = setting_up
    brian = next(each for each in stage.world.people.values() if each.first_name == "Brian")
    group.forum = True
    await tapped(stage, admin, message, *["Next"] * 3)
    stage.world.say(brian, group, "/topic here", topic=stage.world.topic(group, "Prayer"))
    await stage.until(lambda: stage.shows(group, "Only an admin"))
    await stage.settled()
    assert "Chosen: in General" in message.text
    assert (await stored(stage, group)).topic_id is None


async def test_todays_request_is_offered_after_a_late_set_up_by_command_too(stage: Stage) -> None:
    await publish(stage.app.store, stage.clock)
    admin = stage.world.person("Amina")
    stage.clock.instant = datetime(2026, 3, 2, 6, tzinfo=UTC)
    early, late = [await stage.approved(title, admin) for title in ("Lighthouse prayer", "Harbour prayer")]
    assert "Mon 2 Mar at 07:00" in await stage.ask(admin, early, "/subscribe")
    assert stage.last(early).buttons == [], "today's comes by itself"
    stage.clock.instant = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert "Tue 3 Mar at 07:00" in await stage.ask(admin, late, "/subscribe")
    message = stage.last(late)
    assert "comes in a moment" in await tapped(stage, admin, message, "Post today")
    await stage.until(lambda: stage.shows(late, HARBOUR))
    await stage.settled()
    await stage.ask(admin, late, "/subscribe")
    assert stage.last(late).buttons == [], "today has its post"
    assert len(stage.world.record.showing(HARBOUR, late)) == 1


async def test_todays_request_is_offered_with_the_change_by_command_that_would_leave_it_out(stage: Stage) -> None:
    await publish(stage.app.store, stage.clock)
    admin = stage.world.person("Amina")
    group = await stage.approved("Harbour prayer", admin)
    stage.clock.instant = datetime(2026, 3, 2, 6, tzinfo=UTC)
    assert "Mon 2 Mar at 07:00" in await stage.ask(admin, group, "/subscribe")
    assert "Tue 3 Mar at 07:00 (Africa/Nairobi)" in await stage.ask(admin, group, "/timezone Africa/Nairobi")
    assert stage.last(group).buttons == ["Post today’s request now"]
    assert "Mon 2 Mar at 09:30" in await stage.ask(admin, group, "/time 09:30")
    assert stage.last(group).buttons == [], "today's comes by itself"
    assert "Tue 3 Mar at 07:30" in await stage.ask(admin, group, "/time 07:30")
    assert "comes in a moment" in await tapped(stage, admin, stage.last(group), "Post today")
    await stage.until(lambda: stage.shows(group, HARBOUR))
    await stage.settled()
    await stage.ask(admin, group, "/days mon-fri")
    assert stage.last(group).buttons == [], "today has its post"


async def test_todays_request_is_posted_once_after_a_late_set_up(stage: Stage) -> None:
    await publish(stage.app.store, stage.clock)
    admin = stage.world.person("Amina")
    stage.clock.instant = datetime(2026, 3, 2, 12, tzinfo=UTC)
    group = await stage.approved("Harbour prayer", admin)
    (message,) = stage.world.record.showing("Set-up · 1 of 4", group)
    assert await stage.tap_data(admin, message, "set:now") == WORDS.plain("tap.no_post_now")
    assert "Tue 3 Mar at 07:00" in await tapped(stage, admin, message, *["Next"] * 3, "Begin")
    assert "comes in a moment" in await tapped(stage, admin, message, "Post today")
    await stage.until(lambda: stage.shows(group, HARBOUR))
    await stage.settled()
    assert await stage.tap_data(admin, message, "set:now") == WORDS.plain("tap.no_post_now")
    stage.clock.advance(hours=1)
    await stage.settled()
    assert len(stage.world.record.holding(HARBOUR)) == 1
    assert await stage.outcome(group) == (PostState.REVEALED, None)
    assert (await stored(stage, group)).next_due_at == datetime(2026, 3, 3, 7, tzinfo=UTC)


async def test_a_group_that_becomes_a_supergroup_during_its_set_up_is_set_up_there(stage: Stage) -> None:
    await publish(stage.app.store, stage.clock)
    admin = stage.world.person("Amina")
    small = await stage.approved("Harbour prayer", admin, kind="group")
    (before,) = stage.world.record.showing("Set-up · 1 of 4", small)
    await tapped(stage, admin, before, "06:00", "Next")
    group = stage.world.upgrade(small)
    await stage.until(lambda: stage.shows(group, "Set-up · 1 of 4"))
    await stage.settled()
    (message,) = stage.world.record.showing("Set-up", group)
    assert "Chosen: 06:00" in message.text, "what was chosen before holds"
    await stage.ask(admin, group, "/time 06:15")
    assert "Chosen: 06:15" in message.text
    assert "Mon 2 Mar at 06:15" in await tapped(stage, admin, message, *["Next"] * 3, "Begin")
    assert (await stored(stage, group)).state == "active"


async def test_a_group_that_becomes_a_supergroup_when_it_is_not_being_set_up_is_told_nothing(stage: Stage) -> None:
    admin = stage.world.person("Amina")
    small = await stage.subscribed("Harbour prayer", admin, kind="group")
    await stage.ask(admin, small, "/unsubscribe")
    group = stage.world.upgrade(small)
    await stage.handled()
    assert await stage.app.groups.untold() == []
    assert stage.world.record.by_bot(group) == []
    assert (await stored(stage, group)).state == "approved"


@pytest.mark.parametrize("how", ["/topic here", "reopened"])
async def test_where_general_is_closed_the_operators_hear_that_a_group_could_not_be_told_of_its_approval(
    stage: Stage, how: str
) -> None:
    world, admin = stage.world, stage.world.person("Amina")
    group, asked = world.group("Harbour prayer", admins=[admin]), world.private_chat(stage.operator)
    group.forum = True
    prayer = world.topic(group, "Prayer")
    world.add_bot(group, by=admin, admin=True)
    await stage.until(lambda: stage.shows(asked, "Approve it?"))
    world.promote(world.bot, group, without=["can_manage_topics"])  # who may write in a closed topic otherwise
    world.close_topic(group)
    await stage.settled()
    await stage.tap(stage.operator, world.record.showing("Approve it?", asked)[-1], "Approve")
    untold = "I post nothing in “Harbour prayer” for now: its topic is closed"
    await stage.until(lambda: stage.shows(asked, untold))
    assert not stage.shows(group, "Set-up")
    if how == "reopened":
        world.reopen_topic(group)
    else:
        world.say(admin, group, how, topic=prayer)
    await stage.until(lambda: stage.shows(group, "Set-up"))
    (message,) = world.record.showing("Set-up", group)
    assert message.thread_id == (None if how == "reopened" else prayer.id)
    assert len(world.record.showing(untold, asked)) == 1
