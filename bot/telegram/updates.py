"""From Telegram's updates to our handlers: every one is registered here, in this order."""

import asyncio
import logging
from dataclasses import replace
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

from sqlalchemy.exc import SQLAlchemyError
from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    ChatMember,
    ChatMemberUpdated,
    ReactionTypeEmoji,
    Update,
)
from telegram.constants import ChatID, ChatType
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatJoinRequestHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    MessageReactionHandler,
    filters,
)

from bot.services.messenger import MessengerError, Outgoing
from bot.services.screens import asks_for_zone
from bot.services.words import Words
from bot.store.database import plain_reason
from bot.telegram.access import FIRST_HAND, AdminsUnknownError, Refusal, Where, Who, admit, may_be_told, placed
from bot.telegram.arrivals import on_arrival, on_change, on_join_request, on_newcomers
from bot.telegram.asked import Asked, asked_by, tapped_by
from bot.telegram.buttons import answer_tap
from bot.telegram.commands import COMMANDS, Command, answer_command
from bot.telegram.setup import take_place
from bot.telegram.speaking import reply
from bot.telegram.vigil import Vigil

log = logging.getLogger(__name__)

# Always sent along: an omitted list would keep whatever was set before.
ALLOWED_UPDATES = (
    Update.MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.CHAT_MEMBER,
    Update.CHAT_JOIN_REQUEST,
    Update.MESSAGE_REACTION,
)
_PRAYING = ReactionTypeEmoji("🙏")
_GONE = (ChatMember.LEFT, ChatMember.BANNED)

# Service messages of what a checkup looks at.
_CHECKED = (
    filters.StatusUpdate.MESSAGE_AUTO_DELETE_TIMER_CHANGED
    | filters.StatusUpdate.FORUM_TOPIC_CLOSED
    | filters.StatusUpdate.FORUM_TOPIC_REOPENED
)

App = Application[Any, Any, Any, Any, Any, Any]
Context = ContextTypes.DEFAULT_TYPE


