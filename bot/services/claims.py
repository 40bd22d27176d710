"""Claims: that a post is being opened is stored before anything is sent, and undone where nothing stays unknown."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot.domain.post import Post, PostState
from bot.services.ending import DoorRules
from bot.store.database import Store, plain_reason
from bot.store.lease import LeaseLostError

log = logging.getLogger(__name__)

T = TypeVar("T")

_AGAIN_SECONDS = 0.5


class Claims:
    """Claims on posts. Never heard of again, an open is repeated after a while; until then its claim holds."""

    def __init__(self, store: Store, rules: DoorRules, now: Callable[[], datetime]) -> None:
        self._store, self._rules, self._now = store, rules, now

    async def take(self, post: Post, *, parts: int, reopened: int) -> Post | None:
        """The post as it is opened now; None if it has moved on.

        Where the database doesn't say whether it took the claim, that is given back, and its error raised.
        """
        claimed = replace(
            post,
            state=PostState.OPENING,
            attempt=post.attempt + 1,
            parts=parts,
            reopened=reopened,
            not_before=self._now() + self._rules.reopen_after,
        )
        try:
            return await self._move(
                post,
                claimed.state,
                attempt=claimed.attempt,
                parts=parts,
                reopened=reopened,
                not_before=claimed.not_before,
            )
        except LeaseLostError:
            raise
        except SQLAlchemyError:
            await self.give_back(claimed)
            raise

    async def give_back(self, claimed: Post) -> None:
        """This claim has left nothing unknown. What an earlier one did stays so."""
        before = PostState.OPENING if claimed.reopened else PostState.PLANNED
        await self.insist(lambda: self._move(claimed, before, reopened=max(0, claimed.reopened - 1)), claimed)

    def holds(self, claimed: Post) -> bool:
        """Whether nobody may repeat the open yet."""
        return claimed.not_before is not None and self._now() < claimed.not_before

    async def insist(self, write: Callable[[], Awaitable[T]], claimed: Post) -> T:
        """Store what nobody else knows of an open: while the database can't, it is tried as long as the claim holds."""
        while True:
            try:
                return await write()
            except LeaseLostError:
                raise
            except SQLAlchemyError as error:
                if not self.holds(claimed):
                    raise
                log.warning("post %s waits to be stored: the database says: %s", claimed.id, plain_reason(error))
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _move(self, post: Post, state: PostState, **values: object) -> Post | None:
        async with self._store.writing() as stored:
            return await stored.posts.move(post, state, **values)
