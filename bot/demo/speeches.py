"""What the bot said in a chat as people see it: posts and answers, each of one message or more."""

from dataclasses import dataclass

from bot.demo.traces import shown
from bot.rehearsal.chats import Chat
from bot.rehearsal.messages import Message
from bot.rehearsal.record import Record


@dataclass(frozen=True, slots=True)
class Speech:
    """Messages that the bot sent in a row. A post is one whose first message carries the button “I prayed”."""

    messages: tuple[Message, ...]

    @property
    def first(self) -> Message:
        """The message it begins with."""
        return self.messages[0]

    @property
    def is_post(self) -> bool:
        """Whether it is a post."""
        return has_prayer_button(self.first)

    @property
    def text(self) -> str:
        """All that stands in it now."""
        return "\n".join(message.text for message in self.messages)

    @property
    def count(self) -> int:
        """The number on its button, as it stood last: what is put away after its time has none; 0 without one."""
        keyboards = [version.keyboard or [] for version in self.first.versions]
        labels = [b["text"] for keyboard in keyboards for row in keyboard for b in row if _prays(b)]
        digits = labels[-1].rpartition(" ")[2] if labels else ""
        return int(digits) if digits.isdecimal() else 0

    def times(self, text: str) -> int:
        """How often the text could ever be read in it: in how many messages, or once across them."""
        whole = sum(shown(text, (v.text.text for v in message.versions)) for message in self.messages)
        return whole or int(shown(text, (v.text.text for m in self.messages for v in m.versions)))


def speeches(record: Record, chat: Chat) -> list[Speech]:
    """The bot's speeches in a chat, in order. One ends where somebody else says something or a post begins."""
    rows: list[list[Message]] = []
    for message in record.by_bot(chat):
        # Between two messages of the bot whose ids follow each other nobody else has spoken.
        goes_on = rows and rows[-1][-1].id + 1 == message.id and not has_prayer_button(message)
        if goes_on:
            rows[-1].append(message)
        else:
            rows.append([message])
    return [Speech(tuple(row)) for row in rows]


def has_prayer_button(message: Message) -> bool:
    """Whether “I prayed” ever stood under it."""
    return any(_prays(button) for version in message.versions for row in version.keyboard or [] for button in row)


def _prays(button: dict[str, str]) -> bool:
    return button.get("callback_data", "").startswith("pray:")
