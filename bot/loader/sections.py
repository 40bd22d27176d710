"""One bulletin while its items are being placed."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.bulletin import ReadingWarning
from bot.domain.regions import Region
from bot.loader.dates import Written
from bot.loader.items import Item
from bot.loader.profile import Profile


class Place(StrEnum):
    """Where a line of a text ends up; each in exactly one."""

    TITLE = "title"
    DATE = "date"
    VERSE = "verse"
    HEADING = "heading"
    REQUEST = "request"
    NOTE = "note"
    UNPLACED = "unplaced"


@dataclass(frozen=True, slots=True)
class Placed:
    """An item in its place, and the rule that put it there; `region` of a heading or a request, `day` in a diary."""

    item: Item
    place: Place
    rule: str
    region: Region | None = None
    day: str | None = None


@dataclass(slots=True)
class Section:
    """The items of one bulletin in their places, what an editor should look at, and the date that counts."""

    profile: Profile
    placed: list[Placed] = field(default_factory=list)
    warnings: list[ReadingWarning] = field(default_factory=list)
    date: Written | None = None
    _doubted: set[int] = field(default_factory=set)

    def put(self, item: Item, place: Place, rule: str, region: Region | None = None, day: str | None = None) -> None:
        """Put an item in its place."""
        self.placed.append(Placed(item, place, rule, region, day))

    def doubt(self, item: Item, code: str, message: str) -> None:
        """Tell the editor of a doubt at an item."""
        self.warnings.append(ReadingWarning(code, message, item.lines[0].number))
        self._doubted.add(item.lines[0].number)

    def is_doubted(self, item: Item) -> bool:
        """Tell whether the editor is told to look at an item already."""
        return item.lines[0].number in self._doubted

    def set_apart(self, item: Item, code: str, message: str) -> None:
        """Leave an item unplaced and say so."""
        self.put(item, Place.UNPLACED, message)
        self.doubt(item, code, f"Left out: {message}.")

    def first(self, place: Place) -> Item | None:
        """Return the first item in a place."""
        return next((placed.item for placed in self.placed if placed.place is place), None)

    def has(self, place: Place) -> bool:
        """Tell whether anything is in a place."""
        return self.first(place) is not None
