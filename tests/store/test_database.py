import asyncio
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, select, text, update
from sqlalchemy.exc import DBAPIError

from bot.store.database import DatabaseError, Store, database_url, make_engine, one_at_a_time, plain_reason
from bot.store.key import HostKeyError, Key
from bot.store.tables import groups, metadata
from tests.postgres import MakeDatabase, waiting_for_a_lock
from tests.stored import CHAT, MONDAY, a_bulletin, a_request, add_group, publish, the_group

CANARY = "Quillfeather"
TITLE_CANARY = "Marzipanboat"
GROUP_CANARY = "Thistlequay"
PLAIN = "Asia/Manila"


def files_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def data_folder(store: Store, tmp_path: Path) -> Path:
    if store.engine.dialect.name == "sqlite":
        return tmp_path
    async with store.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("CHECKPOINT"))
        return Path(str(await connection.scalar(text("SHOW data_directory"))))


async def test_texts_and_titles_stand_in_plain_nowhere_in_the_database_or_its_log(store: Store, tmp_path: Path) -> None:
    await publish(store, a_bulletin(a_request(f"Pray for {CANARY}."), title=TITLE_CANARY), [(MONDAY, 0)])
    await add_group(store, title=GROUP_CANARY, zone=PLAIN)
    async with store.engine.connect() as connection:
        for table in metadata.tables.values():
            rows = [list(row) for row in await connection.execute(select(table))]
            assert not any(word in str(rows) for word in (CANARY, TITLE_CANARY, GROUP_CANARY)), table.name
    on_disk = files_below(await data_folder(store, tmp_path))
    assert PLAIN.encode() in on_disk, "this is not where the database writes"
    for word in (CANARY, TITLE_CANARY, GROUP_CANARY):
        assert word.encode() not in on_disk
        assert word.encode("utf-16-le") not in on_disk


async def test_everything_sealed_is_bytes(store: Store) -> None:
    sealed = [column for table in metadata.tables.values() for column in table.c if "sealed" in column.name]
    assert {column.table.name for column in sealed} == {
        "bulletins", "requests", "groups", "reminders", "invites", "roles",
    }  # fmt: skip
    assert all(isinstance(column.type, LargeBinary) for column in sealed)


async def test_a_database_that_was_sealed_with_another_key_is_refused(store: Store) -> None:
    await store.admit_key()
    stranger = Store(store.engine, Key(bytes(32)))
    with pytest.raises(HostKeyError, match="another key"):
        await stranger.admit_key()
    await store.admit_key()


async def test_of_two_hosts_that_start_at_once_one_gives_the_database_its_key(
    postgres: MakeDatabase, migrated_postgres: str
) -> None:
    address = postgres(like=migrated_postgres)
    hosts = [Store(make_engine(database_url(address)), Key(bytes([number]) * 32)) for number in (1, 2)]
    first = make_engine(database_url(address))
    async with first.begin() as connection:
        await connection.run_sync(one_at_a_time)
        admitting = [asyncio.create_task(host.admit_key()) for host in hosts]
        await waiting_for_a_lock(address, 2)
    outcomes = await asyncio.gather(*admitting, return_exceptions=True)
    assert sorted(type(each).__name__ for each in outcomes) == ["HostKeyError", "NoneType"]
    for engine in (first, *(host.engine for host in hosts)):
        await engine.dispose()


async def test_no_concurrent_change_is_lost(store: Store) -> None:
    group = await add_group(store, title="0")

    async def count_on() -> None:
        async with store.writing() as stored:
            if store.engine.dialect.name == "postgresql":
                # Its default isolation wants a row lock before reading and then writing.
                await stored.groups.told(group.id, group.state)
            title = (await stored.groups.get(group.id)).title
            await stored.groups.rename(group.id, str(int(title) + 1))

    await asyncio.gather(*(count_on() for _ in range(20)))
    assert (await the_group(store, group.id)).title == "20"


async def test_writers_of_a_sqlite_file_come_in_the_order_they_asked(tmp_path: Path) -> None:
    store, written = Store(make_engine(database_url(f"sqlite:///{tmp_path}/vigil.db")), Key(bytes(32))), list[int]()

    async def write(number: int) -> None:
        async with store.writing():
            written.append(number)

    async with store.writing():
        waiting = []
        for number in range(30):
            waiting.append(asyncio.create_task(write(number)))
            await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    await store.close()
    assert written == list(range(30))


async def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    group = await add_group(store)
    with pytest.raises(RuntimeError, match="on purpose"):
        async with store.writing() as stored:
            await stored.groups.rename(group.id, "Other")
            raise RuntimeError("on purpose")
    assert await the_group(store, group.id) == group


async def test_reading_waits_for_no_writer(store: Store) -> None:
    group = await add_group(store)
    async with store.writing() as writing:
        await writing.groups.rename(group.id, "Other")
        async with asyncio.timeout(5), store.reading() as reading:
            assert (await reading.groups.get(group.id)).title == group.title


async def test_a_database_error_is_said_in_one_line_without_what_was_stored(store: Store) -> None:
    await add_group(store)
    await add_group(store, CHAT - 1)
    taken = update(groups).where(groups.c.chat_id == CHAT - 1).values(chat_id=CHAT, language=GROUP_CANARY)
    with pytest.raises(DBAPIError) as caught:
        async with store.engine.begin() as connection:
            await connection.execute(taken)
    for said in (plain_reason(caught.value), str(caught.value)):
        assert str(CHAT) not in said or "DETAIL" in said
        assert GROUP_CANARY not in said
    assert "\n" not in plain_reason(caught.value)
    assert str(CHAT) not in plain_reason(caught.value)


async def test_what_was_deleted_is_overwritten_in_a_sqlite_file(tmp_path: Path) -> None:
    engine = make_engine(database_url(f"sqlite:///{tmp_path}/vigil.db"))
    async with engine.connect() as connection:
        pragmas = {
            name: await connection.scalar(text(f"PRAGMA {name}"))
            for name in ("secure_delete", "foreign_keys", "journal_mode", "synchronous")
        }
    await engine.dispose()
    assert pragmas == {"secure_delete": 1, "foreign_keys": 1, "journal_mode": "wal", "synchronous": 2}


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:///var/vigil.db", "sqlite+inloop"),
        ("postgres://vigil@host/db", "postgresql+psycopg"),
        ("postgresql://vigil:secret@host:5432/db?sslmode=require", "postgresql+psycopg"),
    ],
)
def test_an_address_gets_the_driver_that_is_used(given: str, driver: str) -> None:
    assert database_url(given).drivername == driver


@pytest.mark.parametrize(
    "given",
    [
        "mysql://vigil:s3cret@host/db",
        "sqlite://",
        "sqlite:///:memory:",
        "vigil.db",
        "",
        "postgresql://vigil:s3cret@host:s3cret/db",
    ],
)
def test_an_address_of_another_kind_is_refused_without_its_password(given: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        database_url(given)
    assert "s3cret" not in str(caught.value)


def test_group_rows_name_no_title() -> None:
    assert "title" not in groups.c