def register(application: App, vigil: Vigil) -> None:
    """Add every handler."""
    for command in COMMANDS:
        handler = partial(on_command, vigil, command)
        application.add_handler(CommandHandler(command.name, handler, filters=FIRST_HAND))
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, partial(on_upgrade, vigil)))
    application.add_handler(MessageHandler(filters.COMMAND & FIRST_HAND, partial(on_unknown_command, vigil)))
    place = filters.REPLY & ((filters.TEXT & ~filters.COMMAND) | filters.LOCATION) & filters.ChatType.GROUPS
    application.add_handler(MessageHandler(place & FIRST_HAND, partial(on_place, vigil)))
    application.add_handler(CallbackQueryHandler(partial(on_tap, vigil)))
    reactions = MessageReactionHandler.MESSAGE_REACTION_UPDATED
    application.add_handler(MessageReactionHandler(partial(on_reaction, vigil), message_reaction_types=reactions))
    memberships = partial(on_membership, vigil, Turns())
    application.add_handler(ChatMemberHandler(memberships, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(ChatMemberHandler(partial(on_arrival, vigil), ChatMemberHandler.CHAT_MEMBER))
    application.add_handler(ChatJoinRequestHandler(partial(on_join_request, vigil)))
    application.add_handler(MessageHandler(filters.StatusUpdate.NEW_CHAT_MEMBERS, partial(on_newcomers, vigil)))
    application.add_handler(MessageHandler(_CHECKED, partial(on_change, vigil)))
    application.add_error_handler(on_error)


async def publish_menus(application: App, vigil: Vigil) -> None:
    """Tell Telegram the commands of each kind of chat, in every language; those of the default to everybody else."""
    # Telegram takes languages of two letters alone. An own menu of the default's takes the place of one from before.
    spoken = [(words, words.code) for words in vigil.languages if len(words.code) == 2]
    menus = [(words, code, *menu) for words, code in [(vigil.languages.default, None), *spoken] for menu in _menus()]
    await asyncio.gather(*(_publish(application, vigil, *menu) for menu in menus))


def _menus() -> list[tuple[BotCommandScope, list[Command]]]:
    """The commands of each kind of chat."""
    everyone = [each for each in COMMANDS if each.who in (Who.ANYONE, Who.MEMBER)]
    in_groups = (Where.GROUP, Where.BOTH)
    return [
        (BotCommandScopeAllPrivateChats(), [each for each in everyone if each.where is not Where.GROUP]),
        (BotCommandScopeAllGroupChats(), [each for each in everyone if each.where in in_groups]),
        (BotCommandScopeAllChatAdministrators(), [each for each in COMMANDS if each.where in in_groups]),
    ]


async def _publish(
    application: App, vigil: Vigil, words: Words, code: str | None, scope: BotCommandScope, commands: list[Command]
) -> None:
    menu = [BotCommand(each.name, words.plain(f"help.commands.{each.name}")) for each in commands]
    try:
        await vigil.pace.turn(None)
        await application.bot.set_my_commands(menu, scope, code)
    except (MessengerError, TelegramError) as error:
        # A menu is a convenience; the next start publishes it again.
        log.warning("a menu of commands could not be published: %s", type(error).__name__)


async def on_command(vigil: Vigil, command: Command, update: Update, _context: Context) -> None:
    """Answer a command."""
    if update.message is None:
        return
    asked = asked_by(update.message, vigil.languages)
    try:
        asked = await placed(vigil, asked)
        outgoing = await answer_command(vigil, command, asked)
    except (MessengerError, SQLAlchemyError) as error:
        log.warning("/%s could not be answered: %s", command.name, type(error).__name__)
        if not may_be_told(vigil, asked):
            return
        outgoing = _failed(asked, error)
    if outgoing is not None:
        await reply(vigil, asked, outgoing)


def _failed(asked: Asked, error: MessengerError | SQLAlchemyError) -> Outgoing:
    """What is said where something could not be done just now."""
    key = "group.cannot_check" if isinstance(error, AdminsUnknownError) else "tap.later"
    return Outgoing(asked.words.html(key), sets_up=True)


async def on_unknown_command(vigil: Vigil, update: Update, context: Context) -> None:
    """Point to /help; in a group only where the bot is named and may speak: it may be meant for another one."""
    message = update.message
    if message is None or not message.text:
        return
    asked = asked_by(message, vigil.languages)
    if not asked.direct:
        _, _, meant = message.text.split(maxsplit=1)[0].partition("@")
        if meant.lower() != context.bot.username.lower():
            return
        asked = await placed(vigil, asked)
        try:
            admitted = await admit(vigil, Who.ANYONE, Where.BOTH, asked)
        except MessengerError as error:
            log.warning("a command that nobody knows could not be answered: %s", type(error).__name__)
            return
        if not isinstance(admitted, Asked):
            return
    await reply(vigil, asked, Outgoing(asked.words.html("usage.unknown")))


async def on_place(vigil: Vigil, update: Update, context: Context) -> None:
    """Somebody replied with a city or a location; what answers no question of ours for the zone is passed over."""
    message = update.message
    question = message.reply_to_message if message else None
    if message is None or question is None or question.from_user is None or question.from_user.id != context.bot.id:
        return
    rows = question.reply_markup.inline_keyboard if question.reply_markup else ()
    flow = asks_for_zone(str(button.callback_data) for row in rows for button in row)
    if flow is None:
        return
    asked = await placed(vigil, asked_by(message, vigil.languages))
    try:
        admitted = await admit(vigil, Who.ADMIN, Where.GROUP, asked)
        if isinstance(admitted, Asked):
            await take_place(vigil, replace(admitted, text=message.text or ""), question, flow, message.location)
        elif admitted is Refusal.NOT_ADMIN:
            await reply(vigil, asked, Outgoing(asked.words.html("group.admins_only"), sets_up=True))
    except (MessengerError, SQLAlchemyError) as error:
        log.warning("a place could not be taken: %s", type(error).__name__)
        if not may_be_told(vigil, asked):
            return
        await reply(vigil, asked, _failed(asked, error))


async def on_tap(vigil: Vigil, update: Update, _context: Context) -> None:
    """Answer a tap. The words come only after what they say is stored."""
    query = update.callback_query
    if query is None or query.message is None or query.data is None:
        return
    asked = tapped_by(query, query.message, query.data, vigil.languages)
    try:
        text = await answer_tap(vigil, asked)
    except (MessengerError, SQLAlchemyError) as error:
        log.warning("a tap could not be counted: %s", type(error).__name__)
        text = asked.words.plain("tap.later")
    try:
        await vigil.pace.tap()
        await query.answer(text)
    except (MessengerError, TelegramError) as error:
        # Too old to be answered, cut off, or one of a crowd's: what was done stays done.
        log.info("a tap could not be answered: %s", type(error).__name__)


async def on_reaction(vigil: Vigil, update: Update, _context: Context) -> None:
    """A 🙏 under a post counts like a tap, unless it names nobody. One that is taken back stays counted: see /mine."""
    change = update.message_reaction
    if change is None or change.user is None or change.user.is_bot or _PRAYING in change.old_reaction:
        return
    if _PRAYING in change.new_reaction:
        await vigil.praying.prayed_at(change.chat.id, change.message_id, change.user.id)


class Turns:
    """One at a time in a chat, in the order of coming: updates are handled side by side, and these undo each other."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def of(self, chat_id: int) -> asyncio.Lock:
        """The chat's lock; forgotten when nobody holds it or waits for it."""
        return self._locks.setdefault(chat_id, asyncio.Lock())


async def on_membership(vigil: Vigil, turns: Turns, update: Update, _context: Context) -> None:
    """The bot was added to a chat, or removed. Removed and added again must never be taken for the reverse."""
    change = update.my_chat_member
    if change is None or change.chat.type == ChatType.PRIVATE:
        return
    async with turns.of(change.chat.id):
        await _membership(vigil, change)


async def _membership(vigil: Vigil, change: ChatMemberUpdated) -> None:
    vigil.groups.may_differ(change.chat.id)
    if change.new_chat_member.status in _GONE:
        await vigil.onboarding.removed(change.chat.id)
    elif change.chat.id in vigil.operators:
        vigil.telling.started(change.chat.id)
    elif change.old_chat_member.status in _GONE:
        try:
            person = change.from_user
            known = None if person.id == ChatID.ANONYMOUS_ADMIN else person.id
            await vigil.onboarding.added(change.chat.id, known, person.language_code)
        except MessengerError as error:
            log.warning("a chat that the bot was added to could not be asked for: %s", type(error).__name__)
    else:
        await vigil.round.soon(change.chat.id)


async def on_upgrade(vigil: Vigil, update: Update, _context: Context) -> None:
    """A group became a supergroup: told in both chats, in any order."""
    message = update.effective_message
    if message is None:
        return
    if message.migrate_to_chat_id:
        await vigil.groups.upgraded(message.chat_id, message.migrate_to_chat_id)
    elif message.migrate_from_chat_id:
        await vigil.groups.upgraded(message.migrate_from_chat_id, message.chat_id)


async def on_error(_update: object, context: Context) -> None:
    """Something no handler expected. The update is never logged: it holds what people wrote."""
    if isinstance(context.error, SQLAlchemyError):
        log.error("an update could not be handled: the database says: %s", plain_reason(context.error))
        return
    log.error("an update could not be handled: %s", type(context.error).__name__, exc_info=context.error)
