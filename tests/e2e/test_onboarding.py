"""How a group comes to Vigil, and who may decide that."""

from datetime import UTC, datetime
from functools import partial

from bot.rehearsal.chats import Chat
from bot.rehearsal.faults import delay_request, fail
from bot.rehearsal.people import Person, anonymous_admin
from tests.e2e.sample import publish
from tests.e2e.stage import PATIENCE_SECONDS, Stage


async def added(stage: Stage, admin: Person, title: str = "Harbour prayer") -> Chat:
    """A private group that has just added the bot, and whose request for approval has reached the operator."""
    group = stage.world.group(title, admins=[admin])
    stage.world.add_bot(group, by=admin)
    await stage.until(lambda: stage.shows(stage.world.private_chat(stage.operator), title))
    await stage.until(lambda: stage.shows(group, "stay silent"))
    return group


def opened(stage: Stage, title: str = "Open harbour") -> Chat:
    """A group that strangers can see."""
    group = stage.world.group(title, admins=[stage.world.person("Amina")])
    stage.world.make_public(group, title.lower().replace(" ", "_"))
    return group


async def _state(stage: Stage, chat: Chat) -> tuple[str, datetime | None]:
    """How the chat's group is stored: its state, and when it is due."""
    group = await stage.app.groups.by_chat(chat.id)
    assert group is not None
    return group.state, group.next_due_at


def _has_more(stage: Stage, chat: Chat, than: int) -> bool:
    """Whether the bot has said more there than so many messages."""
    return len(stage.world.record.by_bot(chat)) > than


async def left(stage: Stage, group: Chat) -> None:
    """Wait until the bot has left."""
    await stage.until(lambda: not group.member(stage.world.bot).present)


async def test_an_unapproved_groups_admins_get_help_and_its_members_silence(stage: Stage) -> None:
    world, admin, member = stage.world, stage.world.person("Amina"), stage.world.person("Brian")
    group = await added(stage, admin)
    world.join(member, group)
    name = world.bot.username
    for command in ("/help", "/privacy", f"/nonsense@{name}"):
        before = len(world.record.by_bot(group))
        world.say(member, group, command)
        await stage.settled()
        assert len(world.record.by_bot(group)) == before, command
    assert "/settings" in await stage.ask(admin, group, "/help")
    assert "no lists of members" in await stage.ask(admin, group, "/privacy")
    assert "don’t know that command" in await stage.ask(admin, group, f"/nonsense@{name}")


async def test_while_telegram_says_of_nobody_who_they_are_an_unapproved_group_gets_no_word(stage: Stage) -> None:
    world, admin, member = stage.world, stage.world.person("Amina"), stage.world.person("Brian")
    group = await added(stage, admin)
    world.join(member, group)
    await stage.ask(admin, group, "/settings")
    screen = stage.last(group)
    await stage.tap(admin, screen, "Time zone")
    lost = stage.server.faults.add(fail(502), method="getChatAdministrators")
    for said, reply_to in (("/settings", None), ("Nairobi", screen)):
        taken = lost.taken
        world.say(member, group, said, reply_to=reply_to)
        await stage.until(lambda taken=taken: lost.taken > taken)  # type: ignore[misc]
        await stage.settled()
    assert stage.last(group) is screen
    await stage.tap(stage.operator, stage.last(world.private_chat(stage.operator)), "Approve")
    await stage.until(lambda: stage.shows(group, "/subscribe"))
    assert "does not tell me who the admins are" in await stage.ask(member, group, "/settings")


async def test_a_public_group_is_told_why_and_left(stage: Stage) -> None:
    group = opened(stage)
    stage.world.add_bot(group, by=stage.world.owner(group))
    await left(stage, group)
    assert stage.shows(group, "public link")
    assert not stage.shows(stage.world.private_chat(stage.operator), "Open harbour")


async def test_a_chat_is_not_left_before_it_was_told_why(stage: Stage) -> None:
    group = opened(stage)
    word = stage.server.faults.add(delay_request(), method="sendMessage", chat=group, times=1)
    stage.world.add_bot(group, by=stage.world.owner(group))
    await word.met(PATIENCE_SECONDS)
    # Two that are left one after the other: a whole round of departures lies between them.
    for title in ("Open shore", "Open bay"):
        other = opened(stage, title)
        stage.world.add_bot(other, by=stage.world.owner(other))
        await left(stage, other)
    assert group.member(stage.world.bot).present
    word.release()
    await left(stage, group)
    assert stage.shows(group, "public link")


async def test_a_chat_that_cannot_be_told_why_is_left_all_the_same(stage: Stage) -> None:
    group = opened(stage)
    word = stage.server.faults.add(delay_request(), method="sendMessage", chat=group, times=1)
    stage.world.add_bot(group, by=stage.world.owner(group))
    await word.met(PATIENCE_SECONDS)
    stage.clock.advance(minutes=1)
    await left(stage, group)


