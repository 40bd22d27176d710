"""Sees every change of every message at the moment it happens, while it is still known who can see the chat."""

from bot.rehearsal.chats import Chat
from bot.rehearsal.messages import Message
from bot.rehearsal.world import World


class Witness:
    """Notes request text that goes where it must not. `canary` marks it."""

    def __init__(self, world: World, canary: str) -> None:
        self._world, self._canary = world, canary
        self.leaks: list[str] = []
        self.slips: list[Message] = []
        self.closed: set[int] = set()
        world.record.watch(self._see)

    def _see(self, message: Message) -> None:
        texts = [version.text.text for version in message.versions[-2:]]
        if message.deleted or self._canary not in message.text or texts[1:] == texts[:1]:
            return  # what stands already isn't put there: only its buttons changed
        if message.chat.id in self.closed:
            self.leaks.append(f"message {message.id} went into chat {message.chat.id}, which is not served")
        elif is_public(message.chat):
            # Public since the bot asked: Telegram can't make asking and editing one act.
            if self._was_just_private(message.chat):
                self.slips.append(message)
            else:
                self.leaks.append(f"message {message.id} went into the public chat {message.chat.id}")

    def _was_just_private(self, chat: Chat) -> bool:
        """Whether the call before this one, in the chat, was a question, and its answer "private"."""
        before = [call for call in self._world.record.calls if call.chat_id == chat.id][-2:-1]
        return bool(before) and before[0].method == "getChat" and "username" not in (before[0].result or {})


def is_public(chat: Chat) -> bool:
    """Whether anyone can see the chat."""
    return bool(chat.username or chat.active_usernames or chat.location or chat.linked_chat_id or chat.community)
