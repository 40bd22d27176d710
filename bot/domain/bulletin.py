"""A week's bulletin: a verse, and a request for each region."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.regions import Region


class Kind(StrEnum):
    """What a point asks of those who read it."""

    PRAYER = "prayer"
    PRAISE = "praise"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Verse:
    """A Bible verse without its quotation marks; `reference` as "Book chapter:verse"."""

    text: str
    reference: str


@dataclass(frozen=True, slots=True)
class Point:
    """One paragraph or bullet of a request, without its label.

    In a diary it has its own `day`, None while that isn't known; `day_written` is the day as the text has it.
    """

    text: str
    kind: Kind
    day_written: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class NamedDays:
    """Days that a request names, resolved against its bulletin's date; both ends belong to them."""

    text: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Request:
    """One region's text in one bulletin.

    `heading` is the region's name as the bulletin writes it, None where it is missing. `countries` are ISO 3166 alpha-2
    codes, sorted.
    """

    region: Region
    heading: str | None
    points: tuple[Point, ...]
    countries: tuple[str, ...] = ()
    dates: tuple[NamedDays, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingWarning:
    """Something an editor should look at. `line` counts from 1 in the text; None where no line is meant."""

    code: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One week's bulletin as read. `notes` are set aside and never posted."""

    title: str | None
    published_on: date | None
    verse: Verse | None
    requests: tuple[Request, ...]
    notes: tuple[str, ...] = ()
    warnings: tuple[ReadingWarning, ...] = ()

    @property
    def is_diary(self) -> bool:
        """Tell whether points of it have days of their own."""
        return any(point.day_written for request in self.requests for point in request.points)

    @property
    def diary_days(self) -> tuple[date, ...]:
        """The days that its points have of their own, in order, each once; none where it is no diary."""
        return tuple(sorted({point.day for request in self.requests for point in request.points if point.day}))
