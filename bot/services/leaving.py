"""Leaving: a chat that the bot has to leave is left once nothing of a request stands there, and tried until it is."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.group import Group, GroupState
from bot.services.ledger import end_due
from bot.services.messenger import (
    REMOVED,
    ChatClosedError,
    Messenger,
    MessengerError,
    MovedError,
    NotNowError,
    UnknownOutcomeError,
)
from bot.store.database import Store, Transaction
from bot.store.notices import Notice

log = logging.getLogger(__name__)

UNKNOWN_AGAIN_AFTER = timedelta(seconds=30)


class Leaving:
    """Leaves the chats whose departure is stored. After it nothing there can be changed any more."""

    def __init__(self, store: Store, messenger: Messenger, now: Callable[[], datetime]) -> None:
        self._store, self._messenger, self._now = store, messenger, now

    async def leave(self) -> None:
        """Leave what can be left now."""
        async with self._store.reading() as stored:
            due = [
                chat for chat in await stored.departures.due(self._now()) if not await stored.copies.is_waiting(chat)
            ]
        for chat_id in due:
            await self._leave(chat_id)

    async def _leave(self, chat_id: int) -> None:
        again_after: timedelta | None = None
        moved_to: int | None = None
        out = False
        try:
            await self._messenger.leave(chat_id)
        except NotNowError as error:
            again_after = timedelta(seconds=error.seconds)
        except UnknownOutcomeError:
            again_after = UNKNOWN_AGAIN_AFTER
        except MovedError as error:
            moved_to = error.chat_id
        except MessengerError as error:
            # It isn't there any more, or can't leave: asking again would change nothing.
            out = isinstance(error, ChatClosedError) and error.reason in REMOVED
            log.info("chat %s could not be left: %s", chat_id, type(error).__name__)
        async with self._store.writing() as stored:
            if again_after is not None:
                await stored.departures.later(chat_id, self._now() + again_after)
                return
            await stored.departures.cancel(chat_id)
            if moved_to is not None:
                await stored.departures.plan(moved_to, self._now())
            group = await stored.groups.take_up_chat(chat_id) if out else None
            # No update will say that it is out. If it was added again meanwhile, it isn't.
            if group is not None and group.state is GroupState.DECLINED:
                await left(stored, group, self._now())


async def left(stored: Transaction, group: Group, now: datetime) -> None:
    """The bot is no longer in the group's chat. What is stored of it waits for its return, for a time."""
    await stored.groups.move(group.id, GroupState.GONE)
    if group.state not in (GroupState.PENDING, GroupState.GONE):
        # It was decided: if it comes back, the operators are asked anew.
        await stored.notices.forget(question(group.id))
    await stored.groups.told(group.id, GroupState.GONE)
    await end_due(stored, group.id, now)
    if group.is_served:  # a suspended one was told of before
        about = f"suspended:{group.id}:no_access"
        await stored.notices.add(Notice(about, "operator.suspended", group.id, "no_access"))


def question(group_id: int) -> str:
    """The notice that asks the operators for this group."""
    return f"approve:{group_id}"


async def depart(stored: Transaction, chat_id: int, now: datetime) -> None:
    """The chat is to be left as soon as nothing of a request stands there any more."""
    group = await stored.groups.by_chat(chat_id)
    if group is not None:
        await stored.copies.retire_group(group.id, now)
    await stored.departures.plan(chat_id, now)
