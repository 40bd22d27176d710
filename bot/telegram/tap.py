"""A tap on a button as its handler gets it, and the words for one that isn't let through."""

from dataclasses import dataclass

from bot.domain.group import Group
from bot.services.words import Words
from bot.telegram.access import Refusal
from bot.telegram.asked import Asked

_REFUSED = {
    Refusal.NOT_OPERATOR: "tap.not_operator",
    Refusal.NOT_EDITOR: "tap.not_editor",
    Refusal.OPEN_DESK: "tap.open_desk",
    Refusal.NOT_ADMIN: "tap.not_admin",
    Refusal.NOT_BOUND: "tap.not_bound",
    Refusal.RESTING: "tap.resting",
    Refusal.NOT_SUBSCRIBED: "tap.resting",
    Refusal.HELD: "tap.held",
}


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap that was let through. `about` is what the button's data says behind its action, in the table's form.

    `words` are the person's own, for what Telegram shows to whoever tapped; what is said in the chat has `asked.words`.
    """

    asked: Asked
    user_id: int
    about: str
    words: Words

    @property
    def group(self) -> Group | None:
        """The chat's own group, or the one that a direct chat belongs to; None where the table asks for none."""
        return self.asked.group

    @property
    def chat_id(self) -> int:
        """Where the button stands."""
        return self.asked.chat_id

    @property
    def message_id(self) -> int:
        """The message that the button stands under."""
        return self.asked.message_id


def refused(refusal: Refusal, words: Words) -> str:
    """What Telegram shows to whoever tapped; what a group must not be told reads as an old button does."""
    return words.plain(_REFUSED.get(refusal, "tap.unknown"))
