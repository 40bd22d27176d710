"""The operators' own group: whoever is in it is an operator there, as long as strangers can't see it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.group import GroupState
from bot.rehearsal.chats import Chat
from bot.rehearsal.people import Person
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from tests.clock import StandingClock
from tests.e2e.stage import TOKEN, Stage, bot_running, on_stage


@dataclass
class Desk:
    """The operators' group with a helper in it, and a group that asks to be approved."""

    stage: Stage
    chat: Chat
    helper: Person
    amina: Person
    asking: Chat

    async def said(self, person: Person, text: str) -> str:
        """What the bot answers somebody there."""
        return await self.stage.ask(person, self.chat, text)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    clock = StandingClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
    world = World(clock.now)
    world.limits.off()
    operator, helper, amina = world.person("Operator"), world.person("Helper"), world.person("Amina")
    chat = world.group("Vigil desk", admins=[operator], members=[helper])
    world.add_bot(chat, by=operator)
    async with (
        RehearsalServer(world, token=TOKEN) as server,
        bot_running(server, f"sqlite:///{tmp_path}/vigil.db", clock, chat) as app,
    ):
        stage = Stage(world, server, app, clock, operator)
        asking = world.group("Harbour prayer", admins=[amina])
        world.add_bot(asking, by=amina, admin=True)
        await stage.until(lambda: stage.shows(chat, "Harbour prayer"))
        yield Desk(stage, chat, helper, amina, asking)


async def test_whoever_is_at_the_desk_decides_there_and_nowhere_else(desk: Desk) -> None:
    stage = desk.stage
    assert "Harbour prayer" in await desk.said(desk.helper, "/groups")
    assert "don’t know that command" in await stage.ask(desk.helper, None, "/groups")
    (question,) = [message for message in stage.world.record.by_bot(desk.chat) if "Approve" in message.buttons]
    await stage.tap(desk.helper, question, "Approve")
    await stage.settled()
    (group,) = await stage.app.groups.all()
    assert group.state is GroupState.APPROVED


async def test_help_at_the_desk_names_what_works_there_alone(desk: Desk) -> None:
    said = await desk.said(desk.helper, "/help")
    assert "/groups" in said and "/people" in said
    for command in ("/today", "/region", "/prayed", "/subscribe"):
        assert command not in said


async def test_a_desk_that_strangers_can_see_decides_nothing(desk: Desk) -> None:
    stage = desk.stage
    (question,) = [message for message in stage.world.record.by_bot(desk.chat) if "Approve" in message.buttons]
    stage.world.make_public(desk.chat, "vigil_desk")
    assert "Strangers can see this group" in await desk.said(desk.helper, "/groups")
    assert "nothing is decided here" in await stage.tap(desk.helper, question, "Approve")
    await stage.settled()
    (group,) = await stage.app.groups.all()
    assert group.state is GroupState.PENDING


async def test_a_desk_that_strangers_can_see_is_told_nothing_until_they_cannot(desk: Desk) -> None:
    stage, world = desk.stage, desk.stage.world
    world.make_public(desk.chat, "vigil_desk")
    ferry = world.group("Ferry prayer", admins=[desk.amina])
    world.add_bot(ferry, by=desk.amina, admin=True)
    await stage.until(lambda: stage.shows(ferry, "stay silent"))
    await stage.app.telling.tell()
    world.promote(world.bot, desk.chat)  # whatever becomes of its rights there, it is asked for
    await stage.handled()
    await stage.app.telling.tell()
    assert not stage.shows(desk.chat, "Ferry prayer")
    world.make_private(desk.chat)
    await stage.until(lambda: stage.shows(desk.chat, "Ferry prayer"))


async def test_what_a_desk_that_strangers_can_see_is_not_told_another_operator_is(tmp_path: Path) -> None:
    clock = StandingClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
    async with on_stage(f"sqlite:///{tmp_path}/vigil.db", clock, desk="Vigil desk") as stage:
        world, amina = stage.world, stage.world.person("Amina")
        assert stage.desk
        world.make_public(stage.desk, "vigil_desk")
        world.add_bot(world.group("Harbour prayer", admins=[amina]), by=amina, admin=True)
        await stage.until(lambda: stage.shows(world.private_chat(stage.operator), "Harbour prayer"))
        assert not stage.shows(stage.desk, "Harbour prayer")
