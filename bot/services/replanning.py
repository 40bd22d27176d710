"""Changing the plan by hand: what an editor moves, exchanges, skips or holds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.act import Act
from bot.domain.regions import Region
from bot.services.matching import meant
from bot.store.bulletins import StoredBulletin
from bot.store.database import Store, Transaction
from bot.store.plan import PlanEntry


class ReplanError(Exception):
    """The plan can't be changed like this, and wasn't. Its sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Change:
    """One region's new day: `before` or `after` is None where it has none."""

    region: Region
    before: date | None
    after: date | None


class Replanning:
    """Changes days that no group's ledger speaks of yet; every change is made wholly or not at all."""

    def __init__(self, store: Store, names: Mapping[str, Region], now: Callable[[], datetime]) -> None:
        self._store, self._names, self._now = store, names, now

    async def move(self, region_name: str, day: date) -> list[Change]:
        """Give a region a free day of a bulletin's week; one that had a day gives it up. Raises ReplanError."""
        region = self._region(region_name)
        async with self._store.writing() as stored:
            await stored.plan.hold()
            await self._check_open(stored, day)
            week = await self._week(stored, region, await stored.bulletins.running(day))
            holder = await stored.plan.on(day)
            if holder is not None:
                other = (await stored.bulletins.request(holder.request_id)).request.region
                raise ReplanError(
                    f"{_day(day)} has {other} already. To exchange two regions: swap them; to free the day: skip it."
                )
            if week is None:
                raise ReplanError(f"No published bulletin with {region} has {_day(day)} in its week.")
            old = week.only()
            await stored.plan.clear([old.date] if old else [])
            reason = f"moved from {old.date:%A} to {day:%A} by an editor" if old else f"put on {day:%A} by an editor"
            await stored.plan.put([PlanEntry(day, week.request_id, old.points if old else week.all, reason)])
            await stored.journal.add(Act.MOVE, self._now(), request_id=week.request_id)
            return [Change(region, old.date if old else None, day)]

    async def swap(self, one_name: str, other_name: str) -> list[Change]:
        """Exchange the days of two regions of one bulletin. Raises ReplanError."""
        one, other = self._region(one_name), self._region(other_name)
        if one is other:
            raise ReplanError(f"Both names mean {one}: name two regions.")
        async with self._store.writing() as stored:
            await stored.plan.hold()
            for bulletin in await self._coming(stored):
                weeks = [await self._week(stored, region, [bulletin]) for region in (one, other)]
                entries = [week.only() if week else None for week in weeks]
                if entries[0] and entries[1]:
                    return await self._exchange(stored, (one, entries[0]), (other, entries[1]))
        raise ReplanError(f"No week has a day for both {one} and {other} that can still be changed.")

    async def skip(self, day: date) -> list[Change]:
        """Leave a day without a request. Raises ReplanError."""
        async with self._store.writing() as stored:
            await stored.plan.hold()
            await self._check_open(stored, day)
            entry = await stored.plan.on(day)
            if entry is None:
                raise ReplanError(f"Nothing is planned for {_day(day)}.")
            await stored.plan.clear([day])
            await stored.journal.add(Act.SKIP, self._now(), request_id=entry.request_id)
            return [Change((await stored.bulletins.request(entry.request_id)).request.region, day, None)]

    async def hold(self, region_name: str) -> list[Change]:
        """Take a region out of the next week that has days for it. Raises ReplanError."""
        region = self._region(region_name)
        async with self._store.writing() as stored:
            await stored.plan.hold()
            for bulletin in await self._coming(stored):
                week = await self._week(stored, region, [bulletin])
                if week and week.open:
                    await stored.plan.clear([entry.date for entry in week.open])
                    await stored.journal.add(Act.HOLD, self._now(), request_id=week.request_id)
                    return [Change(region, entry.date, None) for entry in week.open]
        raise ReplanError(f"{region} has no day that can still be changed.")

    async def _exchange(
        self, stored: Transaction, one: tuple[Region, PlanEntry], other: tuple[Region, PlanEntry]
    ) -> list[Change]:
        await stored.plan.clear([one[1].date, other[1].date])
        changes = []
        for (region, entry), (_, to) in ((one, other), (other, one)):
            reason = f"moved from {entry.date:%A} to {to.date:%A} by an editor"
            await stored.plan.put([replace(entry, date=to.date, reason=reason)])
            changes.append(Change(region, entry.date, to.date))
            await stored.journal.add(Act.SWAP, self._now(), request_id=entry.request_id)
        return changes

    async def _check_open(self, stored: Transaction, day: date) -> None:
        if day < self._now().date():
            raise ReplanError(f"{_day(day)} is past.")
        if await stored.plan.judged_dates(day, day):
            raise ReplanError(f"{_day(day)} is posted in a group already and can't be changed any more.")

    async def _coming(self, stored: Transaction) -> Sequence[StoredBulletin]:
        """The published bulletins whose weeks aren't over, the earliest first."""
        return list(reversed(await stored.bulletins.overlapping(self._now().date(), date.max)))

    async def _week(
        self, stored: Transaction, region: Region, bulletins: Sequence[StoredBulletin]
    ) -> "_RegionsWeek | None":
        """What the first of these bulletins that has the region plans for it."""
        for bulletin in bulletins:
            for request in bulletin.requests:
                if request.request.region is region:
                    first, last = bulletin.first_day, bulletin.last_day
                    entries = [e for e in await stored.plan.between(first, last) if e.request_id == request.id]
                    if request.is_gone and not entries:
                        continue  # left out as it was loaded: there is nothing to plan
                    closed = await stored.plan.judged_dates(first, last)
                    gone = [each for each in entries if each.date in closed or each.date < self._now().date()]
                    still_open = tuple(each for each in entries if each not in gone)
                    points = tuple(range(len(request.request.points)))
                    return _RegionsWeek(region, request.id, points, tuple(gone), still_open)
        return None

    def _region(self, name: str) -> Region:
        region, near = meant(name, self._names)
        if region is not None:
            return region
        likely = ", ".join(near or sorted(set(self._names.values())))
        raise ReplanError(f"“{name}” is no region. Did you mean: {likely}?")


@dataclass(frozen=True, slots=True)
class _RegionsWeek:
    """A region's request in one bulletin, and its plan entries: `gone` are posted or past, `open` can be changed."""

    region: Region
    request_id: int
    all: tuple[int, ...]
    gone: tuple[PlanEntry, ...]
    open: tuple[PlanEntry, ...]

    def only(self) -> PlanEntry | None:
        """The one entry that can be changed, None where the region has no day at all. Raises ReplanError."""
        if self.gone and not self.open:
            raise ReplanError(f"{self.region} had its day on {_day(self.gone[-1].date)} already.")
        if len(self.open) > 1:
            days = ", ".join(_day(entry.date) for entry in self.open)
            raise ReplanError(f"{self.region} has several days ({days}): skip one of them instead.")
        return self.open[0] if self.open else None


def _day(day: date) -> str:
    return f"{day:%a %d %b %Y}"
