"""The pace, on a loop whose time jumps. What Telegram would see is judged: the instants at which calls arrive there."""

import asyncio
import math
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.messenger import NotNowError, UnknownOutcomeError
from bot.services.pacing import SOON_SECONDS, UNUSED_SECONDS, Lane, Limits, Pace, Window
from tests.stepping import SteppingLoop, play

T = TypeVar("T")
LIMITS = Limits(per_second=5, questions_per_second=4, per_minute_in_a_chat=4, counts_per_minute=2)
# Sums of seconds are rounded, on the loop's clock as on the machine's.
GRAIN = 1e-6


@dataclass(frozen=True)
class Wish:
    """A call that somebody makes `after` seconds: asking takes `asking`, the way there and back `there` and `back`."""

    chat_id: int
    lane: Lane = Lane.POST
    after: float = 0.0
    questions: int = 0
    follows: bool = False
    asking: float = 0.0
    there: float = 0.0
    back: float = 0.0


@dataclass
class Telegram:
    """Writes down when a message arrives. Its questions are taken to arrive with it, which is as late as they could."""

    pace: Pace
    arrived: list[tuple[float, Wish]] = field(default_factory=list)
    granted: list[tuple[float, Wish]] = field(default_factory=list)

    async def call(self, wish: Wish) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(wish.after)
        await self.pace.turn(wish.chat_id, wish.lane, questions=wish.questions, follows=wish.follows, at_most=math.inf)
        self.granted.append((loop.time(), wish))
        await asyncio.sleep(wish.asking)
        async with self.pace.call(wish.chat_id):
            await asyncio.sleep(wish.there)
            self.arrived.append((loop.time(), wish))
            await asyncio.sleep(wish.back)


def on_loop(test: Callable[[Telegram], Coroutine[Any, Any, T]], limits: Limits = LIMITS) -> T:
    """Play a test with a pace of these limits."""

    async def main() -> T:
        return await test(Telegram(Pace(limits, asyncio.get_running_loop().time)))

    return play(main())


def calls(*wishes: Wish, limits: Limits = LIMITS) -> Telegram:
    """Let all of them be made."""

    async def test(telegram: Telegram) -> Telegram:
        await asyncio.gather(*map(telegram.call, wishes))
        return telegram

    return on_loop(test, limits)


def most_in(seconds: float, arrived: list[tuple[float, int]]) -> int:
    """The most calls in any stretch of this length, its end left out."""
    return max(
        (sum(count for at, count in arrived if start <= at < start + seconds - GRAIN) for start, _ in arrived),
        default=0,
    )


parts = st.integers(0, 8).map(lambda eighths: eighths / 8)
wishes = st.builds(
    Wish,
    chat_id=st.integers(1, 3),
    lane=st.sampled_from(Lane),
    after=st.integers(0, 80).map(lambda eighths: eighths / 8),
    questions=st.integers(0, 3),
    follows=st.booleans(),
    asking=parts,
    there=parts,
    back=parts,
)


@given(st.lists(wishes, max_size=40))
def test_no_stretch_of_time_has_more_calls_than_allowed_when_they_arrive(wanted: list[Wish]) -> None:
    arrived = calls(*wanted).arrived
    assert len(arrived) == len(wanted), "whoever waits gets a turn"
    assert most_in(1, [(at, 1) for at, _ in arrived]) <= LIMITS.per_second
    assert most_in(1, [(at, wish.questions) for at, wish in arrived]) <= LIMITS.questions_per_second
    for chat_id in (1, 2, 3):
        there = [(at, wish) for at, wish in arrived if wish.chat_id == chat_id]
        assert most_in(60, [(at, 1) for at, _ in there]) <= LIMITS.per_minute_in_a_chat
        assert most_in(60, [(at, 1) for at, wish in there if wish.lane is Lane.COUNT]) <= LIMITS.counts_per_minute
        assert most_in(1, [(at, 1) for at, _ in there]) <= 2
        for (before, _), (at, wish) in pairwise(there):
            assert at - before >= 1 - GRAIN or wish.follows, "about one a second, but for what follows"


@pytest.mark.parametrize(("ran_before", "first"), [(True, 1 + 60 / 8), (False, 2.0)])
def test_whoever_ran_before_may_have_edited_a_count_a_moment_ago(ran_before: bool, first: float) -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(1)
        pace = Pace(Limits(), loop.time, ran_before=ran_before)
        await asyncio.sleep(1)
        await pace.turn(1, Lane.COUNT, at_most=math.inf)
        return loop.time()

    assert abs(play(main()) - first) < 0.1


