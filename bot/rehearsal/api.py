"""The methods: what each call of the bot does in the world. One function a method, found by its name in METHODS."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.rehearsal.access import Access, check_rights, reach, topic_of
from bot.rehearsal.admissions import (
    approve_chat_join_request,
    create_chat_invite_link,
    decline_chat_join_request,
    edit_chat_invite_link,
    revoke_chat_invite_link,
)
from bot.rehearsal.callbacks import Answer
from bot.rehearsal.chats import Kind
from bot.rehearsal.errors import bad_request
from bot.rehearsal.members import Member, Status
from bot.rehearsal.menus import delete_my_commands, get_my_commands, set_my_commands
from bot.rehearsal.state import State
from bot.rehearsal.writing import (
    delete_message,
    delete_messages,
    edit_message_reply_markup,
    edit_message_text,
    send_message,
)

Params = dict[str, Any]
Method = Callable[[State, Params], Awaitable[Any]]

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
    """Owner and administrators; other bots only if they are asked for."""
    chat = reach(state, params["chat_id"], Access.MEMBERS)
    if chat.kind is Kind.PRIVATE:
        raise bad_request("there are no administrators in the private chat")
    bots = params.get("return_bots", False)
    people = (admin for admin in chat.admins() if bots or not admin.person.is_bot or admin.person.ours)
    return [admin.as_json() for admin in people]


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
    "deleteMessages": delete_messages,
    "leaveChat": leave_chat,
    "createChatInviteLink": create_chat_invite_link,
    "editChatInviteLink": edit_chat_invite_link,
    "revokeChatInviteLink": revoke_chat_invite_link,
    "approveChatJoinRequest": approve_chat_join_request,
    "declineChatJoinRequest": decline_chat_join_request,
    "answerCallbackQuery": answer_callback_query,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "sendChatAction": send_chat_action,
}
