"""A month as a calendar has it: its weeks as lines, Monday first."""

import re
from calendar import Calendar
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta

_WRITTEN = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """One month of one year; written as "2026-03"."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month that has this day."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month | None":
        """Read what `str` writes; None for anything else."""
        written = _WRITTEN.fullmatch(text)
        if written is None or not MINYEAR < int(written[1]) < MAXYEAR:
            return None
        return cls(int(written[1]), int(written[2]))

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    def before(self) -> "Month":
        """The month before it."""
        return Month.of(self.first - timedelta(days=1))

    def after(self) -> "Month":
        """The month after it."""
        return Month.of(self.first + timedelta(days=31))

    def weeks(self) -> list[tuple[date | None, ...]]:
        """Its weeks, each of seven places; None where a place belongs to another month."""
        weeks = Calendar().monthdatescalendar(self.year, self.number)
        return [tuple(day if day.month == self.number else None for day in week) for week in weeks]
