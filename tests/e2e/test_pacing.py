"""The bot in a rush and at rest, with Telegram's limits on."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.app import open_store
from bot.domain.group import GroupState
from bot.domain.post import PostState
from bot.domain.weekdays import EVERY_DAY
from bot.rehearsal.chats import Chat
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from bot.schedule import Rhythm
from bot.services.messenger import NotNowError
from bot.settings import Settings
from tests.clock import StandingClock
from tests.e2e.conftest import MONDAY_DUE, Scene
from tests.e2e.sample import HARBOUR, publish
from tests.e2e.stage import TOKEN, bot_running, stage_settings, until

SUNDAY = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def due(settings: Settings, world: World, *instants: datetime) -> list[Chat]:
    """Subscribed groups that are due at these instants, and Monday's request."""
    chats = [world.group(f"Harbour {n}", members=[world.person("Brian")]) for n in range(len(instants))]
    async with open_store(settings) as store:
        await publish(store, StandingClock(SUNDAY))
        async with store.writing() as stored:
            for chat, at in zip(chats, instants, strict=True):
                world.add_bot(chat, by=world.owner(chat))
                group = await stored.groups.add(chat.id, chat.title, ZoneInfo("UTC"), at.time(), EVERY_DAY)
                await stored.groups.move(group.id, GroupState.ACTIVE)
                await stored.groups.told(group.id, GroupState.ACTIVE)
                await stored.groups.set_next_due(group.id, at)
    world.updates.clear()
    return chats


@pytest.mark.no_cover
async def test_who_asks_in_the_morning_rush_is_not_behind_three_hundred_posts(tmp_path: Path) -> None:
    clock, database = StandingClock(MONDAY_DUE), f"sqlite:///{tmp_path}/vigil.db"
    world = World(clock.now)
    operator = world.person("Operator")
    async with RehearsalServer(world, token=TOKEN) as server:
        instants = [MONDAY_DUE + timedelta(days=1), *[MONDAY_DUE] * 300]
        asking, *_ = await due(stage_settings(server, database), world, *instants)
        async with bot_running(server, database, clock, operator):
            await until(lambda: bool(world.record.showing(HARBOUR)))
            (member,) = (each.person for each in asking.members.values() if each.person.first_name == "Brian")
            world.say(member, asking, "/today")
            await until(lambda: bool(world.record.by_bot(asking)))
            world.tap(member, world.record.by_bot(asking)[-1])
            await until(lambda: bool(world.record.showing(HARBOUR, asking)))
            assert len(world.record.showing(HARBOUR)) < 100
    flooded = [call for call in world.record.calls if call.error and call.error[0] == 429]
    assert not flooded, "Telegram had to remind us of its limits"


@dataclass
class RunningClock:
    """It goes as the machine's own does, from another beginning."""

    beginning: datetime
    started: float

    def now(self) -> datetime:
        """The instant."""
        return self.beginning + timedelta(seconds=time.monotonic() - self.started)


async def test_at_rest_the_bot_is_woken_by_the_due_instant_itself(tmp_path: Path) -> None:
    clock = RunningClock(MONDAY_DUE - timedelta(seconds=2), time.monotonic())
    database = f"sqlite:///{tmp_path}/vigil.db"
    world = World(clock.now)
    operator = world.person("Operator")
    async with RehearsalServer(world, token=TOKEN) as server:
        (chat,) = await due(stage_settings(server, database), world, MONDAY_DUE)
        seldom = Rhythm(posting=3600)
        async with bot_running(server, database, clock, operator, rhythm=seldom):
            await until(lambda: bool(world.record.showing(HARBOUR, chat)))
    assert min(call.at for call in world.record.calls if call.chat_id == chat.id) >= MONDAY_DUE


async def test_while_all_is_held_back_taps_count_and_a_request_is_taken_back(posted: Scene) -> None:
    stage = posted.stage
    (post,) = stage.world.record.showing(HARBOUR, posted.group)
    await stage.ask(stage.operator, None, "/retract")
    asked = stage.last(stage.world.private_chat(stage.operator))
    await stage.tap(stage.operator, asked)
    await stage.until(lambda: "Keep" in asked.buttons[-1])
    for chat_id in (-1, -2, -3):
        stage.app.pace.hold(chat_id, NotNowError(900, demanded=True))
    for _ in range(40):
        stage.world.say(posted.member, posted.group, "/settings")
    stage.world.tap(posted.member, post)
    await stage.handled()
    stage.world.tap(stage.operator, asked)
    await stage.handled()
    async with stage.app.store.reading() as stored:
        (ledger,) = await stored.posts.recent(stage.clock.instant)
    assert (ledger.state, ledger.prayed) == (PostState.WITHDRAWN, 1)
