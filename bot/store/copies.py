"""What standing copies must say from now on, and how far that is. Each change is conditional on what it began from."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.post import TOMBSTONES, UNDER_WAY, Copy, CopyState, PostState, Saying
from bot.store.posts import copy_of
from bot.store.tables import copies, posts, requests, retractions

# A copy whose edit is under way, or of which nobody knows whether it arrived, may hold text too; and so does one that
# couldn't be corrected: its old words stand there.
_MAY_HOLD_TEXT = or_(
    copies.c.state.in_((CopyState.REVEALING, CopyState.REVEALED)),
    (copies.c.state == CopyState.UNREACHABLE) & (copies.c.says == Saying.TEXT),
)
_HOLDS_NONE = (CopyState.OPENED, CopyState.TOMBSTONE)
_SHOWN = (PostState.OPENING, PostState.OPENED, PostState.REVEALING, PostState.REVEALED)
# What each post asks for is made once: to make a statement costs as much as to execute it.
_UNLESS_TOMBSTONE = or_(copies.c.says.is_(None), copies.c.says == Saying.TEXT)
_DUE = (
    select(copies)
    .where(copies.c.again_at <= bindparam("now"), copies.c.chat_id.not_in(bindparam("but_in", expanding=True)))
    .order_by(copies.c.says.desc(), copies.c.again_at, copies.c.part, copies.c.post_id)
    .limit(bindparam("most"))
)
_REVEALED = update(copies).where(
    copies.c.post_id == bindparam("of_post"), copies.c.part == bindparam("this_part"), _UNLESS_TOMBSTONE
)
_HOLDING_TEXT = (
    select(copies.c.part)
    .join(posts)
    .where(posts.c.group_id == bindparam("group_id"), _MAY_HOLD_TEXT, _UNLESS_TOMBSTONE)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Tally:
    """So many copies of a group's posts, in the group or in its members' direct chats, are in this state.

    `open`: they will still be written.
    """

    group_id: int
    direct: bool
    state: CopyState
    reason: str | None
    open: bool
    count: int


class Copies:
    """Queries on copies that must change, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    # What begins a change.

    async def withdraw(self, request_ids: Collection[int], at: datetime) -> None:
        """Requests are taken back: their posts end, and all their copies become tombstones."""
        mine = posts.c.request_id.in_(request_ids)
        # In one statement: a post that went back to `planned` between two would be missed by both.
        ended = case((posts.c.state == PostState.PLANNED, PostState.SKIPPED), else_=PostState.WITHDRAWN)
        standing = update(posts).where(mine, posts.c.state.in_((PostState.PLANNED, *_SHOWN)))
        await self._connection.execute(standing.values(state=ended, reason="retracted", not_before=None))
        await self._say(Saying.WITHDRAWN, at, _of_posts(mine), copies.c.state != CopyState.TOMBSTONE)

    async def take_back(self, post_id: int, at: datetime, states: Sequence[CopyState] = tuple(CopyState)) -> None:
        """A post ended: its copies in these states become tombstones."""
        standing = copies.c.state.in_(states) & (copies.c.state != CopyState.TOMBSTONE)
        await self._say(Saying.WITHDRAWN, at, copies.c.post_id == post_id, standing)

    async def retire_group(self, group_id: int, at: datetime, says: Saying = Saying.RETIRED) -> None:
        """All that stands of a group's posts and answers is put away."""
        await self._retire(at, posts.c.group_id == group_id, says)

    async def supersede(self, post_id: int, at: datetime) -> None:
        """A post's text was corrected, and the new one may not be shown where it stands: so the old one goes."""
        await self._retire(at, posts.c.id == post_id, Saying.SUPERSEDED)

    async def retire_direct(self, user_id: int, at: datetime) -> int:
        """All that stands in a person's direct chat is put away; how many messages that are."""
        return await self._retire(at, posts.c.chat_id == user_id)

    async def retire_gone(self, at: datetime) -> None:
        """All that stands of requests whose text isn't stored any more is put away."""
        gone = select(requests.c.id).where(func.length(requests.c.sealed) == 0)
        await self._retire(at, posts.c.request_id.in_(gone))

    async def forget_answers(self, before: datetime) -> None:
        """Delete ended answers in direct chats, due before then, of which nothing stands: their chat is a person.

        Those of a request whose receipt isn't finished yet stay until it is.
        """
        kept = copies.c.state.not_in(_HOLDS_NONE) | copies.c.again_at.is_not(None)
        standing = exists().where(copies.c.post_id == posts.c.id, kept)
        untold = exists().where(retractions.c.request_id == posts.c.request_id, ~retractions.c.finished)
        ended = posts.c.state.not_in((*UNDER_WAY, PostState.REVEALED)) & (posts.c.due_at < before)
        over = (posts.c.chat_id > 0) & posts.c.local_date.is_(None) & ended & ~standing & ~untold
        await self._connection.execute(delete(copies).where(_of_posts(over)))
        await self._connection.execute(delete(posts).where(over))

    async def correct(self, request_id: int, at: datetime) -> None:
        """What stands of a request is written anew from its stored text."""
        standing = _MAY_HOLD_TEXT & _UNLESS_TOMBSTONE
        # What is being revealed may bring the old text in still.
        shown = (posts.c.request_id == request_id) & posts.c.state.in_((PostState.REVEALING, PostState.REVEALED))
        await self._say(Saying.TEXT, at, _of_posts(shown), standing)

    async def at_once(self, post_id: int, part: int, at: datetime) -> None:
        """A late edit may have landed on this tombstone: it is written again, and proven anew."""
        tombstone = copies.c.says.in_(TOMBSTONES)
        await self._change((copies.c.post_id == post_id) & (copies.c.part == part) & tombstone, again_at=at, writes=0)

    async def try_again(self, chat_id: int, at: datetime) -> None:
        """The bot is back in a chat that it couldn't reach: what it couldn't change there is tried again."""
        lost = _in_chat(chat_id) & (copies.c.state == CopyState.UNREACHABLE)
        await self._change(lost, state=CopyState.REVEALED, again_at=at, writes=0, reason=None)

    async def missing(self, chat_id: int, message_id: int) -> None:
        """The message was deleted, as it seems: it is pointed at no more, and taken back in its time like any other."""
        mine = (copies.c.chat_id == chat_id) & (copies.c.message_id == message_id)
        await self._change(mine & (copies.c.state == CopyState.REVEALED), reason="message_gone")

    async def revealed(self, post_id: int, part: int, at: datetime) -> bool:
        """An edit has brought the request in; False if the copy was taken back meanwhile, and is written at once."""
        revealed = {"of_post": post_id, "this_part": part, "state": CopyState.REVEALED}
        if (await self._connection.execute(_REVEALED, revealed)).rowcount > 0:
            return True
        await self.at_once(post_id, part, at)
        return False

    # How it goes on.

    async def due(self, now: datetime, most: int, *, but_in: Iterable[int] = ()) -> Sequence[Copy]:
        """Copies to be written now, but in these chats: what is withdrawn before what is corrected or put away.

        The first parts of all come before the second ones: these must wait for theirs.
        """
        asked = {"now": now, "most": most, "but_in": list(but_in)}
        return [copy_of(row) for row in await self._connection.execute(_DUE, asked)]

    async def stands(self, copy: Copy) -> bool:
        """Whether the copy is to say what it was read with."""
        return (await self._connection.execute(select(copies.c.part).where(_as_read(copy)))).first() is not None

    async def written(self, copy: Copy, state: CopyState, writes: int, again_at: datetime | None) -> bool:
        """It says so now; False if it is to say something else meanwhile."""
        return await self._change(_as_read(copy), state=state, writes=writes, again_at=again_at, reason=None)

    async def later(self, copy: Copy, at: datetime) -> None:
        """Nothing was written: again then."""
        await self._change(_as_read(copy), again_at=at)

    async def unreachable(self, copy: Copy, reason: str) -> None:
        """It can't be written any more. What was a tombstone once stays one."""
        state = copy.state if copy.state is CopyState.TOMBSTONE else CopyState.UNREACHABLE
        await self._change(_as_read(copy), state=state, again_at=None, reason=reason)

    # What is known of it.

    async def is_waiting(self, chat_id: int) -> bool:
        """Whether a message in the chat, or in the group that it was before, has still to become a tombstone."""
        waiting = select(copies.c.part).where(_in_chat(chat_id), _not_yet_gone())
        return (await self._connection.execute(waiting.limit(1))).first() is not None

    async def is_written(self, group_id: int) -> bool:
        """Whether a message of the group, or in a direct chat of one of its members, will still be written."""
        mine = _of_posts(posts.c.group_id == group_id)
        waiting = select(copies.c.part).where(mine, copies.c.again_at.is_not(None))
        return (await self._connection.execute(waiting.limit(1))).first() is not None

    async def holds_text(self, group_id: int) -> bool:
        """Whether a request may stand in the group, or in a direct chat of one of its members."""
        return (await self._connection.execute(_HOLDING_TEXT, {"group_id": group_id})).first() is not None

    async def tally(self, request_id: int) -> Sequence[Tally]:
        """How far the copies of a request are."""
        return await self._tally(_tallying().where(posts.c.request_id == request_id))

    async def left_standing(self, since: datetime, before: datetime) -> Sequence[Tally]:
        """Copies of posts due `since` then that should be tombstones `before` then, and aren't."""
        unreachable = copies.c.state == CopyState.UNREACHABLE
        # What is tried again and again is put off each time; before there was `since`, nothing else was known.
        meant = func.coalesce(copies.c.since, copies.c.again_at)
        standing = or_(unreachable, _not_yet_gone() & (meant < before))
        return await self._tally(_tallying().where(posts.c.due_at >= since, standing))

    async def _tally(self, statement: Select[Any]) -> Sequence[Tally]:
        return [
            Tally(row.group_id, bool(row.direct), CopyState(row.state), row.reason, bool(row.open), row.count)
            for row in await self._connection.execute(statement)
        ]

    async def _retire(self, at: datetime, condition: ColumnElement[bool], says: Saying = Saying.RETIRED) -> int:
        shown = update(posts).where(condition, posts.c.state.in_((PostState.REVEALING, PostState.REVEALED)))
        # What is being revealed ends at its next step: that finds its copies taken back, and nothing need hold it up.
        ended = case((posts.c.state == PostState.REVEALED, PostState.RETIRED), else_=posts.c.state)
        await self._connection.execute(shown.values(state=ended, not_before=None))
        standing = _MAY_HOLD_TEXT & _UNLESS_TOMBSTONE
        return await self._say(says, at, _of_posts(condition), standing)

    async def _say(self, says: Saying, at: datetime, *conditions: ColumnElement[bool]) -> int:
        statement = update(copies).where(*conditions)
        said = await self._connection.execute(statement.values(says=says, since=at, again_at=at, writes=0, reason=None))
        return said.rowcount

    async def _change(self, condition: ColumnElement[bool], **values: object) -> bool:
        return (await self._connection.execute(update(copies).where(condition).values(**values))).rowcount > 0


