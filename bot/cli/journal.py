"""`vigil journal`: who did what that not everybody may do."""

from collections.abc import Mapping
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from bot.cli.opening import with_store
from bot.settings import Settings
from bot.store.database import Store, Transaction
from bot.store.journal import Entry

_WIDEST = 1000  # a pipe has no width: there each act has one line

app = typer.Typer(add_completion=False)


@app.command()
def journal(
    *,
    last: Annotated[int, typer.Option(min=1, max=100_000, help="How many acts.")] = 50,
) -> None:
    """Print the last privileged acts: who approved, removed, published, took back and so on.

    The newest is the last. Who: a code that stands for one person, as /people shows it, or the shell.
    """

    async def do(_settings: Settings, store: Store) -> list[tuple[Entry, str]]:
        async with store.reading() as stored:
            entries = await stored.journal.last(last)
            titles = {group.id: f"“{group.title}”" for group in await stored.groups.all()}
            return [(each, await _about(stored, each, titles)) for each in entries]

    rows = with_store(do)
    console = Console()
    if not rows:
        console.print("Nothing has been done yet.")
        return
    table = Table(*(Column(name, no_wrap=True) for name in ("When (UTC)", "Who", "What")), "Group, request or person")
    for each, about in rows:
        table.add_row(f"{each.at:%Y-%m-%d %H:%M}", each.person or "shell", each.act, Text(about))
    (console if console.is_terminal else Console(width=_WIDEST)).print(table)


async def _about(stored: Transaction, entry: Entry, titles: Mapping[int, str]) -> str:
    """The group, request or person that an act concerned."""
    if entry.request_id is not None:
        request = await stored.bulletins.request(entry.request_id)
        return f"{request.request.region}, request {entry.request_id}"
    return titles.get(entry.group_id, "") if entry.group_id is not None else entry.other or ""
