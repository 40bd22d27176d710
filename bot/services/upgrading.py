"""Upgrading: a group became a supergroup, and goes on under another id."""

from datetime import datetime

from bot.domain.group import Group
from bot.domain.post import Post
from bot.services.admission import asked_of
from bot.services.ledger import end_due
from bot.store.database import Transaction


async def upgrade(stored: Transaction, old_chat_id: int, new_chat_id: int, now: datetime) -> None:
    """The chat has another id from now on. Where it went on as another group already, the old one's posts end."""
    ended = await stored.groups.upgraded(old_chat_id, new_chat_id)
    if ended is not None:
        await end_due(stored, ended, now)


async def upgrade_of(stored: Transaction, post: Post, group: Group, new_chat_id: int, now: datetime) -> bool:
    """The same for the chat that admission asked of this post, as both were read; whether it will ask of another now.

    It won't where Telegram names the same chat again, or the group goes on without the post.
    """
    asked = asked_of(post, group)
    await upgrade(stored, asked, new_chat_id, now)
    moved = await stored.posts.get(post.id)
    return moved is not None and asked_of(moved, await stored.groups.get(moved.group_id)) != asked
