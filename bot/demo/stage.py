"""What a week is played on: the rehearsal server and the real bot in one process, joined over HTTP."""

import base64
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.app import App, Clocks, open_store
from bot.demo.clock import SteppingClock
from bot.demo.script import OPERATOR
from bot.rehearsal.people import Person
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from bot.schedule import Rhythm
from bot.settings import Settings
from bot.settings.parts import PacingPart, TelegramPart

TOKEN = "4242424242:there-is-no-such-bot-and-never-was-one"  # noqa: S105 (of the rehearsal server's making)

# The posting job is woken at each step of the clock; the others follow what people do within a blink.
RHYTHM = Rhythm(posting=1.0, faster=20)
# A week passes in a minute or less, but Telegram's limits count real time: they would hold most of it up.
PACING = PacingPart(
    paid_broadcast=True,
    calls_per_second=1000,
    questions_per_second=1000,
    calls_per_minute_in_a_chat=1000,
    counts_per_minute_in_a_chat=1000,
    seconds_apart_in_a_chat=0,
)
STOP_SECONDS = 0.5


class DemoError(Exception):
    """The demo can't go on. Its sentence says why."""


@dataclass(frozen=True, slots=True)
class Stage:
    """An invented world, the server that stands for Telegram, the bot, and the clock of all three."""

    world: World
    server: RehearsalServer
    app: App
    clock: SteppingClock
    operator: Person


@asynccontextmanager
async def on_stage(clock: SteppingClock) -> AsyncIterator[Stage]:
    """A bot that runs, on a database and key of its own that are gone afterwards. Raises DemoError."""
    world = World(clock.now)
    world.limits.off()  # they count real time too, see PACING
    operator = world.person(OPERATOR)
    with TemporaryDirectory(prefix="vigil-demo-", ignore_cleanup_errors=True) as folder:
        async with RehearsalServer(world, token=TOKEN) as server:
            settings = own_settings(Path(folder), server.origin, operator)
            async with open_store(settings) as store:
                app = App(settings, store, TOKEN, Clocks(clock.now), RHYTHM)
                try:
                    if not await app.polling.connect():
                        raise DemoError(f"The invented Telegram at {server.origin} can't be reached.")
                    await app.start()
                    yield Stage(world, server, app, clock, operator)
                finally:
                    await app.stop()


def own_settings(folder: Path, api_url: str, operator: Person) -> Settings:
    """Settings for a bot that lives in `folder` and knows only the rehearsal server: no environment, no file."""
    return Settings(
        database_url=f"sqlite:///{folder / 'vigil.db'}",
        key=base64.urlsafe_b64encode(os.urandom(32)).decode(),
        operators=(operator.id,),
        telegram=TelegramPart(api_url=api_url),
        pacing=PACING,
        stop_seconds=STOP_SECONDS,
    )