def test_the_limits_are_used_and_not_only_kept() -> None:
    telegram = calls(*(Wish(number) for number in range(60)), limits=Limits())
    assert telegram.arrived[-1][0] <= 2.1
    telegram = calls(*(Wish(1) for _ in range(21)), limits=Limits(seconds_apart=0))
    assert [at < 60 for at, _ in telegram.arrived] == [True] * 20 + [False]


def test_there_is_no_burst_at_the_start_and_calls_are_spread() -> None:
    times = [at for at, _ in calls(*(Wish(number) for number in range(40)), limits=Limits()).arrived]
    assert most_in(0.5, [(at, 1) for at in times]) <= 17


@given(st.lists(wishes, min_size=1, max_size=40))
def test_an_urgent_call_is_never_passed_by_a_lesser_one(wanted: list[Wish]) -> None:
    # A chat for each, so that nobody waits for anything but a place.
    # Answers to taps are passed on purpose: they have no more than their part.
    wanted = [Wish(number, wish.lane, wish.after, there=wish.there) for number, wish in enumerate(wanted)]
    granted = calls(*(wish for wish in wanted if wish.lane is not Lane.CALLBACK)).granted
    for number, (at, wish) in enumerate(granted):
        passed = [other for _, other in granted[:number] if other.lane > wish.lane]
        granted_at = {other.chat_id: when for when, other in granted}
        assert all(granted_at[other.chat_id] <= wish.after + GRAIN for other in passed), (at, wish, passed)


def test_within_a_lane_who_came_first_goes_first_and_lanes_go_in_order() -> None:
    lanes = [lane for lane in sorted(Lane, reverse=True)[:-1] for _ in range(3)]
    granted = [wish for _, wish in calls(Wish(99), *(Wish(n, lane) for n, lane in enumerate(lanes))).granted]
    numbers = [wish.chat_id for wish in granted if wish.chat_id != 99]
    assert [lanes[number] for number in numbers] == sorted(lanes)
    assert numbers == sorted(numbers, key=lambda number: (lanes[number], number))


def test_a_call_that_needs_many_places_is_not_passed_by_small_ones_for_ever() -> None:
    small = [Wish(number, Lane.COUNT, after=number / 10, questions=1) for number in range(100)]
    granted = {wish.chat_id: at for at, wish in calls(*small, Wish(-1, after=1, questions=3)).granted}
    assert granted[-1] <= 2 + GRAIN


def test_a_chat_that_must_wait_blocks_no_other() -> None:
    wanted = [Wish(1, Lane.ANSWER) for _ in range(6)] + [Wish(number) for number in range(2, 6)]
    times = [(at, wish) for at, wish in calls(*wanted).arrived]
    assert max(at for at, wish in times if wish.chat_id != 1) <= 1.2
    assert max(at for at, wish in times if wish.chat_id == 1) >= 60


def test_a_reveal_follows_its_open_at_once_and_the_next_does_not() -> None:
    async def test(telegram: Telegram) -> list[float]:
        for follows in (False, True, True, False, True):
            await telegram.call(Wish(1, follows=follows))
        return [round(at) for at, _ in telegram.arrived]

    assert on_loop(test, Limits(per_second=1000)) == [0, 0, 1, 2, 2]


def test_counts_leave_room_for_the_rest_and_are_spread_over_the_minute() -> None:
    telegram = calls(*(Wish(1, Lane.COUNT) for _ in range(9)), *(Wish(1) for _ in range(12)), limits=Limits())
    assert max(at for at, wish in telegram.arrived if wish.lane is Lane.POST) < 20
    counts = [at for at, wish in telegram.arrived if wish.lane is Lane.COUNT]
    assert all(after - before >= 7.5 - GRAIN for before, after in pairwise(counts))


def test_who_does_not_want_to_wait_is_told_how_long_it_would_take() -> None:
    async def test(telegram: Telegram) -> None:
        for _ in range(4):
            await telegram.call(Wish(1))
        with pytest.raises(NotNowError) as told:
            await telegram.pace.turn(1, at_most=5)
        assert 50 < told.value.seconds < 60
        await telegram.pace.turn(2, at_most=5)

    on_loop(test)


def test_who_gives_up_leaves_the_line() -> None:
    async def test(telegram: Telegram) -> None:
        flood = [asyncio.ensure_future(telegram.call(Wish(number, Lane.RETRACTION))) for number in range(30)]
        await asyncio.sleep(GRAIN)
        with pytest.raises(NotNowError):
            await telegram.pace.turn(99, Lane.RETIRING, at_most=1)
        cut_off = asyncio.ensure_future(telegram.pace.turn(98, Lane.RETIRING))
        await asyncio.sleep(0)
        cut_off.cancel()
        await asyncio.gather(*flood)
        assert asyncio.get_running_loop().time() <= 30 / LIMITS.per_second

    on_loop(test)


