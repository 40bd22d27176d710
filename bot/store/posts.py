"""The ledger: posts, their copies, and their states. Every write is conditional on what it was decided from."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, case, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.post import UNDER_WAY, Copy, CopyState, Post, PostState, Saying
from bot.store.key import Key
from bot.store.tables import copies, posts

# What each post asks for several times is made once: to make a statement costs as much as to execute it.
_UNDER_WAY = posts.c.state.in_(UNDER_WAY)
_HELD_BACK = posts.c.not_before > bindparam("now")
_IN_ORDER = select(posts).order_by(posts.c.due_at, posts.c.id)
_POST = select(posts).where(posts.c.id == bindparam("post_id"))
_POST_TO_WRITE = _POST.with_for_update(key_share=True)
_POST_ON_DATE = select(posts).where(posts.c.group_id == bindparam("group_id"), posts.c.local_date == bindparam("day"))
_ACTIONABLE = _IN_ORDER.where(_UNDER_WAY, or_(posts.c.not_before.is_(None), ~_HELD_BACK)).limit(bindparam("most"))
_NEXT_ACTION = select(func.min(posts.c.not_before)).where(_UNDER_WAY, _HELD_BACK)
_COPIES = select(copies).where(copies.c.post_id == bindparam("post_id")).order_by(copies.c.part)
# The post as it was read. Its values are given with the statement.
_AS_READ = update(posts).where(
    posts.c.id == bindparam("read_id"),
    posts.c.state == bindparam("read_state"),
    posts.c.attempt == bindparam("read_attempt"),
)
_MOVED = _AS_READ.returning(posts)
_SHOWN = update(posts).where(posts.c.id == bindparam("read_id"), posts.c.shown == bindparam("read_shown"))
# What an answer asks for.
_COPY_AT = select(copies).where(
    copies.c.chat_id == bindparam("chat_id"), copies.c.message_id == bindparam("message_id")
)
_STANDING = (
    select(copies)
    .join(posts)
    .where(
        copies.c.chat_id == bindparam("chat_id"),
        copies.c.part == 0,
        copies.c.state == CopyState.REVEALED,
        copies.c.reason.is_(None),  # else it was found to be deleted
        posts.c.request_id == bindparam("request_id"),
        posts.c.points == bindparam("points"),
        posts.c.state == PostState.REVEALED,
    )
    .order_by(posts.c.id.desc())
    .limit(1)
)
_ANSWER_UNDER_WAY = select(func.min(posts.c.id)).where(
    posts.c.chat_id == bindparam("chat_id"),
    posts.c.request_id == bindparam("request_id"),
    posts.c.points == bindparam("points"),
    posts.c.local_date.is_(None),
    _UNDER_WAY,
)
# The same words on either kind of database; SQLAlchemy has an `insert` of its own for each.
_NEW_POST = {
    "postgresql": postgresql.insert(posts).on_conflict_do_nothing().returning(posts),
    "sqlite": sqlite.insert(posts).on_conflict_do_nothing().returning(posts),
}
_NEW_COPY = {
    "postgresql": postgresql.insert(copies).on_conflict_do_nothing().returning(copies.c.part),
    "sqlite": sqlite.insert(copies).on_conflict_do_nothing().returning(copies.c.part),
}
_COPIES_OF = update(copies).where(copies.c.post_id == bindparam("of_post"))


class Posts:
    """Queries on posts and copies, within one transaction."""

    def __init__(self, connection: AsyncConnection, key: Key) -> None:
        self._connection = connection
        self._key = key

    async def add(
        self,
        *,
        group_id: int,
        chat_id: int,
        request_id: int | None,
        points: tuple[int, ...],
        local_date: date | None,
        due_at: datetime,
        topic_id: int | None = None,
        state: PostState = PostState.PLANNED,
        reason: str | None = None,
    ) -> Post | None:
        """A new post, or an answer (no `local_date`). None if the group has a post for that date already.

        There is always room for one more answer.
        """
        values = {
            "group_id": group_id,
            "chat_id": chat_id,
            "request_id": request_id,
            "points": points,
            "local_date": local_date,
            "due_at": due_at,
            "topic_id": topic_id,
            "state": state,
            "reason": reason,
            "attempt": 0,
            "reopened": 0,
            "parts": 0,
            "prayed": 0,
            "shown": 0,
            "key_id": self._key.id,
        }
        row = (await self._connection.execute(_NEW_POST[self._connection.dialect.name], values)).one_or_none()
        return None if row is None else _post(row)

    async def get(self, post_id: int) -> Post | None:
        """The post with this id."""
        row = (await self._connection.execute(_POST, {"post_id": post_id})).one_or_none()
        return None if row is None else _post(row)

    async def take_up(self, post_id: int) -> Post | None:
        """The same; until this transaction ends nobody else moves it or takes it back."""
        row = (await self._connection.execute(_POST_TO_WRITE, {"post_id": post_id})).one_or_none()
        return None if row is None else _post(row)

    async def on_date(self, group_id: int, day: date) -> Post | None:
        """The group's post for this local date."""
        row = (await self._connection.execute(_POST_ON_DATE, {"group_id": group_id, "day": day})).first()
        return None if row is None else _post(row)

    async def newest(self) -> dict[int, Post]:
        """Each group's newest post, by the group's id; groups without any are left out."""
        last = select(posts.c.group_id, func.max(posts.c.local_date).label("day")).group_by(posts.c.group_id).subquery()
        mine = (posts.c.group_id == last.c.group_id) & (posts.c.local_date == last.c.day)
        rows = await self._connection.execute(select(posts).join(last, mine))
        return {row.group_id: _post(row) for row in rows}

    async def latest_revealed(self, group_id: int) -> Post | None:
        """The group's newest post that shows its request."""
        statement = (
            select(posts)
            .where(posts.c.group_id == group_id, posts.c.local_date.is_not(None), posts.c.state == PostState.REVEALED)
            .order_by(posts.c.local_date.desc())
            .limit(1)
        )
        row = (await self._connection.execute(statement)).one_or_none()
        return None if row is None else _post(row)

    async def showing(self, group_id: int, request_id: int) -> Sequence[Post]:
        """The group's posts that show points of this request, the newest first; no answers."""
        shown = await self._select(
            posts.c.group_id == group_id,
            posts.c.request_id == request_id,
            posts.c.local_date.is_not(None),
            posts.c.state == PostState.REVEALED,
        )
        return shown[::-1]

    async def of_group(self, group_id: int, since: datetime) -> Sequence[Post]:
        """The group's posts due since then, oldest first; no answers."""
        return await self._select(
            posts.c.group_id == group_id, posts.c.local_date.is_not(None), posts.c.due_at >= since
        )

    async def recent(self, since: datetime) -> Sequence[Post]:
        """Posts and answers due since then, oldest first."""
        return await self._select(posts.c.due_at >= since)

    async def actionable(self, now: datetime, most: int) -> Sequence[Post]:
        """Posts under way that nothing holds back, the earliest due first; no more than `most`."""
        rows = await self._connection.execute(_ACTIONABLE, {"now": now, "most": most})
        return [_post(row) for row in rows]

    async def next_action(self, now: datetime) -> datetime | None:
        """The earliest instant later than `now` to which a post under way is held back."""
        held: datetime | None = (await self._connection.execute(_NEXT_ACTION, {"now": now})).scalar_one_or_none()
        return held

    async def move(self, post: Post, state: PostState, **values: object) -> Post | None:
        """Change the state of the post as it was read; None if it has moved on since.

        Nothing holds it back afterwards, unless `values` say `not_before`.
        """
        changes = {"state": state, "not_before": None, **values}
        row = (await self._connection.execute(_MOVED, _as_read(post) | changes)).one_or_none()
        return None if row is None else _post(row)

    async def hold(self, post: Post, until: datetime) -> None:
        """Leave the post where it is until then."""
        await self._connection.execute(_AS_READ, _as_read(post) | {"not_before": until})

    async def add_copy(self, copy: Copy) -> Copy:
        """Store the message that shows a part. Gives back the one that stands for this part: the first that came."""
        values = {
            "post_id": copy.post_id,
            "part": copy.part,
            "chat_id": copy.chat_id,
            "message_id": copy.message_id,
            "state": copy.state,
        }
        added = await self._connection.execute(_NEW_COPY[self._connection.dialect.name], values)
        if added.one_or_none() is not None:
            return copy
        standing = [each for each in await self.copies(copy.post_id) if each.part == copy.part]
        return standing[0] if standing else copy

    async def copies(self, post_id: int) -> Sequence[Copy]:
        """The post's copies, part by part."""
        rows = await self._connection.execute(_COPIES, {"post_id": post_id})
        return [copy_of(row) for row in rows]

    async def copy_at(self, chat_id: int, message_id: int) -> Copy | None:
        """The copy that this message is."""
        message = {"chat_id": chat_id, "message_id": message_id}
        row = (await self._connection.execute(_COPY_AT, message)).one_or_none()
        return None if row is None else copy_of(row)

    async def standing(self, chat_id: int, request_id: int, points: tuple[int, ...]) -> Copy | None:
        """The newest message in the chat that shows these points of the request, its first part."""
        shown = {"chat_id": chat_id, "request_id": request_id, "points": points}
        row = (await self._connection.execute(_STANDING, shown)).one_or_none()
        return None if row is None else copy_of(row)

    async def answer_under_way(self, chat_id: int, request_id: int, points: tuple[int, ...]) -> int | None:
        """The id of the answer that is bringing these points of the request into the chat."""
        asked = {"chat_id": chat_id, "request_id": request_id, "points": points}
        found: int | None = (await self._connection.execute(_ANSWER_UNDER_WAY, asked)).scalar_one_or_none()
        return found

    async def set_copies(self, post_id: int, state: CopyState, part: int | None = None) -> None:
        """Change what the post's copies may show; all of them or one part."""
        statement = _COPIES_OF if part is None else _COPIES_OF.where(copies.c.part == part)
        await self._connection.execute(statement, {"of_post": post_id, "state": state})

    async def miscounted(self) -> Sequence[Post]:
        """Posts whose button shows another count than the stored one."""
        return await self._select(posts.c.prayed != posts.c.shown, posts.c.state == PostState.REVEALED)

    async def shown(self, post: Post) -> None:
        """The button shows the count of the post as it was read; unless it shall be written anew since."""
        as_read = {"read_id": post.id, "read_shown": post.shown}
        await self._connection.execute(_SHOWN, as_read | {"shown": post.prayed})

    async def show_anew(self, group_id: int) -> None:
        """The buttons under the group's posts shall be written again, whatever they show."""
        mine = (posts.c.group_id == group_id) & posts.c.local_date.is_not(None)
        # Never a count, and each time another one: a button that is being written now is written once more.
        other = case((posts.c.shown < 0, posts.c.shown - 1), else_=-1)
        await self._connection.execute(update(posts).where(mine).values(shown=other))

    async def _select(self, *conditions: ColumnElement[bool]) -> list[Post]:
        return [_post(row) for row in await self._connection.execute(_IN_ORDER.where(*conditions))]


def _as_read(post: Post) -> dict[str, object]:
    return {"read_id": post.id, "read_state": post.state, "read_attempt": post.attempt}


def _post(row: Row[Any]) -> Post:
    return Post(
        id=row.id,
        group_id=row.group_id,
        chat_id=row.chat_id,
        request_id=row.request_id,
        points=row.points,
        local_date=row.local_date,
        due_at=row.due_at,
        topic_id=row.topic_id,
        state=PostState(row.state),
        attempt=row.attempt,
        reopened=row.reopened,
        parts=row.parts,
        reason=row.reason,
        not_before=row.not_before,
        prayed=row.prayed,
        shown=row.shown,
    )


def copy_of(row: Row[Any]) -> Copy:
    """The copy that a row of its table holds."""
    return Copy(
        post_id=row.post_id,
        part=row.part,
        chat_id=row.chat_id,
        message_id=row.message_id,
        state=CopyState(row.state),
        says=Saying(row.says) if row.says else None,
        again_at=row.again_at,
        writes=row.writes,
        reason=row.reason,
    )
