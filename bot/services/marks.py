"""Marks: somebody prays, in whatever way they say so; it is counted once, and the button shows it."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.group import Group
from bot.domain.post import TAKEN_BACK, Copy, CopyState, Post, PostState
from bot.services.messenger import MessengerError, NotNowError, Outgoing, UnknownOutcomeError
from bot.services.pacing import Lane, Pace
from bot.services.publishing import Door
from bot.store.database import Store, Transaction

log = logging.getLogger(__name__)

# So many counts wait in line at a time, and none of them longer than this.
MOST_AT_ONCE, PATIENCE_SECONDS = 60, 2.0
_REMEMBERED = 10_000
# Today's request is the one that came within this time, also after midnight.
TODAY = timedelta(hours=24)
# Telegram lets the bot delete a message of its own for so long.
_DELETED_WITHIN = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Marked:
    """What became of a mark: `new` is False if the member had marked the post before.

    `count` is None in a group that shows no numbers.
    """

    new: bool
    count: int | None


class Praying:
    """Takes marks and keeps the buttons' counts true."""

    def __init__(self, store: Store, door: Door, pace: Pace, kept: timedelta, now: Callable[[], datetime]) -> None:
        """`kept` is for how long after its post a mark is."""
        self._store, self._door, self._pace, self._kept, self._now = store, door, pace, kept, now
        self._edits, self._edited = 0, dict[int, int]()  # when each post's button was edited last, in order

    async def tap(
        self, post_id: int, chat_id: int, message_id: int, user_id: int, *, true_button: bool = False
    ) -> Marked | None:
        """A tap on a post's button, whichever message it is on; None if no such post is in this chat.

        A message that is no copy must truly have the button: it is the post's bare verse, whose id was lost. While the
        post is still opening it becomes the post's own; if another one is stored, it is removed after this.
        """
        async with self._store.writing() as stored:
            post = await stored.posts.get(post_id)
            tapped = await stored.posts.copy_at(chat_id, message_id)
            # A copy keeps the chat id it was sent to, also when its group becomes a supergroup and the post goes on.
            if post is None or not self._takes_marks(post) or (tapped is None and post.chat_id != chat_id):
                return None
            if tapped is not None and tapped.post_id != post_id:
                return None  # Telegram lets a client send any data with a tap: this button stands on another message
            if tapped is not None and post.state in TAKEN_BACK:
                return None  # the button is on its way out
            if tapped is None and not true_button:
                return None  # any message of the bot, and forged data
            is_copy = tapped is not None or await self._adopt(stored, post, chat_id, message_id)
            marked = await self._mark(stored, post, user_id)
            group = await stored.groups.get(post.group_id)
            is_young = self._now() - post.due_at < _DELETED_WITHIN
            if not is_copy and is_young:
                await stored.passing.add(chat_id, message_id, self._now())
        if not is_copy and not is_young:
            await self._leave_one_line(group, chat_id, message_id)
        return marked

    async def _leave_one_line(self, group: Group, chat_id: int, message_id: int) -> None:
        try:
            line = Outgoing(self._door.words(group).html("post.stray"))
            await self._door.messenger.edit(chat_id, message_id, line)
        except MessengerError as error:
            log.info("a stray message could not be removed: %s", type(error).__name__)

    async def prayed(self, group: Group, post_id: int, user_id: int) -> Marked | None:
        """A member says so elsewhere than under the post; None if the group has no such post to pray with."""
        async with self._store.writing() as stored:
            post = await stored.posts.get(post_id)
            if post is None or post.group_id != group.id or not self._can_be_prayed_with(post):
                return None
            return await self._mark(stored, post, user_id)

    async def prayed_at(self, chat_id: int, message_id: int, user_id: int) -> Marked | None:
        """A member says so by a reaction or a reply to a message; None if it shows no post to pray with."""
        async with self._store.writing() as stored:
            copy = await stored.posts.copy_at(chat_id, message_id)
            post = await stored.posts.get(copy.post_id) if copy else None
            if post is None or not self._can_be_prayed_with(post):
                return None
            return await self._mark(stored, post, user_id)

    async def shown_at(self, group: Group, chat_id: int, message_id: int) -> Post | None:
        """The group's post, or the answer for one of its members, that a message shows or has shown."""
        async with self._store.reading() as stored:
            copy = await stored.posts.copy_at(chat_id, message_id)
            post = await stored.posts.get(copy.post_id) if copy else None
        return post if post is not None and post.group_id == group.id else None

    async def prayed_with(self, group: Group, shown: Post, user_id: int) -> Marked | None:
        """A member says so of what `shown_at` gave; of an answer, it is said of the group's post of that request.

        Of several it is the one with the same points, or else the newest. None if there is no such post to pray with.
        """
        if not shown.is_answer or shown.request_id is None:
            return await self.prayed(group, shown.id, user_id)
        async with self._store.reading() as stored:
            posts = await stored.posts.showing(group.id, shown.request_id)
        post = next((each for each in posts if each.points == shown.points), posts[0] if posts else None)
        return await self.prayed(group, post.id, user_id) if post else None

    async def latest(self, group: Group) -> Post | None:
        """The group's newest post that shows its request, if it came within the last 24 hours."""
        async with self._store.reading() as stored:
            post = await stored.posts.latest_revealed(group.id)
        return post if post is not None and self._now() - post.due_at < TODAY else None

    async def show_counts(self) -> bool:
        """Edit the buttons whose count has changed, as far as the pace allows; whether any is left over.

        Whose button was edited longest ago comes first. What waits for its chat stays in the database.
        """
        async with self._store.reading() as stored:
            posts = await stored.posts.miscounted()
        posts = sorted(posts, key=lambda post: self._edited.get(post.id, 0))
        ready = [post for post in posts if self._pace.count_wait(post.chat_id) <= PATIENCE_SECONDS]
        shown = await asyncio.gather(*(self._show_count(post) for post in ready[:MOST_AT_ONCE]))
        return shown.count(True) < len(posts)

    async def _show_count(self, begun: Post) -> bool:
        try:
            await self._pace.turn(begun.chat_id, Lane.COUNT, at_most=PATIENCE_SECONDS)
        except NotNowError:
            return False
        async with self._store.reading() as stored:
            post = await stored.posts.get(begun.id)  # the newest count: others have prayed meanwhile
            first = next((copy for copy in await stored.posts.copies(begun.id) if copy.part == 0), None)
            group = await stored.groups.get(begun.group_id)
        if post is None or first is None or post.state is not PostState.REVEALED:
            return True
        self._remember(post.id)
        buttons = self._door.buttons(post, group)
        try:
            await self._door.messenger.edit_buttons(first.chat_id, first.message_id, buttons)
        except (NotNowError, UnknownOutcomeError):
            return False
        except MessengerError as error:
            # The count stays right in the ledger; the next tap tries again.
            log.info("post %s: its count could not be shown: %s", post.id, type(error).__name__)
        async with self._store.writing() as stored:
            await stored.posts.shown(post)
        return True

    def _remember(self, post_id: int) -> None:
        self._edited.pop(post_id, None)
        self._edited[post_id] = self._edits = self._edits + 1
        if len(self._edited) > _REMEMBERED:
            del self._edited[next(iter(self._edited))]

    async def _mark(self, stored: Transaction, post: Post, user_id: int) -> Marked:
        new = await stored.marks.add(post.id, user_id)
        group = await stored.groups.get(post.group_id)
        return Marked(new, post.prayed + new if group.numbers else None)

    async def _adopt(self, stored: Transaction, post: Post, chat_id: int, message_id: int) -> bool:
        """Whether the message becomes the post's own: while it is opening, and no other one is known."""
        if post.state is not PostState.OPENING:
            return False
        now = await stored.posts.take_up(post.id)  # it may have been taken back meanwhile
        copies = await stored.posts.copies(post.id)
        if now is None or now.state is not PostState.OPENING or any(copy.part == 0 for copy in copies):
            return False
        standing = await stored.posts.add_copy(Copy(post.id, 0, chat_id, message_id, CopyState.OPENED))
        if (standing.chat_id, standing.message_id) != (chat_id, message_id):
            return False  # another message came first
        if post.parts == len(copies) + 1:
            await stored.posts.move(post, PostState.OPENED)
        return True

    def _can_be_prayed_with(self, post: Post) -> bool:
        return self._takes_marks(post) and post.state not in TAKEN_BACK

    def _takes_marks(self, post: Post) -> bool:
        """Once its marks are deleted a post takes none any more: nobody would know whose are counted already.

        A bare verse that was skipped stands so long, and so may a diary's first day.
        """
        return not post.is_answer and self._now() - post.due_at <= self._kept
