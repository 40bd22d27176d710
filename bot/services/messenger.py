"""What the services need of Telegram, and what can go wrong there, in our own words."""

from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.chat import Chat, Rights


class MessengerError(Exception):
    """A call to Telegram did not do what it should."""


class NotNowError(MessengerError):
    """Nothing was done, for certain; try again in `seconds`. `demanded`: it is Telegram that asks for patience."""

    def __init__(self, seconds: float, *, demanded: bool = False) -> None:
        super().__init__(f"not now; again in {seconds:g} s")
        self.seconds, self.demanded = seconds, demanded


class UnknownOutcomeError(MessengerError):
    """It may have been done or not: the answer never came."""


class MovedError(MessengerError):
    """Nothing was done: the group became a supergroup and has another id now."""

    def __init__(self, chat_id: int) -> None:
        super().__init__("the chat has another id now")
        self.chat_id = chat_id


# Reasons of a ChatClosedError by which the bot isn't in the chat any more.
REMOVED = ("no_access", "not_found")


class ChatClosedError(MessengerError):
    """Nothing was done: the bot can't write there, and trying again won't help. `reason` is a key of the texts."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MessageLostError(MessengerError):
    """Nothing was done: the message isn't there any more, or isn't the bot's own."""


class NoRightError(MessengerError):
    """Nothing was done: it needs a right that the group's admins haven't given the bot."""


class InviteLostError(MessengerError):
    """Nothing was done: this invite link, or this person's request to join, isn't there any more."""


class OurMistakeError(MessengerError):
    """Nothing was done: Telegram refuses what we asked for. The sentence is Telegram's."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: `data` comes back when it is tapped, `url` opens."""

    text: str
    data: str | None = None
    url: str | None = None


Buttons = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be sent: HTML as Telegram understands it, and rows of buttons.

    `reply_to` is one of the bot's own that it points at: without it there is nothing to say.
    `sets_up`: it answers a command by which a group is set up, and is removed if it was said during set-up.
    `within`: the seconds from its handing over in which it must leave; NotNowError where it can't.
    """

    html: str
    buttons: Buttons = ()
    silent: bool = False
    reply_to: int | None = None
    thread_id: int | None = None
    sets_up: bool = False
    within: float | None = field(default=None, compare=False)


class Messenger(Protocol):
    """Calls to Telegram. Each raises a MessengerError of the kinds above, and nothing else."""

    async def chat(self, chat_id: int) -> Chat:
        """The chat as Telegram knows it at this moment."""

    async def is_member(self, chat_id: int, user_id: int) -> bool:
        """Whether the person is in the chat at this moment."""

    async def is_admin(self, chat_id: int, user_id: int) -> bool:
        """Whether the person is one of the chat's admins at this moment."""

    async def rights(self, chat_id: int) -> Rights:
        """What the bot itself may do in the chat at this moment."""

    async def may_write(self, chat_id: int, thread_id: int | None) -> bool:
        """Whether the bot may write in this topic of the group (None: General) at this moment."""

    async def send(self, chat_id: int, message: Outgoing) -> int:
        """Send it, protected from forwarding and without a link preview; its message id.

        MessageLostError: what it replies to isn't there any more.
        """

    async def edit(self, chat_id: int, message_id: int, message: Outgoing) -> bool:
        """Make the bot's own message read like this; False if it did already, which counts as done."""

    async def edit_buttons(self, chat_id: int, message_id: int, buttons: Buttons) -> None:
        """Change the buttons alone. Unchanged ones count as done."""

    async def delete(self, chat_id: int, message_id: int) -> None:
        """Delete the bot's own message (younger than 48 h)."""

    async def create_link(self, chat_id: int) -> str:
        """A new link into the group; who opens it only asks to join."""

    async def prove_link(self, chat_id: int, link: str) -> None:
        """Raise InviteLostError unless this link of the bot's own leads in; who opens it only asks to join."""

    async def revoke_link(self, chat_id: int, link: str) -> None:
        """End one of the bot's own links."""

    async def let_in(self, chat_id: int, user_id: int) -> None:
        """Grant a person's request to join. Somebody who is in already counts as let in."""

    async def turn_away(self, chat_id: int, user_id: int) -> None:
        """Decline it; they aren't told, and may ask again."""

    async def leave(self, chat_id: int) -> None:
        """Leave the group or channel."""

    def start_link(self, payload: str) -> str:
        """The link that opens the direct chat with the bot and sends /start with this payload."""
