"""What every forked life needs and needn't do itself: the parent that they are forked from imports this."""

import importlib
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.app import App, Clocks
from bot.settings import load_settings
from bot.store.database import Store, make_engine
from tests.e2e.stage import KEY, TOKEN
from tests.faults import child

# An app that is never started: what is read once a process is read now, and what is imported late is imported.
with TemporaryDirectory() as _folder:
    _settings = load_settings(database_url=f"sqlite:///{Path(_folder)}/vigil.db", key=KEY)
    App(_settings, Store(make_engine(_settings.database()), _settings.key()), TOKEN, Clocks())
for _late in ("anyio._backends._asyncio", "babel.numbers", "httpcore", "tzdata.zoneinfo"):
    importlib.import_module(_late)

__all__ = ["child"]
