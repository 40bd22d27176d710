"""The methods that write, edit and delete messages."""

from datetime import timedelta
from functools import partial
from typing import Any

from bot.rehearsal.access import Access, check_rights, reach, reach_message, reply_target, topic_of
from bot.rehearsal.chats import Chat, Kind
from bot.rehearsal.entities import Text
from bot.rehearsal.errors import bad_request
from bot.rehearsal.markup import read_keyboard
from bot.rehearsal.messages import Keyboard, Message
from bot.rehearsal.state import State
from bot.rehearsal.texts import read_text

Params = dict[str, Any]

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
DELETABLE = timedelta(hours=48)
MOST_DELETED = 100


async def send_message(state: State, params: Params) -> Any:
    """A new message of the bot."""
    text, keyboard = _content(params)
    chat = reach(state, params["chat_id"], Access.WRITE)
    reply_to = reply_target(state, chat, params.get("reply_parameters"))
    place = state.place(chat, reply_to, topic_of(chat, params.get("message_thread_id")))
    check_rights(state, chat, place["thread_id"] if place["in_topic"] else None)
    state.limits.count(chat, paid=params.get("allow_paid_broadcast", False))
    message = state.post(
        chat,
        state.bot,
        text,
        keyboard=keyboard,
        protected=params.get("protect_content", False),
        silent=params.get("disable_notification", False),
        link_preview=params.get("link_preview_options"),
        **place,
    )
    return message.as_json()


async def edit_message_text(state: State, params: Params) -> Any:
    """New text in one of the bot's messages. Without reply_markup the keyboard goes."""
    text, keyboard = _content(params)
    chat, message = _own_message(state, params)
    preview = params.get("link_preview_options")
    if (message.versions[-1].text, message.keyboard) == (text, keyboard or []):
        raise bad_request(NOT_MODIFIED)
    state.limits.count(chat)
    message.link_preview = preview
    state.rewrite(message, text, keyboard)
    return message.as_json()


async def edit_message_reply_markup(state: State, params: Params) -> Any:
    """New buttons, or none, under one of the bot's messages."""
    keyboard = read_keyboard(params.get("reply_markup"))
    chat, message = _own_message(state, params)
    if message.keyboard == (keyboard or []):
        raise bad_request(NOT_MODIFIED)
    state.limits.count(chat)
    state.rewrite(message, message.versions[-1].text, keyboard)
    return message.as_json()


async def delete_message(state: State, params: Params) -> Any:
    """Takes a message away."""
    chat = reach(state, params["chat_id"], Access.WRITE)
    message = reach_message(state, chat, params["message_id"], "message to delete")
    _check_deletable(state, message)
    state.delete(message)
    return True


async def delete_messages(state: State, params: Params) -> Any:
    """Takes several away, or none if one of them can't be. Those that aren't found are passed over."""
    ids = params["message_ids"]
    if not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > MOST_DELETED:
        raise bad_request("too many message identifiers specified")
    chat = reach(state, params["chat_id"], Access.WRITE)
    messages = [message for message in map(partial(state.message, chat), ids) if message]
    for message in messages:
        _check_deletable(state, message)
    for message in messages:
        state.delete(message)
    return True


def _check_deletable(state: State, message: Message) -> None:
    """Nothing older than 48 hours, and others' only in direct chats or with the right to. Raises ApiError (400)."""
    chat = message.chat
    own = message.by_bot or chat.kind is Kind.PRIVATE
    if not (own or chat.may(state.bot, "can_delete_messages")) or state.clock() - message.date > DELETABLE:
        raise bad_request("message can't be deleted")


def _content(params: Params) -> tuple[Text, Keyboard | None]:
    if "text" not in params:
        raise bad_request("message text is empty")
    if params.get("entities") and params.get("parse_mode"):
        raise bad_request("both parse_mode and entities (the rehearsal server is strict)")
    text = read_text(params["text"], params.get("parse_mode"), params.get("entities"))
    return text, read_keyboard(params.get("reply_markup"))


def _own_message(state: State, params: Params) -> tuple[Chat, Message]:
    """The bot's message that an edit is for."""
    if "chat_id" not in params and "message_id" not in params:
        raise bad_request("message identifier is not specified")
    if "chat_id" not in params:
        raise bad_request("chat_id is empty")
    chat = reach(state, params["chat_id"], Access.EDIT)
    message = reach_message(state, chat, params.get("message_id", 0), "message to edit")
    if not message.by_bot:
        raise bad_request("message can't be edited")
    return chat, message
