"""Admission: who can see a chat is asked of Telegram each time before request text may be shown there (promise 4)."""

import time
from collections.abc import Callable

from bot.domain.chat import ChatType, why_not_private
from bot.domain.group import SERVED, Group, GroupState
from bot.domain.post import Post, PostState
from bot.services.messenger import Messenger, MovedError
from bot.services.pacing import Lane, Pace
from bot.store.database import Store

# An answer about who can see a chat is good for this long.
ASKED_SECONDS = 1.0
# A turn's calls, the message or edit among them: the others are questions.
_CALLS_IN_A_GROUP, _CALLS_IN_A_DIRECT_CHAT = 2, 4


class RefusedError(Exception):
    """The chat may not be shown a request. `reason` is a key of the texts; `suspends` the group it belongs to."""

    def __init__(self, reason: str, *, suspends: bool) -> None:
        super().__init__(reason)
        self.reason, self.suspends = reason, suspends


class Admission:
    """Asks for a turn in the chat, and then whether a post may be shown there. When in doubt, it may not."""

    def __init__(
        self, store: Store, messenger: Messenger, pace: Pace, elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._messenger, self._pace, self._elapsed = store, messenger, pace, elapsed

    def holds(self, asked: float) -> bool:
        """Whether an answer that was asked for at this elapsed time still holds."""
        return self._elapsed() - asked <= ASKED_SECONDS

    async def ask(self, post: Post) -> float:
        """Wait for a turn in the chat, then ask who can see it; the elapsed time at which the asking began.

        Raises RefusedError unless a request may be shown there.
        """
        while True:
            await self._pace.turn(
                post.chat_id,
                Lane.ANSWER if post.is_answer else Lane.POST,
                calls=_CALLS_IN_A_DIRECT_CHAT if post.is_direct else _CALLS_IN_A_GROUP,
                follows=post.state is PostState.REVEALING,
            )
            asked = self._elapsed()
            try:
                await self._ask(post)
            except Exception:
                self._pace.give_back(post.chat_id)
                raise
            if self.holds(asked):
                return asked
            self._pace.give_back(post.chat_id)  # the answer came too late to be relied on

    async def _ask(self, post: Post) -> None:
        async with self._store.reading() as stored:
            group = await stored.groups.get(post.group_id)
        wanted = SERVED if post.is_answer else (GroupState.ACTIVE,)
        if group.state not in wanted:
            raise RefusedError(f"group_{group.state}", suspends=False)
        if post.is_direct:
            await self._ask_person(post, group)
        elif post.chat_id != group.chat_id:
            raise MovedError(group.chat_id)
        else:
            reason = why_not_private(await self._messenger.chat(post.chat_id))
            if reason:
                raise RefusedError(reason, suspends=True)

    async def _ask_person(self, post: Post, group: Group) -> None:
        """Whether the person belongs to the group, by our own binding and by Telegram's word at this moment."""
        async with self._store.reading() as stored:
            bound = await stored.bindings.group_of(post.chat_id)
        chat = await self._messenger.chat(post.chat_id)
        if chat.type is not ChatType.PRIVATE or bound != group.id:
            raise RefusedError("not_bound", suspends=False)
        # In a group that anyone can join, being a member means nothing.
        reason = why_not_private(await self._messenger.chat(group.chat_id))
        if reason:
            raise RefusedError(reason, suspends=True)
        if not await self._messenger.is_member(group.chat_id, post.chat_id):
            raise RefusedError("no_member", suspends=False)
