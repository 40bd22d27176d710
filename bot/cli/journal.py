"""`vigil journal`: who did what that not everybody may do."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from bot.cli.opening import with_store
from bot.settings import Settings
from bot.store.database import Store
from bot.store.journal import Entry

_WIDEST = 1000  # a pipe has no width: there each act has one line

app = typer.Typer(add_completion=False)


@app.command()
def journal(
    *,
    last: Annotated[int, typer.Option(min=1, max=100_000, help="How many acts.")] = 50,
) -> None:
    """Print the last privileged acts, the newest last: when, who, what, and on which group or request.

    Who: a code that stands for one person, as /people shows it, or the shell.
    """

    async def do(_settings: Settings, store: Store) -> list[tuple[Entry, str]]:
        async with store.reading() as stored:
            entries = await stored.journal.last(last)
            titles = {group.id: f"“{group.title}”" for group in await stored.groups.all()}
            about = []
            for each in entries:
                named = titles.get(each.group_id, "") if each.group_id else ""
                if each.request_id:
                    named = (
                        f"{(await stored.bulletins.request(each.request_id)).request.region}, request {each.request_id}"
                    )
                about.append(named)
        return list(zip(entries, about, strict=True))

    rows = with_store(do)
    console = Console()
    if not rows:
        console.print("Nothing has been done yet.")
        return
    table = Table(*(Column(name, no_wrap=True) for name in ("When (UTC)", "Who", "What")), "Group or request")
    for each, about in rows:
        table.add_row(f"{each.at:%Y-%m-%d %H:%M}", each.person or "shell", each.act, Text(about))
    (console if console.is_terminal else Console(width=_WIDEST)).print(table)
