"""Messages, with all that ever stood in them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.rehearsal.chats import Chat
from bot.rehearsal.entities import Text
from bot.rehearsal.people import Person

Keyboard = list[list[dict[str, Any]]]  # rows of InlineKeyboardButton objects


@dataclass(frozen=True, slots=True)
class Version:
    """What stood in a message from `at` on; `began` is the same instant in seconds on the monotonic clock."""

    at: datetime
    began: float
    text: Text
    keyboard: Keyboard | None = None

    def as_json(self) -> dict[str, Any]:
        """For the record."""
        return {
            "at": self.at.isoformat(),
            "text": self.text.text,
            "entities": [entity.as_json() for entity in self.text.entities],
            "keyboard": self.keyboard,
        }


@dataclass(eq=False, slots=True)
class Message:
    """A message in a chat.

    attached: what it carries besides text (location, forward_origin). service: the fields of a service message (such as
    migrate_to_chat_id). reactions: each person's emoji.
    """

    chat: Chat
    id: int
    date: datetime
    sender: Person | None
    versions: list[Version]
    sender_chat: Chat | None = None
    reply_to: "Message | None" = None
    thread_id: int | None = None
    in_topic: bool = False
    protected: bool = False
    silent: bool = False
    link_preview: dict[str, Any] | None = None
    attached: dict[str, Any] = field(default_factory=dict)
    service: dict[str, Any] = field(default_factory=dict)
    reactions: dict[int, str] = field(default_factory=dict)
    deleted: datetime | None = None

    @property
    def text(self) -> str:
        """What stands there now (what stood there last, if the message was deleted)."""
        return self.versions[-1].text.text

    @property
    def keyboard(self) -> Keyboard:
        """The buttons under it now."""
        return self.versions[-1].keyboard or []

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons, row by row."""
        return [button["text"] for row in self.keyboard for button in row]

    @property
    def by_bot(self) -> bool:
        """Whether our bot wrote it."""
        return bool(self.sender and self.sender.ours and not self.service)

    @property
    def from_other_bot(self) -> bool:
        """Whether a bot wrote it in its own name, and not ours. Anonymous admins and channels only look like bots."""
        bot = self.sender and self.sender.is_bot and not self.sender.ours
        return bool(bot and not self.sender_chat and not self.service)

    def ever_held(self, text: str) -> bool:
        """Whether `text` ever stood in it, as a part."""
        return any(text in version.text.text for version in self.versions)

    def as_json(self, *, with_reply: bool = True) -> dict[str, Any]:
        """The Message object. A reply within a reply isn't shown, as the Bot API does it."""
        said: dict[str, Any] = {"message_id": self.id, "date": int(self.date.timestamp()), "chat": self.chat.as_json()}
        if self.sender:
            said["from"] = self.sender.as_json()
        if self.sender_chat:
            said["sender_chat"] = self.sender_chat.as_json()
        if self.thread_id is not None:
            said["message_thread_id"] = self.thread_id
        if self.in_topic:
            said["is_topic_message"] = True
        if self.reply_to and not self.reply_to.deleted and with_reply:
            said["reply_to_message"] = self.reply_to.as_json(with_reply=False)
        if self.protected or self.chat.protected:
            said["has_protected_content"] = True
        return said | self._content() | self.attached | self.service

    def _content(self) -> dict[str, Any]:
        said: dict[str, Any] = {}
        now = self.versions[-1]
        if now.text.text:
            said["text"] = now.text.text
            if now.text.entities:
                said["entities"] = [entity.as_json() for entity in now.text.entities]
        if len(self.versions) > 1:
            said["edit_date"] = int(now.at.timestamp())
        if self.link_preview:
            said["link_preview_options"] = self.link_preview
        if now.keyboard:
            said["reply_markup"] = {"inline_keyboard": now.keyboard}
        return said

    def for_record(self) -> dict[str, Any]:
        """Everything known of it, for the record."""
        return {
            "chat_id": self.chat.id,
            "message_id": self.id,
            "date": self.date.isoformat(),
            "sender_id": self.sender.id if self.sender else None,
            "from_bot": bool(self.sender and self.sender.ours),
            "thread_id": self.thread_id,
            "reply_to": self.reply_to.id if self.reply_to else None,
            "protected": self.protected,
            "silent": self.silent,
            "service": self.service,
            "versions": [version.as_json() for version in self.versions],
            "deleted": self.deleted.isoformat() if self.deleted else None,
        }
