"""Passing messages: the bot's own chatter in groups is removed when its time is over, and stray bare verses at once.

Copies never are.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.services.messenger import Messenger, MessengerError, NotNowError, UnknownOutcomeError
from bot.services.pacing import Lane, Pace
from bot.store.database import Store

log = logging.getLogger(__name__)

# How long what was said during a set-up still stands after it.
REMOVED_AFTER = timedelta(minutes=10)
_MOST_AT_ONCE = 50
_AGAIN_AFTER = timedelta(seconds=30)


class Passing:
    """Removes what is due. Deleting twice does no harm, so that nothing has to be stored before."""

    def __init__(self, store: Store, messenger: Messenger, pace: Pace, now: Callable[[], datetime]) -> None:
        self._store, self._messenger, self._pace, self._now = store, messenger, pace, now

    async def remove(self) -> None:
        """Remove what is due now."""
        async with self._store.reading() as stored:
            due = await stored.passing.due(self._now(), _MOST_AT_ONCE)
        for chat_id, message_id in due:
            await self._remove(chat_id, message_id)

    async def _remove(self, chat_id: int, message_id: int) -> None:
        async with self._store.reading() as stored:
            is_copy = await stored.posts.copy_at(chat_id, message_id) is not None
        try:
            if not is_copy:
                await self._pace.turn(chat_id, Lane.RETIRING)
                await self._messenger.delete(chat_id, message_id)
        except (NotNowError, UnknownOutcomeError) as error:
            wait = timedelta(seconds=error.seconds) if isinstance(error, NotNowError) else _AGAIN_AFTER
            async with self._store.writing() as stored:
                await stored.passing.later(chat_id, message_id, self._now() + wait)
            return
        except MessengerError as error:
            # It is gone already, or too old to be deleted, or the bot is out.
            log.info("a passing message could not be removed: %s", type(error).__name__)
        async with self._store.writing() as stored:
            await stored.passing.forget(chat_id, message_id)
