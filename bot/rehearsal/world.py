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
from bot.rehearsal.chats import Chat, Kind, Topic
from bot.rehearsal.entities import Text, plain_text
from bot.rehearsal.joining import Joining
from bot.rehearsal.members import Member, Status
from bot.rehearsal.messages import Message
from bot.rehearsal.origins import origin_of
from bot.rehearsal.people import Person, anonymous_admin, channel_speaker
from bot.rehearsal.reactions import EMOJI, set_reaction


class World(Joining):
    """People's acts. All take effect at once; the bot learns of them through its updates."""

    def say(
        self,
        person: Person,
        chat: Chat | None,
        text: str,
        *,
        reply_to: Message | None = None,
        topic: Topic | None = None,
        channel: Chat | None = None,
    ) -> Message:
        """A person writes in a chat, or to the bot itself (`chat` None).

        channel: in whose name. Anonymous admins write in the group's name.
        """
        return self._speak(person, chat, plain_text(text), reply_to=reply_to, topic=topic, channel=channel)

    def share_location(
        self,
        person: Person,
        chat: Chat | None,
        latitude: float,
        longitude: float,
        *,
        reply_to: Message | None = None,
        topic: Topic | None = None,
    ) -> Message:
        """A person sends a place."""
        place = {"location": {"latitude": latitude, "longitude": longitude}}
        return self._speak(person, chat, Text(""), reply_to=reply_to, topic=topic, attached=place)

    def forward(self, person: Person, message: Message, chat: Chat | None, *, topic: Topic | None = None) -> Message:
        """A person passes on a message as it stands now, without its buttons."""
        if message.deleted or message.protected or message.chat.protected:
            raise ValueError(f"message {message.id} can't be forwarded: it is deleted or protected")
        attached = message.attached | {"forward_origin": origin_of(message)}
        return self._speak(person, chat, message.versions[-1].text, topic=topic, attached=attached)

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
        if person.is_bot:
            raise ValueError(f"{person.first_name} is a bot: bots don't tap")
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

    def react(self, person: Person, message: Message, emoji: str = "🙏") -> None:
        """A person puts a reaction under a message in a group, in place of the one they had."""
        if emoji not in EMOJI:
            raise ValueError(f"Telegram has no reaction {emoji}")
        self._set_reaction(person, message, emoji)

    def unreact(self, person: Person, message: Message) -> None:
        """A person takes their reaction back."""
        if person.id not in message.reactions:
            raise ValueError(f"{person.first_name} has no reaction under message {message.id}")
        self._set_reaction(person, message, None)

    def block_bot(self, person: Person) -> None:
        """A person blocks the bot in the private chat."""
        self._set_blocked(person, blocked=True)

    def unblock_bot(self, person: Person) -> None:
        """A person lets it write again."""
        self._set_blocked(person, blocked=False)

    def _open_private(self, person: Person) -> Chat:
        if person.is_bot:
            raise ValueError(f"{person.first_name} is a bot: bots have no direct chats with each other")
        if person.blocked_bot:
            self.unblock_bot(person)
        person.started = True
        return self.private_chat(person)

    def _speak(
        self,
        person: Person,
        chat: Chat | None,
        text: Text,
        *,
        reply_to: Message | None = None,
        topic: Topic | None = None,
        channel: Chat | None = None,
        attached: dict[str, Any] | None = None,
    ) -> Message:
        chat = chat or self._open_private(person)
        place = self.place(chat, reply_to, topic.id if topic else None)
        self._check_may_write(person, chat, place["thread_id"] if place["in_topic"] else None)
        in_name_of = channel or (chat if chat.member(person).anonymous or chat.kind is Kind.CHANNEL else None)
        sender: Person | None = channel_speaker() if channel else anonymous_admin() if in_name_of else person
        if chat.kind is Kind.CHANNEL:
            sender = None
        message = self.post(chat, sender, text, sender_chat=in_name_of, attached=attached or {}, **place)
        self.announce(message)
        return message

    def _check_may_write(self, person: Person, chat: Chat, topic_id: int | None) -> None:
        member = chat.member(person)
        if chat.kind is not Kind.PRIVATE and (not member.present or member.status is Status.RESTRICTED):
            raise ValueError(f"{person.first_name} can't write in {chat.title}")
        if topic_id and topic_id not in chat.topics:
            raise ValueError(f"{chat.title} has no topic {topic_id}")
        if chat.closed(topic_id) and not member.may("can_manage_topics"):
            raise ValueError(f"{person.first_name} can't write in a closed topic of {chat.title}")

    def _set_reaction(self, person: Person, message: Message, emoji: str | None) -> None:
        if message.deleted or message.chat.kind is Kind.PRIVATE or not message.chat.member(person).present:
            raise ValueError(f"{person.first_name} can't react to message {message.id} in {message.chat.title}")
        set_reaction(self, person, message, emoji)

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
