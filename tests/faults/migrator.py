"""A process that brings a database to the newest schema, and can be killed before and after each statement."""

import asyncio
from typing import Any

from bot.store.database import database_url, make_engine
from bot.store.migrating import migrate
from tests.faults.child import KillSwitch


def migrate_until(address: str, kill_at: int | None) -> None:
    """The target of a child process: migrate, or die at this point."""
    asyncio.run(_migrate_until(address, kill_at))


async def _migrate_until(address: str, kill_at: int | None) -> None:
    engine = make_engine(database_url(address))
    switch, dialect = KillSwitch(kill_at), engine.sync_engine.dialect

    def with_points(act: Any) -> Any:
        def acted(*arguments: Any) -> None:
            switch.point()
            act(*arguments)
            switch.point()

        return acted

    for name in ("do_execute", "do_execute_no_params", "do_commit"):
        setattr(dialect, name, with_points(getattr(dialect, name)))
    await migrate(engine)
    await engine.dispose()
