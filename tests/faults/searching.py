"""Token, key and request text: where they stand in plain in what a try leaves behind."""

import base64
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path

import psycopg

from tests.e2e.stage import TOKEN
from tests.postgres import dumped

# What a place is called, and what it holds.
Place = tuple[str, bytes]


class FoundInPlainError(Exception):
    """Something of it stands in plain. `found` says in sentences what and where."""

    def __init__(self, found: list[str]) -> None:
        super().__init__("; ".join(found))
        self.found = found


def secrets(key: str, *texts: str) -> dict[str, bytes]:
    """What must stand nowhere, by its name: the token's secret part, the key as it is written, its bytes, the texts."""
    return {
        "the token": TOKEN.partition(":")[2].encode(),
        "the key": key.rstrip("=").encode(),
        "the key's bytes": base64.urlsafe_b64decode(key),
        **{f"“{text}”": text.encode() for text in texts},
    }


def search(places: Iterable[Place], secret: Mapping[str, bytes]) -> list[str]:
    """What stands where, in sentences."""
    return [
        f"{what} stands in {name}" for name, content in places for what, plain in secret.items() if plain in content
    ]


def left_behind(log: Path, address: str) -> Iterator[Place]:
    """A log; a SQLite database's files with its write-ahead log, or the rows of a PostgreSQL database."""
    yield from _read([log])
    if address.startswith("sqlite"):
        database = Path(address.removeprefix("sqlite:///"))
        yield from _read(database.parent.glob(f"{database.name}*"))
    else:
        yield "the tables", dumped(address)


def kept_besides(address: str) -> Iterator[Place]:
    """A backup of a SQLite database; of PostgreSQL heap, write-ahead log, and all else that the server keeps."""
    if address.startswith("sqlite"):
        with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as database:
            yield "a backup", database.serialize()
        return
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        row = connection.execute("SHOW data_directory").fetchone()
        assert row is not None
    yield from _read(Path(row[0]).rglob("*"))


def _read(paths: Iterable[Path]) -> Iterator[Place]:
    for path in paths:
        if path.is_file():
            with suppress(FileNotFoundError):  # a server removes what it needs no more
                yield path.name, path.read_bytes()
