"""The invented world: people who write, tap, join, leave, and change their groups.

    world = World()
    amina = world.person("Amina")
    group = world.group("Nairobi prayer", admins=[amina], members=[world.person("Brian")])
    world.add_bot(group, by=amina)
    world.say(amina, group, "/time 07:30")

Impossible acts (writing where one isn't a member, tapping a button that isn't there) raise ValueError: they are
mistakes of the script, not of the bot.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.rehearsal.callbacks import Tap
from bot.rehearsal.chats import Chat, Kind, Member, Status, Topic
from bot.rehearsal.entities import plain_text
from bot.rehearsal.messages import Message
from bot.rehearsal.people import Person, anonymous_admin
from bot.rehearsal.state import State


class World(State):
    """People's acts. All take effect at once; the bot learns of them through its updates."""

    # who and where

    def person(self, name: str, username: str | None = None) -> Person:
        """Someone new, who has never written to the bot."""
        return self.new_person(name, username)

    def group(
        self,
        title: str,
        members: Sequence[Person] = (),
        admins: Sequence[Person] = (),
        *,
        kind: str = "supergroup",
        forum: bool = False,
    ) -> Chat:
        """A private "group", "supergroup" or "channel", without the bot. The first admin owns it (or someone new)."""
        chat = self.new_chat(Kind(kind), title)
        chat.forum = forum
        owner, *others = admins or [self.person(f"Owner of {title}")]
        chat.members[owner.id] = Member(owner, Status.CREATOR)
        chat.members |= {p.id: Member(p, Status.ADMINISTRATOR) for p in others}
        chat.members |= {p.id: Member(p, Status.MEMBER) for p in members if p.id not in chat.members}
        return chat

    def owner(self, chat: Chat) -> Person:
        """Who owns a group."""
        return next(member.person for member in chat.members.values() if member.status is Status.CREATOR)

    # speaking

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

    # joining and leaving

    def join(self, person: Person, chat: Chat) -> None:
        """A person joins."""
        self.set_member(chat, Member(person, Status.MEMBER), by=person)
        self._service(chat, person, new_chat_members=[person.as_json()])

    def leave(self, person: Person, chat: Chat) -> None:
        """A person leaves."""
        self.set_member(chat, Member(person, Status.LEFT), by=person)
        self._service(chat, person, left_chat_member=person.as_json())

    def promote(self, person: Person, chat: Chat, *, anonymous: bool = False) -> None:
        """Makes a person (or the bot) an admin; `anonymous`: writes in the group's name. The owner stays the owner."""
        status = Status.CREATOR if chat.member(person).status is Status.CREATOR else Status.ADMINISTRATOR
        self.set_member(chat, Member(person, status, anonymous=anonymous), by=self.owner(chat))

    def demote(self, person: Person, chat: Chat) -> None:
        """Makes an admin (or the bot) a plain member again."""
        self.set_member(chat, Member(person, Status.MEMBER), by=self.owner(chat))

    def add_bot(self, chat: Chat, by: Person, *, admin: bool = False) -> None:
        """Adds the bot. In a channel it can only be an admin."""
        status = Status.ADMINISTRATOR if admin or chat.kind is Kind.CHANNEL else Status.MEMBER
        self.set_member(chat, Member(self.bot, status), by=by)
        if chat.kind is not Kind.CHANNEL:
            self._service(chat, by, new_chat_members=[self.bot.as_json()])

    def kick_bot(self, chat: Chat, by: Person | None = None) -> None:
        """Removes the bot."""
        self.set_member(chat, Member(self.bot, Status.KICKED), by=by or self.owner(chat))

    def mute_bot(self, chat: Chat) -> None:
        """Takes away the bot's right to write: "have no rights to send a message"."""
        self.set_member(chat, Member(self.bot, Status.RESTRICTED), by=self.owner(chat))

    def unmute_bot(self, chat: Chat) -> None:
        """Gives it back."""
        self.demote(self.bot, chat)

    def block_bot(self, person: Person) -> None:
        """A person blocks the bot in the private chat."""
        self._set_blocked(person, blocked=True)

    def unblock_bot(self, person: Person) -> None:
        """A person lets it write again."""
        self._set_blocked(person, blocked=False)

    # changing a group

    def make_public(self, chat: Chat, username: str) -> None:
        """Gives a supergroup or channel a public name. No update tells the bot."""
        if chat.kind in (Kind.GROUP, Kind.PRIVATE):
            raise ValueError("only a supergroup or channel can be public; upgrade the group first")
        chat.username = username

    def make_private(self, chat: Chat) -> None:
        """Takes away all that made it public."""
        chat.username = chat.location = chat.linked_chat_id = chat.community = None
        chat.active_usernames = []

    def upgrade(self, group: Chat) -> Chat:
        """Turns a group into a supergroup: a new chat and id, the same people. The old messages stay behind."""
        if group.kind is not Kind.GROUP or group.upgraded_to:
            raise ValueError("only a group can be upgraded, and only once")
        chat = self.new_chat(Kind.SUPERGROUP, group.title)
        chat.members = {key: replace(member) for key, member in group.members.items()}
        group.upgraded_to = chat
        owner = self.owner(chat)
        self._service(group, owner, migrate_to_chat_id=chat.id)
        self._service(chat, anonymous_admin(), sender_chat=chat, migrate_from_chat_id=group.id)
        return chat

    def delete_group(self, group: Chat) -> None:
        """The owner deletes a group."""
        group.deleted = True

    def topic(self, chat: Chat, name: str) -> Topic:
        """Opens a topic in a forum."""
        if not chat.forum:
            raise ValueError(f"{chat.title} is not a forum")
        created = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        message = self.post(chat, self.owner(chat), service=created, in_topic=True)
        message.thread_id = message.id
        self.announce(message)
        chat.topics[message.id] = Topic(message.id, name)
        return chat.topics[message.id]

    def close_topic(self, chat: Chat, topic: Topic | None = None) -> None:
        """Closes a topic, or General (None), to all but admins."""
        if topic:
            topic.closed = True
        else:
            chat.general_closed = True
        self._service(
            chat, self.owner(chat), thread_id=topic.id if topic else None, in_topic=bool(topic), forum_topic_closed={}
        )

    def reopen_topic(self, chat: Chat, topic: Topic | None = None) -> None:
        """Opens it again."""
        if topic:
            topic.closed = False
        else:
            chat.general_closed = False
        self._service(
            chat, self.owner(chat), thread_id=topic.id if topic else None, in_topic=bool(topic), forum_topic_reopened={}
        )

    # inside

    def _service(
        self,
        chat: Chat,
        sender: Person,
        *,
        sender_chat: Chat | None = None,
        thread_id: int | None = None,
        in_topic: bool = False,
        **fields: object,
    ) -> None:
        where: dict[str, Any] = {"sender_chat": sender_chat, "thread_id": thread_id, "in_topic": in_topic}
        self.announce(self.post(chat, sender, service=fields, **where))

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
