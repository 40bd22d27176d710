"""What every test may use: real databases, and a key of its own."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.store.database import Store, database_url, make_engine
from bot.store.key import Key
from bot.store.migrating import migrate
from tests.clock import StandingClock
from tests.postgres import MakeDatabase, postgres_server

# The same examples in every run, and none of them judged by how fast this machine is.
settings.register_profile("vigil", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("vigil")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeDatabase]:
    """Makes an empty PostgreSQL database at each call; its address."""
    with postgres_server(tmp_path_factory.mktemp("postgres")) as make:
        yield make


@pytest.fixture
def key() -> Key:
    """A key that is the same in every run."""
    return Key(bytes(range(32)))


@pytest.fixture
def clock() -> StandingClock:
    """Monday, 2 March 2026, midnight UTC."""
    return StandingClock()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/vigil.db"
    make: MakeDatabase = request.getfixturevalue("postgres")
    return make()


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A database of each kind at the newest schema, by its kind; made when it is first asked for."""
    return {"folder": str(tmp_path_factory.mktemp("models"))}


@pytest.fixture(params=["sqlite", "postgresql"])
async def migrated_database(request: pytest.FixtureRequest, tmp_path: Path, models: dict[str, str]) -> str:
    """The address of a database at the newest schema, of each kind in turn: a copy of one that was migrated."""
    kind: str = request.param
    make: MakeDatabase | None = request.getfixturevalue("postgres") if kind == "postgresql" else None
    if kind not in models:
        address = make() if make else f"sqlite:///{models['folder']}/model.db"
        engine = make_engine(database_url(address))
        await migrate(engine)
        await engine.dispose()
        models[kind] = address
    if make:
        return make(like=models[kind])
    shutil.copy(models[kind].removeprefix("sqlite:///"), tmp_path / "vigil.db")
    return f"sqlite:///{tmp_path}/vigil.db"


@pytest.fixture
async def store(migrated_database: str, key: Key) -> AsyncIterator[Store]:
    """A store at the newest schema."""
    engine = make_engine(database_url(migrated_database))
    opened = Store(engine, key)
    await opened.admit_key()
    yield opened
    await opened.close()


@pytest.fixture
def bulletins() -> Path:
    """The folder of the real texts, which are never part of the repository."""
    folder = Path(os.environ.get("BULLETINS", Path(__file__).parents[2] / "shared" / "bulletins"))
    if not folder.is_dir():
        pytest.skip("the real bulletins are not on this machine: set BULLETINS to their folder")
    return folder
