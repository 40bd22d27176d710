"""Correcting: a bulletin that came again with other words. What isn't posted shows them, what stands is rewritten."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import zip_longest

from bot.domain.act import Act
from bot.domain.bulletin import Bulletin, Request
from bot.domain.plan import window
from bot.domain.regions import Region
from bot.loader.days import with_days_named
from bot.services.planning import LoadError, content_of, date_of
from bot.store.bulletins import StoredBulletin, StoredRequest
from bot.store.database import Store, Transaction


class Change(StrEnum):
    """What a corrected bulletin does to a request."""

    SAME = "the same"
    CHANGED = "corrected"
    ADDED = "new, without a day yet"
    MISSING = "not in this file: it stays as it is"
    GONE = "taken back before: it stays so"


@dataclass(frozen=True, slots=True)
class Difference:
    """One request's change. `days` are its planned days, `posted` those of them that a group has had already."""

    region: Region
    change: Change
    days: tuple[date, ...]
    posted: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    stored: StoredRequest | None
    corrected: Request | None

    @property
    def change(self) -> Change:
        if self.stored is None:
            return Change.ADDED
        if self.stored.is_gone:
            return Change.GONE
        if self.corrected is None:
            return Change.MISSING
        return Change.SAME if self.corrected.points == self.stored.request.points else Change.CHANGED


class Correcting:
    """Compares a bulletin with the published one of the same date, and takes its words over."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    async def look(self, bulletin: Bulletin, on: date | None = None) -> list[Difference]:
        """What would change. Raises LoadError if there is nothing to be corrected, or it can't be."""
        async with self._store.reading() as stored:
            published, pairs = await self._compare(stored, bulletin, on)
            return [await _difference(stored, published, pair) for pair in pairs]

    async def correct(self, bulletin: Bulletin, on: date | None = None) -> list[Difference]:
        """Take the words over; verse and days stay. Raises what `look` raises, and then nothing was changed."""
        async with self._store.writing() as stored:
            await stored.plan.hold()
            published, pairs = await self._compare(stored, bulletin, on)
            for pair in pairs:
                if pair.corrected is None:
                    continue
                if pair.stored is None:
                    await stored.bulletins.add_request(published.id, pair.corrected)
                    await stored.journal.add(Act.CORRECT, self._now())
                elif pair.change is Change.CHANGED:
                    await stored.bulletins.correct(pair.stored, pair.corrected)
                    await stored.copies.correct(pair.stored.id, self._now())
                    await stored.journal.add(Act.CORRECT, self._now(), request_id=pair.stored.id)
            await stored.bulletins.rename(published.id, content_of(bulletin))
            return [await _difference(stored, published, pair) for pair in pairs]

    async def _compare(
        self, stored: Transaction, bulletin: Bulletin, on: date | None
    ) -> tuple[StoredBulletin, Sequence[_Pair]]:
        day = date_of(bulletin, on)
        days = window(day)
        same = [each for each in await stored.bulletins.overlapping(days[0], days[-1]) if each.published_on == day]
        if not same:
            raise LoadError(
                f"no published bulletin of {day:%d %b %Y} is there to be corrected. Load it without --correct"
            )
        known = await stored.bulletins.known(content_of(bulletin))
        if known is not None and known.id != same[0].id:
            raise LoadError("this very bulletin was loaded before, as another one than the one to be corrected")
        dated = bulletin if bulletin.published_on else with_days_named(bulletin, day)
        pairs = _pairs(same[0].requests, dated.requests)
        for pair in pairs:
            await _check_points(stored, pair)
        return same[0], pairs


def _pairs(stored: Iterable[StoredRequest], corrected: Iterable[Request]) -> list[_Pair]:
    """Requests of one region belong together, in their order."""
    mine: dict[Region, list[StoredRequest]] = defaultdict(list)
    new: dict[Region, list[Request]] = defaultdict(list)
    for each in stored:
        mine[each.request.region].append(each)
    for request in corrected:
        new[request.region].append(request)
    regions = dict.fromkeys([*mine, *new])
    return [_Pair(*pair) for region in regions for pair in zip_longest(mine[region], new[region])]


async def _check_points(stored: Transaction, pair: _Pair) -> None:
    """Points that are spread over days can change their words, but not their number."""
    if pair.stored is None or pair.corrected is None or pair.change is not Change.CHANGED:
        return
    before, after = len(pair.stored.request.points), len(pair.corrected.points)
    if before != after and any(len(points) != before for points in await stored.bulletins.shown_points(pair.stored.id)):
        raise LoadError(
            f"{pair.stored.request.region} has {after} points instead of {before}, spread over several days. "
            "Take it back with vigil retract, or load the rest of the week with --replace"
        )


async def _difference(stored: Transaction, bulletin: StoredBulletin, pair: _Pair) -> Difference:
    if pair.stored is None:
        assert pair.corrected is not None  # noqa: S101 (a pair has one of both)
        return Difference(pair.corrected.region, pair.change, (), ())
    plan = await stored.plan.between(bulletin.first_day, bulletin.last_day)
    days = tuple(entry.date for entry in plan if entry.request_id == pair.stored.id)
    judged = await stored.plan.judged_dates(bulletin.first_day, bulletin.last_day)
    return Difference(pair.stored.request.region, pair.change, days, tuple(day for day in days if day in judged))