async def test_a_channel_and_a_channels_discussion_are_left(stage: Stage) -> None:
    admin = stage.world.person("Amina")
    channel = stage.world.group("News", admins=[admin], kind="channel")
    stage.world.add_bot(channel, by=admin)
    await stage.until(lambda: not channel.member(stage.world.bot).present)
    discussion = stage.world.group("Talk", admins=[admin])
    discussion.linked_chat_id = channel.id
    stage.world.add_bot(discussion, by=admin)
    await stage.until(lambda: not discussion.member(stage.world.bot).present)
    assert stage.shows(discussion, "discussion of a channel")


async def test_until_it_is_approved_a_group_gets_one_neutral_sentence(stage: Stage) -> None:
    await publish(stage.app.store, stage.clock)
    admin = stage.world.person("Amina")
    group = await added(stage, admin)
    for command in ("/today", "/region global", "/week", "/verse"):
        stage.world.say(admin, group, command)
    await stage.settled()
    assert len(stage.world.record.by_bot(group)) == 1
    assert "still to approve" in await stage.ask(admin, group, "/subscribe")


async def test_only_an_operator_decides(stage: Stage) -> None:
    admin = stage.world.person("Amina")
    group = await added(stage, admin)
    asked = stage.world.record.showing("Harbour prayer", stage.world.private_chat(stage.operator))[-1]
    forged = stage.world.tap_data(admin, stage.last(group), "approve:1")
    await forged.answered()
    assert forged.answer is not None
    assert "Only an operator" in forged.answer.text
    assert not stage.shows(group, "/subscribe")
    assert await stage.tap(stage.operator, asked, "Approve") == "Approved."
    await stage.until(lambda: stage.shows(group, "/subscribe"))
    assert asked.buttons == []


async def test_a_group_that_waits_does_not_begin_by_a_forged_tap_of_its_admin(stage: Stage) -> None:
    await publish(stage.app.store, stage.clock)
    admin = stage.world.person("Amina")
    group = await added(stage, admin)
    for data in ("setup:begin", "set:resume", "set:now"):
        await stage.tap_data(admin, stage.last(group), data)
        assert await _state(stage, group) == ("pending", None)
    stage.clock.instant = datetime(2026, 3, 2, 7, tzinfo=UTC)
    await stage.settled()
    assert not stage.world.record.holding("harbour", group)


async def test_in_an_approved_group_a_plain_member_does_not_begin(stage: Stage) -> None:
    member = stage.world.person("Brian")
    group = await stage.approved("Harbour prayer", stage.world.person("Amina"), member)
    (message,) = stage.world.record.showing("Set-up · 1 of 4", group)
    for data in ("setup:begin", "set:resume"):
        assert await stage.tap_data(member, message, data) == "Only an admin of this group can do this."
    assert "Only an admin" in await stage.ask(member, group, "/subscribe")
    assert await _state(stage, group) == ("approved", None)


async def test_a_declined_group_is_told_and_left(stage: Stage) -> None:
    group = await added(stage, stage.world.person("Amina"))
    asked = stage.world.record.showing("Harbour prayer", stage.world.private_chat(stage.operator))[-1]
    assert await stage.tap(stage.operator, asked, "Decline") == "Declined."
    await stage.until(lambda: not group.member(stage.world.bot).present)
    assert stage.shows(group, "not approved")


async def test_a_group_that_comes_back_is_asked_for_again(stage: Stage) -> None:
    admin = stage.world.person("Amina")
    group = await stage.subscribed("Harbour prayer", admin)
    stage.world.kick_bot(group, by=admin)
    await stage.settled()
    stage.world.add_bot(group, by=admin)
    operators = stage.world.private_chat(stage.operator)
    await stage.until(lambda: len(stage.world.record.showing("Harbour prayer", operators)) == 2)
    await stage.until(lambda: "stay silent" in stage.last(group).text)
    assert "still to approve" in await stage.ask(admin, group, "/subscribe")


async def test_adding_the_bot_again_and_again_asks_the_operators_once_and_their_buttons_still_work(
    stage: Stage,
) -> None:
    admin = stage.world.person("Amina")
    group = await added(stage, admin)
    operators = stage.world.private_chat(stage.operator)
    (asked,) = stage.world.record.showing("Harbour prayer", operators)
    for _ in range(3):
        before = len(stage.world.record.by_bot(group))
        stage.world.kick_bot(group, by=admin)
        await stage.settled()
        stage.world.add_bot(group, by=admin)
        await stage.until(partial(_has_more, stage, group, before))
    # What comes after it in the same round of telling has come: nothing else is on its way.
    await added(stage, stage.world.person("Carol"), "Lighthouse prayer")
    assert stage.world.record.showing("Harbour prayer", operators) == [asked]
    assert await stage.tap(stage.operator, asked, "Approve") == "Approved."
    await stage.until(lambda: stage.shows(group, "/subscribe"))


