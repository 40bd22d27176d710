"""How a post ends without being shown as it should: too late, refused, or given up half-way. Always with a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.group import Group
from bot.domain.post import CopyState, Post, PostState
from bot.services.admission import RefusedError, suspend
from bot.services.digest import not_posted
from bot.services.messenger import ChatClosedError
from bot.store.database import Store, Transaction
from bot.store.notices import Notice


@dataclass(frozen=True, slots=True)
class DoorRules:
    """What a host may change. `late` is how long after its due instant a post may still begin."""

    late: timedelta = timedelta(hours=6)
    reopen_after: timedelta = timedelta(seconds=60)
    again_after: timedelta = timedelta(seconds=5)


# What ails a forum's topic, until an admin reopens it or chooses another one.
TOPIC_TROUBLES = ("topic_closed", "topic_gone")


class Endings:
    """Ends posts; what may stand of them is left to become tombstones."""

    def __init__(self, store: Store, rules: DoorRules, now: Callable[[], datetime]) -> None:
        self._store, self._rules, self._now = store, rules, now

    async def is_late(self, post: Post, group: Group) -> bool:
        """End a post whose local date or late limit is over. Answers are never late: somebody waits for them."""
        if post.is_answer or not self.is_over(post, group):
            return False
        await self.end(post, PostState.SKIPPED, "late")
        return True

    def is_over(self, post: Post, group: Group) -> bool:
        """Whether the late limit has passed, or for a post its local date."""
        now = self._now()
        today = post.is_answer or now.astimezone(group.zone).date() == post.local_date
        return not today or now - post.due_at > self._rules.late

    async def refuse(self, post: Post, error: ChatClosedError | RefusedError) -> None:
        """A chat may not be shown the post, or can't be. Its group is suspended where that needs a person."""
        # A direct chat that is closed says nothing of the group; what admission saw of the group does.
        suspends = not post.is_direct if isinstance(error, ChatClosedError) else error.suspends
        trouble = error.reason in TOPIC_TROUBLES
        async with self._store.writing() as stored:
            if error.reason == "text_gone" and await _is_retracted(stored, post):
                await self._ended(stored, post, PostState.SKIPPED, "retracted")
                return
            if not await stored.posts.move(post, PostState.REFUSED, reason=error.reason):
                return
            if post.state is PostState.REVEALING:
                await stored.copies.take_back(post.id, self._now())
            if trouble:
                await self._tell_group(stored, post, error.reason)
            elif suspends:
                await suspend(stored, post.group_id, error, self._now())
            await self._tell(stored, post, error.reason)

    async def withdraw(self, post: Post, reason: str) -> None:
        """A post that can't be shown whole ends: what is revealed of it stays, the rest becomes a tombstone."""
        async with self._store.writing() as stored:
            some = any(copy.state is CopyState.REVEALED for copy in await stored.posts.copies(post.id))
            # A revealing one may hold text: its edit may have arrived.
            if await self._ended(stored, post, PostState.REVEALED if some else PostState.SKIPPED, reason):
                await stored.copies.take_back(post.id, self._now(), (CopyState.REVEALING,))

    async def end(self, post: Post, state: PostState, reason: str) -> None:
        """Nothing of it may hold text."""
        async with self._store.writing() as stored:
            await self._ended(stored, post, state, reason)

    async def _ended(self, stored: Transaction, post: Post, state: PostState, reason: str) -> bool:
        ended = await stored.posts.move(post, state, reason=reason) is not None
        if ended:
            await self._tell(stored, post, reason)
        return ended

    async def _tell_group(self, stored: Transaction, post: Post, reason: str) -> None:
        """The group hears of it once, as long as that lasts. An answer's topic is the asker's own concern."""
        if not post.is_answer:
            await stored.notices.add(Notice(f"{reason}:{post.group_id}", f"group.{reason}", post.group_id))

    async def _tell(self, stored: Transaction, post: Post, reason: str) -> None:
        """Operators hear of posts; an answer that fails is told to the person who asked."""
        if post.local_date is not None:
            for notice in not_posted(post.id, post.group_id, post.local_date, reason):
                await stored.notices.add(notice)


async def _is_retracted(stored: Transaction, post: Post) -> bool:
    """Whether its request was taken back before: then it isn't missing, and that is what people wanted."""
    return post.request_id is not None and await stored.retractions.of_request(post.request_id) is not None


async def forget_troubles(stored: Transaction, group_id: int) -> None:
    """What ailed the group's topic is over: a post has come into it, or another one was chosen."""
    for reason in TOPIC_TROUBLES:
        await stored.notices.forget(f"{reason}:{group_id}")
