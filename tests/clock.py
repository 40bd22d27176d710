"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta


class StandingClock:
    """`now` is what it was set to."""

    def __init__(self, instant: datetime = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)) -> None:
        self.instant = instant

    def now(self) -> datetime:
        """The instant."""
        return self.instant

    def advance(self, **by: float) -> None:
        """Move on, as timedelta counts."""
        self.instant += timedelta(**by)
