"""Retracting: a request is taken back now, from every copy of it, and its text is deleted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.act import Act
from bot.domain.regions import Region
from bot.store.bulletins import BulletinState, StoredBulletin
from bot.store.database import Store, Transaction


class Why(StrEnum):
    """Why a request is taken back. Groups are never told."""

    DANGER = "danger"
    ASKED = "asked"
    MISTAKE = "mistake"


@dataclass(frozen=True, slots=True)
class Choice:
    """A request that can be taken back: `day` is its planned day, or the first of its week. `copies` stand or stood."""

    request_id: int
    region: Region
    day: date
    copies: int
    is_gone: bool


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
        """One of them by its request's id."""
        return next((each for each in await self.choices(366) if each.request_id == request_id), None)

    async def retract(self, request_id: int, why: Why, receipt_to: int | None, by: int | None = None) -> bool:
        """Take a request back; False if that was done before, or nothing of it is left. `by`: None for the shell.

        In one transaction its text is deleted, its posts end, and its copies are due to become tombstones. What is on
        its way to a chat at this moment is caught when these are written again. The same is done to what took its place
        when the bulletin was loaded again, or had it before: who takes back one of them means the other, too.
        """
        now = self._now()
        async with self._store.writing() as stored:
            meant = [request_id, *await _twins(stored, request_id)]
            if not await stored.bulletins.forget(request_id):
                return False
            for each in meant:
                await stored.bulletins.forget(each)
                stands = each == request_id or await stored.copies.tally(each)
                await stored.copies.withdraw(each, now)
                await stored.retractions.add(each, why, now, receipt_to if stands else None)
            await stored.journal.add(Act.RETRACT, now, by, request_id=request_id)
            return True

    async def _choices(self, stored: Transaction, bulletin: StoredBulletin) -> Sequence[Choice]:
        plan = await stored.plan.between(bulletin.first_day, bulletin.last_day)
        choices = []
        for each in bulletin.requests:
            day = next((entry.date for entry in plan if entry.request_id == each.id), bulletin.first_day)
            copies = sum(tally.count for tally in await stored.copies.tally(each.id))
            choices.append(Choice(each.id, each.request.region, day, copies, each.is_gone))
        return choices


async def _twins(stored: Transaction, request_id: int) -> list[int]:
    """The same request of another load: its words under its region, or those that took their place in the same days."""
    bulletins = await stored.bulletins.listed(date.min, date.max)
    found = [(bulletin, each) for bulletin in bulletins for each in bulletin.requests if each.id == request_id]
    return [
        each.id
        for own, request in found
        for other in bulletins
        for each in other.requests
        if other is not own and each.request.region is request.request.region and not each.is_gone
        if each.request.points == request.request.points or _replaces(other, own)
    ]


def _replaces(one: StoredBulletin, other: StoredBulletin) -> bool:
    """Whether one of two bulletins took the other's place in some days."""
    share_days = one.first_day <= other.last_day and other.first_day <= one.last_day
    return share_days and BulletinState.SUPERSEDED in (one.state, other.state)
