"""22: token, key and request text go through every error, and are searched for in all that is left behind."""

import base64
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from itertools import product
from pathlib import Path
from random import Random

import psycopg

from tests.e2e.stage import TOKEN, until
from tests.faults.child import Kill
from tests.faults.experiments.kills import BEFORE_DUE, LATER
from tests.faults.experiments.replies import ASK, BROKEN, EDIT, SEND
from tests.faults.experiments.taking_back import RETIRED_AFTER
from tests.faults.judge import judge
from tests.faults.life import PATIENCE_SECONDS
from tests.faults.outcome import Outcome, played, some
from tests.faults.place import SQLITE, Place
from tests.faults.spoiling import Way, make_room, prepare
from tests.faults.trial import CANARY, Hour, Trial, trial
from tests.postgres import dumped

DAY = timedelta(days=1)


async def searched_for(seed: int, tries: int, place: Place) -> Outcome:
    """`tries` days, each with another error; then the searches: with all posted, and after it was put away."""
    errors = some(list(product(BROKEN, (SEND, EDIT, ASK, "getUpdates"))), seed, tries)
    outcome = await played([seed], lambda number: _searched(place, errors, Random(f"{number} secrets")))
    outcome.tries = tries
    return outcome


async def _searched(place: Place, errors: list[tuple[str, str]], random: Random) -> Outcome:
    secret = random.randbytes(32)
    key = base64.urlsafe_b64encode(secret).decode()
    marks = {"the token": TOKEN.encode(), "the key": key.encode(), "the key's bytes": secret, "text": CANARY.encode()}
    days = len(errors) + len(Way)
    async with trial(place, BEFORE_DUE, Hour(), days=days, members=1, key=key) as played_on:
        for number, error in enumerate(errors):
            await _day_with(played_on, number, *error, random)
        if place.kind != SQLITE:
            prepare(played_on.given["database_url"])
        for number, way in enumerate(Way, len(errors)):
            await _spoilt_day(played_on, number, way)
        found = _search(played_on, marks)
        played_on.clock.jump(days * DAY + RETIRED_AFTER + 2 * DAY)
        async with played_on.life() as life:
            record = played_on.world.record
            await until(lambda: not record.showing(CANARY), seconds=PATIENCE_SECONDS)
            found += _search(played_on, marks)
            await life.stop()
        found += _search(played_on, marks)
        outcome = await judge(played_on)
    outcome.leaked += len(found)
    outcome.wrong += found
    return outcome


async def _day_with(played_on: Trial, number: int, broken: str, method: str, random: Random) -> None:
    """A day on which a call meets an error; on some days the bot is killed besides."""
    chat = None if method == "getUpdates" else played_on.served[0].chat
    disturbed = played_on.server.faults.add(BROKEN[broken], method=method, chat=chat, times=random.randint(1, 2))
    if random.random() < 0.3:
        await played_on.lived(LATER + number * DAY, Kill(passing=random.randrange(30)))
    await played_on.lived(LATER + number * DAY)
    disturbed.off()


async def _spoilt_day(played_on: Trial, number: int, way: Way) -> None:
    """A day on which the database takes nothing from some step on, for a while."""
    address, clock = played_on.given["database_url"], played_on.clock
    clock.failed = 0
    async with played_on.life(Kill(since=LATER + (number - 1) * DAY, passing=8, spoils=way)) as life:
        clock.ask(LATER + number * DAY)
        await until(lambda: clock.failed >= 1, seconds=PATIENCE_SECONDS)
        make_room(address, life.pid, clock)
        await life.until(LATER + number * DAY)


def _search(played_on: Trial, marks: dict[str, bytes]) -> list[str]:
    """Every place in which one of these stands in plain."""
    return [
        f"{what} stands in {path.name}"
        for path in _left_behind(played_on)
        for what, mark in marks.items()
        if mark in path.read_bytes()
    ]


def _left_behind(played_on: Trial) -> Iterator[Path]:
    """Logs, the database's files with its write-ahead log, on PostgreSQL the heap and all else it keeps; a backup."""
    yield played_on.log
    address, backup = str(played_on.given["database_url"]), played_on.log.with_suffix(".backup")
    if address.startswith("sqlite"):
        database = Path(address.removeprefix("sqlite:///"))
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(backup)) as target:
            source.backup(target)
        yield backup
        yield from database.parent.glob(f"{database.name}*")
        return
    backup.write_bytes(dumped(address))
    yield backup
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        row = connection.execute("SHOW data_directory").fetchone()
        assert row is not None
    yield from (path for path in Path(row[0]).rglob("*") if path.is_file() and path.stat().st_size)
