"""`vigil plan`: the weeks that are planned, and changes to them by hand."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.opening import planning, replanning, running_note, with_store
from bot.cli.sentences import late_sentence
from bot.services.planning import PlannedWeek
from bot.services.replanning import Change, Replanning
from bot.settings import Settings
from bot.store.database import Store

app = typer.Typer(
    help="The plan: see the coming weeks, change their days.", invoke_without_command=True, add_completion=False
)

RegionName = Annotated[str, typer.Argument(metavar="REGION", help="A region, by its name or the beginning of it.")]
Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")]


@app.callback()
def plan(
    context: typer.Context,
    *,
    days: Annotated[int, typer.Option(min=1, max=366, help="How many days, from today on.")] = 14,
) -> None:
    """Print the weeks of the coming days: which region each day has, and why."""
    if context.invoked_subcommand is not None:
        return

    async def do(settings: Settings, store: Store) -> list[PlannedWeek]:
        return await planning(settings, store).weeks(days)

    weeks = [week for week in with_store(do) if week.without_a_day or any(day.entry for day in week.days)]
    if not weeks:
        Console().print("Nothing is planned. Load a bulletin: vigil bulletin load FILE --date YYYY-MM-DD")
    for week in weeks:
        _show(Console(), week)


@app.command()
def move(region: RegionName, day: Day) -> None:
    """Give a region another day of its week, one that is free."""
    _change(lambda replan: replan.move(region, day.date()))


@app.command()
def swap(region: RegionName, other: RegionName) -> None:
    """Exchange the days of two regions."""
    _change(lambda replan: replan.swap(region, other))


@app.command()
def skip(day: Day) -> None:
    """Leave a day without a request."""
    _change(lambda replan: replan.skip(day.date()))


@app.command()
def hold(region: RegionName) -> None:
    """Take a region out of the coming days; members still reach it with /region."""
    _change(lambda replan: replan.hold(region))


def _change(make: Callable[[Replanning], Awaitable[Sequence[Change]]]) -> None:
    async def do(settings: Settings, store: Store) -> tuple[Sequence[Change], str | None]:
        return await make(replanning(settings, store)), await running_note(store)

    changes, note = with_store(do)
    for change in changes:
        before = f"{change.before:%a %d %b %Y}" if change.before else "no day"
        after = f"{change.after:%a %d %b %Y}" if change.after else "no day"
        sys.stdout.write(f"{change.region}: {before} → {after}\n")
    if note:
        sys.stdout.write(f"{note}\n")


def _show(console: Console, week: PlannedWeek) -> None:
    """One week as a calendar, a line a day, and what an editor should know of it."""
    first, last = week.bulletin.first_day, week.bulletin.last_day
    table = Table("Day", "Region", "Points", "Why", title=f"{first:%d %b} to {last:%d %b %Y}", title_justify="left")
    for day in week.days:
        request = week.request_of(day.entry) if day.entry else None
        if day.entry is None or request is None:
            table.add_row(f"{day.date:%a %d %b %Y}", "[dim]no request[/]", "", "")
            continue
        if request.is_gone:
            table.add_row(f"{day.date:%a %d %b %Y}", request.request.region, "", "[dim]taken back[/]")
            continue
        points = f"{len(day.entry.points)} of {len(request.request.points)}"
        why = "; ".join(filter(None, ("posted" if day.posted else "", day.entry.reason)))
        table.add_row(f"{day.date:%a %d %b %Y}", request.request.region, points, why)
    console.print(table)
    for region, days in week.late:
        console.print(f"[yellow]{late_sentence(region, days)}[/]")
    for region in week.without_a_day:
        console.print(f"[yellow]{region} has no day; members reach it with /region.[/]")