def test_a_turn_that_is_not_used_lapses() -> None:
    async def test(telegram: Telegram) -> None:
        await telegram.pace.turn(1, questions=4)
        await telegram.call(Wish(2, questions=1))
        assert UNUSED_SECONDS <= asyncio.get_running_loop().time() <= UNUSED_SECONDS + 1 + GRAIN
        await telegram.pace.turn(3, questions=4)
        given = asyncio.get_running_loop().time()
        telegram.pace.give_back(3)
        await telegram.call(Wish(2, questions=1))
        assert asyncio.get_running_loop().time() <= given + 1 + GRAIN

    on_loop(test)


def test_a_call_for_which_nobody_asked_waits_for_its_turn_all_the_same() -> None:
    async def test(telegram: Telegram) -> list[float]:
        times: list[float] = []
        for _ in range(4):
            async with telegram.pace.call(1):
                times.append(round(asyncio.get_running_loop().time()))
        return times

    assert on_loop(test) == [0, 1, 2, 3]


def test_who_does_not_say_for_how_long_never_waits_for_more_than_a_few_seconds() -> None:
    async def test(telegram: Telegram) -> None:
        loop, pace = asyncio.get_running_loop(), telegram.pace
        crowd = [asyncio.create_task(telegram.call(Wish(number, Lane.CALLBACK))) for number in range(2, 102)]
        await asyncio.gather(*(telegram.call(Wish(1)) for _ in range(4)))
        began = loop.time()
        for wait in (pace.turn(1), pace.call(1).__aenter__(), pace.turn(500), pace.question(Lane.RETIRING)):
            with suppress(NotNowError):
                await wait
        assert loop.time() - began <= 2 * SOON_SECONDS + GRAIN, "the first two know at once how long it would take"
        await asyncio.gather(*crowd)

    on_loop(test)


def test_who_comes_when_all_are_held_back_is_told_at_once_for_how_long() -> None:
    async def test(telegram: Telegram) -> None:
        for chat_id in (1, 2, 3):
            await refused(telegram, chat_id, NotNowError(900, demanded=True))
        for wait in (telegram.pace.question(), telegram.pace.turn(4), telegram.pace.turn(None)):
            with pytest.raises(NotNowError) as told:
                await wait
            assert told.value.seconds > 890
        assert asyncio.get_running_loop().time() <= 2

    on_loop(test)


def test_a_crowd_in_one_chat_does_not_stand_in_line_in_vain() -> None:
    async def test(telegram: Telegram) -> tuple[int, float]:
        wanted = [telegram.pace.turn(1) for _ in range(32)]
        given = await asyncio.gather(*map(lapsing, wanted))
        return sum(given), asyncio.get_running_loop().time()

    async def lapsing(turn: Coroutine[Any, Any, None]) -> bool:
        try:
            await turn
        except NotNowError:
            assert asyncio.get_running_loop().time() <= SOON_SECONDS
            return False
        return True

    given, _ = on_loop(test, Limits())
    assert 1 <= given <= SOON_SECONDS + 1


def test_answers_to_taps_count_over_all_alone() -> None:
    async def test(telegram: Telegram) -> float:
        for _ in range(11):
            await telegram.pace.turn(None, Lane.CALLBACK)
        return asyncio.get_running_loop().time()

    # Three of the five in a second.
    assert 3 <= on_loop(test) <= 3.6


def test_a_crowd_that_taps_holds_up_nobody_else() -> None:
    async def test(telegram: Telegram) -> list[float]:
        loop = asyncio.get_running_loop()
        tap = partial(telegram.pace.turn, None, Lane.CALLBACK, at_most=math.inf)
        answers = [asyncio.create_task(tap()) for _ in range(300)]
        await asyncio.gather(*(telegram.call(Wish(number, Lane.RETRACTION)) for number in range(50)))
        retracted = loop.time()
        await asyncio.gather(*answers)
        return [retracted, loop.time()]

    retracted, answered = on_loop(test, Limits())
    assert retracted <= 5.1
    assert 14.9 <= answered <= 16


def test_the_answer_to_a_tap_is_left_out_where_too_many_wait() -> None:
    async def test(telegram: Telegram) -> tuple[int, float]:
        given = await asyncio.gather(*(telegram.pace.tap() for _ in range(100)), return_exceptions=True)
        assert all(each is None or isinstance(each, NotNowError) for each in given)
        # Whoever comes when those are through finds a place.
        await telegram.pace.tap()
        return sum(each is None for each in given), asyncio.get_running_loop().time()

    given, ended = on_loop(test, Limits())
    assert 20 <= given <= 22
    assert ended <= 1.2


