"""A stage with the sample bulletin published and a subscribed group, on the Sunday before."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.rehearsal.chats import Chat
from bot.rehearsal.people import Person
from tests.clock import StandingClock
from tests.e2e.sample import publish
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
