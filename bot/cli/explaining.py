"""How the places of a text's lines look: a table in a terminal, columns with tabs between for programs."""

from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.loader.reading import Placement, Reading
from bot.loader.sections import Place

_STYLES = {Place.HEADING: "bold cyan", Place.REQUEST: "green", Place.NOTE: "dim", Place.UNPLACED: "bold red"}


def explain(console: Console, name: str, reading: Reading) -> None:
    """Print every line of a file that isn't blank with its place, its region and the rule that put it there.

    What isn't a terminal gets one row a line, whole, for `grep` and `cut`.
    """
    if console.is_terminal:
        console.print(_table(name, reading))
    else:
        console.file.writelines(f"{row}\n" for row in _rows(name, reading))


def _table(name: str, reading: Reading) -> Table:
    table = Table(title=name, title_justify="left", caption=_count(reading), caption_justify="left")
    table.add_column("Line", justify="right", no_wrap=True)
    table.add_column("Place and rule", max_width=26, min_width=12, overflow="fold")
    table.add_column("Text", min_width=20, overflow="fold")
    for at in reading.placements:
        place = Text.assemble((_place(at), _STYLES.get(at.place, "")), f"\n{at.rule}")
        table.add_row(str(at.line), place, Text(at.text))
    return table


def _rows(name: str, reading: Reading) -> Iterator[str]:
    yield f"# {name}: {_count(reading)}"
    for at in reading.placements:
        yield "\t".join((str(at.line), _place(at), at.rule, at.text))


def _place(at: Placement) -> str:
    return f"{at.place}, {at.region}" if at.region else str(at.place)


def _count(reading: Reading) -> str:
    """Say how many lines are in each place: together they are the text's."""
    places = Counter(at.place for at in reading.placements)
    shares = ", ".join(f"{places[place]} {place}" for place in Place if places[place])
    return f"{len(reading.placements)} lines that aren't blank: {shares}"
