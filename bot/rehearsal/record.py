"""The record of all that happened: the judge of the demo and of the fault tests."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.rehearsal.callbacks import Tap
from bot.rehearsal.chats import Chat
from bot.rehearsal.messages import Message


@dataclass(eq=False, slots=True)
class Call:
    """One call of the bot. `params` are as decoded, without the token; `error` is None when the act was done.

    `at` is the world's time, `began` and `ended` are seconds on the monotonic clock; `ended` is None while it lasts.
    `fault` names what the rehearsal did to it: the act may be done (`error` None) though no answer was sent.
    """

    method: str
    at: datetime
    began: float
    params: dict[str, Any] = field(default_factory=dict)
    ended: float | None = None
    result: Any = None
    error: tuple[int, str] | None = None
    fault: str | None = None
    acted: bool = False

    @property
    def chat_id(self) -> int | str | None:
        """The chat it is about, if any."""
        chat_id: int | str | None = self.params.get("chat_id")
        return chat_id

    def as_json(self) -> dict[str, Any]:
        """For the record over HTTP."""
        return {
            "method": self.method,
            "params": self.params,
            "at": self.at.isoformat(),
            "began": self.began,
            "ended": self.ended,
            "acted": self.acted,
            "error": self.error,
            "fault": self.fault,
        }


class Record:
    """Messages (with all their versions), calls and taps, in the order in which they happened."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.calls: list[Call] = []
        self.taps: dict[str, Tap] = {}
        # Of each chat its own: whoever asks for every chat's would go through all of them as often as there are chats.
        self._messages_in: dict[Chat, list[Message]] = {}
        self._calls_about: dict[str, list[Call]] = {}
        self._watchers: list[Callable[[Message], None]] = []

    def posted(self, message: Message) -> None:
        """Keeps a new message."""
        self.messages.append(message)
        self._messages_in.setdefault(message.chat, []).append(message)

    def called(self, call: Call) -> None:
        """Keeps a new call."""
        self.calls.append(call)
        self._calls_about.setdefault(str(call.chat_id), []).append(call)  # as it came: decoded it may be a number

    def watch(self, watcher: Callable[[Message], None]) -> None:
        """Calls `watcher` with a message each time one is new, edited or deleted (the demo's terminal uses it)."""
        self._watchers.append(watcher)

    def changed(self, message: Message) -> None:
        """Tells the watchers. The world calls it after each change."""
        for watcher in self._watchers:
            watcher(message)

    def by_bot(self, chat: Chat | None = None) -> list[Message]:
        """The bot's messages, in one chat or in all; deleted ones too."""
        messages = self.messages if chat is None else self._messages_in.get(chat, [])
        return [message for message in messages if message.by_bot]

    def holding(self, text: str, chat: Chat | None = None) -> list[Message]:
        """The bot's messages in which `text` stood at any time."""
        return [message for message in self.by_bot(chat) if message.ever_held(text)]

    def showing(self, text: str, chat: Chat | None = None) -> list[Message]:
        """The bot's messages in which `text` stands now, and which aren't deleted."""
        return [m for m in self.by_bot(chat) if not m.deleted and text in m.text]

    def calls_of(self, method: str, chat: Chat | None = None) -> list[Call]:
        """The calls of one method, for one chat or for all."""
        calls = self.calls if chat is None else self._calls_about.get(str(chat.id), [])
        return [call for call in calls if call.method == method and (chat is None or call.chat_id == chat.id)]

    def as_json(self, chat_id: int | None = None) -> dict[str, Any]:
        """The whole record, or one chat's part of it."""
        return {
            "messages": [m.for_record() for m in self.messages if chat_id in (None, m.chat.id)],
            "calls": [c.as_json() for c in self.calls if chat_id in (None, c.chat_id)],
            "taps": [t.as_json() for t in self.taps.values() if chat_id in (None, t.message.chat.id)],
        }

    def save(self, path: Path) -> None:
        """Writes the record as JSON."""
        path.write_text(json.dumps(self.as_json(), ensure_ascii=False, indent=1), encoding="utf-8")
