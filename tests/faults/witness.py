"""Sees every change of every message at the moment it happens, while it is still known who can see the chat."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from bot.rehearsal.chats import Chat
from bot.rehearsal.messages import Message
from bot.rehearsal.record import Call
from bot.rehearsal.world import World

ASKED_SECONDS = 1.0
# Between the bot's last look at its clock and the server's a busy machine may do something else.
LAG_SECONDS = 10.0
_SEEN_BY_ANYONE = ("username", "active_usernames", "location", "linked_chat_id", "community")


class Witness:
    """Notes request text that goes where it must not. `canary` marks it; `served` gives the ids of the groups' chats.

    `closed` are those chats whose group isn't approved and subscribed at this moment.
    """

    def __init__(self, world: World, canary: str, served: Callable[[], Collection[int]]) -> None:
        self._world, self._canary, self._served = world, canary, served
        self.leaks: list[str] = []
        self.slips: list[Message] = []
        self.closed: set[int] = set()
        world.record.watch(self._see)

    def _see(self, message: Message) -> None:
        texts = [version.text.text for version in message.versions[-2:]]
        if message.deleted or self._canary not in message.text or texts[1:] == texts[:1]:
            return  # what stands already isn't put there: only its buttons changed
        if message.chat.person or not message.by_bot:
            return
        if message.chat.id in self.closed or message.chat.id not in self._served():
            self.leaks.append(f"message {message.id} went into chat {message.chat.id}, which is not served")
        elif why := self._why_not_private(message):
            self.leaks.append(f"message {message.id} went into chat {message.chat.id}, which {why}")
        elif is_public(message.chat.upgraded_to or message.chat):
            # Public since the bot asked: Telegram can't make asking and editing one act.
            self.slips.append(message)

    def _why_not_private(self, message: Message) -> str | None:
        """Why the bot couldn't know that the chat is private when it put text there; None if it could."""
        edits = list(self._edits(message))
        if not edits:
            return "nobody had asked to be changed"
        # What stands in a group that was upgraded is seen in the supergroup.
        chats = {chat.id for chat in (message.chat, message.chat.upgraded_to) if chat}
        reasons = [self._why_unknown(edit, chats) for edit in edits]
        return None if None in reasons else reasons[0]

    def _edits(self, message: Message) -> Iterator[Call]:
        """The calls that may be putting text into this message now: several, where some are held on their way."""
        for call in self._world.record.calls_of("editMessageText", message.chat):
            under_way = not call.acted and call.ended is None
            if under_way and call.params["message_id"] == message.id and self._canary in call.params["text"]:
                yield call

    def _why_unknown(self, edit: Call, chats: set[int]) -> str | None:
        """By the questions that were answered before this call came, from the newest on."""
        for call in reversed(self._world.record.calls):
            if edit.began - call.began > ASKED_SECONDS + LAG_SECONDS:
                break
            if call.method != "getChat" or call.chat_id not in chats or not call.acted or call.began > edit.began:
                continue
            if _is_private(call.result):
                return None
            if call.fault is None and call.ended is not None and call.ended <= edit.began:
                return "was public when it was asked for"
        return "nobody had asked for within the second before"


def _is_private(answer: dict[str, Any]) -> bool:
    """Whether `getChat` says that nobody else can see the chat."""
    return answer["type"] in ("group", "supergroup") and not any(answer.get(each) for each in _SEEN_BY_ANYONE)


def is_public(chat: Chat) -> bool:
    """Whether anyone can see the chat."""
    return bool(chat.username or chat.active_usernames or chat.location or chat.linked_chat_id or chat.community)
