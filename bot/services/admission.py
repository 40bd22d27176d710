"""Admission: who can see a chat is asked of Telegram each time before request text may be shown there (promise 4)."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.chat import why_not_private
from bot.domain.group import SERVED, Group, GroupState
from bot.domain.post import Post, PostState, Saying
from bot.services.messenger import REMOVED, ChatClosedError, Messenger, MovedError, NotNowError
from bot.services.pacing import PATIENCE_SECONDS, Lane, Pace
from bot.store.database import Store, Transaction
from bot.store.notices import Notice

# An answer about who can see a chat is good for this long.
ASKED_SECONDS = 1.0
# What slipped into that second is found by asking again so long after text was shown.
LOOK_AFTER = timedelta(seconds=20)
# A slow answer is asked for again so often; then the chat is left alone for a while.
MOST_ASKED = 3
ASK_AGAIN_SECONDS = 5.0
# So many are asked within a turn.
_QUESTIONS_IN_A_GROUP, _QUESTIONS_IN_A_DIRECT_CHAT = 1, 2


class RefusedError(Exception):
    """The chat may not be shown a request. `reason` is a key of the texts; `suspends` the group it belongs to."""

    def __init__(self, reason: str, *, suspends: bool) -> None:
        super().__init__(reason)
        self.reason, self.suspends = reason, suspends


class OvertakenError(Exception):
    """The post has moved on while it was asked for: whoever asked has nothing more to do with it."""


class Admission:
    """Asks for a turn in the chat, and then whether a post may be shown there. When in doubt, it may not."""

    def __init__(
        self, store: Store, messenger: Messenger, pace: Pace, elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._messenger, self._pace, self._elapsed = store, messenger, pace, elapsed

    def left(self, asked: float) -> float:
        """Seconds for which an answer that was asked for at this elapsed time still holds; negative once it doesn't."""
        return ASKED_SECONDS - (self._elapsed() - asked)

    async def ask(self, post: Post, group: Group, chat_id: int | None = None) -> float:
        """Wait for a turn in the chat, then ask who can see it; the elapsed time at which the asking began.

        The turn is for this chat where that is another one: a copy keeps the chat id it was sent to. `group` is the
        post's, as it was read with it.

        Raises RefusedError unless a request may be shown there, OvertakenError unless the post is as it was read,
        MovedError if `asked_of` has another id now, and NotNowError where no turn or no answer comes in time.
        """
        written_in = post.chat_id if chat_id is None else chat_id
        for _ in range(MOST_ASKED):
            await self._pace.turn(
                written_in,
                Lane.ANSWER if post.is_answer else Lane.POST,
                questions=_QUESTIONS_IN_A_DIRECT_CHAT if post.is_direct else _QUESTIONS_IN_A_GROUP,
                follows=post.state is PostState.REVEALING,
                at_most=PATIENCE_SECONDS,
            )
            asked = self._elapsed()
            try:
                await self._ask(post, group)
            except Exception:
                self._pace.give_back(written_in)
                raise
            if self.left(asked) >= 0:
                return asked
            self._pace.give_back(written_in)  # the answer came too late to be relied on
        raise NotNowError(ASK_AGAIN_SECONDS)

    async def _ask(self, post: Post, read: Group) -> None:
        """Telegram first, then what is stored: an answer may take its time, and both must hold when it has come."""
        asked = asked_of(post, read)
        reason = why_not_private(await self._messenger.chat(asked))
        if post.is_direct:
            # In a group that anyone can join, being a member means nothing.
            if reason:
                raise RefusedError(reason, suspends=True)
            if not await self._messenger.is_member(asked, post.chat_id):
                raise RefusedError("no_member", suspends=False)
        async with self._store.reading() as stored:
            group = await stored.groups.get(post.group_id)
            now = await stored.posts.get(post.id)
            bound = await stored.bindings.group_of(post.chat_id) if post.is_direct else group.id
        if now is None or (now.state, now.attempt) != (post.state, post.attempt):
            raise OvertakenError
        wanted = SERVED if post.is_answer else (GroupState.ACTIVE,)
        if group.state not in wanted:
            raise RefusedError(f"group_{group.state}", suspends=False)
        if bound != group.id:
            raise RefusedError("not_bound", suspends=False)
        if not post.is_direct and post.chat_id != group.chat_id:
            raise MovedError(group.chat_id)
        if reason:
            raise RefusedError(reason, suspends=True)


def asked_of(post: Post, group: Group) -> int:
    """The id of the chat that Telegram is asked of: who is in it may read the post, or its answer in a direct chat."""
    return group.chat_id if post.is_direct else post.chat_id


async def look_after(stored: Transaction, post: Post, shown: datetime) -> None:
    """Have somebody look who can see a chat in which text is shown at this instant."""
    await stored.groups.look(post.group_id, shown + LOOK_AFTER, shown)


async def look_at_once(store: Store, group: Group, now: datetime) -> None:
    """Something was just found out of the group that needs what the round does: it looks there now."""
    async with store.writing() as stored:
        await stored.groups.look(group.id, now, now)


async def suspend(stored: Transaction, group_id: int, error: RefusedError | ChatClosedError, now: datetime) -> None:
    """No more requests for a group until its admin resumes; the operators are told.

    Where strangers may look in, what stands there is withdrawn too.
    """
    if await stored.groups.move(group_id, GroupState.SUSPENDED, (GroupState.ACTIVE, GroupState.PAUSED)):
        about = f"suspended:{group_id}:{error.reason}"
        await stored.notices.add(Notice(about, "operator.suspended", group_id, error.reason))
    if isinstance(error, RefusedError):
        await stored.copies.retire_group(group_id, now, Saying.WITHDRAWN)
    elif error.reason in REMOVED:
        await stored.groups.look(group_id, now, now)  # whether the bot is out at all, the round finds
