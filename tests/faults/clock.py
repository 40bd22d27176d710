"""What a trial's processes share: simulated time, and whether the bot's database works."""

import mmap
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

_NOW, _PASSED, _HORIZON, _ASKED, _STILL, _SPOILT, _FAILED, _SLEPT, _FAILED_COMMITS = range(9)
_SIZE = 8 * 9


@dataclass(frozen=True)
class Moment:
    """An instant of the bot's clock, and the seconds that had passed till then: stepped over, and real ones."""

    at: datetime
    elapsed: float | None = None


class SharedClock:
    """It stands, and steps to the next instant that matters. It lies in a file, so it outlives whoever is killed.

    The bot's process steps it, as far as `horizon`; the parent jumps it and says how far it may go. Each call of `ask`
    is a question to the bot's process, whether it is still; it answers by `answer` with the question's number.
    """

    def __init__(self, path: Path, instant: datetime | None = None) -> None:
        if instant is not None:
            path.write_bytes(bytes(_SIZE))
        with path.open("r+b") as file:
            self._fields = memoryview(mmap.mmap(file.fileno(), _SIZE)).cast("d")
        self.path = path
        if instant is not None:
            self._fields[_NOW] = self._fields[_HORIZON] = instant.timestamp()

    def now(self) -> datetime:
        """The instant at which it stands."""
        return datetime.fromtimestamp(self._fields[_NOW], UTC)

    def elapsed(self) -> float:
        """Seconds that no jump touches: those that were stepped over, and the real ones."""
        return self._fields[_PASSED] + time.monotonic()

    def moment(self) -> "Moment":
        """This instant, on both clocks."""
        return Moment(self.now(), self.elapsed())

    @property
    def horizon(self) -> datetime:
        """How far it may be stepped."""
        return datetime.fromtimestamp(self._fields[_HORIZON], UTC)

    def step(self, coming: Iterable[datetime | None]) -> None:
        """Step to the earliest of these instants that is still to come, at the latest to the horizon."""
        now = self.now()
        instant = min((each for each in (*coming, self.horizon) if each is not None and each > now), default=now)
        self._fields[_PASSED] += (instant - now).total_seconds()
        self._fields[_NOW] = instant.timestamp()

    def jump(self, by: timedelta) -> None:
        """Set it forward or back, as a host does."""
        self._fields[_NOW] += by.total_seconds()

    @property
    def slept(self) -> float:
        """The seconds for which the bot's machine slept. They count since its start; nothing elapses meanwhile."""
        return self._fields[_SLEPT]

    def sleep(self, by: timedelta) -> None:
        """The bot's machine sleeps. What time it is then, others may step or jump."""
        self._fields[_SLEPT] += by.total_seconds()

    def let_pass(self, by: timedelta) -> None:
        """Time passes for everybody, while the bot waits for something."""
        self._fields[_PASSED] += by.total_seconds()
        self._fields[_NOW] += by.total_seconds()

    def ask(self, horizon: datetime) -> float:
        """Let it go on to `horizon`; the number of this question."""
        self._fields[_HORIZON] = horizon.timestamp()
        self._fields[_ASKED] += 1
        return self._fields[_ASKED]

    @property
    def asked(self) -> float:
        """The number of the newest question."""
        return self._fields[_ASKED]

    @property
    def answered(self) -> float:
        """The number of the question that was answered last."""
        return self._fields[_STILL]

    def answer(self, question: float) -> None:
        """Say that everything is done up to the horizon."""
        self._fields[_STILL] = question

    @property
    def spoilt(self) -> bool:
        """Whether the bot's database takes nothing at this moment (see `spoiling.py`)."""
        return bool(self._fields[_SPOILT])

    @spoilt.setter
    def spoilt(self, spoilt: bool) -> None:
        self._fields[_SPOILT] = spoilt

    @property
    def failed(self) -> int:
        """How many statements and commits have failed since."""
        return int(self._fields[_FAILED])

    @failed.setter
    def failed(self, failed: int) -> None:
        self._fields[_FAILED] = failed

    @property
    def failed_commits(self) -> int:
        """How many of these were commits."""
        return int(self._fields[_FAILED_COMMITS])

    @failed_commits.setter
    def failed_commits(self, failed: int) -> None:
        self._fields[_FAILED_COMMITS] = failed
