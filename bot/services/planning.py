"""Loading a bulletin: stored, planned and published at once, or not at all."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.act import Act
from bot.domain.bulletin import Bulletin, Point
from bot.domain.deadlines import deadlines
from bot.domain.diary import plan_diary
from bot.domain.plan import DaysTakenError, Plan, PlannedDay, late, plan, window
from bot.domain.regions import Region
from bot.domain.weekdays import Weekdays
from bot.loader.days import with_days_named
from bot.services.verses import Verses
from bot.store.bulletins import BulletinState, StoredBulletin, StoredRequest
from bot.store.database import Store, Transaction
from bot.store.plan import PlanEntry


class LoadError(Exception):
    """A bulletin can't be loaded, and nothing was changed. Its sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one bulletin. `plan` is empty for a draft and for a window that is past.

    `left_out`: regions that were taken back in these days. `bulletin` has no request of them.
    """

    bulletin: StoredBulletin
    plan: Plan
    borrowed_verse: bool
    left_out: tuple[Region, ...] = ()


class Planning:
    """Takes bulletins in, and knows the plan."""

    def __init__(self, store: Store, verses: Verses, weekdays: Weekdays, now: Callable[[], datetime]) -> None:
        self._store, self._verses, self._weekdays, self._now = store, verses, weekdays, now

    async def load(
        self,
        bulletins: Sequence[Bulletin],
        on: date | None = None,
        *,
        draft: bool = False,
        replace: bool = False,
        with_retracted: bool = False,
    ) -> list[Loaded]:
        """Store the bulletins of one file, oldest first; plan and publish them unless `draft`.

        `on` is the date of an undated bulletin. `replace` takes the days of another bulletin that no group has posted.
        A region that was taken back in the same days is left out, unless `with_retracted`. Raises LoadError, and then
        none of them is stored.
        """
        dated = sorted(((date_of(each, on), each) for each in bulletins), key=lambda pair: pair[0])
        async with self._store.writing() as stored:
            await stored.plan.hold()
            options = {"draft": draft, "replace": replace, "with_retracted": with_retracted}
            loaded = [await self._load(stored, each, day, **options) for day, each in dated]
            act = Act.LOAD if draft else Act.REPLACE if replace else Act.PUBLISH
            for _ in loaded:
                await stored.journal.add(act, self._now())
            return loaded

    async def _load(
        self,
        stored: Transaction,
        bulletin: Bulletin,
        published_on: date,
        *,
        draft: bool,
        replace: bool,
        with_retracted: bool,
    ) -> Loaded:
        content = content_of(bulletin)
        # What an undated bulletin calls "tomorrow" is known only now.
        bulletin = bulletin if bulletin.published_on else with_days_named(bulletin, published_on)
        known = await stored.bulletins.known(content)
        if known is not None:
            mended = replace and (with_retracted or known.published_on != published_on)
            await self._give_way(stored, known, mended=mended)
        verse = bulletin.verse or self._verses.of_week(published_on)
        days = window(published_on, bulletin.diary_days)
        left_out = () if with_retracted else await _taken_back(stored, bulletin, known, days)
        added = await stored.bulletins.add(_without(bulletin, left_out), content, published_on, days, verse)
        for region in left_out:
            await stored.bulletins.add_gone(added.id, region)
        planned = Plan(())
        if not draft:
            planned = await self._publish(stored, added, replace=replace)
            await stored.bulletins.set_state(added.id, BulletinState.PUBLISHED)
        return Loaded(added, planned, bulletin.verse is None, left_out)

    async def _give_way(self, stored: Transaction, known: StoredBulletin, *, mended: bool) -> None:
        """A draft gives way to the same content; a published one only to mend its date, or what was left out."""
        if known.state is not BulletinState.DRAFT and not mended:
            raise LoadError(
                f"this bulletin was loaded before, for {_days(known)}. Nothing was changed. "
                "If it belongs to another week, give its --date and add --replace"
            )
        judged = await stored.plan.judged_dates(known.first_day, known.last_day)
        await stored.bulletins.give_up(known, judged)

    async def _publish(self, stored: Transaction, bulletin: StoredBulletin, *, replace: bool) -> Plan:
        first, last = bulletin.first_day, bulletin.last_day
        today = self._now().date()
        if last < today:
            return Plan(())
        judged = await stored.plan.judged_dates(first, last)
        others = await stored.plan.between(first, last)
        if replace:
            await stored.plan.clear({entry.date for entry in others} - judged)
            await self._supersede(stored, bulletin, today)
        taken = set() if replace else {entry.date for entry in others}
        try:
            planned = self._plan(bulletin, today, taken, judged)
        except DaysTakenError as error:
            days = ", ".join(f"{day:%a %d %b}" for day in error.dates)
            raise LoadError(
                f"another bulletin has these days: {days}. Nothing was changed. To take them over, add --replace. "
                "If this is the same bulletin with corrected words, add --correct"
            ) from None
        await stored.plan.put(
            PlanEntry(day.date, bulletin.requests[day.request].id, day.points, day.reason) for day in planned.days
        )
        return planned

    def _plan(self, bulletin: StoredBulletin, today: date, taken: set[date], judged: set[date]) -> Plan:
        points = [each.request.points for each in bulletin.requests]
        if any(point.day for of_request in points for point in of_request):
            return plan_diary(points, first_open=today, taken=taken, posted=judged)
        return plan(
            [len(of_request) for of_request in points],
            bulletin.published_on,
            events=[each.request.dates for each in bulletin.requests],
            first_open=today,
            weekdays=self._weekdays,
            taken=taken,
            posted=judged,
        )

    async def _supersede(self, stored: Transaction, bulletin: StoredBulletin, today: date) -> None:
        """Bulletins of the same days are superseded, unless they keep days of their own outside this window."""
        days = bulletin.days
        for other in await stored.bulletins.overlapping(days[0], days[-1]):
            own = {request.id for request in other.requests}
            kept = [entry for entry in await stored.plan.between(today, other.last_day) if entry.date not in days]
            if not any(entry.request_id in own for entry in kept):
                await stored.bulletins.set_state(other.id, BulletinState.SUPERSEDED)

    async def weeks(self, days: int = 14) -> list["PlannedWeek"]:
        """The weeks of published bulletins that have one of the coming days, each whole, the earliest first."""
        today = self._now().date()
        async with self._store.reading() as stored:
            bulletins = await stored.bulletins.overlapping(today, today + timedelta(days=days - 1))
            return [await self._week(stored, each, today, bulletins) for each in reversed(bulletins)]

    async def _week(
        self, stored: Transaction, bulletin: StoredBulletin, today: date, bulletins: Sequence[StoredBulletin]
    ) -> "PlannedWeek":
        first, last = bulletin.first_day, bulletin.last_day
        own = [request.id for request in bulletin.requests]
        entries = {entry.date: entry for entry in await stored.plan.between(first, last)}
        judged = await stored.plan.judged_dates(first, last)
        dates = bulletin.days
        planned = [
            PlannedDay(each.date, own.index(each.request_id), each.points, each.reason or "")
            for each in entries.values()
            if each.request_id in own
        ]
        ends = [deadlines(each.request.dates, dates, today) for each in bulletin.requests]
        regions = [each.request.region for each in bulletin.requests]
        with_a_day = {day.request for day in planned}
        # A newer bulletin of the same days may have taken them over: it speaks for its regions.
        newer = [each for each in bulletins if bulletin.first_day < each.first_day <= last]
        covered = {each.request.region for other in newer for each in other.requests}
        return PlannedWeek(
            bulletin,
            tuple(
                WeekDay(day, entries.get(day), posted=day in judged)
                for day in dates
                if day not in entries or entries[day].request_id in own
            ),
            tuple(
                (regions[each.request], each.days)
                for each in late(planned, ends)
                if each.request in with_a_day or regions[each.request] not in covered
            ),
            tuple(
                region
                for number, region in enumerate(regions)
                if number not in with_a_day and region not in covered and not bulletin.requests[number].is_gone
            ),
        )


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A day of a bulletin's week. `posted`: a group's ledger speaks of it, so that it can't be changed any more."""

    date: date
    entry: PlanEntry | None
    posted: bool


