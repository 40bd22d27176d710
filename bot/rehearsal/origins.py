"""Where a forwarded message comes from."""

from typing import Any

from bot.rehearsal.chats import Kind
from bot.rehearsal.messages import Message


def origin_of(message: Message) -> dict[str, Any]:
    """The MessageOrigin object of a forward: that of the first message if this one was forwarded itself."""
    if earlier := message.attached.get("forward_origin"):
        found: dict[str, Any] = earlier
        return found
    date = int(message.date.timestamp())
    if message.sender_chat is None:
        return {"type": "user", "date": date, "sender_user": message.sender and message.sender.as_json()}
    chat = message.sender_chat.as_json()
    if message.chat.kind is Kind.CHANNEL:
        return {"type": "channel", "date": date, "chat": chat, "message_id": message.id}
    return {"type": "chat", "date": date, "sender_chat": chat}
