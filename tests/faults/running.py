"""Runs experiments and gives their rows: one kind of database after another, or a process for each."""

import asyncio
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.queues import Queue
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryDirectory

from tests.faults.campaign import EXPERIMENTS, Experiment
from tests.faults.mutants import MUTANTS
from tests.faults.outcome import Outcome
from tests.faults.place import SQLITE, Place
from tests.faults.row import Row
from tests.postgres import postgres_server

_MEMORY, _ROOM = Path("/dev/shm"), 2 * 2**30  # noqa: S108 (a folder of one's own is made in it)


@dataclass(frozen=True)
class Wanted:
    """What is to be run: these experiments (all if empty), with the full number of tries or a few, and the mutants."""

    seed: int
    only: frozenset[int] = frozenset()
    few: bool = False
    mutants: bool = True

    @property
    def experiments(self) -> list[Experiment]:
        """In the order of their numbers."""
        return [each for each in EXPERIMENTS if not self.only or each.number in self.only]


def side_by_side(wanted: Wanted, kinds: Sequence[str]) -> Iterator[Row]:
    """The rows of all kinds of databases as they come, each kind in a process of its own."""
    spawned = multiprocessing.get_context("spawn")
    rows: Queue[Row | None] = spawned.Queue()
    processes = [spawned.Process(target=_put_rows, args=(wanted, kind, rows)) for kind in kinds]
    for process in processes:
        process.start()
    for _ in processes:
        while (row := rows.get()) is not None:
            yield row
    for process in processes:
        process.join()


def _put_rows(wanted: Wanted, kind: str, rows: "Queue[Row | None]") -> None:
    try:
        for row in rows_on(wanted, kind):
            rows.put(row)
    finally:
        rows.put(None)


def rows_on(wanted: Wanted, kind: str) -> Iterator[Row]:
    """One kind's rows: the bot as it is, then each mutant in the experiments that must suffer from it."""
    experiments = [each for each in wanted.experiments if kind in each.databases]
    with _place(kind) as place:
        for experiment in experiments:
            yield run(experiment, wanted.seed, place, experiment.few if wanted.few else experiment.tries)
    for name, mutant in MUTANTS.items() if wanted.mutants else ():
        with _place(kind, name) as place:
            for experiment in (each for each in experiments if each.number in mutant.shown_by):
                yield run(experiment, wanted.seed, place, mutant.shown_by[experiment.number])


def run(experiment: Experiment, seed: int, place: Place, tries: int) -> Row:
    """Run one experiment. That it breaks off is a violation."""
    began = time.monotonic()
    try:
        outcome = asyncio.run(_outcome(experiment, seed, place, tries))
    except Exception as error:  # noqa: BLE001 (the others go on, and this one is told)
        outcome = Outcome(wrong=[f"it broke off: {type(error).__name__}: {error}"])
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
