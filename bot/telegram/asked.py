"""A command or a tap as it reached us: what was asked, where, and by whom."""

from dataclasses import dataclass

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message, MessageEntity
from telegram.constants import ChatID, ChatType

from bot.domain.group import Group
from bot.services.words import Languages, Words


@dataclass(frozen=True, slots=True)
class Asked:
    """`user_id` is None for an anonymous admin. `group` is the chat's group, or the one a direct chat belongs to.

    `text` is what follows a command's name, or a button's data. `words` are those of the language to answer in: the
    person's in a direct chat, else the group's. `reply_to` is the message that was replied to.

    A client may send any data with a tap. `true_button`: one of the message's buttons has this data; False also where
    Telegram doesn't show the message any more. `lone_button`: that button is the message's only one.
    `in_forum`: the chat has topics, as Telegram says with the message.
    """

    chat_id: int
    message_id: int
    thread_id: int | None
    direct: bool
    user_id: int | None
    anonymous_admin: bool
    text: str
    words: Words
    group: Group | None = None
    reply_to: int | None = None
    true_button: bool = False
    lone_button: bool = False
    in_forum: bool = False


def asked_by(message: Message, languages: Languages) -> Asked:
    """Read a command's message. Its name and any @username are left out of the text.

    In a group the words are the default's until it is known which group it is.
    """
    sender = message.sender_chat
    # Telegram shows anonymous admins as one common user: an admin, but never an identity.
    anonymous = sender is not None and sender.id == message.chat_id
    user = message.from_user
    known = user is not None and not anonymous and user.id != ChatID.ANONYMOUS_ADMIN and not user.is_bot
    direct = message.chat.type == ChatType.PRIVATE
    return Asked(
        chat_id=message.chat_id,
        message_id=message.message_id,
        thread_id=_topic(message),
        direct=direct,
        user_id=user.id if user is not None and known else None,
        anonymous_admin=anonymous,
        text=_behind_command(message),
        words=languages.of(user.language_code if user and direct else None),
        reply_to=_replied_to(message),
        in_forum=bool(message.chat.is_forum),
    )


def _behind_command(message: Message) -> str:
    """What stands behind a command as Telegram marks it: of "/days:5 mon" all from the colon on, which nobody means."""
    text = message.text or ""
    marked = next(
        (each for each in message.entities if each.type == MessageEntity.BOT_COMMAND and not each.offset), None
    )
    return text[marked.length if marked else 0 :].strip()


def _replied_to(message: Message) -> int | None:
    """In a forum Telegram calls what stands in a topic a reply to the topic's beginning, which nobody has meant."""
    replied = message.reply_to_message
    return None if replied is None or replied.forum_topic_created else replied.message_id


def tapped_by(query: CallbackQuery, message: MaybeInaccessibleMessage, data: str, languages: Languages) -> Asked:
    """Read a tap on a button of `message`. Anonymous admins tap as who they are. The words are the person's."""
    standing = _data_of_buttons(message)
    return Asked(
        chat_id=message.chat.id,
        message_id=message.message_id,
        thread_id=_topic(message) if isinstance(message, Message) else None,
        direct=message.chat.type == ChatType.PRIVATE,
        user_id=query.from_user.id,
        anonymous_admin=False,
        text=data,
        words=languages.of(query.from_user.language_code),
        true_button=data in standing,
        lone_button=standing == [data],
        in_forum=bool(message.chat.is_forum),
    )


def _data_of_buttons(message: MaybeInaccessibleMessage) -> list[object]:
    markup = message.reply_markup if isinstance(message, Message) else None
    return [button.callback_data for row in markup.inline_keyboard for button in row] if markup else []


def _topic(message: Message) -> int | None:
    return message.message_thread_id if message.is_topic_message else None