@pytest.mark.parametrize("seconds", [1, 5, 60])
@pytest.mark.parametrize("turn", [Pace.tap, partial(Pace.turn, chat_id=None), Pace.question])
def test_who_found_a_place_in_the_line_has_a_turn_also_where_the_machine_stands_still(
    turn: Callable[[Pace], Coroutine[Any, Any, None]], seconds: int
) -> None:
    async def test(telegram: Telegram) -> float:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SteppingLoop)
        waiting = asyncio.gather(*(turn(telegram.pace) for _ in range(20)))
        await asyncio.sleep(0.1)
        loop.stand(seconds)
        await waiting
        return loop.time() - seconds

    assert on_loop(test, Limits()) <= 1.2


def test_questions_have_places_of_their_own_and_take_none_of_the_calls() -> None:
    async def test(telegram: Telegram) -> tuple[float, float]:
        async def ask() -> float:
            for _ in range(9):
                await telegram.pace.question(Lane.CALLBACK)
            return asyncio.get_running_loop().time()

        asked = asyncio.create_task(ask())
        await asyncio.gather(*(telegram.call(Wish(number)) for number in range(11)))
        return asyncio.get_running_loop().time(), await asked

    called, asked = on_loop(test)
    assert 2 <= called <= 2.2
    assert 2 <= asked <= 2.2


def test_a_call_that_waits_for_a_place_keeps_no_question_waiting() -> None:
    async def test(telegram: Telegram) -> float:
        calling = [asyncio.create_task(telegram.call(Wish(number, questions=1))) for number in range(20)]
        await asyncio.sleep(1.5)
        before = asyncio.get_running_loop().time()
        await telegram.pace.question()
        waited = asyncio.get_running_loop().time() - before
        await asyncio.gather(*calling)
        return waited

    assert on_loop(test, Limits(per_second=2, questions_per_second=100)) <= 0.1


async def refused(telegram: Telegram, chat_id: int, error: Exception) -> None:
    """A call that Telegram, or the line to it, answers with this."""
    with pytest.raises(type(error)):
        async with telegram.pace.call(chat_id):
            raise error


def test_a_chat_in_which_telegram_asked_for_patience_is_left_alone_and_others_go_on() -> None:
    async def test(telegram: Telegram) -> None:
        await refused(telegram, 1, NotNowError(900, demanded=True))
        telegram.pace.hold(1, NotNowError(10, demanded=True))
        assert telegram.pace.count_wait(1) == 900
        await asyncio.gather(*(telegram.call(Wish(chat_id)) for chat_id in (1, 2, 3, 4)))
        assert max(at for at, wish in telegram.arrived if wish.chat_id != 1) <= 1
        assert telegram.arrived[-1][0] >= 900

    on_loop(test)


@pytest.mark.parametrize("error", [NotNowError(30), UnknownOutcomeError()])
def test_a_call_that_only_failed_holds_nobody_up(error: Exception) -> None:
    async def test(telegram: Telegram) -> None:
        await refused(telegram, 1, error)
        await telegram.call(Wish(1))
        assert asyncio.get_running_loop().time() <= 1 + GRAIN

    on_loop(test)


def test_several_chats_at_once_hold_back_all_for_the_shortest_of_them() -> None:
    async def test(telegram: Telegram) -> None:
        for chat_id, seconds in ((1, 900), (2, 30), (3, 40)):
            await refused(telegram, chat_id, NotNowError(seconds, demanded=True))
        await telegram.call(Wish(4))
        assert 30 <= asyncio.get_running_loop().time() <= 31

    on_loop(test)


def test_chats_that_asked_for_patience_one_after_another_hold_back_nobody_else() -> None:
    async def test(telegram: Telegram) -> None:
        for chat_id in range(1, 6):
            await refused(telegram, chat_id, NotNowError(900, demanded=True))
            await asyncio.sleep(3)
        await telegram.call(Wish(9))
        assert asyncio.get_running_loop().time() < 20

    on_loop(test)


@pytest.mark.parametrize(("now", "wait"), [(0.0, 10.0), (4.0, 6.0), (9.875, 0.125), (10.0, 0.0), (11.0, 0.0)])
def test_a_window_opens_when_its_oldest_call_is_old_enough(now: float, wait: float) -> None:
    window = Window(2, 10)
    window.begin(2)
    assert window.wait(0) == float("inf"), "that depends on when they end"
    window.end(0)
    assert window.wait(now) == wait
    window.end(0)
    assert window.wait(now, 2) == wait
