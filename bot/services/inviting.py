"""Inviting: links by which one asks to join a group, the covenant that comes first, and who is let in."""

import hmac
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.group import Group
from bot.services.messenger import (
    Button,
    Buttons,
    InviteLostError,
    Messenger,
    MessengerError,
    NoRightError,
    Outgoing,
)
from bot.services.pacing import Pace
from bot.services.saying import say
from bot.services.words import Languages, Words
from bot.store.database import Store
from bot.store.invites import Invite

# The question whether somebody may come in stands in the group for so long; their request waits in Telegram longer.
QUESTION_STANDS = timedelta(hours=24)


class Entry(StrEnum):
    """What became of somebody's wish to join."""

    IN = "in"
    DECLINED = "declined"
    ASKED = "asked"  # an admin decides
    LOST = "lost"  # no request of theirs waits there
    POWERLESS = "powerless"  # the bot may not let anybody in
    RESTING = "resting"  # the group gets no requests just now, and lets nobody in


class Inviting:
    """Who asks is stored nowhere: it stands in the buttons, which are checked when they are tapped."""

    def __init__(
        self, store: Store, messenger: Messenger, languages: Languages, pace: Pace, now: Callable[[], datetime]
    ) -> None:
        self._store, self._messenger, self._languages, self._pace = store, messenger, languages, pace
        self._now = now

    # A group admin's part.

    async def link(self, group: Group) -> Invite:
        """The group's live link, made now if there is none that works. Raises NoRightError or another MessengerError.

        Telegram is asked: nobody tells of one that an admin revoked, a right that was lost, or an upgrade.
        """
        live = await self._live(group)
        if live is not None and await self._leads_in(group, live):
            return live
        link = await self._messenger.create_link(group.chat_id)
        async with self._store.writing() as stored:
            added = await stored.invites.add(group.id, link)
        if not added:
            # Another admin was faster.
            await self._messenger.revoke_link(group.chat_id, link)
        live = await self._live(group)
        return live or await self.link(group)

    async def _leads_in(self, group: Group, live: Invite) -> bool:
        try:
            await self._messenger.prove_link(group.chat_id, live.link)
        except InviteLostError:
            async with self._store.writing() as stored:
                await stored.invites.revoke(live.id)
            return False
        return True

    async def end(self, group: Group) -> Invite | None:
        """Revoke the live link; it, or None if there was none. Raises NoRightError or another MessengerError."""
        live = await self._live(group)
        if live is None:
            return None
        with suppress(InviteLostError):  # an admin has ended it before
            await self._messenger.revoke_link(group.chat_id, live.link)
        async with self._store.writing() as stored:
            await stored.invites.revoke(live.id)
        return live

    async def set_asks_admin(self, group: Group, *, asks: bool) -> None:
        """Whether who agreed to the covenant waits for an admin's word."""
        async with self._store.writing() as stored:
            await stored.groups.set_asks_admin(group.id, asks=asks)

    # The part of who asks to join.

    async def asked(self, chat_id: int, link: str, user_id: int, user_chat_id: int, words: Words) -> None:
        """Somebody asks to join by this link: if it is the group's own, the covenant is shown to them.

        Requests by other links are the admins' alone. Raises MessengerError.
        """
        invite = await self._invite(chat_id, link)
        if invite is None or invite.revoked:
            return
        async with self._store.reading() as stored:
            group = await stored.groups.get(invite.group_id)
        if not group.is_served:
            return
        # Where it can't be shown soon, their request waits in Telegram's own list; nobody else waits for it.
        await self._pace.turn(user_chat_id)
        await self._messenger.send(user_chat_id, self._covenant(group, invite, user_id, words))

    def _covenant(self, group: Group, invite: Invite, user_id: int, words: Words) -> Outgoing:
        html = words.html("joining.asked", title=group.title, covenant="{covenant}")
        token = self._store.key.join_token(invite.id, user_id)
        agree = Button(words.plain("button.agree"), data=f"agree:{invite.id}:{token}")
        return Outgoing(html.replace("{covenant}", words.html("joining.covenant")), ((agree,),))

    async def agreed(self, invite_id: int, token: str, user_id: int, message_id: int, words: Words) -> Entry | None:
        """Somebody agrees to the covenant that was shown in this message of their direct chat.

        None if it was never shown to them, or its link is revoked. Raises MessengerError where it is worth trying
        again.
        """
        if not hmac.compare_digest(self._store.key.join_token(invite_id, user_id).encode(), token.encode()):
            return None
        async with self._store.reading() as stored:
            invite = await stored.invites.get(invite_id)
            group = await stored.groups.get(invite.group_id) if invite else None
        if invite is None or invite.revoked or group is None:
            return None
        if not group.is_served:
            return Entry.RESTING
        if group.asks_admin:
            return await self._ask_admins(group, invite, user_id, message_id, words)
        entry = await self._decide(group, user_id, let_in=True)
        if entry is Entry.IN:
            # They are in; a button that stays would say so.
            with suppress(MessengerError):
                await self._messenger.edit(user_id, message_id, Outgoing(words.html("joining.in", title=group.title)))
        return entry

    async def _ask_admins(self, group: Group, invite: Invite, user_id: int, message_id: int, words: Words) -> Entry:
        """The covenant's message says first that the admins are asked: so they are asked once, however often it is
        tapped.
        """
        # Where the admins can't be asked soon, nobody is told that they are.
        await self._pace.turn(group.chat_id)
        self._pace.give_back(group.chat_id)
        waits = Outgoing(words.html("joining.waits", title=group.title))
        if not await self._messenger.edit(user_id, message_id, waits):
            return Entry.ASKED
        theirs = self._languages.of(group.language)
        question = Outgoing(theirs.html("joining.question"), _decisions(invite.id, user_id, theirs))
        try:
            asked_in = await say(self._messenger, self._pace, group, question)
        except MessengerError:
            await self._messenger.edit(user_id, message_id, self._covenant(group, invite, user_id, words))
            raise
        async with self._store.writing() as stored:
            await stored.passing.add(group.chat_id, asked_in, self._now() + QUESTION_STANDS)
        return Entry.ASKED

    async def decided(
        self, group: Group, message_id: int, invite_id: int, user_id: int, *, let_in: bool
    ) -> Entry | None:
        """An admin of the group has decided what this message of it asks; the message then says how.

        None if it asks nothing, or of another group's invite, or the group isn't served any more. Raises
        MessengerError.
        """
        async with self._store.reading() as stored:
            invite = await stored.invites.get(invite_id)
            asks = await stored.passing.holds(group.chat_id, message_id)
        if invite is None or invite.group_id != group.id or not asks or not group.is_served:
            return None
        entry = await self._decide(group, user_id, let_in=let_in)
        if entry is not Entry.POWERLESS:
            words = self._languages.of(group.language)
            # It is decided, here or before; the buttons would only be tapped again.
            with suppress(MessengerError):
                await self._messenger.edit(group.chat_id, message_id, Outgoing(words.html(f"joining.decided.{entry}")))
        return entry

    async def came_by(self, chat_id: int, link: str) -> None:
        """Somebody has come into this chat by this link."""
        invite = await self._invite(chat_id, link)
        if invite is not None:
            async with self._store.writing() as stored:
                await stored.invites.used(invite.id)

    async def _decide(self, group: Group, user_id: int, *, let_in: bool) -> Entry:
        """Telegram knows whether a request of theirs waits in this group: nobody else is let in."""
        try:
            if let_in:
                await self._messenger.let_in(group.chat_id, user_id)
                return Entry.IN
            await self._messenger.turn_away(group.chat_id, user_id)
        except InviteLostError:
            return Entry.LOST
        except NoRightError:
            return Entry.POWERLESS
        return Entry.DECLINED

    async def _live(self, group: Group) -> Invite | None:
        async with self._store.reading() as stored:
            return await stored.invites.live(group.id)

    async def _invite(self, chat_id: int, link: str) -> Invite | None:
        """The bot's own invite into this chat with this link, revoked or not."""
        async with self._store.reading() as stored:
            group = await stored.groups.by_chat(chat_id)
            return await stored.invites.by_link(group.id, link) if group else None


def _decisions(invite_id: int, user_id: int, words: Words) -> Buttons:
    who = f"{invite_id}:{user_id}"
    yes = Button(words.plain("button.let_in"), data=f"letin:{who}")
    no = Button(words.plain("button.decline"), data=f"turnaway:{who}")
    return ((yes, no),)
