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
    """One paragraph or bullet of a request, without its label."""

    text: str
    kind: Kind


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
