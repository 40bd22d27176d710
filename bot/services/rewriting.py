"""Rewriting: copies that must say something else say it, again and again until that is sure.

What a copy must say is stored with it, and when it is written next. An edit that is under way elsewhere may land after
ours, so each is written again after 1, 10 and 60 minutes: that nothing changed any more is the proof.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.domain.group import Group
from bot.domain.post import Copy, CopyState, Post, Saying
from bot.services.admission import Admission, OvertakenError, RefusedError, look_after, suspend
from bot.services.fitting import fitted
from bot.services.messenger import (
    ChatClosedError,
    MessageLostError,
    MessengerError,
    MovedError,
    NotNowError,
    OurMistakeError,
    Outgoing,
    UnknownOutcomeError,
)
from bot.services.pacing import PATIENCE_SECONDS, Lane, Pace
from bot.services.publishing import Door
from bot.services.rendering import Rendering
from bot.services.upgrading import upgrade, upgrade_of
from bot.services.words import Words
from bot.store.database import Store

log = logging.getLogger(__name__)

# From one write to the next: 1, 10 and 60 minutes after the first.
AGAIN_AFTER = (timedelta(minutes=1), timedelta(minutes=9), timedelta(minutes=50))
UNKNOWN_AGAIN_AFTER = timedelta(seconds=5)
UNEXPECTED_AGAIN_AFTER = timedelta(minutes=1)
# At most so many copies are under way, one a chat: those of one chat wait for each other, and would take the places of
# other chats'. All others wait in the database.
AT_ONCE = 48
LOOK_AGAIN_SECONDS = 0.5


class Rewriting:
    """Writes the copies that are due. All it knows is in the database: killed anywhere, the next `wake` goes on."""

    def __init__(self, store: Store, door: Door, pace: Pace, admission: Admission, now: Callable[[], datetime]) -> None:
        self._store, self._door, self._pace = store, door, pace
        self._admission, self._now = admission, now
        self._tasks: dict[int, asyncio.Task[None]] = {}  # by chat

    @property
    def busy(self) -> bool:
        """Whether a copy is being written at this moment."""
        return bool(self._tasks)

    async def wake(self) -> None:
        """Write what is due, and what becomes due meanwhile, until nothing is; at once if that is under way already."""
        if self.busy:
            return
        try:
            while await self._begin():
                done, _ = await asyncio.wait(
                    self._tasks.values(), timeout=LOOK_AGAIN_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                for chat_id in [chat_id for chat_id, task in self._tasks.items() if task in done]:
                    self._tasks.pop(chat_id).result()
        finally:
            tasks, self._tasks = list(self._tasks.values()), {}
            for task in tasks:
                task.cancel()
            # Shielded: whoever cuts this off as well must not cut them off twice.
            await asyncio.shield(asyncio.gather(*tasks, return_exceptions=True))

    async def _begin(self) -> bool:
        """Begin with what is due in other chats than are under way, as far as there is room; whether anything is."""
        while len(self._tasks) < AT_ONCE:
            async with self._store.reading() as stored:
                due = await stored.copies.due(self._now(), AT_ONCE, but_in=self._tasks)
            for copy in due:
                if copy.chat_id not in self._tasks and len(self._tasks) < AT_ONCE:
                    self._tasks[copy.chat_id] = asyncio.create_task(self._rewrite(copy))
            if not due:
                break
        return self.busy

    async def _rewrite(self, copy: Copy) -> None:
        """Write one copy; what Telegram answers becomes a stored outcome."""
        try:
            changed = await self._write(copy)
        except (OvertakenError, LookupError):
            return
        except (NotNowError, UnknownOutcomeError) as error:
            wait = timedelta(seconds=error.seconds) if isinstance(error, NotNowError) else UNKNOWN_AGAIN_AFTER
            async with self._store.writing() as stored:
                await stored.copies.later(copy, self._now() + wait)
        except RefusedError as error:
            await self._not_here(copy, error)
        except MessengerError as error:
            await self._unreachable(copy, error)
        except SQLAlchemyError:
            raise
        except Exception as error:
            # One copy that nobody knows what to do with must not keep the others from being written.
            log.error("post %s: a copy waits: %s", copy.post_id, type(error).__name__, exc_info=error)
            async with self._store.writing() as stored:
                await stored.copies.later(copy, self._now() + UNEXPECTED_AGAIN_AFTER)
        else:
            await self._written(copy, changed=changed)

    async def _write(self, copy: Copy) -> bool:
        """Edit the message; whether it read differently before."""
        async with self._store.reading() as stored:
            post = await stored.posts.get(copy.post_id)
            if post is None:
                raise LookupError(f"no post {copy.post_id}")
            group = await stored.groups.get(post.group_id)
        asked: float | None = None
        if copy.says is Saying.TEXT:
            asked = await self._ask(post, group, copy.chat_id)
        else:
            lane = Lane.RETRACTION if copy.says is Saying.WITHDRAWN else Lane.RETIRING
            await self._pace.turn(copy.chat_id, lane, at_most=PATIENCE_SECONDS)
        message = await self._message(copy, post)
        if asked is not None:
            message = replace(message, within=self._admission.left(asked))
        return await self._door.messenger.edit(copy.chat_id, copy.message_id, message)

    async def _ask(self, post: Post, group: Group, chat_id: int) -> float:
        """Ask admission, with a turn in this chat; when it was asked.

        A chat that became a supergroup is asked for anew under its new id; its message keeps the old. Raises
        OvertakenError then.
        """
        try:
            return await self._admission.ask(post, group, chat_id)
        except MovedError as error:
            async with self._store.writing() as stored:
                goes_on = await upgrade_of(stored, post, group, error.chat_id, self._now())
            if not goes_on:
                raise  # to ask anew would never end
            raise OvertakenError from error

    async def _message(self, copy: Copy, post: Post) -> Outgoing:
        """What the copy must say, if that is still so."""
        async with self._store.reading() as stored:
            if not await stored.copies.stands(copy):
                raise OvertakenError
            shows = post.request_id if copy.says is Saying.TEXT else None
            request = await stored.bulletins.request(shows) if shows is not None else None
            group = await stored.groups.get(post.group_id)
        words = self._door.words(group)
        if request is None or request.is_gone:
            return Outgoing(_tombstone(copy, post.prayed if group.numbers else 0, words))
        texts = fitted(Rendering(words).parts(request, post.points), post.parts, words)
        return Outgoing(texts[copy.part], self._door.buttons(post, group) if copy.part == 0 else ())

    async def _written(self, copy: Copy, *, changed: bool) -> None:
        writes = copy.writes + 1
        if changed and copy.writes and copy.says is not Saying.TEXT:
            writes = 1  # something else had landed there: proven anew from here
        again_at = self._now() + AGAIN_AFTER[writes - 1] if writes <= len(AGAIN_AFTER) else None
        state = CopyState.REVEALED if copy.says is Saying.TEXT else CopyState.TOMBSTONE
        async with self._store.writing() as stored:
            post = await stored.posts.get(copy.post_id)
            if copy.says is Saying.TEXT and post is not None:
                await look_after(stored, post, self._now())
            if not await stored.copies.written(copy, state, writes, again_at):
                # It was taken back while the corrected text was on its way.
                await stored.copies.at_once(copy.post_id, copy.part, self._now())

    async def _not_here(self, copy: Copy, error: RefusedError) -> None:
        """A corrected text may not be shown there any more: then the old one may not stand there either."""
        async with self._store.writing() as stored:
            post = await stored.posts.get(copy.post_id)
            if post is not None and error.suspends:
                await suspend(stored, post.group_id, error, self._now())
            await stored.copies.supersede(copy.post_id, self._now())

    async def _unreachable(self, copy: Copy, error: MessengerError) -> None:
        match error:
            case ChatClosedError():
                reason = error.reason
            case MessageLostError():
                reason = "message_gone"
            case MovedError():
                # What ids its old messages have in the new chat is told by nobody.
                reason = "upgraded"
            case _:
                reason = "our_mistake"
                if isinstance(error, OurMistakeError):
                    log.error("post %s: Telegram refuses to change a copy: %s", copy.post_id, error)
        async with self._store.writing() as stored:
            if isinstance(error, MovedError):
                await upgrade(stored, copy.chat_id, error.chat_id, self._now())
            await stored.copies.unreachable(copy, reason)


def _tombstone(copy: Copy, prayed: int, words: Words) -> str:
    match copy.says:
        case Saying.RETIRED:
            html = words.html("post.retired")
        case Saying.SUPERSEDED:
            html = words.html("post.superseded")
        case _:  # a correction whose text was taken back meanwhile, too
            html = words.html("post.withdrawn")
    if copy.part == 0 and prayed:
        html += words.html("post.prayed", count=prayed)
    return html
