import asyncio
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.messenger import NotNowError
from bot.services.pacing import Limits, Pace, Window

LIMITS = Limits(per_second=5, per_minute_in_a_chat=4, counts_per_minute=2)
# Parts of a second that add up exactly: a fake sleep then ends exactly when the wait is over.
EIGHTH = 1 / 8


@dataclass
class Elapsed:
    """Elapsed time that only sleeping moves on."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.slept.append(seconds)
        self.now += seconds


def most_in(seconds: float, times: list[float]) -> int:
    """The most events in any stretch of this length, its end left out."""
    return max((sum(start <= each < start + seconds for each in times) for start in times), default=0)


# A wait before each call (in eighths of a second), its chat, and whether it is a count's edit.
calls = st.lists(st.tuples(st.integers(0, 80), st.integers(1, 3), st.booleans()), max_size=60)


@given(calls)
async def test_no_stretch_of_time_has_more_calls_than_allowed(wanted: list[tuple[int, int, bool]]) -> None:
    elapsed = Elapsed()
    pace = Pace(LIMITS, elapsed, elapsed.sleep)
    made: list[tuple[float, int, bool]] = []
    for wait, chat_id, is_count in wanted:
        elapsed.now += wait * EIGHTH
        if not is_count:
            await pace.turn(chat_id)
        elif not pace.count_turn(chat_id):
            continue
        made.append((elapsed.now, chat_id, is_count))
    assert most_in(1, [now for now, _, _ in made]) <= LIMITS.per_second
    for chat_id in (1, 2, 3):
        assert most_in(60, [now for now, chat, _ in made if chat == chat_id]) <= LIMITS.per_minute_in_a_chat
        counts = [now for now, chat, is_count in made if chat == chat_id and is_count]
        assert most_in(60, counts) <= LIMITS.counts_per_minute
    turns = [each for each in wanted if not each[2]]
    assert len([each for each in made if not each[2]]) == len(turns), "a message waits, and is never left out"


async def test_a_chat_waits_no_longer_than_it_must_and_others_do_not_wait() -> None:
    elapsed = Elapsed()
    pace = Pace(LIMITS, elapsed, elapsed.sleep)
    for _ in range(4):
        await pace.turn(1)
        elapsed.now += 1
    assert elapsed.slept == []
    await pace.turn(2)
    assert elapsed.slept == []
    await pace.turn(1)
    assert elapsed.slept == [56.0]


async def test_many_at_once_take_turns() -> None:
    elapsed = Elapsed()
    pace = Pace(LIMITS, elapsed, elapsed.sleep)
    times: list[float] = []

    async def call(chat_id: int) -> None:
        await pace.turn(chat_id)
        times.append(elapsed.now)

    await asyncio.gather(*map(call, range(23)))
    assert most_in(1, times) <= LIMITS.per_second
    assert sorted(times) == [1000.0 + number // 5 for number in range(23)]


async def test_a_held_chat_has_no_turn_until_telegrams_patience_is_over() -> None:
    elapsed = Elapsed()
    pace = Pace(LIMITS, elapsed, elapsed.sleep)
    pace.hold(1, NotNowError(30, demanded=True))
    pace.hold(1, NotNowError(10, demanded=True))
    assert not pace.count_turn(1)
    await pace.turn(2)
    assert elapsed.slept == []
    await pace.turn(1)
    assert elapsed.slept == [30.0]


async def test_a_call_that_only_could_not_be_made_holds_nobody_up() -> None:
    elapsed = Elapsed()
    pace = Pace(LIMITS, elapsed, elapsed.sleep)
    pace.hold(1, NotNowError(30))
    await pace.turn(1)
    assert elapsed.slept == []


async def test_counts_leave_room_and_never_wait() -> None:
    elapsed = Elapsed()
    pace = Pace(LIMITS, elapsed, elapsed.sleep)
    taken = [pace.count_turn(1) for _ in range(5)]
    assert taken == [True, False, False, False, False]
    elapsed.now += 30
    assert pace.count_turn(1)
    await pace.turn(1)
    await pace.turn(1)
    elapsed.now += 29
    assert not pace.count_turn(1)
    assert elapsed.slept == [], "counts never wait, and the messages had room"


@pytest.mark.parametrize(("now", "wait"), [(0.0, 10.0), (4.0, 6.0), (9.875, 0.125), (10.0, 0.0), (11.0, 0.0)])
def test_a_window_opens_when_its_oldest_event_is_old_enough(now: float, wait: float) -> None:
    window = Window(2, 10)
    assert window.wait(0) == 0
    window.take(0)
    assert window.wait(0) == 0
    window.take(0)
    assert window.wait(now) == wait
