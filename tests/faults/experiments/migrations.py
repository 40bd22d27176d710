"""24: a migration of the database killed at every step."""

import asyncio
import multiprocessing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from bot.app import system_now
from bot.store import migrating
from bot.store.database import database_url, make_engine
from bot.store.migrating import alembic_config, migrate
from tests.e2e.stage import until
from tests.faults.child import Kill, KillSwitch, die
from tests.faults.life import PATIENCE_SECONDS
from tests.faults.outcome import Outcome, played
from tests.faults.place import Place
from tests.migrations import differences

Schema = dict[str, set[str]]

_forked = multiprocessing.get_context("forkserver")


async def killed_migrations(seed: int, tries: int, place: Place) -> Outcome:
    """From nothing and from each older schema to the newest one: killed before and after every statement and commit.

    With `tries` of 1; else at every so many of these points, the `seed` choosing which.
    """
    total = Outcome(tries=0)
    for beginning in ("base", *_older()):
        model = place.empty()
        before = await _prepare(model, beginning)
        points = place.folder / f"{beginning}.points"
        with place.database(beginning, like=model) as address:
            total.expect(await _migrated(address, points=points), f"it can't be migrated from {beginning}")
        numbers = range(seed % tries, len(points.read_text().splitlines()), tries)
        plays = [Play(place, beginning, model, before, number) for number in numbers]
        total.add(await played(plays, _killed))
    return total


@dataclass(frozen=True)
class Play:
    """A copy of `model`, which is at the revision `beginning`, is migrated and killed at a point."""

    place: Place
    beginning: str
    model: str
    before: Schema
    point: int

    def __str__(self) -> str:
        return f"from {self.beginning} at {self.point}"


async def _killed(play: Play) -> Outcome:
    """Old or new, nothing between; then it starts clean, with what was stored."""
    outcome = Outcome()
    with play.place.database(f"{play.beginning} {play.point}", like=play.model) as address:
        engine = make_engine(database_url(address))
        outcome.expect(not await _migrated(address, Kill(passing=play.point)), "it wasn't killed")
        async with engine.connect() as connection:
            found = await connection.run_sync(_schema)
            whole = found == play.before or not await connection.run_sync(differences)
            outcome.expect(whole, f"the schema is neither the old nor the new one: {sorted(found)}")
        outcome.expect(await _migrated(address), "it doesn't start afterwards")
        async with engine.connect() as connection:
            outcome.expect(not await connection.run_sync(differences), "it isn't at the newest schema afterwards")
            kept = list(await connection.scalars(text("SELECT id FROM host_keys")))
            outcome.expect(kept == ([] if play.beginning == "base" else ["kept"]), f"what was stored is now {kept}")
        await engine.dispose()
    return outcome


async def _prepare(address: str, revision: str) -> Schema:
    """Bring an empty database to an older schema, with something stored in it."""
    engine = make_engine(database_url(address))
    async with engine.begin() as connection:
        if revision != "base":
            await connection.run_sync(lambda each: command.upgrade(alembic_config(each), revision))
            await connection.execute(text("INSERT INTO host_keys (id) VALUES ('kept')"))
        before = await connection.run_sync(_schema)
    await engine.dispose()
    return before


def _older() -> list[str]:
    """All revisions but the newest, oldest first."""
    scripts = ScriptDirectory(str(Path(migrating.__file__).parent / "migrations"))
    return [each.revision for each in scripts.walk_revisions()][:0:-1]


def _schema(connection: Connection) -> Schema:
    """Every table with its columns. Alembic's own appears with the first migration."""
    inspector = inspect(connection)
    return {name: {column["name"] for column in inspector.get_columns(name)} for name in inspector.get_table_names()}


async def _migrated(address: str, kill: Kill | None = None, points: Path | None = None) -> bool:
    """Whether a process of its own brings the database to the newest schema."""
    process = _forked.Process(target=_migrate, args=(address, kill, points))
    process.start()
    await until(lambda: process.exitcode is not None, seconds=PATIENCE_SECONDS)
    return process.exitcode == 0


def _migrate(address: str, kill: Kill | None, points: Path | None) -> None:
    asyncio.run(_migrate_with_points(address, KillSwitch(kill, points, system_now, die)))


async def _migrate_with_points(address: str, switch: KillSwitch) -> None:
    engine = make_engine(database_url(address))
    dialect = engine.sync_engine.dialect

    def with_points(name: str, act: Any) -> Any:
        def acted(*arguments: Any) -> None:
            switch.point(f"before {name}")
            act(*arguments)
            switch.point(f"after {name}")

        return acted

    for name in ("do_execute", "do_execute_no_params", "do_commit"):
        setattr(dialect, name, with_points(name, getattr(dialect, name)))
    await migrate(engine)
    await engine.dispose()
