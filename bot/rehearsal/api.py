"""The methods: what each call of the bot does in the world. One function a method, found by its name in METHODS."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from bot.rehearsal.access import Access, check_rights, reach, reach_message, reply_target, topic_of
from bot.rehearsal.callbacks import Answer
from bot.rehearsal.chats import Chat, Kind, Member, Status
from bot.rehearsal.entities import Text
from bot.rehearsal.errors import bad_request
from bot.rehearsal.markup import read_keyboard
from bot.rehearsal.menus import delete_my_commands, get_my_commands, set_my_commands
from bot.rehearsal.messages import Keyboard, Message
from bot.rehearsal.state import State
from bot.rehearsal.texts import read_text

Params = dict[str, Any]
Method = Callable[[State, Params], Awaitable[Any]]

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
DELETABLE = timedelta(hours=48)
ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


async def get_me(state: State, params: Params) -> Any:
    """The bot itself."""
    return state.bot.as_me()


async def get_updates(state: State, params: Params) -> Any:
    """What happened since; may wait."""
    state.updates.allow(params.get("allowed_updates"))
    return await state.updates.get(params.get("offset", 0), params.get("limit", 100), params.get("timeout", 0))


async def delete_webhook(state: State, params: Params) -> Any:
    """There never is a webhook; dropping what waits is done."""
    if params.get("drop_pending_updates"):
        state.updates.clear()
    return True


async def get_webhook_info(state: State, params: Params) -> Any:
    """There never is one."""
    return {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": state.updates.unconfirmed,
        "allowed_updates": sorted(state.updates.allowed),
    }


async def get_chat(state: State, params: Params) -> Any:
    """What can be seen of a chat."""
    return reach(state, params["chat_id"], Access.READ).as_full(state.bot)


async def get_chat_member(state: State, params: Params) -> Any:
    """Someone's standing in a chat. About others a bot is only sure to learn as an admin (Switches.members_visible)."""
    user_id = params["user_id"]
    about_itself = user_id == state.bot.id
    chat = reach(state, params["chat_id"], Access.READ if about_itself else Access.MEMBERS)
    if about_itself:
        return chat.member(state.bot).as_json()
    if chat.kind is Kind.CHANNEL and not chat.is_admin(state.bot):
        raise bad_request("member list is inaccessible")
    if chat.kind is Kind.SUPERGROUP and not (chat.is_admin(state.bot) or state.switches.members_visible):
        raise bad_request("CHAT_ADMIN_REQUIRED")
    if user_id not in state.people:
        raise bad_request("user not found" if chat.kind is Kind.GROUP else "PARTICIPANT_ID_INVALID")
    if chat.kind is Kind.PRIVATE:
        return Member(state.people[user_id], Status.MEMBER).as_json()
    return chat.member(state.people[user_id]).as_json()


async def get_chat_administrators(state: State, params: Params) -> Any:
    """Owner and administrators; other bots aren't shown."""
    chat = reach(state, params["chat_id"], Access.MEMBERS)
    if chat.kind is Kind.PRIVATE:
        raise bad_request("there are no administrators in the private chat")
    return [admin.as_json() for admin in chat.admins()]


async def send_message(state: State, params: Params) -> Any:
    """A new message of the bot."""
    text, keyboard = _content(params)
    chat = reach(state, params["chat_id"], Access.WRITE)
    reply_to = reply_target(state, chat, params.get("reply_parameters"))
    thread_id = topic_of(chat, params.get("message_thread_id"))
    check_rights(state, chat, thread_id)
    state.limits.count(chat, paid=params.get("allow_paid_broadcast", False))
    message = state.post(
        chat,
        state.bot,
        text,
        keyboard=keyboard,
        reply_to=reply_to or (state.message(chat, thread_id) if thread_id else None),
        thread_id=thread_id,
        in_topic=bool(thread_id),
        protected=params.get("protect_content", False),
        silent=params.get("disable_notification", False),
        link_preview=params.get("link_preview_options"),
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
    """Takes a message away: nothing older than 48 hours, and others' only in direct chats or as an admin."""
    chat = reach(state, params["chat_id"], Access.WRITE)
    message = reach_message(state, chat, params["message_id"], "message to delete")
    allowed = message.sender is state.bot or chat.kind is Kind.PRIVATE or chat.is_admin(state.bot)
    if not allowed or state.clock() - message.date > DELETABLE:
        raise bad_request("message can't be deleted")
    state.delete(message)
    return True


async def leave_chat(state: State, params: Params) -> Any:
    """The bot goes."""
    chat = reach(state, params["chat_id"], Access.READ)
    if chat.kind is Kind.PRIVATE:
        raise bad_request("chat member status can't be changed in private chats")
    if not chat.member(state.bot).present:
        raise bad_request("chat not found")
    state.set_member(chat, Member(state.bot, Status.LEFT), by=state.bot)
    return True


async def answer_callback_query(state: State, params: Params) -> Any:
    """What the person sees after a tap."""
    if params.get("url") and not params["url"].startswith(f"https://t.me/{state.bot.username}"):
        raise bad_request("URL_INVALID")
    answer = Answer(params.get("text", ""), params.get("show_alert", False), params.get("url", ""))
    state.callbacks.answer(params["callback_query_id"], answer)
    return True


async def send_chat_action(state: State, params: Params) -> Any:
    """ "typing ..." """
    if params["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = reach(state, params["chat_id"], Access.WRITE)
    check_rights(state, chat, topic_of(chat, params.get("message_thread_id")))
    return True


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
    if message.sender is not state.bot or message.service:
        raise bad_request("message can't be edited")
    return chat, message


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "leaveChat": leave_chat,
    "answerCallbackQuery": answer_callback_query,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "sendChatAction": send_chat_action,
}
