"""The invented world: people who write, tap, join, leave, and change their groups.

    world = World()
    amina = world.person("Amina")
    group = world.group("Nairobi prayer", admins=[amina], members=[world.person("Brian")])
    world.add_bot(group, by=amina)
    world.say(amina, group, "/time 07:30")

Impossible acts (writing where one isn't a member, tapping a button that isn't there) raise ValueError: they are
mistakes of the script, not of the bot.
"""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.rehearsal.callbacks import Tap
from bot.rehearsal.chats import Chat, Kind, Member, Status, Topic
from bot.rehearsal.entities import plain_text
from bot.rehearsal.groups import Groups
from bot.rehearsal.messages import Message
from bot.rehearsal.people import Person, anonymous_admin


class World(Groups):
    """People's acts. All take effect at once; the bot learns of them through its updates."""

    def say(
        self,
        person: Person,
        chat: Chat | None,
        text: str,
        *,
        reply_to: Message | None = None,
        topic: Topic | None = None,
    ) -> Message:
        """A person writes in a chat, or to the bot itself (`chat` None). Anonymous admins write in the group's name."""
        if chat is None:
            chat = self._open_private(person)
        member = chat.member(person)
        if chat.kind is not Kind.PRIVATE and (not member.present or member.status is Status.RESTRICTED):
            raise ValueError(f"{person.first_name} can't write in {chat.title}")
        in_name_of = chat if member.anonymous or chat.kind is Kind.CHANNEL else None
        sender = None if chat.kind is Kind.CHANNEL else anonymous_admin() if in_name_of else person
        message = self.post(
            chat, sender, plain_text(text), sender_chat=in_name_of, **self._place(chat, reply_to, topic)
        )
        self.announce(message)
        return message

    def edit(self, message: Message, text: str) -> None:
        """A person changes what they wrote."""
        self.rewrite(message, plain_text(text), None)
        self.announce(message, "edited_message")

    def tap(self, person: Person, message: Message, button: str | int = 0) -> Tap:
        """A person taps a button: by its number, its label or the beginning of its label."""
        named = _named(message, button)
        if message.deleted or not named or "callback_data" not in named:
            raise ValueError(f"there is no button {button!r} to tap under message {message.id}: {message.buttons}")
        return self.tap_data(person, message, named["callback_data"])

    def tap_data(self, person: Person, message: Message, data: str) -> Tap:
        """A tap with any data: one on a button that has gone since, or forged by a changed client."""
        if message.chat.kind is not Kind.PRIVATE and not message.chat.member(person).present:
            raise ValueError(f"{person.first_name} isn't in {message.chat.title}")
        tap = self.callbacks.add(person, message, data)
        shown = message.as_json()
        if message.deleted:
            shown = {"chat": message.chat.as_json(), "message_id": message.id, "date": 0}
        self.updates.put(
            "callback_query",
            {
                "id": tap.id,
                "from": person.as_json(),
                "message": shown,
                "chat_instance": str(message.chat.id * 7919),
                "data": data,
            },
        )
        return tap

    def follow(self, person: Person, message: Message, button: str | int = 0) -> Message:
        """A person opens a link button (https://t.me/<bot>?start=...) and presses Start. Returns what they said so."""
        named = _named(message, button)
        if not named or "url" not in named:
            raise ValueError(f"there is no link {button!r} under message {message.id}: {message.buttons}")
        return self.open_link(person, named["url"])

    def open_link(self, person: Person, url: str) -> Message:
        """A person opens a start link of the bot and presses Start."""
        link = urlsplit(url)
        if link.path.strip("/").lower() != (self.bot.username or "").lower():
            raise ValueError(f"not a link to the bot: {url}")
        token = parse_qs(link.query).get("start", [""])[0]
        return self.say(person, None, f"/start {token}".strip())

    def join(self, person: Person, chat: Chat) -> None:
        """A person joins."""
        self.set_member(chat, Member(person, Status.MEMBER), by=person)
        self.service(chat, person, new_chat_members=[person.as_json()])

    def leave(self, person: Person, chat: Chat) -> None:
        """A person leaves."""
        self.set_member(chat, Member(person, Status.LEFT), by=person)
        self.service(chat, person, left_chat_member=person.as_json())

    def block_bot(self, person: Person) -> None:
        """A person blocks the bot in the private chat."""
        self._set_blocked(person, blocked=True)

    def unblock_bot(self, person: Person) -> None:
        """A person lets it write again."""
        self._set_blocked(person, blocked=False)

    def _open_private(self, person: Person) -> Chat:
        if person.blocked_bot:
            self.unblock_bot(person)
        person.started = True
        return self.private_chat(person)

    def _place(self, chat: Chat, reply_to: Message | None, topic: Topic | None) -> dict[str, Any]:
        """Where in a chat a message stands. In a topic it replies to the message that created it, or to another."""
        if topic:
            return {
                "thread_id": topic.id,
                "in_topic": True,
                "reply_to": reply_to or self.message(chat, topic.id),
            }
        if reply_to and chat.kind is Kind.SUPERGROUP:
            # A thread of replies carries a thread id too, without being a topic: is_topic_message tells them apart.
            return {"thread_id": reply_to.thread_id or reply_to.id, "in_topic": reply_to.in_topic, "reply_to": reply_to}
        return {"reply_to": reply_to}

    def _set_blocked(self, person: Person, *, blocked: bool) -> None:
        was, now = (Status.MEMBER, Status.KICKED) if blocked else (Status.KICKED, Status.MEMBER)
        person.blocked_bot = blocked
        self.updates.put(
            "my_chat_member",
            {
                "chat": self.private_chat(person).as_json(),
                "from": person.as_json(),
                "date": int(self.clock().timestamp()),
                "old_chat_member": Member(self.bot, was).as_json(),
                "new_chat_member": Member(self.bot, now).as_json(),
            },
        )


def _named(message: Message, button: str | int) -> dict[str, Any]:
    """The button of that number, or whose label begins so; {} if there is none."""
    buttons = [button for row in message.keyboard for button in row]
    if isinstance(button, int):
        return buttons[button] if button < len(buttons) else {}
    return next((b for b in buttons if b["text"].startswith(button)), {})
