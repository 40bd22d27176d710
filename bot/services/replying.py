"""Replying: what was just answered in a group isn't said there again, but pointed at."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.store.database import Store

# So long the same answer stands for everybody in its group.
FRESH = timedelta(hours=1)


class Replying:
    """Remembers in which message an answer stands, by a fingerprint of its words; and which stands no more."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    async def once(
        self, chat_id: int, thread_id: int | None, html: str, say: Callable[[], Awaitable[int | None]]
    ) -> int | None:
        """Say it, unless it stands in the chat (or topic) and is fresh: then the message that says so.

        `say` gives the new message, or None where nothing was sent. Whoever asks while it is on its way gets that one.
        """
        where = (chat_id, thread_id, html)
        async with self._store.writing() as stored:
            if not await stored.replies.begin(*where, self._now(), FRESH):
                return await stored.replies.standing(*where)
        message_id = None
        try:
            message_id = await say()
        finally:
            async with self._store.writing() as stored:
                await stored.replies.ended(*where, message_id)
        return None

    async def missing(self, chat_id: int, message_id: int) -> None:
        """What was to be pointed at was deleted: neither an answer nor a request stands in it any more."""
        async with self._store.writing() as stored:
            await stored.replies.drop(chat_id, message_id)
            await stored.copies.missing(chat_id, message_id)
