"""What every forked life needs and needn't do itself: the parent that they are forked from imports this."""

import asyncio
import gc
import importlib
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import app
from bot.app import App, Clocks
from bot.services.verses import Verses
from bot.services.words import Languages
from bot.settings import load_settings
from bot.store.database import Store, make_engine
from bot.telegram.request import StrictRequest
from tests.e2e.stage import KEY, TOKEN
from tests.faults import child

# What a start reads from files is the same for all: they have it from here.
Languages.load = cache(Languages.load)  # type: ignore[method-assign]
Verses.load = cache(Verses.load)  # type: ignore[method-assign]
app.load_profile = cache(app.load_profile)  # type: ignore[attr-defined]


async def _ready(request: StrictRequest) -> None:
    await request.initialize()
    await request.shutdown()


# An app that is never started: what is read once a process is read now, and what is imported late is imported.
with TemporaryDirectory() as _folder:
    _settings = load_settings(database_url=f"sqlite:///{Path(_folder)}/vigil.db", key=KEY)
    App(_settings, Store(make_engine(_settings.database()), _settings.key()), TOKEN, Clocks())
asyncio.run(_ready(StrictRequest()))
for _late in ("anyio._backends._asyncio", "babel.numbers", "tzdata.zoneinfo"):
    importlib.import_module(_late)
# The collector of a fork leaves alone what stands here: looking at it would copy its memory.
gc.collect()
gc.freeze()

__all__ = ["child"]