@dataclass(frozen=True, slots=True)
class PlannedWeek:
    """A bulletin's week, without the days that belong to another one.

    `late`: regions that name days which are over before their own, with these days as people say them.
    """

    bulletin: StoredBulletin
    days: tuple[WeekDay, ...]
    late: tuple[tuple[Region, str], ...]
    without_a_day: tuple[Region, ...]

    def request_of(self, entry: PlanEntry) -> StoredRequest:
        """The request that an entry of this week plans."""
        return next(each for each in self.bulletin.requests if each.id == entry.request_id)


def date_of(bulletin: Bulletin, on: date | None) -> date:
    """A bulletin's own date, or else the given one. Raises LoadError where there is none."""
    day = bulletin.published_on or on
    if day is None:
        raise LoadError("this bulletin has no date of its own. Say of which day it is: --date YYYY-MM-DD")
    return day


async def _taken_back(
    stored: Transaction, bulletin: Bulletin, known: StoredBulletin | None, days: Sequence[date]
) -> tuple[Region, ...]:
    """The bulletin's regions whose request was taken back in these days, or in the same content before.

    What stood there is deleted, so that nobody can say whether these are its words again. Raises LoadError where
    nothing would be left.
    """
    before = [*await stored.bulletins.listed(days[0], days[-1])]
    if known is not None and known.state is not BulletinState.RETIRED:  # that one is empty as its time was over
        before.append(known)
    gone = {request.request.region for each in before for request in each.requests if request.is_gone}
    own = dict.fromkeys(request.region for request in bulletin.requests)
    if own and gone.issuperset(own):
        raise LoadError(
            f"all of it was taken back in these days: {', '.join(own)}. Nothing was changed. "
            "To load it all the same, add --with-retracted"
        )
    return tuple(region for region in own if region in gone)


def _without(bulletin: Bulletin, left_out: Collection[Region]) -> Bulletin:
    return replace(bulletin, requests=tuple(each for each in bulletin.requests if each.region not in left_out))


def content_of(bulletin: Bulletin) -> str:
    """What makes two bulletins the same: their texts and their date, not how they were set or what was made of them."""
    requests = [
        asdict(replace(request, dates=(), points=())) | {"points": [_point(point) for point in request.points]}
        for request in bulletin.requests
    ]
    verse = asdict(bulletin.verse) if bulletin.verse else None
    return json.dumps([bulletin.title, str(bulletin.published_on), verse, requests], default=str, sort_keys=True)


def _point(point: Point) -> dict[str, str]:
    own_day = {"day_written": point.day_written} if point.day_written else {}
    return {"text": point.text, "kind": point.kind, **own_day}


def _days(bulletin: StoredBulletin) -> str:
    return f"{bulletin.first_day:%d %b} to {bulletin.last_day:%d %b %Y}"
