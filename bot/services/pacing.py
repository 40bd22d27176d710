"""How fast Vigil may call: Telegram's limits, kept before it has to remind us of them. See docs/decisions/0041."""

import asyncio
import math
import time
from bisect import insort
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import IntEnum

from bot.services.messenger import NotNowError

# A turn whose message didn't leave within this time is over: whoever had it died, or found nothing to do.
UNUSED_SECONDS = 2.0
# Whoever doesn't say for how long waits no longer than this for a turn: few updates are handled at a time, and a chat
# that is held back must hold up no other.
SOON_SECONDS = 5.0
# What waits longer than this for its turn goes back to where it is stored: few wait in memory, and a chat that is held
# back for minutes takes nobody's place among them.
PATIENCE_SECONDS = 10.0
# The answer to a tap for which this wait is foreseen is left out: what was tapped for is done, and others wait to be
# counted. On a machine that stands still a turn may come later than foreseen.
TAP_SECONDS = 1.0
# Of the calls in a second answers to taps take no more than this part: a crowd that taps holds up no retraction.
_TAPS_PART = 2 / 3
# So many chats asked for patience within this time: it is the limit over all that was met, whatever we count.
SEVERAL_CHATS, TOGETHER_SECONDS = 3, 5.0
# An alarm may ring this late, and what is lost by it is made up.
_LATE_ALARM_SECONDS = 0.01
# Patience is counted in stretches as long as this: one in which the machine stood still may have been much longer.
_STRETCH_SECONDS = 0.5


class Lane(IntEnum):
    """What a call is for. The first lane goes first; within a lane, who came first."""

    CALLBACK = 0
    RETRACTION = 1
    ANSWER = 2
    POST = 3
    REMINDER = 4
    COUNT = 5
    RETIRING = 6


@dataclass(frozen=True, slots=True)
class Limits:
    """Calls in any second over all; in one chat messages and edits in any minute, those of counts, and their gap.

    Questions (who can see a chat, who is a member) have a rate of their own: Telegram's thirty a second are messages.
    """

    per_second: int = 30
    per_minute_in_a_chat: int = 20
    counts_per_minute: int = 8
    seconds_apart: float = 1.0
    questions_per_second: int = 100


class Window:
    """At most `most` calls in any `seconds`.

    A call counts from its turn until `seconds` after its end. When it reaches Telegram lies between, so that what holds
    here holds by Telegram's clock too.
    """

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._under_way = 0
        self._ended: deque[float] = deque()

    def wait(self, now: float, calls: int = 1) -> float:
        """Seconds until so many more are allowed; infinite while that depends on calls that haven't ended."""
        while self._ended and now - self._ended[0] >= self._seconds:
            self._ended.popleft()
        over = self._under_way + len(self._ended) + min(calls, self._most) - self._most
        if over <= 0:
            return 0.0
        return math.inf if over > len(self._ended) else self._ended[over - 1] + self._seconds - now

    def begin(self, calls: int = 1) -> None:
        """Count calls whose turn it is."""
        self._under_way += min(calls, self._most)

    def end(self, now: float, calls: int = 1) -> None:
        """They have ended."""
        self._under_way -= min(calls, self._most)
        self._ended.extend([now] * min(calls, self._most))


@dataclass(eq=False, slots=True)
class Turn:
    """A place in the line, and then the right to make a call, if it is one, and so many questions before it."""

    chat_id: int | None
    lane: Lane
    calls: int = 1
    questions: int = 0
    follows: bool = False
    granted: asyncio.Event = field(default_factory=asyncio.Event)
    over: float = math.inf  # the elapsed time at which it lapses unused


class _Rate:
    """So many in any second over all, spread over it: an urgent one never finds the second spent."""

    def __init__(self, per_second: int) -> None:
        self.per_second = per_second
        self._window = Window(per_second, 1)
        self._next = -math.inf

    def wait(self, now: float, count: int) -> float:
        """Seconds until so many more are allowed."""
        return max(self._window.wait(now, count), self._next - now) if count else 0.0

    def begin(self, now: float, count: int) -> None:
        """Count those whose turn it is."""
        if count:
            self._window.begin(count)
            self._next = max(self._next, now - _LATE_ALARM_SECONDS) + count / self.per_second

    def end(self, now: float, count: int) -> None:
        """They have ended."""
        self._window.end(now, count)


