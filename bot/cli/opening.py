"""How a command gets at the settings and the database."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.app import open_store, region_names, system_now
from bot.services.planning import Planning, Verses
from bot.services.replanning import Replanning
from bot.settings import ROOT, Settings, load_settings
from bot.store.database import Store
from bot.store.lock import is_running

T = TypeVar("T")

VERSES = ROOT / "data" / "verses.yaml"
NOT_RUNNING = "No bot is running on this database; nothing is sent until one is: vigil run"


def with_store(do: Callable[[Settings, Store], Awaitable[T]]) -> T:
    """Do something with the configured database. Raises what `load_settings` and `open_store` raise."""

    async def opened() -> T:
        settings = load_settings()
        async with open_store(settings) as store:
            return await do(settings, store)

    return asyncio.run(opened())


async def running_note(store: Store) -> str | None:
    """What to say where no bot runs to carry out what was just written."""
    return None if await is_running(store.engine) else NOT_RUNNING


def planning(settings: Settings, store: Store) -> Planning:
    """The planning service, on the clock of this machine."""
    return Planning(store, Verses.load(VERSES), settings.planning.weekdays, system_now)


def replanning(settings: Settings, store: Store) -> Replanning:
    """What changes the plan, on the clock of this machine."""
    return Replanning(store, region_names(settings), system_now)
