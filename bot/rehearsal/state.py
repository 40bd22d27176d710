"""What Telegram's servers hold: people, chats, messages, the bot's updates.

People act on it in `world.py`, the bot in `api.py`.
"""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.rehearsal.callbacks import Callbacks
from bot.rehearsal.chats import Chat, Kind
from bot.rehearsal.entities import Text
from bot.rehearsal.invites import Invites
from bot.rehearsal.limits import Limits
from bot.rehearsal.members import Member
from bot.rehearsal.messages import Keyboard, Message, Version
from bot.rehearsal.people import Person
from bot.rehearsal.record import Record
from bot.rehearsal.updates import Updates

FIRST_PERSON = 5_000_000_001  # ids of people and groups don't fit into 32 bits; so ours don't
FIRST_GROUP = -4_000_000_001
FIRST_SUPERGROUP = -1_002_000_000_001


@dataclass(slots=True)
class Switches:
    """Where the real server's behaviour varies or isn't known.

    edits_to_upgraded: whether a message of a group that became a supergroup can still be edited by its old chat id
        (tdlib's own checks let it pass). Otherwise 400 with migrate_to_chat_id, as for a send.
    members_visible: whether getChatMember tells a bot that isn't admin about others in a supergroup. Published is only
        that it is guaranteed to admins; reports give 400 CHAT_ADMIN_REQUIRED for groups with hidden members.
    bots_heard: whether the bot is told what other bots write. Telegram never did, and now lets bots ask for it.
    """

    edits_to_upgraded: bool = True
    members_visible: bool = False
    bots_heard: bool = False


@dataclass(slots=True)
class Commands:
    """The command menus, by scope and language."""

    menus: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)


