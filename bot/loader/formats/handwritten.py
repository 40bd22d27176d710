"""Our own form, written by hand in YAML: title, date, verse, and requests by region. See docs/bulletins.md."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import yaml
from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.domain.bulletin import Bulletin, Kind, Point, ReadingWarning, Request, Verse
from bot.domain.regions import Region
from bot.loader import countries, kinds
from bot.loader.formats.extract import FormatError
from bot.loader.lines import clean, fold, raw_lines
from bot.loader.profile import Profile
from bot.loader.reading import Placement, Reading
from bot.loader.requests import mending_warnings
from bot.loader.sections import Place

_LARGEST = 128 * 1024  # characters; a week by hand is one thirtieth of it
_DEEPEST = 6
_MOST_FAULTS = 20  # that are named
_KEYS = ("title", "date", "verse", "requests")
_PLACES = {"title": Place.TITLE, "date": Place.DATE, "verse": Place.VERSE}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read(text: str, profile: Profile) -> Reading:
    """Read a bulletin written by hand. Raises FormatError with every fault and its line."""
    root = _composed(text)
    form = _Form(profile)
    bulletin = form.bulletin(root)
    if form.faults or bulletin is None:
        shown = form.faults[:_MOST_FAULTS]
        more = [f"and {len(form.faults) - len(shown)} more"] if len(form.faults) > len(shown) else []
        raise FormatError("can't be used: " + "; ".join([*shown, *more]) + ".")
    return Reading((bulletin,), (), tuple(_placements(text, form.places)))


def _composed(text: str) -> Node:
    """Return the tree of a YAML text. Raises FormatError; a text with aliases is refused before one is followed."""
    if len(text) > _LARGEST:
        raise FormatError(f"is larger than {_LARGEST // 1024} KB, too large for a bulletin written by hand.")
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            if isinstance(event, AliasEvent):
                raise FormatError(f"has an alias (*{event.anchor}, line {_line(event)}). Write the text out instead.")
            depth += isinstance(event, CollectionStartEvent)
            depth -= isinstance(event, CollectionEndEvent)
            if depth > _DEEPEST:
                raise FormatError(f"is nested too deeply (line {_line(event)}). A bulletin has regions and points.")
        root = yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" in line {mark.line + 1}" if mark is not None else ""
        what = getattr(error, "problem", None) or "something that can't be shown"
        raise FormatError(f"isn't right as YAML{place}: {what}.") from None
    if not isinstance(root, Node):
        raise FormatError("is empty.")
    return root


def _line(at: object) -> int:
    mark = getattr(at, "start_mark", None)
    return mark.line + 1 if mark is not None else 1


@dataclass(slots=True)
class _Form:
    """Takes a tree apart. `faults`: all that is wrong; `places`: the lines at which something begins, and what.

    `warnings`: what an editor should look at.
    """

    profile: Profile
    faults: list[str] = field(default_factory=list)
    places: dict[int, Place] = field(default_factory=dict)
    warnings: list[ReadingWarning] = field(default_factory=list)

    def bulletin(self, root: Node) -> Bulletin | None:
        parts = self._mapping(root, "the file", _KEYS)
        title = self._text(parts["title"], "title", Place.TITLE) if "title" in parts else None
        day = self._day(parts["date"]) if "date" in parts else None
        verse = self._verse(parts["verse"]) if "verse" in parts else None
        if "requests" not in parts:
            self.faults.append("requests: is missing; give each region its points")
            return None
        requests = tuple(self._requests(parts["requests"]))
        return Bulletin(title, day, verse, requests, warnings=tuple(self.warnings)) if requests else None

    def _fault(self, node: Node, where: str, what: str) -> None:
        self.faults.append(f"line {_line(node)}, {where}: {what}")

    def _mapping(self, node: Node, where: str, allowed: tuple[str, ...] = ()) -> Mapping[str, Node]:
        """Return the parts of a mapping by name; a name that comes twice, or isn't known, is a fault."""
        if not isinstance(node, MappingNode):
            self._fault(node, where, f"must have names with a colon ({', '.join(allowed)})" if allowed else "no names")
            return {}
        found: dict[str, Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, ScalarNode) else ""
            if name in found:
                self._fault(key, where, f'"{name[:60]}" stands twice')
            elif allowed and name not in allowed:
                self._fault(key, where, f'"{name[:60]}" isn\'t known; allowed: {", ".join(allowed)}')
            else:
                found[name] = value
                self.places.setdefault(_line(key), _PLACES.get(name, Place.HEADING))
        return found

    def _text(self, node: Node, where: str, place: Place) -> str | None:
        self.places |= dict.fromkeys(range(_line(node), node.end_mark.line + 1), place) | {_line(node): place}
        if not isinstance(node, ScalarNode):
            self._fault(node, where, "must be text; text with a colon in it belongs in quotation marks")
            return None
        text = " ".join(node.value.split())
        if not text:
            self._fault(node, where, "is empty")
        return text

    def _day(self, node: Node) -> date | None:
        text = self._text(node, "date", Place.DATE)
        try:
            return date.fromisoformat(text if text and _DATE.fullmatch(text) else "")
        except ValueError:
            self._fault(node, "date", "must be a day that exists, as YYYY-MM-DD")
            return None

    def _verse(self, node: Node) -> Verse | None:
        parts = self._mapping(node, "verse", ("text", "reference"))
        found = {
            name: self._text(parts[name], f"verse.{name}", Place.VERSE)
            for name in ("text", "reference")
            if name in parts
        }
        if isinstance(node, MappingNode):
            missing = [name for name in ("text", "reference") if name not in parts]
            self.faults += [f"line {_line(node)}, verse: {name} is missing" for name in missing]
        return Verse(found.get("text") or "", found.get("reference") or "")

    def _requests(self, node: Node) -> Iterator[Request]:
        if not isinstance(node, MappingNode) or not node.value:
            self._fault(node, "requests", "must have regions with a colon, each with its points below")
            return
        seen: set[Region] = set()
        for key, value in node.value:
            written = key.value if isinstance(key, ScalarNode) else ""
            region = self.profile.headings.get(fold(written))
            if region is None:
                self._fault(key, "requests", f'"{written[:60]}" is no region; regions: {", ".join(self.profile.order)}')
            elif region in seen:
                self._fault(key, "requests", f"{region} stands twice")
            self.places[_line(key)] = Place.HEADING
            placed = list(self._points(value, written))
            self.warnings += mending_warnings(placed)
            if region is not None:
                seen.add(region)
                points = tuple(point for point, _ in placed)
                named = {code for point in points for code in countries.named(point.text)}
                yield Request(region, written, points, tuple(sorted(named)))

    def _points(self, node: Node, region: str) -> Iterator[tuple[Point, int]]:
        """Yield a region's points, each with its line."""
        nodes = node.value if isinstance(node, SequenceNode) else [node]
        if not nodes:
            self._fault(node, region, "has no points")
        for each in nodes:
            where = f"{region[:60]}, point"
            if isinstance(each, MappingNode):
                parts = self._mapping(each, f"{where} (a text with a colon belongs in quotation marks)", tuple(Kind))
                if len(each.value) > 1:
                    self._fault(each, where, "has several texts; begin each with a dash of its own")
                for kind, value in parts.items():
                    yield Point(self._text(value, where, Place.REQUEST) or "", Kind(kind)), _line(value)
            else:
                text = self._text(each, where, Place.REQUEST) or ""
                yield Point(text, kinds.kind(text) or Kind.PRAYER), _line(each)


def _placements(text: str, places: Mapping[int, Place]) -> Iterator[Placement]:
    """Give every line that shows something the place of what began in it or last before it; a comment is a note."""
    place = Place.NOTE
    shown = {line.number for line in clean(text)}
    for number, raw in enumerate(raw_lines(text), 1):
        place = places.get(number, place)
        line = " ".join(raw.split())
        if line.startswith(("#", "---", "%")) and number not in places:
            yield Placement(number, line, Place.NOTE, "a comment of the form")
        elif number in shown:
            yield Placement(number, line, place, "written by hand in its place")
