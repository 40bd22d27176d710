"""Passing: the bot's own chatter in groups is deleted when its time comes."""

import logging
from collections.abc import Callable
from datetime import datetime

from bot.services.messenger import Messenger, MessengerError, NotNowError, UnknownOutcomeError
from bot.services.pacing import Lane, Pace
from bot.store.database import Store

log = logging.getLogger(__name__)

# In one sweep; the others are deleted in the next.
MOST_AT_ONCE = 50
PATIENCE_SECONDS = 5.0


class Passing:
    """Deletes the messages that were planned as passing. Telegram lets a bot delete nothing older than 48 hours."""

    def __init__(self, store: Store, messenger: Messenger, pace: Pace, now: Callable[[], datetime]) -> None:
        self._store, self._messenger, self._pace, self._now = store, messenger, pace, now

    async def sweep(self) -> None:
        """Delete what is due. What can't be done just now is done in a later sweep; what can't ever is let be."""
        async with self._store.reading() as stored:
            due = await stored.passing.due(self._now(), MOST_AT_ONCE)
        for chat_id, message_id in due:
            try:
                await self._pace.turn(chat_id, Lane.RETIRING, at_most=PATIENCE_SECONDS)
                await self._messenger.delete(chat_id, message_id)
            except (NotNowError, UnknownOutcomeError):
                continue
            except MessengerError as error:
                log.info("a passing message stays in chat %s: %s", chat_id, type(error).__name__)
            async with self._store.writing() as stored:
                await stored.passing.removed(chat_id, message_id)
