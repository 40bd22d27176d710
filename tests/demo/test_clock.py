"""The stepping clock."""

from datetime import UTC, datetime, timedelta, timezone

from bot.demo.clock import SteppingClock

NOON = datetime(2026, 3, 7, 12, tzinfo=UTC)


def later(**by: float) -> datetime:
    return NOON + timedelta(**by)


def test_it_stands_still() -> None:
    clock = SteppingClock(NOON)
    assert [clock.now() for _ in range(3)] == [NOON] * 3


def test_it_steps_to_the_earliest_instant_to_come() -> None:
    clock = SteppingClock(NOON)
    assert clock.step([later(days=2), None, later(minutes=5), later(hours=1)]) == later(minutes=5)
    assert clock.now() == later(minutes=5)


def test_it_never_goes_back_nor_stays() -> None:
    clock = SteppingClock(NOON)
    assert clock.step([later(minutes=-1), NOON, later(seconds=1)]) == later(seconds=1)


def test_it_stays_where_nothing_is_to_come() -> None:
    clock = SteppingClock(NOON)
    assert clock.step([None, NOON, later(days=-1)]) is None
    assert clock.step([]) is None
    assert clock.now() == NOON


def test_instants_are_compared_whatever_their_zone() -> None:
    clock = SteppingClock(NOON)
    manila = datetime(2026, 3, 7, 20, 30, tzinfo=timezone(timedelta(hours=8)))
    assert clock.step([later(hours=1), manila]) == later(minutes=30)
