"""Marks: somebody taps "I prayed", it is counted once, and the button shows it."""

import logging
from dataclasses import dataclass

from bot.domain.group import Group
from bot.domain.post import TAKEN_BACK, Copy, CopyState, Post, PostState
from bot.services.messenger import MessengerError, NotNowError
from bot.services.pacing import Pace
from bot.services.publishing import Door
from bot.store.database import Store, Transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Marked:
    """What became of a mark: `new` is False if the member had marked the post before."""

    new: bool
    count: int


class Praying:
    """Takes marks and keeps the buttons' counts true."""

    def __init__(self, store: Store, door: Door, pace: Pace) -> None:
        self._store, self._door, self._pace = store, door, pace

    async def tap(self, post_id: int, chat_id: int, message_id: int, user_id: int) -> Marked | None:
        """A tap on a post's button, whichever message it is on; None if no such post is in this chat.

        While the post is still opening the tapped message becomes the post's own. If another one is stored, the tapped
        one is removed.
        """
        async with self._store.writing() as stored:
            post = await stored.posts.get(post_id)
            tapped = await stored.posts.copy_at(chat_id, message_id)
            # A copy keeps the chat id it was sent to, also when its group becomes a supergroup and the post goes on.
            if post is None or post.is_answer or (tapped is None and post.chat_id != chat_id):
                return None
            if tapped is not None and tapped.post_id != post_id:
                return None  # Telegram lets a client send any data with a tap: this button stands on another message
            if tapped is not None and post.state in TAKEN_BACK:
                return None  # the button is on its way out
            is_copy = tapped is not None or await self._adopt(stored, post, chat_id, message_id)
            marked = await self._mark(stored, post, user_id)
        if not is_copy:
            await self._door.remove(chat_id, message_id)
        return marked

    async def prayed(self, post_id: int, user_id: int) -> Marked:
        """A member says so in words."""
        async with self._store.writing() as stored:
            post = await stored.posts.get(post_id)
            if post is None:
                raise LookupError(f"no post {post_id}")
            return await self._mark(stored, post, user_id)

    async def latest(self, group: Group) -> Post | None:
        """The group's newest post that a member could have prayed with."""
        async with self._store.reading() as stored:
            return await stored.posts.latest_revealed(group.id)

    async def show_counts(self) -> bool:
        """Edit the buttons whose count has changed, as far as the pace allows; whether any is left over."""
        async with self._store.reading() as stored:
            posts = await stored.posts.miscounted()
        left = False
        for post in posts:
            left = not await self._show_count(post) or left
        return left

    async def _show_count(self, post: Post) -> bool:
        async with self._store.reading() as stored:
            first = next((copy for copy in await stored.posts.copies(post.id) if copy.part == 0), None)
        if first is not None:
            if not self._pace.count_turn(post.chat_id):
                return False
            try:
                buttons = self._door.buttons(post)
                await self._door.messenger.edit_buttons(first.chat_id, first.message_id, buttons)
            except NotNowError as error:
                self._pace.hold(post.chat_id, error)
                return False
            except MessengerError as error:
                # The count stays right in the ledger; the next tap tries again.
                log.info("post %s: its count could not be shown: %s", post.id, type(error).__name__)
        async with self._store.writing() as stored:
            await stored.posts.shown(post.id, post.prayed)
        return True

    async def _mark(self, stored: Transaction, post: Post, user_id: int) -> Marked:
        new = await stored.marks.add(post.id, user_id)
        return Marked(new, post.prayed + new)

    async def _adopt(self, stored: Transaction, post: Post, chat_id: int, message_id: int) -> bool:
        """Whether the message becomes the post's own: while it is opening, and no other one is known."""
        copies = await stored.posts.copies(post.id)
        if post.state is not PostState.OPENING or any(copy.part == 0 for copy in copies):
            return False
        standing = await stored.posts.add_copy(Copy(post.id, 0, chat_id, message_id, CopyState.OPENED))
        if (standing.chat_id, standing.message_id) != (chat_id, message_id):
            return False  # another message came first
        if post.parts == len(copies) + 1:
            await stored.posts.move(post, PostState.OPENED)
        return True
