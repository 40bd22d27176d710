"""What every test may use: real databases, and a key of its own."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.store.database import Store, database_url, make_engine
from bot.store.key import Key
from bot.store.migrating import migrate
from tests.clock import StandingClock
from tests.postgres import postgres_server

# The same examples in every run, and none of them judged by how fast this machine is.
settings.register_profile("vigil", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("vigil")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
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
    make: Callable[[], str] = request.getfixturevalue("postgres")
    return make()


@pytest.fixture
async def store(any_database: str, key: Key) -> AsyncIterator[Store]:
    """A store at the newest schema."""
    engine = make_engine(database_url(any_database))
    await migrate(engine)
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