class State:
    """Everything but the people's will. All of it is used from one event loop.

    clock: gives the time of messages (aware). monotonic: gives real elapsed seconds, for limits and the life of taps.
    """

    def __init__(
        self,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        monotonic: Callable[[], float] = time.monotonic,
        bot_name: str = "Vigil",
        bot_username: str = "vigil_rehearsal_bot",
    ) -> None:
        self.clock = clock
        self.monotonic = monotonic
        self.switches = Switches()
        self.limits = Limits(monotonic)
        self.record = Record()
        self.updates = Updates(monotonic)
        self.callbacks = Callbacks(monotonic)
        self.record.taps = self.callbacks.taps
        self.invites = Invites()
        self.commands = Commands()
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self._messages: dict[int, dict[int, Message]] = {}
        self._ids = {"person": itertools.count(FIRST_PERSON), "chat": itertools.count(1)}
        # Private chats and groups share one count of message ids, as an account's do; a supergroup has its own.
        self._message_ids: dict[int, itertools.count[int]] = {}
        self._shared_message_ids = itertools.count(1)
        self.bot = Person(next(self._ids["person"]), bot_name, bot_username, is_bot=True, ours=True)

    def person(self, name: str, username: str | None = None, *, language: str | None = "en") -> Person:
        """Someone new, who has never written to the bot. `language`: that of their Telegram app."""
        return self._new_person(name, username, language_code=language)

    def other_bot(self, name: str, username: str) -> Person:
        """A bot that isn't ours."""
        return self._new_person(name, username, is_bot=True)

    def new_chat(self, kind: Kind, title: str) -> Chat:
        """A new group, supergroup or channel without members."""
        number = next(self._ids["chat"]) - 1
        first = FIRST_GROUP if kind is Kind.GROUP else FIRST_SUPERGROUP
        chat = Chat(first - number, kind, title)
        self.chats[chat.id] = chat
        return chat

    def private_chat(self, person: Person) -> Chat:
        """A person's direct chat with the bot. Its id is the person's."""
        if person.id not in self.chats:
            self.chats[person.id] = Chat(person.id, Kind.PRIVATE, person=person)
        return self.chats[person.id]

    def message(self, chat: Chat, message_id: int) -> Message | None:
        """A message that stands in a chat; None for one that never did or is deleted."""
        found = self._messages.get(chat.id, {}).get(message_id)
        return None if found is None or found.deleted else found

    def standing(self, chat: Chat) -> list[Message]:
        """All messages that stand in a chat."""
        return [message for message in self._messages.get(chat.id, {}).values() if not message.deleted]

    def place(self, chat: Chat, reply_to: Message | None, topic_id: int | None) -> dict[str, Any]:
        """Where in a chat a message stands. In a topic it replies to the message that created it, or to another."""
        if topic_id:
            return {"thread_id": topic_id, "in_topic": True, "reply_to": reply_to or self.message(chat, topic_id)}
        if reply_to and chat.kind is Kind.SUPERGROUP:
            # A thread of replies carries a thread id too, without being a topic: is_topic_message tells them apart.
            return {"thread_id": reply_to.thread_id or reply_to.id, "in_topic": reply_to.in_topic, "reply_to": reply_to}
        return {"thread_id": None, "in_topic": False, "reply_to": reply_to}

    def post(
        self,
        chat: Chat,
        sender: Person | None,
        text: Text | None = None,
        *,
        keyboard: Keyboard | None = None,
        **more: Any,
    ) -> Message:
        """Puts a message into a chat and the record. `more`: further fields of Message."""
        now = self.clock()
        version = Version(now, self.monotonic(), text or Text(""), keyboard)
        message = Message(chat, self._next_message_id(chat), now, sender, [version], **more)
        self._messages.setdefault(chat.id, {})[message.id] = message
        self.record.posted(message)
        self.record.changed(message)
        return message

    def rewrite(self, message: Message, text: Text, keyboard: Keyboard | None) -> None:
        """A new version of a message."""
        message.versions.append(Version(self.clock(), self.monotonic(), text, keyboard))
        self.record.changed(message)

    def delete(self, message: Message) -> None:
        """Takes a message away. The record keeps it."""
        message.deleted = self.clock()
        self.record.changed(message)

    def set_member(self, chat: Chat, new: Member, by: Person, **more: Any) -> None:
        """Changes someone's standing in a chat and tells the bot, as far as Telegram would.

        more: further fields of ChatMemberUpdated.
        """
        old = chat.member(new.person)
        told = chat.member(self.bot).present  # before and after: the bot may be the one who comes or goes
        chat.members[new.person.id] = new
        change = {
            "chat": chat.as_json(),
            "from": by.as_json(),
            "date": int(self.clock().timestamp()),
            "old_chat_member": old.as_json(),
            "new_chat_member": new.as_json(),
            **more,
        }
        if new.person is self.bot:
            self.updates.put("my_chat_member", change)
        elif told and chat.is_admin(self.bot):
            self.updates.put("chat_member", change)

    def service(
        self,
        chat: Chat,
        sender: Person,
        *,
        sender_chat: Chat | None = None,
        thread_id: int | None = None,
        in_topic: bool = False,
        **fields: object,
    ) -> None:
        """Puts a service message into a chat and tells the bot. `fields`: what it says."""
        where: dict[str, Any] = {"sender_chat": sender_chat, "thread_id": thread_id, "in_topic": in_topic}
        self.announce(self.post(chat, sender, service=fields, **where))

    def announce(self, message: Message, kind: str = "message") -> None:
        """Tells the bot of a person's or service message, if it may see it."""
        if message.chat.kind is Kind.CHANNEL:
            kind = kind.replace("message", "channel_post")
        if self.bot_sees(message):
            self.updates.put(kind, message.as_json())

    def bot_sees(self, message: Message) -> bool:
        """Privacy mode: in groups it sees commands for it, replies to it and service messages; an admin bot all."""
        chat = message.chat
        if chat.kind is Kind.PRIVATE:
            return True
        if not chat.member(self.bot).present:
            return False
        if message.from_other_bot and not self.switches.bots_heard:
            return False
        if chat.is_admin(self.bot) or message.service:
            return True
        if message.reply_to and message.reply_to.sender is self.bot:
            return True
        return self._commands_bot(message)

    def _commands_bot(self, message: Message) -> bool:
        """Whether the text begins with a command that is not meant for another bot."""
        if not any(e.type == "bot_command" and e.offset == 0 for e in message.versions[-1].text.entities):
            return False
        _, at, name = message.text.split()[0].partition("@")
        return not at or name.lower() == (self.bot.username or "").lower()

    def _new_person(self, name: str, username: str | None, **more: Any) -> Person:
        person = Person(next(self._ids["person"]), name, username, **more)
        self.people[person.id] = person
        return person

    def _next_message_id(self, chat: Chat) -> int:
        if chat.kind in (Kind.PRIVATE, Kind.GROUP):
            return next(self._shared_message_ids)
        return next(self._message_ids.setdefault(chat.id, itertools.count(1)))
