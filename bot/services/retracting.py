"""Retracting: a request is taken back now, from every copy of it, and its text is deleted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.act import Act
from bot.domain.regions import Region
from bot.loader.lines import fold
from bot.store.bulletins import BulletinState, StoredBulletin, StoredRequest
from bot.store.database import Store, Transaction


class Why(StrEnum):
    """Why a request is taken back. Groups are never told."""

    DANGER = "danger"
    ASKED = "asked"
    MISTAKE = "mistake"


@dataclass(frozen=True, slots=True)
class Choice:
    """A request that can be taken back: `day` is its planned day, or the first of its week. `copies` stand or stood.

    `along`: the days of the same request in other loads, which goes with it.
    """

    request_id: int
    region: Region
    day: date
    copies: int
    is_gone: bool
    along: tuple[date, ...] = ()


class Retracting:
    """Knows what can be taken back, and takes it back."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    async def choices(self, days: int = 7) -> list[Choice]:
        """The requests of the weeks that begin or end at most so many days from now, the newest week first."""
        today = self._now().date()
        first, last = today - timedelta(days=days), today + timedelta(days=days)
        async with self._store.reading() as stored:
            listed = await stored.bulletins.listed(first, last)
            return [choice for each in listed for choice in await self._choices(stored, each)]

    async def choice(self, request_id: int) -> Choice | None:
        """One of them by its request's id, with all the messages that would change with it."""
        choices = {each.request_id: each for each in await self.choices(366)}
        chosen = choices.get(request_id)
        if chosen is None or chosen.is_gone:
            return chosen
        async with self._store.reading() as stored:
            others = await _others(stored, request_id)
        along = [choices[each] for each in others if each in choices]
        copies = chosen.copies + sum(each.copies for each in along)
        return replace(chosen, copies=copies, along=tuple(each.day for each in along))

    async def retract(self, request_id: int, why: Why, receipt_to: int | None, by: int | None = None) -> bool:
        """Take a request back; False if that was done before, or nothing of it is left. `by`: None for the shell.

        In one transaction its text is deleted, its posts end, and its copies are due to become tombstones. What is on
        its way to a chat at this moment is caught when these are written again. The same is done to the same request
        of other loads: who takes back one of them means the other, too.
        """
        now = self._now()
        async with self._store.writing() as stored:
            # In one order, whoever begins: else two who take back the same wait for each other.
            meant = sorted([request_id, *await _others(stored, request_id)])
            gone = [each for each in meant if await stored.bulletins.forget(each)]
            shown = [each for each in gone if await stored.copies.tally(each)] or [request_id]
            await stored.copies.withdraw(gone, now)
            for each in gone:
                await stored.retractions.add(each, why, now, receipt_to if each in shown else None)
            if request_id in gone:
                await stored.journal.add(Act.RETRACT, now, by, request_id=request_id)
            return request_id in gone

    async def _choices(self, stored: Transaction, bulletin: StoredBulletin) -> Sequence[Choice]:
        plan = await stored.plan.between(bulletin.first_day, bulletin.last_day)
        choices = []
        for each in bulletin.requests:
            day = next((entry.date for entry in plan if entry.request_id == each.id), bulletin.first_day)
            copies = sum(tally.count for tally in await stored.copies.tally(each.id))
            choices.append(Choice(each.id, each.request.region, day, copies, each.is_gone))
        return choices


async def _others(stored: Transaction, request_id: int) -> list[int]:
    """The same request in other loads: its words, or what stands under its region for mostly the same days."""
    bulletins = await stored.bulletins.kept()
    found = [(each, request) for each in bulletins for request in each.requests if request.id == request_id]
    return [
        each.id
        for own, request in found
        for other in bulletins
        for each in other.requests
        if other is not own and not each.is_gone and not request.is_gone
        if _words(each) == _words(request)
        or (each.request.region is request.request.region and _are_for_the_same_days(own, other))
    ]


def _words(stored: StoredRequest) -> list[str]:
    """What a request says, however it was set."""
    return [fold(point.text) for point in stored.request.points]


def _are_for_the_same_days(one: StoredBulletin, other: StoredBulletin) -> bool:
    """Whether two loads share more than half of their days: then one took the other's place. No draft has yet."""
    shared = len(set(one.days) & set(other.days))
    is_in_use = BulletinState.DRAFT not in (one.state, other.state)
    return is_in_use and 2 * shared > min(len(one.days), len(other.days))
