"""Faults, played on the bot's calls by method and chat, for the next N calls or until switched off.

Every fault is made of four plain parts: wait before the act, act or not, wait after it, and what becomes of the reply.

    held = server.faults.add(drop_reply(), method="sendMessage", chat=group, times=1)
    server.faults.add(too_many(30), chat=group)       # until held.off() or server.faults.clear()
"""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum

from bot.rehearsal.chats import Chat

FOREVER = None  # for `before` and `after`: until released


class Reply(StrEnum):
    """What becomes of the reply."""

    WHOLE = "whole"
    CLOSE = "close"  # the connection ends without a reply
    SILENCE = "silence"  # no reply; the connection stays open until the client gives up or the fault is released
    CUT_OFF = "cut_off"  # half of the body, then the connection ends
    GARBLED = "garbled"  # half of the body, as if it were the whole
    HTML = "html"  # a page instead of JSON, as a proxy sends it
    EXTRA_FIELD = "extra_field"  # one field more than any version of the API knows
    ERROR = "error"  # `status` with Telegram's JSON


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to a call. Seconds are real time; None waits until the fault is released."""

    name: str
    before: float | None = 0.0
    acts: bool = True
    after: float | None = 0.0
    reply: Reply = Reply.WHOLE
    status: int = 200
    retry_after: int | None = None


def drop_reply() -> Fault:
    """The act is done, the reply lost."""
    return Fault("drop_reply", reply=Reply.CLOSE)


def refuse() -> Fault:
    """The connection ends before anything is done. (RehearsalServer.stop_listening refuses even the connection.)"""
    return Fault("refuse", acts=False, reply=Reply.CLOSE)


def delay_request(seconds: float | None = FOREVER) -> Fault:
    """The request takes its time on its way; the act is done then, even if nobody waits any more."""
    return Fault("delay_request", before=seconds)


def delay_reply(seconds: float | None = FOREVER) -> Fault:
    """The act is done at once, the reply comes late."""
    return Fault("delay_reply", after=seconds)


def too_many(retry_after: int | None) -> Fault:
    """429, nothing done. None: it doesn't say how long to wait."""
    return Fault("too_many", acts=False, reply=Reply.ERROR, status=429, retry_after=retry_after)


def fail(status: int = 502, *, acts: bool = False) -> Fault:
    """500, 502, 504 ... The act may have been done all the same: `acts`."""
    return Fault("fail", acts=acts, reply=Reply.ERROR, status=status)


def html(status: int = 502, *, acts: bool = False) -> Fault:
    """A page of HTML; `status` may be 200."""
    return Fault("html", acts=acts, reply=Reply.HTML, status=status)


def cut_off() -> Fault:
    """The act is done, half of the reply arrives."""
    return Fault("cut_off", reply=Reply.CUT_OFF)


def garbled(status: int = 200) -> Fault:
    """The act is done, the answer damaged on its way."""
    return Fault("garbled", reply=Reply.GARBLED, status=status)


def extra_field() -> Fault:
    """The act is done, the answer has a field that nobody knows yet."""
    return Fault("extra_field", reply=Reply.EXTRA_FIELD)


def silence(*, acts: bool = False) -> Fault:
    """No answer ever."""
    return Fault("silence", acts=acts, reply=Reply.SILENCE)


KINDS = {
    maker.__name__: maker
    for maker in (
        drop_reply,
        refuse,
        delay_request,
        delay_reply,
        too_many,
        fail,
        html,
        cut_off,
        garbled,
        extra_field,
        silence,
    )
}


@dataclass(eq=False, slots=True)
class Planned:
    """A fault that waits for its calls. `taken` counts those it met."""

    fault: Fault
    method: str | None = None
    chat_id: int | None = None
    times: int | None = None
    taken: int = 0
    _met: asyncio.Event = field(default_factory=asyncio.Event)
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def matches(self, method: str, chat_id: int | str | None) -> bool:
        """Whether it has calls left and this is one of them."""
        left = self.times is None or self.taken < self.times
        return left and self.method in (None, method) and self.chat_id in (None, chat_id)

    def take(self) -> None:
        """Counts a call."""
        self.taken += 1
        self._met.set()

    async def met(self, seconds: float = 10.0) -> None:
        """Waits until a call has met it. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            await self._met.wait()

    def release(self) -> None:
        """Lets go what it holds."""
        self._released.set()

    def off(self) -> None:
        """Ends it; what it holds goes on."""
        self.times = 0
        self.release()

    async def wait(self, seconds: float | None) -> None:
        """Holds a call for that long, or until released."""
        if seconds == 0:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._released.wait()
        except TimeoutError:
            return


class Faults:
    """All planned faults. A call meets the first that matches."""

    def __init__(self) -> None:
        self.planned: list[Planned] = []

    def add(
        self, fault: Fault, *, method: str | None = None, chat: Chat | int | None = None, times: int | None = None
    ) -> Planned:
        """Plans a fault for calls of one method (or all) about one chat (or any); `times` None: until switched off.

        Without a method or chat the bot's polls meet it too, and are counted.
        """
        planned = Planned(fault, method, chat.id if isinstance(chat, Chat) else chat, times)
        self.planned.append(planned)
        return planned

    def clear(self) -> None:
        """Ends all of them."""
        for planned in self.planned:
            planned.off()
        self.planned.clear()

    def take(self, method: str, chat_id: int | str | None) -> Planned | None:
        """The fault for this call, counted; None for an undisturbed one."""
        found = next((planned for planned in self.planned if planned.matches(method, chat_id)), None)
        if found:
            found.take()
        return found
