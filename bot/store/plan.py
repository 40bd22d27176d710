"""The plan: what each date shows, the same for all groups."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import bindparam, delete, insert, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import plan_entries, posts

# Each post and each answer asks for these; made once, they cost half.
_BETWEEN = (
    select(plan_entries)
    .where(plan_entries.c.date >= bindparam("first"), plan_entries.c.date <= bindparam("last"))
    .order_by(plan_entries.c.date)
)
_DAYS_OF = (
    select(plan_entries.c.date)
    .where(plan_entries.c.request_id == bindparam("request_id"))
    .order_by(plan_entries.c.date)
)


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """A date, a request, and which of its points (by index). `reason` says in words why; older entries have none."""

    date: date
    request_id: int
    points: tuple[int, ...]
    reason: str | None = None


class Plan:
    """Queries on plan entries, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def between(self, first: date, last: date) -> Sequence[PlanEntry]:
        """The entries of these days, in order."""
        rows = await self._connection.execute(_BETWEEN, {"first": first, "last": last})
        return [PlanEntry(row.date, row.request_id, row.points, row.reason) for row in rows]

    async def on(self, day: date) -> PlanEntry | None:
        """What is planned for this day."""
        entries = await self.between(day, day)
        return entries[0] if entries else None

    async def take_up(self, day: date) -> PlanEntry | None:
        """The same, to make posts of it: it isn't corrected, moved or cleared until this transaction ends."""
        held = select(plan_entries.c.date).where(plan_entries.c.date == day).with_for_update(read=True)
        await self._connection.execute(held)
        return await self.on(day)

    async def hold(self) -> None:
        """Nobody else changes the plan, and no post is made of it, until this transaction ends.

        A post that is being made is waited for, so that `judged_dates` knows of it.
        """
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(text("LOCK TABLE plan_entries IN EXCLUSIVE MODE"))

    async def days_of(self, request_id: int) -> Sequence[date]:
        """The days of a request, in order."""
        return list((await self._connection.execute(_DAYS_OF, {"request_id": request_id})).scalars())

    async def put(self, entries: Iterable[PlanEntry]) -> None:
        """Add entries. The table's key refuses a date that is taken."""
        for entry in entries:
            await self._connection.execute(insert(plan_entries).values(asdict(entry)))

    async def clear(self, dates: Iterable[date]) -> None:
        """Take these dates out of the plan."""
        await self._connection.execute(delete(plan_entries).where(plan_entries.c.date.in_(list(dates))))

    async def judged_dates(self, first: date, last: date) -> set[date]:
        """Dates of which a group's ledger already speaks: they can't be planned anew."""
        # That nothing was planned is no judgement: a group far in the east must not close a day for all others.
        judged = or_(posts.c.reason.is_(None), posts.c.reason != "nothing_planned")
        days = (posts.c.local_date >= first, posts.c.local_date <= last)
        statement = select(posts.c.local_date).where(*days, judged).distinct()
        return {day for day in (await self._connection.execute(statement)).scalars() if day is not None}
