"""The round: who can see a chat is asked again soon after request text was shown there, and then every hour."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.domain.chat import Chat, why_not_private
from bot.domain.group import Group
from bot.services.admission import RefusedError, suspend
from bot.services.checkup import Checkup
from bot.services.leaving import left
from bot.services.messenger import REMOVED, ChatClosedError, Messenger, MessengerError, MovedError, NotNowError
from bot.services.pacing import Lane, Pace
from bot.services.upgrading import upgrade
from bot.store.database import Store

T = TypeVar("T")

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
# After an answer that says nothing.
AGAIN_AFTER = timedelta(seconds=10)
# In one sweep; the others are looked at in the next. Of these so many at a time.
MOST_IN_A_SWEEP, AT_ONCE = 200, 16


class Round:
    """Finds what slipped into the second between asking and showing, and groups that were made public since.

    The checkup gets what Telegram says of a group, too.
    """

    def __init__(
        self, store: Store, messenger: Messenger, checkup: Checkup, pace: Pace, now: Callable[[], datetime]
    ) -> None:
        self._store, self._messenger, self._checkup, self._pace, self._now = store, messenger, checkup, pace, now

    async def soon(self, chat_id: int) -> None:
        """Something was changed in this chat: look at it at once, if a group has its posts there."""
        async with self._store.writing() as stored:
            group = await stored.groups.by_chat(chat_id)
            if group is not None and group.is_served:
                now = self._now()
                await stored.groups.look(group.id, now, now)

    async def look(self) -> None:
        """Look at each chat whose time has come. One that strangers can see loses its text, and is suspended.

        One that the bot isn't in any more counts as removed from now on.
        """
        async with self._store.reading() as stored:
            waiting = await stored.groups.to_look_at(self._now(), MOST_IN_A_SWEEP)
        room = asyncio.Semaphore(AT_ONCE)

        async def take(group: Group, due: datetime, step: Callable[[], Awaitable[T]]) -> T | None:
            async with room:
                return await self._take(group, due, step)

        looks = (take(group, due, partial(self._look, group, due)) for group, due in waiting)
        chats = await asyncio.gather(*looks, return_exceptions=True)
        # Where strangers can look in, each second counts; how safe a group is besides can wait for all of them.
        private = [(*each, chat) for each, chat in zip(waiting, chats, strict=True) if isinstance(chat, Chat)]
        checkups = (take(group, due, partial(self._checkup.look, group, chat)) for group, due, chat in private)
        # What the database does to one of them is no other's loss.
        for done in (*chats, *await asyncio.gather(*checkups, return_exceptions=True)):
            if isinstance(done, BaseException):
                raise done

    async def _take(self, group: Group, due: datetime, step: Callable[[], Awaitable[T]]) -> T | None:
        """What a step of a look gives; what Telegram answered instead becomes a stored outcome, and None."""
        try:
            return await step()
        except MovedError as error:
            async with self._store.writing() as stored:
                await upgrade(stored, group.chat_id, error.chat_id, self._now())
                await stored.groups.look(group.id, self._now(), self._now())
        except (ChatClosedError, RefusedError) as error:
            if isinstance(error, ChatClosedError) and error.reason in REMOVED:
                await self._left(group, due)
            else:
                await self._suspend(group, due, error)
        except MessengerError as error:
            wait = timedelta(seconds=error.seconds) if isinstance(error, NotNowError) else AGAIN_AFTER
            async with self._store.writing() as stored:
                await stored.groups.look(group.id, self._now() + wait, self._now())
        return None

    async def _look(self, group: Group, due: datetime) -> Chat:
        """The chat, which is private."""
        await self._pace.question(Lane.POST)
        chat = await self._messenger.chat(group.chat_id)
        reason = why_not_private(chat)
        if reason:
            raise RefusedError(reason, suspends=True)
        async with self._store.writing() as stored:
            if chat.title and chat.title != group.title:
                await stored.groups.rename(group.id, chat.title)
            again = self._now() + EVERY if await stored.copies.holds_text(group.id) else None
            await stored.groups.looked(group.id, due, again)
        return chat

    async def _left(self, group: Group, due: datetime) -> None:
        """Telegram says that the bot isn't there, and may never have told when it was removed."""
        async with self._store.writing() as stored:
            now = await stored.groups.take_up_chat(group.chat_id)
            # It may have been added again since it was asked.
            if now is not None and now.state is group.state:
                await left(stored, now, self._now())
            await stored.groups.looked(group.id, due, None)

    async def _suspend(self, group: Group, due: datetime, error: ChatClosedError | RefusedError) -> None:
        async with self._store.writing() as stored:
            slipped = isinstance(error, RefusedError) and await stored.copies.holds_text(group.id)
            await suspend(stored, group.id, error, self._now())
            await stored.groups.looked(group.id, due, None)
        if slipped:
            log.warning("group %s: requests stood in a chat that isn't private any more, and are taken back", group.id)
