"""A stage with the sample bulletin published and a subscribed group, on the Sunday before."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.group import Group
from bot.rehearsal.chats import Chat
from bot.rehearsal.messages import Message
from bot.rehearsal.people import Person
from tests.clock import StandingClock
from tests.e2e.sample import HARBOUR, publish
from tests.e2e.stage import Stage, on_stage

MONDAY_DUE = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


@dataclass
class Scene:
    """A group of two people; its first post is due on Monday at 07:30 UTC."""

    stage: Stage
    group: Chat
    admin: Person
    member: Person


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    clock = StandingClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
    async with on_stage(f"sqlite:///{tmp_path}/vigil.db", clock) as stage:
        yield stage


@pytest.fixture
async def scene(stage: Stage) -> Scene:
    await publish(stage.app.store, stage.clock)
    admin, member = stage.world.person("Amina"), stage.world.person("Brian")
    group = await stage.subscribed("Harbour prayer", admin, member)
    return Scene(stage, group, admin, member)


@pytest.fixture
async def posted(scene: Scene) -> Scene:
    """Monday's post stands in the group."""
    scene.stage.clock.instant = MONDAY_DUE
    await scene.stage.until(lambda: scene.stage.shows(scene.group, HARBOUR))
    await scene.stage.settled()
    return scene


async def posted_in_a_basic_group(stage: Stage) -> tuple[Chat, Person]:
    """Monday's post stands in a group that can still become a supergroup; the group, and its admin."""
    await publish(stage.app.store, stage.clock)
    admin = stage.world.person("Amina")
    group = await stage.subscribed("Harbour prayer", admin, kind="group")
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(group, HARBOUR))
    await stage.settled()
    return group, admin


async def privately(scene: Scene, *people: Person) -> None:
    """These people open their direct chats from the group's post."""
    (post,) = scene.stage.world.record.showing(HARBOUR, scene.group)
    for person in people:
        url = next(button["url"] for row in post.keyboard for button in row if "url" in button)
        token = url.partition("start=")[2]
        assert "Welcome" in await scene.stage.ask(person, None, f"/start {token}")


async def suspend(scene: Scene) -> None:
    """An operator suspends the group, and it is told so."""
    stage = scene.stage
    await stage.ask(stage.operator, None, "/groups")
    card = stage.last(stage.world.private_chat(stage.operator))
    await stage.tap(stage.operator, card, scene.group.title)
    await stage.until(lambda: "Suspend" in card.buttons)
    assert await stage.tap(stage.operator, card, "Suspend") == "Done."
    await stage.until(lambda: stage.shows(scene.group, "have suspended this group"))
    await stage.settled()


async def release(scene: Scene) -> None:
    """The operator who suspended the group lets it go on, and it is told so."""
    stage = scene.stage
    before = len(stage.world.record.by_bot(scene.group))
    card = stage.last(stage.world.private_chat(stage.operator))
    assert await stage.tap(stage.operator, card, "Release") == "Done."
    await stage.until(lambda: len(stage.world.record.by_bot(scene.group)) > before)
    await stage.settled()


async def go_public(scene: Scene) -> None:
    """Anybody can read the group, and Monday's post finds that out."""
    stage = scene.stage
    stage.world.make_public(scene.group, "harbour")
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(scene.group, "not private any more"))
    await stage.settled()


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