def _as_read(copy: Copy) -> ColumnElement[bool]:
    mine = (copies.c.post_id == copy.post_id) & (copies.c.part == copy.part)
    return mine & (copies.c.says == copy.says) & (copies.c.writes == copy.writes)


def _of_posts(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return copies.c.post_id.in_(select(posts.c.id).where(condition))


def _in_chat(chat_id: int) -> ColumnElement[bool]:
    # Copies keep the id they were sent to; posts go on under the supergroup's.
    return or_(copies.c.chat_id == chat_id, _of_posts(posts.c.chat_id == chat_id))


def _not_yet_gone() -> ColumnElement[bool]:
    # What couldn't be reached is tried again when it is to say something else.
    due = copies.c.again_at.is_not(None)
    return copies.c.says.in_(TOMBSTONES) & (copies.c.state != CopyState.TOMBSTONE) & due


def _tallying() -> Select[Any]:
    direct, is_open = (copies.c.chat_id > 0).label("direct"), copies.c.again_at.is_not(None).label("open")
    counted = (posts.c.group_id, direct, copies.c.state, copies.c.reason, is_open, func.count().label("count"))
    # By the names: PostgreSQL takes an expression with a parameter for another one each time.
    grouped = (posts.c.group_id, "direct", copies.c.state, copies.c.reason, "open")
    return select(*counted).select_from(copies.join(posts)).group_by(*grouped)
