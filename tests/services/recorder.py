"""A messenger that only writes down what it is asked, for tests in which Telegram isn't the point."""

from dataclasses import dataclass, field

from bot.domain.chat import Chat, ChatType, Rights
from bot.rehearsal.entities import utf16_length
from bot.rehearsal.html import parse_html
from bot.services.messenger import (
    Buttons,
    ChatClosedError,
    InviteLostError,
    MessengerError,
    NotNowError,
    OurMistakeError,
    Outgoing,
)
from bot.services.pacing import Limits, Pace


@dataclass
class Recorder:
    """Every group is private, every person a member and nobody an admin, unless a test says otherwise.

    `fails` are errors to be raised, by chat; each is raised by every call there, `fails_send` by every `send`. It goes
    at a pace that has no limits to speak of.
    """

    chats: dict[int, Chat] = field(default_factory=dict)
    fails: dict[int, MessengerError] = field(default_factory=dict)
    fails_send: MessengerError | None = None
    strangers: set[int] = field(default_factory=set)
    admins: set[int] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    sent: list[tuple[int, Outgoing]] = field(default_factory=list)
    edited: list[tuple[int, int, Outgoing]] = field(default_factory=list)
    buttons: list[tuple[int, int, Buttons]] = field(default_factory=list)
    deleted: list[tuple[int, int]] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    may: Rights = Rights(is_admin=True, may_invite=True)  # noqa: RUF009 (it can't be changed)
    closed_topics: set[int | None] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    decided: list[tuple[int, int, str]] = field(default_factory=list)
    pace: Pace = field(default_factory=lambda: Pace(Limits(1000, 1000, 1000, 0)))

    def _called(self, method: str, chat_id: int) -> None:
        self.calls.append(method)
        if chat_id in self.fails:
            raise self.fails[chat_id]

    async def chat(self, chat_id: int) -> Chat:
        """A private supergroup, or a person's direct chat."""
        self._called("chat", chat_id)
        return self.chats.get(
            chat_id, Chat(chat_id, ChatType.PRIVATE if chat_id > 0 else ChatType.SUPERGROUP, "Harbour")
        )

    async def is_member(self, chat_id: int, user_id: int) -> bool:
        """Whoever is no stranger."""
        self._called("is_member", chat_id)
        return user_id not in self.strangers

    async def is_admin(self, chat_id: int, user_id: int) -> bool:
        """Whoever is named."""
        self._called("is_admin", chat_id)
        return user_id in self.admins

    async def rights(self, chat_id: int) -> Rights:
        """The same everywhere."""
        self._called("rights", chat_id)
        return self.may

    async def may_write(self, chat_id: int, thread_id: int | None) -> bool:
        """In every topic that isn't closed."""
        self._called("may_write", chat_id)
        return thread_id not in self.closed_topics

    async def send(self, chat_id: int, message: Outgoing) -> int:
        """Message ids count from 1001."""
        async with self.pace.call(chat_id):
            self._called("send", chat_id)
            _check_length(message)
            _must_leave(message)
            if self.fails_send is not None:
                raise self.fails_send
            if message.thread_id in self.closed_topics:
                raise ChatClosedError("topic_closed")
        self.sent.append((chat_id, message))
        return 1000 + len(self.sent)

    async def edit(self, chat_id: int, message_id: int, message: Outgoing) -> bool:
        """Write it down; whether it differs from what was edited in there last."""
        async with self.pace.call(chat_id):
            self._called("edit", chat_id)
            _check_length(message)
            _must_leave(message)
        before = [each for each in self.edited if each[:2] == (chat_id, message_id)][-1:]
        self.edited.append((chat_id, message_id, message))
        return before != self.edited[-1:]

    async def edit_buttons(self, chat_id: int, message_id: int, buttons: Buttons) -> None:
        """Write it down."""
        async with self.pace.call(chat_id):
            self._called("edit_buttons", chat_id)
        self.buttons.append((chat_id, message_id, buttons))

    async def delete(self, chat_id: int, message_id: int) -> None:
        """Write it down."""
        async with self.pace.call(chat_id):
            self._called("delete", chat_id)
        self.deleted.append((chat_id, message_id))

    async def create_link(self, chat_id: int) -> str:
        """Links count from 1."""
        self._called("create_link", chat_id)
        self.links.append(f"https://t.me/+harbour{len(self.links) + 1}")
        return self.links[-1]

    async def prove_link(self, chat_id: int, link: str) -> None:
        """It leads in until it is revoked."""
        self._called("prove_link", chat_id)
        if link in self.revoked:
            raise InviteLostError

    async def revoke_link(self, chat_id: int, link: str) -> None:
        """Write it down."""
        self._called("revoke_link", chat_id)
        self.revoked.append(link)

    async def let_in(self, chat_id: int, user_id: int) -> None:
        """Write it down."""
        self._called("let_in", chat_id)
        self.decided.append((chat_id, user_id, "in"))

    async def turn_away(self, chat_id: int, user_id: int) -> None:
        """Write it down."""
        self._called("turn_away", chat_id)
        self.decided.append((chat_id, user_id, "away"))

    async def leave(self, chat_id: int) -> None:
        """Write it down."""
        self._called("leave", chat_id)
        self.left.append(chat_id)

    def start_link(self, payload: str) -> str:
        """A link."""
        return f"https://t.me/harbour_bot?start={payload}"

    def texts(self, chat_id: int) -> list[str]:
        """What was said in a chat."""
        return [message.html for to, message in self.sent if to == chat_id]


def _check_length(message: Outgoing) -> None:
    """Refuse what Telegram might find too long: it counts code points or UTF-16 units, which are never fewer."""
    if utf16_length(parse_html(message.html).text) > 4096:
        raise OurMistakeError("Bad Request: message is too long")


def _must_leave(message: Outgoing) -> None:
    if message.within is not None and message.within <= 0:
        raise NotNowError(5)
