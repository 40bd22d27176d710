"""The demo's clock: it stands still, and steps to the next instant that matters."""

from collections.abc import Iterable
from datetime import datetime


class SteppingClock:
    """Time passes only by `step`. Whoever steps has made sure that nothing is due or under way any more."""

    def __init__(self, instant: datetime) -> None:
        self._instant = instant

    def now(self) -> datetime:
        """The instant at which it stands (aware)."""
        return self._instant

    def step(self, instants: Iterable[datetime | None]) -> datetime | None:
        """Step to the earliest of the instants that is still to come; None, and no step, if none is."""
        coming = [instant for instant in instants if instant is not None and instant > self._instant]
        if not coming:
            return None
        self._instant = min(coming)
        return self._instant
