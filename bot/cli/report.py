"""How a reading looks in a terminal; what isn't a terminal gets the same rows unbroken, for `grep` and `less`."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.sentences import warning_sentence
from bot.domain.bulletin import Bulletin, Kind, NamedDays, Request
from bot.loader.reading import Reading

SIGNS = {Kind.PRAYER: ("•", "cyan"), Kind.PRAISE: ("✦", "yellow"), Kind.MIXED: ("✧", "green")}


@dataclass(frozen=True, slots=True)
class _Row:
    """Pieces of text, each with its style; `lead` stands before them, and further lines below the first piece."""

    pieces: tuple[tuple[str, str], ...] = ()
    lead: str = ""
    lead_style: str = ""


_GAP = _Row()


def report(console: Console, name: str, reading: Reading) -> None:
    """Print a file's reading for people: each bulletin, then the lines that found no place."""
    for row in _rows(name, reading):
        if console.is_terminal:
            console.print(_hanging(row) if row.lead else Text.assemble(*row.pieces))
        else:
            # Rich takes several seconds for a megabyte.
            console.file.write(f"{row.lead}{''.join(text for text, _ in row.pieces)}\n")


def _rows(name: str, reading: Reading) -> Iterator[_Row]:
    yield _Row(((name, "bold underline"),))
    for number, bulletin in enumerate(reading.bulletins, 1):
        yield _GAP
        yield from _bulletin(bulletin, number, len(reading.bulletins))
    if reading.unplaced:
        yield _GAP
        yield _Row((("Lines without a place", "bold red"),))
        for left in reading.unplaced:
            yield _Row(((left.text, ""),), f"{left.line:>4} ", "red")
    yield _GAP


def _bulletin(bulletin: Bulletin, number: int, count: int) -> Iterator[_Row]:
    day = bulletin.published_on
    when = f"{day:%A}, {day.day} {day:%B %Y}" if day else "no date"
    place = f"{number} of {count} · " if count > 1 else ""
    yield _Row(((bulletin.title or "No title", "bold"), (f"  {place}{when}", "dim")))
    if bulletin.verse:
        yield _Row(((f"{bulletin.verse.text} — {bulletin.verse.reference}", "italic"),), "  ")
    else:
        yield _Row((("no verse", "dim"),), "  ")
    for request in bulletin.requests:
        yield _GAP
        yield from _request(request)
    if bulletin.notes:
        yield _GAP
        yield _Row((("Set aside", "bold dim"),))
        for note in bulletin.notes:
            yield _Row(((note, "dim"),), "  - ", "dim")
    if bulletin.warnings:
        yield _GAP
        yield _Row((("Please look at", "bold yellow"),))
        for warning in bulletin.warnings:
            yield _Row(((warning_sentence(warning), ""),), "  ! ", "yellow")


def _request(request: Request) -> Iterator[_Row]:
    heading = [(request.region.value, "bold cyan")]
    if request.heading is None:
        heading.append(("  without a heading", "dim"))
    elif request.heading != request.region.value:
        heading.append((f"  “{request.heading}”", "dim"))
    if request.countries:
        heading.append((f"  {' '.join(request.countries)}", "magenta"))
    if request.dates:
        heading.append((f"  {', '.join(_days(named) for named in request.dates)}", "green"))
    yield _Row(tuple(heading))
    for point in request.points:
        sign, style = SIGNS[point.kind]
        own_day = f"{point.day_written}: " if point.day_written else ""
        yield _Row(((f"{own_day}{point.text}", ""),), f"  {sign} {point.kind.value:<7} ", style)


def _days(named: NamedDays) -> str:
    last = f" to {named.last.isoformat()}" if named.last != named.first else ""
    return f"“{named.text}”: {named.first.isoformat()}{last}"


def _hanging(row: _Row) -> Table:
    grid = Table.grid(padding=0)
    grid.add_column(width=len(row.lead), no_wrap=True)
    grid.add_column(ratio=1)
    grid.add_row(Text(row.lead, style=row.lead_style), Text.assemble(*row.pieces))
    return grid
