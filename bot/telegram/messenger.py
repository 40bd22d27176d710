"""The services' `Messenger`, with python-telegram-bot."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from telegram import (
    Bot,
    ChatFullInfo,
    ChatMember,
    ChatMemberAdministrator,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
)
from telegram.constants import ChatAction, ParseMode
from telegram.helpers import create_deep_linked_url

from bot.domain.chat import Chat, ChatType, Rights
from bot.services.messenger import (
    Buttons,
    ChatClosedError,
    InviteLostError,
    MessageLostError,
    NotNowError,
    OurMistakeError,
    Outgoing,
    UnknownOutcomeError,
)
from bot.services.pacing import Pace
from bot.telegram.errors import UnchangedError, translated

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_ASK_AGAIN_SECONDS = 5.0
# A kind of chat that isn't known is taken for a channel: when in doubt, nothing is shown.
_KINDS = {str(kind): kind for kind in ChatType}


class TelegramMessenger:
    """Calls the Bot API. Everything sent is protected and without a link preview.

    Messages, edits and deletions go at the pace, also where nobody asked for a turn. `paid`: messages may cost
    Telegram stars, and more than 30 a second are let through.
    """

    def __init__(self, bot: Bot, pace: Pace, *, protect: bool = True, paid: bool = False) -> None:
        self._bot, self._pace, self._protect, self._paid = bot, pace, protect, paid

    async def chat(self, chat_id: int) -> Chat:
        """See `Messenger.chat`. A question whose answer got lost can simply be asked again."""
        try:
            with translated():
                return chat_facts(await self._bot.get_chat(chat_id))
        except UnknownOutcomeError:
            raise NotNowError(_ASK_AGAIN_SECONDS) from None

    async def is_member(self, chat_id: int, user_id: int) -> bool:
        """See `Messenger.is_member`."""
        member = await self._member(chat_id, user_id)
        if member is None:
            return False
        if member.status == ChatMember.RESTRICTED:
            return bool(getattr(member, "is_member", False))
        return member.status in (ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER)

    async def is_admin(self, chat_id: int, user_id: int) -> bool:
        """See `Messenger.is_admin`."""
        await self._pace.question()
        try:
            with translated():
                # getChatMember would tell of others only to a bot that is an admin itself; this tells every bot.
                admins = await self._bot.get_chat_administrators(chat_id)
        except UnknownOutcomeError:
            raise NotNowError(_ASK_AGAIN_SECONDS) from None
        return any(admin.user.id == user_id for admin in admins)

    async def rights(self, chat_id: int) -> Rights:
        """See `Messenger.rights`."""
        member = await self._member(chat_id, self._bot.id)
        if not isinstance(member, ChatMemberAdministrator):
            return Rights()
        return Rights(is_admin=True, may_invite=member.can_invite_users)

    async def may_write(self, chat_id: int, thread_id: int | None) -> bool:
        """See `Messenger.may_write`. Telegram tells of no topic how it stands; "typing" is refused where words are."""
        try:
            with translated():
                await self._bot.send_chat_action(chat_id, ChatAction.TYPING, thread_id)
        except UnknownOutcomeError:
            raise NotNowError(_ASK_AGAIN_SECONDS) from None
        except (ChatClosedError, OurMistakeError):
            return False
        return True

    async def _member(self, chat_id: int, user_id: int) -> ChatMember | None:
        """None where Telegram knows nobody of that id there, or doesn't let us ask: when in doubt, no."""
        try:
            with translated():
                return await self._bot.get_chat_member(chat_id, user_id)
        except UnknownOutcomeError:
            raise NotNowError(_ASK_AGAIN_SECONDS) from None
        except OurMistakeError:
            return None

    @asynccontextmanager
    async def _written(self, chat_id: int, within: float | None = None) -> AsyncIterator[float | None]:
        """Around a call that writes into the chat: at the pace, with our errors.

        Of the seconds in which it must leave, it gives those that are left for a connection.
        """
        elapsed = asyncio.get_running_loop().time
        began = elapsed()
        async with self._pace.call(chat_id):
            left = None if within is None else within - (elapsed() - began)
            if left is not None and left <= 0:
                raise NotNowError(_ASK_AGAIN_SECONDS)
            with translated():
                yield left

    async def send(self, chat_id: int, message: Outgoing) -> int:
        """See `Messenger.send`."""
        async with self._written(chat_id, message.within) as left:
            sent = await self._bot.send_message(
                chat_id,
                message.html,
                parse_mode=ParseMode.HTML,
                reply_markup=_keyboard(message.buttons),
                disable_notification=message.silent,
                protect_content=self._protect,
                link_preview_options=_NO_PREVIEW,
                reply_to_message_id=message.reply_to,
                message_thread_id=message.thread_id,
                allow_paid_broadcast=self._paid or None,
                pool_timeout=left,
            )
        return sent.message_id

    async def edit(self, chat_id: int, message_id: int, message: Outgoing) -> bool:
        """See `Messenger.edit`. The keyboard goes along: Telegram drops it otherwise."""
        try:
            async with self._written(chat_id, message.within) as left:
                await self._bot.edit_message_text(
                    message.html,
                    chat_id,
                    message_id,
                    parse_mode=ParseMode.HTML,
                    reply_markup=_keyboard(message.buttons),
                    link_preview_options=_NO_PREVIEW,
                    pool_timeout=left,
                )
        except UnchangedError:
            return False
        return True

    async def edit_buttons(self, chat_id: int, message_id: int, buttons: Buttons) -> None:
        """See `Messenger.edit_buttons`."""
        with suppress(UnchangedError):
            async with self._written(chat_id):
                await self._bot.edit_message_reply_markup(chat_id, message_id, reply_markup=_keyboard(buttons))

    async def delete(self, chat_id: int, message_id: int) -> None:
        """See `Messenger.delete`."""
        async with self._written(chat_id):
            if not await self._bot.delete_message(chat_id, message_id):
                raise MessageLostError

    async def create_link(self, chat_id: int) -> str:
        """See `Messenger.create_link`."""
        async with self._managed():
            return (await self._bot.create_chat_invite_link(chat_id, creates_join_request=True)).invite_link

    async def prove_link(self, chat_id: int, link: str) -> None:
        """See `Messenger.prove_link`. Telegram has no question for it: the link is given the terms that it has."""
        with suppress(UnchangedError):
            async with self._managed():
                proven = await self._bot.edit_chat_invite_link(chat_id, link, creates_join_request=True)
            if proven.is_revoked:
                raise InviteLostError

    async def revoke_link(self, chat_id: int, link: str) -> None:
        """See `Messenger.revoke_link`."""
        async with self._managed():
            await self._bot.revoke_chat_invite_link(chat_id, link)

    async def let_in(self, chat_id: int, user_id: int) -> None:
        """See `Messenger.let_in`."""
        with suppress(UnchangedError):
            async with self._managed():
                await self._bot.approve_chat_join_request(chat_id, user_id)

    async def turn_away(self, chat_id: int, user_id: int) -> None:
        """See `Messenger.turn_away`."""
        async with self._managed():
            await self._bot.decline_chat_join_request(chat_id, user_id)

    @asynccontextmanager
    async def _managed(self) -> AsyncIterator[None]:
        """Around a call that changes a chat but writes nothing into it: it counts over all alone."""
        await self._pace.turn(None)
        with translated():
            yield

    async def leave(self, chat_id: int) -> None:
        """See `Messenger.leave`."""
        async with self._managed():
            await self._bot.leave_chat(chat_id)

    def start_link(self, payload: str) -> str:
        """See `Messenger.start_link`."""
        return create_deep_linked_url(self._bot.username, payload)


def chat_facts(info: ChatFullInfo) -> Chat:
    """What of a getChat answer is worth knowing. `community` is newer than python-telegram-bot 22.8."""
    return Chat(
        id=info.id,
        type=_KINDS.get(info.type, ChatType.CHANNEL),
        title=info.title,
        has_username=bool(info.username or info.active_usernames),
        has_location=info.location is not None,
        is_linked=info.linked_chat_id is not None,
        is_community=(info.api_kwargs or {}).get("community") is not None,
        is_forum=bool(info.is_forum),
        joins_by_request=bool(info.join_by_request),
        members_add=info.permissions.can_invite_users if info.permissions else None,
        shows_history=bool(info.has_visible_history),
        deletes_itself=bool(info.message_auto_delete_time),
        is_protected=bool(info.has_protected_content),
    )


def _keyboard(rows: Buttons) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(each.text, callback_data=each.data, url=each.url) for each in row] for row in rows]
    )
