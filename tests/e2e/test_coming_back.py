"""A group from which the bot was removed: as it was, if the bot comes back in time; otherwise forgotten."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.group import GroupState
from bot.domain.weekdays import WORKING_DAYS
from bot.rehearsal.chats import Chat
from bot.rehearsal.faults import delay_reply
from bot.rehearsal.members import Member, Status
from bot.rehearsal.people import Person
from bot.services.leaving import Leaving
from tests.e2e.conftest import MONDAY_DUE, Scene, privately, stored, suspend
from tests.e2e.sample import HARBOUR
from tests.e2e.stage import PATIENCE_SECONDS
from tests.stored import everything
from tests.texts import WORDS

REFUSED = WORDS.html("direct.not_bound")


@pytest.fixture
async def removed(posted: Scene) -> Scene:
    """The bot was removed on the Monday; the group had its own hour, zone and language, and a member a direct chat."""
    stage = posted.stage
    await privately(posted, posted.member)
    for command in ("/time 06:45", "/timezone Africa/Nairobi", "/language es"):
        await stage.ask(posted.admin, posted.group, command)
    stage.world.kick_bot(posted.group, by=posted.admin)
    await stage.settled()
    await stage.app.retiring.sweep()  # notes the day
    group = await stage.app.groups.by_chat(posted.group.id)
    assert group is not None and group.state is GroupState.GONE
    return posted


async def asked(scene: Scene, person: Person, text: str, chat: Chat | None = None) -> str:
    """What the bot says to a command; empty where it is silent."""
    stage, place = scene.stage, chat or scene.stage.world.private_chat(person)
    before = len(stage.world.record.by_bot(place))
    stage.world.say(person, chat, text)
    await stage.settled()
    return "".join(each.text for each in stage.world.record.by_bot(place)[before:])


async def test_until_the_thirtieth_day_a_new_approval_brings_back_what_was_there(removed: Scene) -> None:
    stage, world = removed.stage, removed.stage.world
    stage.clock.advance(days=29)
    await stage.app.retiring.sweep()
    world.add_bot(removed.group, by=removed.admin, admin=True)
    operators = world.private_chat(stage.operator)
    await stage.until(lambda: len(world.record.showing("asks for the daily prayer request", operators)) == 2)
    await stage.until(lambda: stage.shows(removed.group, "Ya pedí a las personas a cargo"))  # by a sweep of its own
    await stage.settled()
    assert await asked(removed, removed.member, "/week", removed.group) == ""
    assert "todavía tienen que aprobar" in await asked(removed, removed.admin, "/subscribe", removed.group)
    assert await asked(removed, removed.member, "/week") == REFUSED
    await stage.tap(stage.operator, world.record.showing("asks for the daily", operators)[-1], "Approve")
    await stage.until(lambda: stage.shows(removed.group, "Este grupo está aprobado"))
    said = await stage.ask(removed.admin, removed.group, "/subscribe")
    assert "06:45 (Africa/Nairobi)" in said and said.startswith("Listo.")
    group = await stage.app.groups.by_chat(removed.group.id)
    assert group is not None
    kept = (group.at.isoformat("minutes"), group.zone.key, group.weekdays, group.language)
    assert kept == ("06:45", "Africa/Nairobi", WORKING_DAYS, "es")
    assert WORDS.html("ask.week_none") == await asked(removed, removed.member, "/week"), "joined to it as before"


async def test_on_the_thirtieth_day_nothing_of_it_is_stored_any_more(removed: Scene) -> None:
    stage, world = removed.stage, removed.stage.world
    stage.clock.advance(days=30)
    await stage.app.retiring.sweep()  # what stands is put away first, as far as it can be
    await stage.app.rewriting.wake()
    await stage.settled()
    await stage.app.retiring.sweep()
    assert await stage.app.groups.by_chat(removed.group.id) is None
    rows = await everything(stage.app.store)
    for table in ("groups", "bindings", "posts", "copies", "marks", "reminders", "passing", "replies", "invites"):
        assert rows[table] == [], table
    assert await asked(removed, removed.member, "/today") == REFUSED
    direct = world.private_chat(removed.member)
    assert await stage.tap_data(removed.member, stage.last(direct), "show:1") != ""
    assert not world.record.showing(HARBOUR, direct)


def kicked_unseen(scene: Scene) -> None:
    """The bot is removed, and the update that says so is lost."""
    bot = scene.stage.world.bot
    scene.group.members[bot.id] = Member(bot, Status.KICKED)


def deleted(scene: Scene) -> None:
    """The group is."""
    scene.stage.world.delete_group(scene.group)


async def found_gone(scene: Scene) -> None:
    """It is known that the bot is out, and the day is noted."""
    stage = scene.stage
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await stored(stage, scene.group)).state is not GroupState.GONE:
            await stage.app.schedule.sweep()
    await stage.app.retiring.sweep()


async def forgotten_in_time(scene: Scene) -> None:
    """On the thirtieth day, and not before."""
    stage = scene.stage
    for days, there in ((29, True), (1, False)):
        stage.clock.advance(days=days)
        for _ in range(2):
            await stage.app.retiring.sweep()
            await stage.app.rewriting.wake()
            await stage.settled()
        await stage.app.retiring.sweep()
        assert bool(await stage.app.groups.all()) is there


@pytest.mark.parametrize("goes", [kicked_unseen, deleted])
async def test_a_group_that_removed_the_bot_unseen_is_forgotten_too(
    posted: Scene, goes: Callable[[Scene], None]
) -> None:
    stage = posted.stage
    goes(posted)
    stage.clock.instant = MONDAY_DUE + timedelta(days=1)
    await found_gone(posted)
    operators = stage.world.private_chat(stage.operator)
    await stage.until(lambda: stage.shows(operators, "post nothing in “Harbour prayer”"))
    await forgotten_in_time(posted)
    assert len(stage.world.record.showing("post nothing in “Harbour prayer”", operators)) == 1


async def test_a_group_that_operators_remove_where_the_bot_is_out_is_forgotten_too(posted: Scene) -> None:
    stage = posted.stage
    kicked_unseen(posted)
    await stage.ask(stage.operator, None, "/groups")
    card = stage.last(stage.world.private_chat(stage.operator))
    for button in ("Harbour prayer", "Remove …", "Put all away and leave"):
        await stage.until(lambda button=button: any(each.startswith(button) for each in card.buttons))  # type: ignore[misc]
        await stage.tap(stage.operator, card, button)
    await found_gone(posted)
    await forgotten_in_time(posted)


@pytest.mark.parametrize("seen", [True, False])
async def test_operators_are_reminded_that_they_had_suspended_a_group_which_comes_back(
    posted: Scene, seen: bool
) -> None:
    stage, world = posted.stage, posted.stage.world
    operators = world.private_chat(stage.operator)
    await suspend(posted)
    if seen:
        world.kick_bot(posted.group, by=posted.admin)
    else:
        kicked_unseen(posted)
        stage.clock.advance(hours=1)
    await found_gone(posted)
    world.add_bot(posted.group, by=posted.admin, admin=True)
    await stage.until(lambda: stage.shows(operators, "An operator had suspended it"))
    question = stage.last(operators)
    assert "“Harbour prayer” asks for the daily prayer request again" in question.text
    assert question.buttons == ["Approve", "Decline"]
    assert await stage.tap(stage.operator, question, "Approve") == WORDS.plain("tap.approved")
    await stage.until(lambda: stage.shows(posted.group, "group is approved"))
    world.kick_bot(posted.group, by=posted.admin)
    await stage.settled()
    stage.clock.advance(days=1)
    world.add_bot(posted.group, by=posted.admin, admin=True)
    await stage.until(lambda: len(world.record.showing("asks for the daily prayer request", operators)) == 3)
    assert len(world.record.showing("An operator had suspended it", operators)) == 1, "it was approved since"


async def test_a_group_that_adds_the_bot_again_while_it_is_told_goodbye_is_not_left(scene: Scene) -> None:
    stage, world = scene.stage, scene.stage.world
    operators = world.private_chat(stage.operator)
    world.kick_bot(scene.group, by=scene.admin)
    await stage.settled()
    world.add_bot(scene.group, by=scene.admin, admin=True)
    await stage.until(lambda: "Decline" in stage.last(operators).buttons)
    pending = WORDS.plain("group.is.pending")
    await stage.until(lambda: stage.shows(scene.group, pending))
    held = stage.server.faults.add(delay_reply(), method="sendMessage", chat=scene.group, times=1)
    await stage.tap(stage.operator, stage.last(operators), "Decline")
    await held.met()
    world.kick_bot(scene.group, by=scene.admin)
    world.add_bot(scene.group, by=scene.admin, admin=True)
    await stage.until(lambda: len(world.record.showing("asks for the daily prayer request", operators)) == 3)
    before = len(world.record.showing(pending, scene.group))
    held.release()
    await stage.until(lambda: len(world.record.showing(pending, scene.group)) > before)
    await Leaving(stage.app.store, stage.app.messenger, stage.clock.now).leave()
    assert scene.group.member(world.bot).present
    assert (await stored(stage, scene.group)).state is GroupState.PENDING