async def test_only_the_groups_own_admins_change_it_anonymous_ones_too(stage: Stage) -> None:
    admin, member, stranger = (stage.world.person(name) for name in ("Amina", "Brian", "Carol"))
    group = await stage.subscribed("Harbour prayer", admin, member)
    other = await stage.subscribed("Lighthouse prayer", stranger)
    assert "Only an admin" in await stage.ask(member, group, "/time 05:00")
    assert "Mon 2 Mar at 05:00" in await stage.ask(stranger, other, "/time 05:00")
    stage.world.promote(member, group, anonymous=True)
    assert "Mon 2 Mar at 06:15" in await stage.ask(member, group, "/time 06:15")
    stage.world.demote(member, group)
    assert "Only an admin" in await stage.ask(member, group, "/pause")


async def test_settings_are_changed_and_said_back(stage: Stage) -> None:
    await publish(stage.app.store, stage.clock)
    admin = stage.world.person("Amina")
    group = await stage.subscribed("Harbour prayer", admin)
    assert "/time 07:30" in await stage.ask(admin, group, "/time soon")
    assert "America/New_York" in await stage.ask(admin, group, "/timezone new york")
    assert "(Africa/Nairobi)" in await stage.ask(admin, group, "/timezone africa/nairobi")
    answer = await stage.ask(admin, group, "/days mon,wed")
    assert "Tue 3 Mar" in answer
    assert "Fri 6 Mar" in answer
    assert "Wed 4 Mar" not in answer
    shown = await stage.ask(admin, group, "/settings")
    assert "Mon, Wed" in shown
    assert "Africa/Nairobi" in shown
    assert "Paused" in await stage.ask(admin, group, "/pause")
    stage.clock.advance(days=2)
    await stage.settled()
    assert not stage.world.record.holding("harbour")
    assert "Wed 4 Mar" in await stage.ask(admin, group, "/resume")
    assert "No more requests" in await stage.ask(admin, group, "/unsubscribe")


async def test_a_group_that_nobody_approves_is_told_and_left_after_a_day(stage: Stage) -> None:
    group = await added(stage, stage.world.person("Amina"))
    asked = stage.world.record.showing("Harbour prayer", stage.world.private_chat(stage.operator))[-1]
    stage.clock.advance(hours=23, minutes=59)
    await stage.settled()
    assert group.member(stage.world.bot).present
    stage.clock.advance(minutes=1)
    await stage.until(lambda: not group.member(stage.world.bot).present)
    assert stage.shows(group, "not approved")
    assert await stage.tap(stage.operator, asked, "Approve") == "This was decided before."


async def test_an_approved_group_is_not_left_before_it_is_set_up(stage: Stage) -> None:
    group = await stage.approved("Harbour prayer", stage.world.person("Amina"))
    waiting = await added(stage, stage.world.person("Carol"), "Lighthouse prayer")
    stage.clock.advance(days=2)
    await left(stage, waiting)
    await stage.settled()
    assert group.member(stage.world.bot).present
    assert not stage.shows(group, "not approved")


async def test_operators_are_asked_only_so_often_for_one_person_a_day(stage: Stage) -> None:
    admin, other = stage.world.person("Amina"), stage.world.person("Carol")
    for number in range(3):
        await added(stage, admin, f"Harbour {number}")
    fourth = stage.world.group("Harbour 3", admins=[admin])
    stage.world.add_bot(fourth, by=admin)
    await stage.until(lambda: not fourth.member(stage.world.bot).present)
    assert stage.shows(fourth, "add me again tomorrow")
    assert not stage.shows(stage.world.private_chat(stage.operator), "Harbour 3")
    await added(stage, other, "Lighthouse prayer")
    stage.clock.advance(days=1, hours=1)
    await added(stage, admin, "Harbour 4")


async def test_the_operators_are_asked_only_so_often_for_admins_whom_telegram_hides(stage: Stage) -> None:
    groups = [stage.world.group(f"Harbour {number}") for number in range(4)]
    for group in groups[:3]:
        stage.world.add_bot(group, by=anonymous_admin())
        await stage.until(partial(stage.shows, stage.world.private_chat(stage.operator), group.title))
    stage.world.add_bot(groups[3], by=anonymous_admin())
    await left(stage, groups[3])
    assert stage.shows(groups[3], "an admin add me who isn’t anonymous")
    assert not stage.shows(stage.world.private_chat(stage.operator), "Harbour 3")
    stage.world.add_bot(groups[3], by=stage.world.owner(groups[3]))
    await stage.until(lambda: stage.shows(stage.world.private_chat(stage.operator), "Harbour 3"))
