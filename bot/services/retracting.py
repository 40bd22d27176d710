"""Retracting: a request is taken back now, from every copy of it, and its text is deleted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.act import Act
from bot.domain.regions import Region
from bot.store.bulletins import StoredBulletin
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
        its way to a chat at this moment is caught when these are written again.
        """
        now = self._now()
        async with self._store.writing() as stored:
            if not await stored.bulletins.forget(request_id):
                return False
            await stored.copies.withdraw(request_id, now)
            await stored.retractions.add(request_id, why, now, receipt_to)
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
