"""Who asks to come into a group, who has come, and what else changes there: as Telegram's updates tell it."""

import logging

from telegram import ChatMember, ChatMemberRestricted, Update
from telegram.ext import ContextTypes

from bot.services.messenger import MessengerError
from bot.telegram.vigil import Vigil

log = logging.getLogger(__name__)

Context = ContextTypes.DEFAULT_TYPE
_INSIDE = (ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER)


async def on_join_request(vigil: Vigil, update: Update, _context: Context) -> None:
    """Somebody asks to join."""
    request = update.chat_join_request
    if request is None or request.invite_link is None:
        return
    words = vigil.languages.of(request.from_user.language_code)
    link, user = request.invite_link.invite_link, request.from_user
    try:
        await vigil.inviting.asked(request.chat.id, link, user.id, request.user_chat_id, words)
    except MessengerError as error:
        # The request waits in Telegram's list, for the group's admins.
        log.info("the covenant could not be shown: %s", type(error).__name__)


async def on_arrival(vigil: Vigil, update: Update, _context: Context) -> None:
    """Somebody's standing in a group has changed; Telegram tells it to bots that are admins."""
    change = update.chat_member
    if change is None or change.new_chat_member.user.is_bot:
        return
    if _inside(change.old_chat_member) or not _inside(change.new_chat_member):
        return
    if change.invite_link is not None:
        await vigil.inviting.came_by(change.chat.id, change.invite_link.invite_link)
        if not change.invite_link.creates_join_request:
            await vigil.checkup.came_freely(change.chat.id)
            await vigil.round.soon(change.chat.id)
    await vigil.greeting.joined(change.chat.id)


async def on_newcomers(vigil: Vigil, update: Update, _context: Context) -> None:
    """The chat itself says that somebody has joined; every bot sees that, but not every chat says it."""
    message = update.message
    if message is not None and not all(user.is_bot for user in message.new_chat_members):
        await vigil.greeting.joined(message.chat_id)


async def on_change(vigil: Vigil, update: Update, _context: Context) -> None:
    """Something was changed that the group's checkup may see; a topic may be open again."""
    if update.message is not None:
        vigil.groups.may_differ(update.message.chat_id)
        await vigil.round.soon(update.message.chat_id)


def _inside(member: ChatMember) -> bool:
    return member.is_member if isinstance(member, ChatMemberRestricted) else member.status in _INSIDE
