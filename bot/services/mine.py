"""A person's own days: worked out from the marks each time that person asks, and stored nowhere."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.group import Group
from bot.domain.month import Month
from bot.domain.post import PostState
from bot.store.database import Store

# Members could pray with these, whatever became of the text since.
_WAS_SHOWN = (PostState.REVEALED, PostState.RETIRED)


@dataclass(frozen=True, slots=True)
class Days:
    """One person's month: the days with a post, `prayed` with the ids of the posts, and `open` without a mark.

    `before` and `after` are the months beside it of which marks may still be stored.
    """

    month: Month
    prayed: Mapping[date, int]
    open: AbstractSet[date]
    before: Month | None
    after: Month | None


class Mine:
    """Shows people their own days, as long as marks are kept, and undoes a slip."""

    def __init__(self, store: Store, kept: timedelta, now: Callable[[], datetime]) -> None:
        self._store, self._kept, self._now = store, kept, now

    async def days(self, group: Group, user_id: int, month: Month | None = None) -> Days:
        """The days of a month, or of this one; of a month outside those that are kept, the nearest."""
        now = self._now()
        async with self._store.reading() as stored:
            posts = {post.local_date: post for post in await stored.posts.of_group(group.id, now - self._kept)}
            marked = await stored.marks.of(user_id, [post.id for post in posts.values()])
        latest = Month.of(now.astimezone(group.zone).date())
        earliest = min((Month.of(day) for day in posts if day is not None), default=latest)
        month = latest if month is None else max(earliest, min(month, latest))
        shown = {day: post for day, post in posts.items() if day is not None and Month.of(day) == month}
        return Days(
            month=month,
            prayed={day: post.id for day, post in shown.items() if post.id in marked},
            open={day for day, post in shown.items() if post.id not in marked and post.state in _WAS_SHOWN},
            before=month.before() if earliest < month else None,
            after=month.after() if month < latest else None,
        )

    async def undo(self, group: Group, user_id: int, post_id: int) -> date | None:
        """Take the person's mark off a post of the group; its date, None if no such mark is stored."""
        async with self._store.writing() as stored:
            post = await stored.posts.get(post_id)
            if post is None or post.group_id != group.id:
                return None
            return post.local_date if await stored.marks.remove(user_id, [post_id]) else None
