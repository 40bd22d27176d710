"""A tap on a button as its handler gets it."""

from dataclasses import dataclass

from bot.domain.group import Group
from bot.services.words import Words
from bot.telegram.asked import Asked


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
