"""The methods for invite links and requests to join. The bot must be an admin that may invite."""

from typing import Any

from bot.rehearsal.access import Access, reach
from bot.rehearsal.chats import Chat, Kind
from bot.rehearsal.errors import bad_request
from bot.rehearsal.invites import InviteLink, Terms
from bot.rehearsal.joining import INVITING, settle
from bot.rehearsal.state import State

LONGEST_NAME = 32
HIGHEST_LIMIT = 100_000

Params = dict[str, Any]


async def create_chat_invite_link(state: State, params: Params) -> Any:
    """A new link of the bot's own."""
    chat = _chat_of_links(state, params)
    link = state.invites.create(chat, state.bot, _terms(state, params))
    return state.invites.shown(link, state.bot)


async def edit_chat_invite_link(state: State, params: Params) -> Any:
    """New terms for one of the bot's links; what isn't named goes back to its default."""
    link = _own_link(state, params)
    link.terms = _terms(state, params)
    return state.invites.shown(link, state.bot)


async def revoke_chat_invite_link(state: State, params: Params) -> Any:
    """Ends one of the bot's links. Who asked by it before can still be let in."""
    link = _own_link(state, params)
    link.revoked = True
    return state.invites.shown(link, state.bot)


async def approve_chat_join_request(state: State, params: Params) -> Any:
    """Lets a person in who asked."""
    return _answer(state, params, approve=True)


async def decline_chat_join_request(state: State, params: Params) -> Any:
    """Refuses one. They aren't told, and may ask again."""
    return _answer(state, params, approve=False)


def _chat_of_links(state: State, params: Params) -> Chat:
    chat = reach(state, params["chat_id"], Access.WRITE)
    if chat.kind is Kind.PRIVATE:
        raise bad_request("can't invite members to a private chat")
    if not chat.may(state.bot, INVITING):
        raise bad_request("not enough rights to manage chat invite link")
    return chat


def _own_link(state: State, params: Params) -> InviteLink:
    """The bot's link of that address. What is said of a revoked link and of another admin's is a guess."""
    chat = _chat_of_links(state, params)
    link = state.invites.link(params["invite_link"])
    if link is None or link.chat is not chat or link.revoked:
        raise bad_request("INVITE_HASH_EXPIRED")
    if link.creator is not state.bot:
        raise bad_request("CHAT_ADMIN_REQUIRED")
    return link


def _terms(state: State, params: Params) -> Terms:
    expires = params.get("expire_date") or None
    limit = min(max(params.get("member_limit", 0), 0), HIGHEST_LIMIT) or None
    by_request = params.get("creates_join_request", False)
    if by_request and limit:
        raise bad_request("member limit can't be specified for links requiring administrator approval")
    if expires is not None and expires <= state.clock().timestamp():
        raise bad_request("EXPIRE_DATE_INVALID")
    return Terms(" ".join(params.get("name", "").split())[:LONGEST_NAME], expires, limit, by_request)


def _answer(state: State, params: Params, *, approve: bool) -> bool:
    chat = reach(state, params["chat_id"], Access.WRITE)
    if chat.kind is Kind.PRIVATE:
        raise bad_request("the chat can't have join requests")
    if not chat.may(state.bot, INVITING):
        raise bad_request("not enough rights to manage chat join requests")
    person = state.people.get(params["user_id"])
    if person is None:
        raise bad_request("USER_ID_INVALID")
    request = state.invites.waiting(chat, person)
    if request is None:
        already_in = approve and chat.member(person).present
        raise bad_request("USER_ALREADY_PARTICIPANT" if already_in else "HIDE_REQUESTER_MISSING")
    settle(state, request, state.bot, approve=approve)
    return True
