"""Which chats the bot may reach, and for what. Follows `check_chat_access` of the Bot API server."""

from enum import Enum
from typing import Any

from bot.rehearsal.chats import Chat, Kind
from bot.rehearsal.errors import bad_request, forbidden, upgraded
from bot.rehearsal.members import Status
from bot.rehearsal.messages import Message
from bot.rehearsal.state import State


class Access(Enum):
    """What a call wants to do in a chat."""

    READ = "read"
    MEMBERS = "read members"
    EDIT = "edit"
    WRITE = "write"


NAMES = {Kind.GROUP: "group chat", Kind.SUPERGROUP: "supergroup chat", Kind.CHANNEL: "channel chat"}


def reach(state: State, chat_id: int | str, access: Access) -> Chat:
    """The chat of that id or @username. Raises ApiError as Telegram would."""
    chat = _find(state, chat_id)
    if chat is None:
        raise bad_request("chat not found")
    if chat.kind is Kind.PRIVATE:
        _check_person(state, chat, access)
    elif chat.kind is Kind.GROUP:
        _check_group(state, chat, access)
    else:
        _check_supergroup(state, chat, access)
    return chat


def _find(state: State, chat_id: int | str) -> Chat | None:
    if isinstance(chat_id, str):
        name = chat_id.removeprefix("@").lower()
        public = (chat for chat in state.chats.values() if chat.kind in (Kind.SUPERGROUP, Kind.CHANNEL))
        return next((chat for chat in public if (chat.username or "").lower() == name), None)
    if chat_id in state.people:
        return state.private_chat(state.people[chat_id])
    return state.chats.get(chat_id)


def _check_person(state: State, chat: Chat, access: Access) -> None:
    """Someone who asked to join may be written to for a while; what was written so can be edited later, too."""
    person = chat.person
    if person is None or not (person.started or access is Access.WRITE or state.invites.met(person)):
        raise bad_request("chat not found")
    if person.deactivated and access in (Access.EDIT, Access.WRITE):
        raise forbidden("user is deactivated")
    if access is Access.WRITE and not (person.started or state.invites.opens_chat(person, state.clock())):
        raise forbidden("bot can't initiate conversation with a user")
    if access is Access.WRITE and person.blocked_bot:
        raise forbidden("bot was blocked by the user")


def _check_group(state: State, chat: Chat, access: Access) -> None:
    """A group's facts can be read even after the bot was removed; that it is gone is told to writers only."""
    writes = access in (Access.WRITE, Access.MEMBERS)
    edits = writes or access is Access.EDIT
    if chat.upgraded_to and (writes or (edits and not state.switches.edits_to_upgraded)):
        raise upgraded(chat.upgraded_to.id)
    if chat.deleted and writes:
        raise forbidden("the group chat was deleted")
    if chat.upgraded_to or chat.deleted or not edits:
        return
    _check_inside(state, chat)


def _check_supergroup(state: State, chat: Chat, access: Access) -> None:
    if chat.deleted:
        raise bad_request("chat not found")
    public = bool(chat.username or chat.active_usernames or chat.location)
    kicked = chat.member(state.bot).status is Status.KICKED
    if kicked or not public or access in (Access.EDIT, Access.WRITE):
        _check_inside(state, chat)


def _check_inside(state: State, chat: Chat) -> None:
    member = chat.member(state.bot)
    if member.status is Status.KICKED:
        raise forbidden(f"bot was kicked from the {NAMES[chat.kind]}")
    if not member.present:
        raise forbidden(f"bot is not a member of the {NAMES[chat.kind]}")


def check_rights(state: State, chat: Chat, topic_id: int | None) -> None:
    """Whether the bot may write here now: it isn't muted and the topic isn't closed. Raises ApiError (400)."""
    if chat.kind is Kind.PRIVATE:
        return
    if chat.member(state.bot).status is Status.RESTRICTED:
        raise bad_request("have no rights to send a message")
    if not chat.is_admin(state.bot):
        if chat.kind is Kind.CHANNEL:
            raise bad_request("need administrator rights in the channel chat")
        if not chat.members_may_write:
            raise bad_request("not enough rights to send text messages to the chat")
    if chat.closed(topic_id) and not chat.may(state.bot, "can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")


def topic_of(chat: Chat, thread_id: int | None) -> int | None:
    """The topic to write in. General is written to without an id: its own id, 1, finds no message."""
    if thread_id and (not chat.forum or thread_id not in chat.topics):
        raise bad_request("message thread not found")
    return thread_id or None


def reach_message(state: State, chat: Chat, message_id: int, what: str) -> Message:
    """A message in a chat; `what` is how the error names it ("message to edit")."""
    found = state.message(chat, message_id)
    if found is None:
        raise bad_request(f"{what} not found")
    return found


def reply_target(state: State, chat: Chat, wanted: dict[str, Any] | None) -> Message | None:
    """The message that `reply_parameters` name. Replies to other chats aren't supported here."""
    if not wanted or not wanted.get("message_id"):
        return None
    unknown = sorted(set(wanted) - {"message_id", "chat_id", "allow_sending_without_reply"})
    if unknown or wanted.get("chat_id", chat.id) != chat.id:
        raise bad_request(f"the rehearsal server does not support these reply_parameters: {unknown or ['chat_id']}")
    found = state.message(chat, wanted["message_id"])
    if found is None and not wanted.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return found
