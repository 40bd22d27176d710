"""An event loop whose time stands still while anything is done, and jumps to the next instant at which something is."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Selector(selectors.DefaultSelector):
    """Where the loop would wait until its next timer, time jumps there; unless `busy`: then it really waits."""

    def __init__(self, busy: Callable[[], bool]) -> None:
        super().__init__()
        self.busy, self.now = busy, 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout == 0 or self.busy():
            return super().select(0 if timeout == 0 else None)
        if events := super().select(0):
            return events
        assert timeout is not None, "nothing is planned any more, and still something waits"
        self.now += max(timeout, 0)
        return []


class SteppingLoop(asyncio.SelectorEventLoop):
    """`busy` tells whether a thread, which a loop can't see, is at work."""

    def __init__(self, busy: Callable[[], bool] = lambda: False) -> None:
        self._steps = _Selector(busy)
        super().__init__(self._steps)

    def time(self) -> float:
        """Seconds since the beginning."""
        return self._steps.now

    def stand(self, seconds: float) -> None:
        """As if the machine had stood for so long: whatever is due meanwhile is due now, all at once."""
        self._steps.now += seconds

    async def shutdown_default_executor(self, *arguments: Any) -> None:
        """Wait for the end of threads, which takes real time."""
        self._steps.busy = lambda: True
        await super().shutdown_default_executor(*arguments)


def play(main: Coroutine[Any, Any, T], busy: Callable[[], bool] = lambda: False) -> T:
    """Run it to its end on a loop of its own."""
    with asyncio.Runner(loop_factory=lambda: SteppingLoop(busy)) as runner:
        return runner.run(main)
