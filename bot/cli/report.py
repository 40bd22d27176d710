"""How a reading looks in a terminal."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.cli.sentences import warning_sentence
from bot.domain.bulletin import Bulletin, Kind, NamedDays, Request
from bot.loader.reading import Reading

SIGNS = {Kind.PRAYER: ("•", "cyan"), Kind.PRAISE: ("✦", "yellow"), Kind.MIXED: ("✧", "green")}


def report(name: str, reading: Reading) -> RenderableType:
    """Return a file's reading for people: each bulletin, then the lines that found no place."""
    parts: list[RenderableType] = [Text.assemble((name, "bold underline"))]
    for number, bulletin in enumerate(reading.bulletins, 1):
        parts.append(Padding(Group(*_bulletin(bulletin, number, len(reading.bulletins))), (1, 0, 0, 0)))
    if reading.unplaced:
        parts.append(Padding(Text("Lines without a place", style="bold red"), (1, 0, 0, 0)))
        parts += [_hanging(f"{left.line:>4} ", "red", left.text) for left in reading.unplaced]
    return Padding(Group(*parts), (0, 0, 1, 0))


def _bulletin(bulletin: Bulletin, number: int, count: int) -> Iterator[RenderableType]:
    day = bulletin.published_on
    when = f"{day:%A}, {day.day} {day:%B %Y}" if day else "no date"
    place = f"{number} of {count} · " if count > 1 else ""
    yield Text.assemble((bulletin.title or "No title", "bold"), (f"  {place}{when}", "dim"))
    if bulletin.verse:
        yield Padding(Text(f"{bulletin.verse.text} — {bulletin.verse.reference}", style="italic"), (0, 0, 0, 2))
    else:
        yield Text("  no verse", style="dim")
    for request in bulletin.requests:
        yield Padding(Group(*_request(request)), (1, 0, 0, 0))
    if bulletin.notes:
        yield Padding(Text("Set aside", style="bold dim"), (1, 0, 0, 0))
        for note in bulletin.notes:
            yield _hanging("  - ", "dim", note, "dim")
    if bulletin.warnings:
        yield Padding(Text("Please look at", style="bold yellow"), (1, 0, 0, 0))
        for warning in bulletin.warnings:
            yield _hanging("  ! ", "yellow", warning_sentence(warning))


def _request(request: Request) -> Iterator[RenderableType]:
    heading = Text(request.region.value, style="bold cyan")
    if request.heading is None:
        heading.append("  without a heading", style="dim")
    elif request.heading != request.region.value:
        heading.append(f"  “{request.heading}”", style="dim")
    if request.countries:
        heading.append(f"  {' '.join(request.countries)}", style="magenta")
    if request.dates:
        heading.append(f"  {', '.join(_days(named) for named in request.dates)}", style="green")
    yield heading
    for point in request.points:
        sign, style = SIGNS[point.kind]
        own_day = f"{point.day_written}: " if point.day_written else ""
        yield _hanging(f"  {sign} {point.kind.value:<7} ", style, f"{own_day}{point.text}")


def _days(named: NamedDays) -> str:
    last = f" to {named.last.isoformat()}" if named.last != named.first else ""
    return f"“{named.text}”: {named.first.isoformat()}{last}"


def _hanging(lead: str, style: str, text: str, text_style: str = "") -> RenderableType:
    """Put a lead in front of a paragraph whose further lines stand below its first word."""
    grid = Table.grid(padding=0)
    grid.add_column(width=len(lead), no_wrap=True)
    grid.add_column(ratio=1)
    grid.add_row(Text(lead, style=style), Text(text, style=text_style))
    return grid