@dataclass(slots=True)
class _Chat:
    """One chat's windows. `followed`: its last call was one that followed another at once."""

    minute: Window
    counts: Window
    apart: Window
    held_until: float = -math.inf
    followed: bool = False

    def windows(self, turn: Turn) -> tuple[Window, ...]:
        return (self.minute, self.apart, self.counts) if turn.lane is Lane.COUNT else (self.minute, self.apart)

    def wait(self, turn: Turn, now: float) -> float:
        wait = max(self.held_until - now, *(each.wait(now) for each in self.windows(turn) if each is not self.apart))
        apart = self.apart.wait(now)
        at_once = turn.follows and not self.followed and apart < math.inf
        return max(wait, 0.0 if at_once else apart)


@dataclass(slots=True)
class _Line:
    """Who waits, by lane and order of coming; and whose turn it is, but hasn't called yet."""

    waiting: list[Turn] = field(default_factory=list)
    granted: deque[Turn] = field(default_factory=deque)

    def take(self, chat_id: int) -> Turn | None:
        """The oldest unused turn of this chat."""
        found = next((turn for turn in self.granted if turn.chat_id == chat_id), None)
        if found is not None:
            self.granted.remove(found)
        return found


class Pace:
    """Gives each call its turn, by elapsed time that no clock change touches.

    `ran_before`: another process may have edited counts until now, so the first edit of each waits its gap.
    """

    def __init__(
        self, limits: Limits, elapsed: Callable[[], float] = time.monotonic, *, ran_before: bool = False
    ) -> None:
        self._limits, self._elapsed = limits, elapsed
        self._ran_before_until = elapsed() if ran_before else -math.inf
        self._calls, self._questions = _Rate(limits.per_second), _Rate(limits.questions_per_second)
        self._taps = _Rate(max(1, int(limits.per_second * _TAPS_PART)))
        self._chats: dict[int, _Chat] = {}
        self._line = _Line()
        self._asked_for_patience: dict[int, float] = {}
        self._held_until = -math.inf
        self._alarm: asyncio.TimerHandle | None = None

    async def turn(
        self,
        chat_id: int | None,
        lane: Lane = Lane.ANSWER,
        *,
        questions: int = 0,
        follows: bool = False,
        at_most: float = SOON_SECONDS,
    ) -> None:
        """Wait until a message or edit in this chat is allowed; `call` it within UNUSED_SECONDS.

        Without a chat it is for a call that writes nothing (the answer to a tap): it counts over all alone and is made
        at once. `questions` are asked within the turn, before the call. `follows`: it may come at once after the chat's
        last call, if that one didn't follow another. Raises NotNowError instead of waiting for more than `at_most`
        seconds.
        """
        await self._stand_in_line(Turn(chat_id, lane, 1, questions, follows), at_most)

    async def question(self, lane: Lane = Lane.ANSWER, *, count: int = 1, at_most: float = SOON_SECONDS) -> None:
        """Wait until so many questions are allowed, which are asked at once. Raises NotNowError as `turn` does."""
        await self._stand_in_line(Turn(None, lane, 0, count), at_most)

    async def tap(self) -> None:
        """Wait until a tap may be answered, which is done at once. Raises NotNowError if too many wait for that."""
        await self._stand_in_line(Turn(None, Lane.CALLBACK), PATIENCE_SECONDS, foreseen=TAP_SECONDS)

    async def _stand_in_line(self, turn: Turn, at_most: float, foreseen: float = math.inf) -> None:
        now = self._elapsed()
        waits = self._wait_in_chat(turn, now), self._wait_behind(turn), self._held_until - now
        wait = max(each for each in waits if each < math.inf)
        if min(at_most, foreseen) < wait:
            raise NotNowError(wait)
        insort(self._line.waiting, turn, key=lambda each: each.lane)
        self._grant()
        try:
            await _wait(turn.granted, at_most)
        finally:
            if turn in self._line.waiting:
                self._line.waiting.remove(turn)
        if not turn.granted.is_set():
            raise NotNowError(at_most)

    @asynccontextmanager
    async def call(self, chat_id: int) -> AsyncIterator[None]:
        """Around a message or edit: it uses the chat's turn, or waits for one if nobody asked for it.

        Raises NotNowError where that one doesn't come soon.
        """
        while (turn := self._line.take(chat_id)) is None:
            await self.turn(chat_id)
        try:
            yield
        except NotNowError as error:
            self.hold(chat_id, error)
            raise
        finally:
            self._end(turn)
            self._grant()

    def give_back(self, chat_id: int) -> None:
        """End a turn in the chat that nothing will come of."""
        turn = self._line.take(chat_id)
        if turn is not None:
            self._end(turn)
            self._grant()

    def count_wait(self, chat_id: int) -> float:
        """Seconds until the chat would let a count be edited, whoever else waits."""
        return self._wait_in_chat(Turn(chat_id, Lane.COUNT), self._elapsed())

    def hold(self, chat_id: int, error: NotNowError) -> None:
        """Where Telegram demands patience in a chat: no turn there until then. Several at once hold back all."""
        if not error.demanded:
            return
        now, chat = self._elapsed(), self._chat(chat_id)
        chat.held_until = max(chat.held_until, now + error.seconds)
        asked = {each: at for each, at in self._asked_for_patience.items() if now - at < TOGETHER_SECONDS}
        self._asked_for_patience = {**asked, chat_id: now}
        if len(self._asked_for_patience) >= SEVERAL_CHATS:
            # The shortest: a chat that has a limit of its own to wait for mustn't make all wait for it.
            shortest = min(self._chats[each].held_until for each in self._asked_for_patience)
            self._held_until = max(self._held_until, shortest)

    def _grant(self) -> None:
        """Give turns to all who may have one now, and come back when the next may."""
        now = self._elapsed()
        while self._line.granted and self._line.granted[0].over <= now:
            self._end(self._line.granted.popleft())
        again, spent = math.inf, set[_Rate]()
        for turn in list(self._line.waiting):
            # A chat that must wait blocks no other; but who only waits for a free place has the next one.
            wait = self._wait_in_chat(turn, now)
            if wait <= 0:
                waits = {rate: self._wait_over_all(rate, count, now) for rate, count in self._needed(turn)}
                wait = max(waits.values())
                if wait <= 0 and spent.isdisjoint(waits):
                    self._begin(turn, now)
                    continue
                spent |= {rate for rate, each in waits.items() if each > 0}
            again = min(again, wait) if wait > 0 else again
            if spent >= {self._calls, self._questions}:
                break
        self._come_back(again, now)

    def _come_back(self, wait: float, now: float) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        if self._line.waiting and self._line.granted:
            wait = min(wait, self._line.granted[0].over - now)
        self._alarm = asyncio.get_running_loop().call_later(wait, self._grant) if wait < math.inf else None

    def _begin(self, turn: Turn, now: float) -> None:
        self._line.waiting.remove(turn)
        turn.granted.set()
        for rate, count in self._needed(turn):
            rate.begin(now, count)
        if turn.chat_id is None:
            self._end(turn)
            return
        chat = self._chat(turn.chat_id)
        chat.followed = turn.follows
        for window in chat.windows(turn):
            window.begin()
        turn.over = now + UNUSED_SECONDS
        self._line.granted.append(turn)

    def _end(self, turn: Turn) -> None:
        now = self._elapsed()
        for rate, count in self._needed(turn):
            rate.end(now, count)
        if turn.chat_id is not None:
            for window in self._chat(turn.chat_id).windows(turn):
                window.end(now)

    def _needed(self, turn: Turn) -> list[tuple[_Rate, int]]:
        taps = turn.calls if turn.lane is Lane.CALLBACK else 0
        needed = ((self._calls, turn.calls), (self._questions, turn.questions), (self._taps, taps))
        return [(rate, count) for rate, count in needed if count]

    def _wait_over_all(self, rate: _Rate, count: int, now: float) -> float:
        return max(rate.wait(now, count), self._held_until - now)

    def _wait_behind(self, turn: Turn) -> float:
        """Seconds for which those who wait already keep it waiting: in its chat, or answers to taps another one."""
        before = sum(each.chat_id == turn.chat_id and each.lane <= turn.lane for each in self._line.waiting)
        if turn.chat_id is not None:
            return before * self._limits.seconds_apart
        return before / self._taps.per_second if turn.lane is Lane.CALLBACK else 0.0

    def _wait_in_chat(self, turn: Turn, now: float) -> float:
        return 0.0 if turn.chat_id is None else self._chat(turn.chat_id).wait(turn, now)

    def _chat(self, chat_id: int) -> _Chat:
        if chat_id not in self._chats:
            limits = self._limits
            self._chats[chat_id] = _Chat(
                minute=Window(limits.per_minute_in_a_chat, 60),
                counts=self._counts(),
                apart=Window(1, limits.seconds_apart),
            )
        return self._chats[chat_id]

    def _counts(self) -> Window:
        """A gap keeps the edits of a busy minute apart instead of spending them all at its start."""
        counts = Window(1, 60 / self._limits.counts_per_minute)
        counts.begin()
        counts.end(self._ran_before_until)
        return counts


async def _wait(event: asyncio.Event, at_most: float) -> None:
    """Wait for it so many seconds; the time in which the machine, or this process, stood still hardly counts."""
    while at_most > 0 and not event.is_set():
        stretch = min(at_most, _STRETCH_SECONDS)
        with suppress(TimeoutError):
            async with asyncio.timeout(stretch):
                await event.wait()
        at_most -= stretch
