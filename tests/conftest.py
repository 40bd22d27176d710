"""What every test may use: real databases, and a key of its own."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

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
def postgres() -> Iterator[MakeDatabase]:
    """Makes an empty PostgreSQL database at each call; its address."""
    # Not below pytest's own folder: started as root the server runs as somebody else, and each new run of pytest takes
    # everybody else's rights on that folder away.
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, postgres_server(Path(folder)) as make:
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
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("model") / "vigil.db"
    asyncio.run(_migrated(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres: MakeDatabase) -> str:
    """A PostgreSQL database at the newest schema, to be copied."""
    address = postgres()
    asyncio.run(_migrated(address))
    return address


async def _migrated(address: str) -> None:
    engine = make_engine(database_url(address))
    await migrate(engine)
    await engine.dispose()


@pytest.fixture
def sqlite_database(migrated_sqlite: Path, tmp_path: Path) -> str:
    """The address of a SQLite database at the newest schema."""
    shutil.copy(migrated_sqlite, tmp_path / "vigil.db")
    return f"sqlite:///{tmp_path}/vigil.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_database(request: pytest.FixtureRequest) -> str:
    """The address of a database at the newest schema, of each kind in turn."""
    if request.param == "sqlite":
        address: str = request.getfixturevalue("sqlite_database")
        return address
    make: MakeDatabase = request.getfixturevalue("postgres")
    return make(like=request.getfixturevalue("migrated_postgres"))


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
