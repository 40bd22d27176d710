"""Upgrading: a group became a supergroup, and goes on under another id."""

from datetime import datetime

from bot.services.ledger import end_due
from bot.store.database import Transaction


async def upgrade(stored: Transaction, old_chat_id: int, new_chat_id: int, now: datetime) -> None:
    """The chat has another id from now on. Where it went on as another group already, the old one's posts end."""
    ended = await stored.groups.upgraded(old_chat_id, new_chat_id)
    if ended is not None:
        await end_due(stored, ended, now)
