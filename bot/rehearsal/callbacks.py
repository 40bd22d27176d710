"""Taps on buttons, and what the bot answered to them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.rehearsal.errors import bad_request
from bot.rehearsal.messages import Message
from bot.rehearsal.people import Person

LONGEST_ANSWER = 200
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person sees after a tap: a line at the top, or a box to be closed (`alert`)."""

    text: str = ""
    alert: bool = False
    url: str = ""


@dataclass(eq=False, slots=True)
class Tap:
    """One tap. `answer` is None until the bot has answered."""

    id: str
    person: Person
    message: Message
    data: str
    expires: float  # on the monotonic clock
    answer: Answer | None = None
    _answered: asyncio.Event = field(default_factory=asyncio.Event)

    async def answered(self, seconds: float = 10.0) -> Answer:
        """Waits for the bot's answer. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            await self._answered.wait()
        assert self.answer is not None  # noqa: S101 (set before the event)
        return self.answer

    def as_json(self) -> dict[str, Any]:
        """For the record."""
        return {
            "id": self.id,
            "person_id": self.person.id,
            "chat_id": self.message.chat.id,
            "message_id": self.message.id,
            "data": self.data,
            "answer": self.answer and {"text": self.answer.text, "alert": self.answer.alert},
        }


class Callbacks:
    """All taps. One can be answered once, within `life` seconds of real time.

    Telegram doesn't publish the time; users report from 15 s upwards. A second answer is refused here, so that a bot
    that answers twice is found; what the real server does then isn't known.
    """

    def __init__(self, monotonic: Callable[[], float], life: float = 15.0) -> None:
        self._monotonic = monotonic
        self.life = life
        self.taps: dict[str, Tap] = {}

    def add(self, person: Person, message: Message, data: str) -> Tap:
        """A new tap with an id of its own."""
        tap = Tap(str(4_611_686_018_427_000_001 + len(self.taps)), person, message, data, self._monotonic() + self.life)
        self.taps[tap.id] = tap
        return tap

    def answer(self, tap_id: str, answer: Answer) -> None:
        """Takes the bot's answer. Raises ApiError (400) for an unknown, old or already answered tap."""
        tap = self.taps.get(tap_id)
        if tap is None or tap.answer or tap.expires <= self._monotonic():
            raise bad_request(TOO_OLD)
        if len(answer.text) > LONGEST_ANSWER:
            raise bad_request("MESSAGE_TOO_LONG")
        tap.answer = answer
        tap._answered.set()
