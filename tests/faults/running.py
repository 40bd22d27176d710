"""Runs experiments and gives their rows, in several processes for both kinds of database."""

import asyncio
import multiprocessing
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import product
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryDirectory
from typing import Literal

from tests.faults.campaign import EXPERIMENTS, Experiment
from tests.faults.life import preload
from tests.faults.mutants import MUTANTS, Mutant
from tests.faults.outcome import Outcome
from tests.faults.place import POSTGRESQL, SQLITE, Place
from tests.faults.row import Key, Row
from tests.postgres import postgres_server

# No row takes nearly as long: it only ends a campaign that would hang.
PATIENCE_SECONDS = 2 * 3600.0
# PostgreSQL's experiments take nearly twice the time of SQLite's, and leave a processor much to do meanwhile.
_PROCESSES = {SQLITE: 1, POSTGRESQL: 2}
_MEMORY, _ROOM = Path("/dev/shm"), 2 * 2**30  # noqa: S108 (a folder of one's own is made in it)


@dataclass(frozen=True)
class Wanted:
    """What is to be run: these experiments (all if empty), with the full number of tries or a few.

    The mutants too, not, or alone.
    """

    seed: int
    only: frozenset[int] = frozenset()
    few: bool = False
    mutants: Literal["too", "not", "alone"] = "too"

    @property
    def experiments(self) -> list[Experiment]:
        """In the order of their numbers."""
        return [each for each in EXPERIMENTS if not self.only or each.number in self.only]

    @property
    def broken_guards(self) -> Mapping[str, Mutant]:
        """The mutants to be run, by name."""
        return {} if self.mutants == "not" else MUTANTS

    def keys(self, kinds: Sequence[str]) -> Iterator[Key]:
        """Of every row that there must be."""
        for kind, experiment in product(kinds, self.experiments):
            if kind in experiment.databases:
                if self.mutants != "alone":
                    yield experiment.number, kind, None
                for name, mutant in self.broken_guards.items():
                    if experiment.number in mutant.shown_by:
                        yield experiment.number, kind, name


def side_by_side(wanted: Wanted, kinds: Sequence[str], play: "Play | None" = None) -> Iterator[Row]:
    """The rows of all kinds of databases as they come, each kind in processes of its own.

    What was wanted and didn't come, because a process ended before, is told at the end: by rows that weren't played.
    `play` is what each process does.
    """
    spawned, missing = multiprocessing.get_context("spawn"), dict.fromkeys(wanted.keys(kinds))
    ends: dict[Connection[None, Row], BaseProcess] = {}
    shares = list(_shares(wanted, kinds))
    for kind, share in shares:
        ours, theirs = spawned.Pipe(duplex=False)
        process = ends[ours] = spawned.Process(target=play or send_rows, args=(share, kind, theirs))
        process.start()
        theirs.close()  # or nobody would see that the process has ended
    for row in _received(ends):
        missing.pop(row.key, None)
        yield row
    for ended in ends.values():
        ended.join()
    for key in missing:
        yield _not_played(key, "it wasn't played: its process ended before")
    for (kind, _), ended in zip(shares, ends.values(), strict=True):
        if ended.exitcode != 0:
            yield _not_played((0, kind, None), f"its process ended with status {ended.exitcode}")


Play = Callable[[Wanted, str, "Connection[Row, None]"], None]


def _shares(wanted: Wanted, kinds: Sequence[str]) -> Iterator[tuple[str, Wanted]]:
    """For each process the kind of database, and what is played in it."""
    for kind in kinds:
        numbers = [each.number for each in wanted.experiments if kind in each.databases]
        for first in range(min(_PROCESSES[kind], len(numbers))):
            yield kind, replace(wanted, only=frozenset(numbers[first :: _PROCESSES[kind]]))


def send_rows(wanted: Wanted, kind: str, rows: "Connection[Row, None]") -> None:
    """What a process does for its share of one kind of database."""
    for row in rows_on(wanted, kind):
        rows.send(row)


def _received(ends: "dict[Connection[None, Row], BaseProcess]") -> Iterator[Row]:
    """All rows that come until every process has closed its end, which it does when it dies too."""
    open_ends = list(ends)
    while open_ends:
        ready = wait(open_ends, PATIENCE_SECONDS)
        if not ready:
            for end in open_ends:
                ends[end].terminate()
        for end in (end for end in open_ends[:] if end in ready):
            try:
                yield end.recv()
            except (EOFError, OSError):  # nothing more, or half a row
                open_ends.remove(end)


def _not_played(key: Key, why: str) -> Row:
    number, kind, mutant = key
    title = next((each.title for each in EXPERIMENTS if each.number == number), "the campaign itself")
    return Row(number, title, kind, 0.0, Outcome(tries=0, broken=[why]), mutant, played=False)


def rows_on(wanted: Wanted, kind: str) -> Iterator[Row]:
    """One kind's rows: the bot as it is, then each mutant in the experiments that must suffer from it."""
    experiments = [each for each in wanted.experiments if kind in each.databases]
    with _place(kind) as place:
        for experiment in experiments if wanted.mutants != "alone" else ():
            yield run(experiment, wanted.seed, place, experiment.few if wanted.few else experiment.tries)
    for name, mutant in wanted.broken_guards.items():
        with _place(kind, name) as place:
            for experiment in (each for each in experiments if each.number in mutant.shown_by):
                yield run(experiment, wanted.seed, place, mutant.shown_by[experiment.number])


def run(experiment: Experiment, seed: int, place: Place, tries: int) -> Row:
    """Run one experiment. That it breaks off is a violation."""
    preload()
    began = time.monotonic()
    try:
        outcome = asyncio.run(_outcome(experiment, seed, place, tries))
    except Exception as error:  # noqa: BLE001 (the others go on, and this one is told)
        outcome = Outcome.broke_off(error)
    return Row(experiment.number, experiment.title, place.kind, time.monotonic() - began, outcome, place.mutant)


async def _outcome(experiment: Experiment, seed: int, place: Place, tries: int) -> Outcome:
    return await experiment.run(seed, tries, place)


@contextmanager
def _place(kind: str, mutant: str | None = None) -> Iterator[Place]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(_folder()))
        place = Place(kind, folder, None if kind == SQLITE else stack.enter_context(postgres_server(folder)), mutant)
        place.prepare()
        yield place


def _folder() -> TemporaryDirectory[str]:
    """In memory where there is room: whoever is killed loses nothing of a file, and a disk only makes it slower."""
    has_room = _MEMORY.is_dir() and disk_usage(_MEMORY).free >= _ROOM
    return TemporaryDirectory(dir=_MEMORY if has_room else None, prefix="vigil-faults-", ignore_cleanup_errors=True)
