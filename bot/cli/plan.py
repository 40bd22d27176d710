"""`vigil plan`: the coming days."""

from datetime import date
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.opening import planning, with_store
from bot.settings import Settings
from bot.store.bulletins import PlanEntry, StoredBulletin
from bot.store.database import Store


def plan(*, days: Annotated[int, typer.Option(min=1, max=366, help="How many days, from today on.")] = 14) -> None:
    """Print the coming days: which region each has."""

    async def do(settings: Settings, store: Store) -> list[tuple[date, StoredBulletin, PlanEntry | None]]:
        return await planning(settings, store).coming(days)

    coming = with_store(do)
    if not coming:
        Console().print("Nothing is planned. Load a bulletin: vigil bulletin load FILE --date YYYY-MM-DD")
        return
    table = Table()
    table.add_column("Day")
    table.add_column("Region")
    table.add_column("Points", justify="right")
    for day, bulletin, entry in coming:
        request = next((each.request for each in bulletin.requests if entry and each.id == entry.request_id), None)
        if request is None or entry is None:
            table.add_row(f"{day:%a %d %b %Y}", "[dim]no request[/]", "")
        else:
            table.add_row(f"{day:%a %d %b %Y}", request.region, f"{len(entry.points)} of {len(request.points)}")
    Console().print(table)
