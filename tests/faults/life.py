"""A life of the bot: one process, from its start until it is told to stop, or killed."""

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.e2e.stage import until
from tests.faults.child import TICK_SECONDS, Orders, live
from tests.faults.clock import SharedClock

_forked = multiprocessing.get_context("forkserver")
_forked.set_forkserver_preload(["tests.faults.preloaded"])

# Far above what any machine needs: it only ends a life that would hang.
PATIENCE_SECONDS = 300.0


def preload() -> None:
    """Have everything imported that lives are forked from: the first of them would hold up its loop for so long."""
    nobody = _forked.Process(target=os.getpid)
    nobody.start()
    nobody.join()


class Life:
    """A bot's process. `cold`: a new interpreter, instead of a fork of one that has imported everything."""

    def __init__(self, orders: Orders, clock: SharedClock, *, cold: bool = False) -> None:
        self._clock = clock
        self._process: BaseProcess | subprocess.Popen[bytes]
        if not cold:
            self._process = _forked.Process(target=live, args=(orders,))
            self._process.start()
            return
        self._process = subprocess.Popen([sys.executable, "-m", "tests.faults.child"], stdin=subprocess.PIPE)
        assert self._process.stdin is not None
        self._process.stdin.write(pickle.dumps(orders))
        self._process.stdin.close()

    @property
    def status(self) -> int | None:
        """The exit status, negative for a signal; None while it lives."""
        return self._process.poll() if isinstance(self._process, subprocess.Popen) else self._process.exitcode

    @property
    def pid(self) -> int:
        """The process's id."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def is_frozen(self) -> bool:
        """Whether it was stopped by SIGSTOP, and not continued since."""
        status = Path(f"/proc/{self.pid}/stat").read_text()
        return status.rpartition(")")[2].split()[0] == "T"

    async def until(self, instant: datetime) -> bool:
        """Let the clock go on to that instant, and everything be done there; False if it died before.

        Where another question comes before the answer, that one's answer will do.
        """
        question = self._clock.ask(instant)
        await _until(lambda: self._clock.answered >= question or self.status is not None)
        return self.status is None

    async def still(self) -> bool:
        """Let everything be done that is due at this instant; False if it died."""
        return await self.until(self._clock.now())

    async def ended(self, seconds: float = PATIENCE_SECONDS) -> int:
        """Wait for its end; the exit status."""
        await _until(lambda: self.status is not None, seconds)
        assert self.status is not None
        return self.status

    async def stop(self) -> int:
        """Tell it to stop, as a host does; the exit status."""
        self.signal(signal.SIGTERM)
        return await self.ended()

    async def kill(self) -> None:
        """`kill -9`."""
        self.signal(signal.SIGKILL)
        await self.ended()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it lives."""
        if self.status is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


async def _until(holds: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    await until(holds, seconds=seconds, tick=TICK_SECONDS)
