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


class StandingSeconds:
    """Seconds that stand still until a test moves them."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """The seconds."""
        return self.seconds
