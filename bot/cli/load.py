"""`vigil bulletin load`: store, plan and publish."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.opening import correcting, planning, running_note, with_store
from bot.cli.sentences import late_sentence, warning_sentence
from bot.loader.files import read_file
from bot.loader.profile import load_profile
from bot.loader.reading import Reading
from bot.services.correcting import Change, Difference
from bot.services.planning import Loaded, LoadError
from bot.settings import Settings
from bot.store.database import Store

app = typer.Typer(add_completion=False)


@app.command()
def load(
    file: Annotated[
        Path, typer.Argument(help="A bulletin, or an archive of them: text, mail, HTML, Word, PDF or YAML.")
    ],
    *,
    on: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The date of an undated bulletin."),
    ] = None,
    draft: Annotated[bool, typer.Option("--draft", help="Store it without publishing it.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Take over days that no group has posted yet.")] = False,
    with_retracted: Annotated[
        bool, typer.Option("--with-retracted", help="Load also the regions that were taken back in these days.")
    ] = False,
    correct: Annotated[
        bool,
        typer.Option(
            "--correct", help="It is the published bulletin of that date, with other words: see what changes."
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --correct: make the changes.")] = False,
) -> None:
    """Store a bulletin, give its requests their days and publish it. Exit status 1: nothing was changed."""
    day = on.date() if on else None
    if correct:
        _correct(file, day, yes=yes)
        return

    async def do(settings: Settings, store: Store) -> tuple[Reading, list[Loaded], str | None]:
        reading = read_file(file, load_profile(settings.profile_path()), asked_for=day)
        if not reading.bulletins:
            raise LoadError(f"{file}: no request was found in it. See how it is read: vigil bulletin check {file}")
        try:
            loaded = await planning(settings, store).load(
                reading.bulletins, day, draft=draft, replace=replace, with_retracted=with_retracted
            )
        except LoadError as error:
            raise LoadError(f"{file}: {error}.") from None
        return reading, loaded, await running_note(store)

    reading, loaded, note = with_store(do)
    console = Console()
    for each in loaded:
        _show(console, each, draft=draft)
        _show_doubts(console, each, draft=draft)
    _doubts(reading)
    if note and not draft:
        console.print(note)


def _correct(file: Path, day: date | None, *, yes: bool) -> None:
    """Show what a corrected bulletin changes; with `yes` change it."""

    async def do(settings: Settings, store: Store) -> tuple[list[Difference], str | None]:
        reading = read_file(file, load_profile(settings.profile_path()), asked_for=day)
        if len(reading.bulletins) != 1:
            raise LoadError(f"{file}: one bulletin can be corrected at a time, and {len(reading.bulletins)} are in it")
        service = correcting(store)
        try:
            differences = await (service.correct if yes else service.look)(reading.bulletins[0], day)
        except LoadError as error:
            raise LoadError(f"{file}: {error}.") from None
        return differences, await running_note(store)

    differences, note = with_store(do)
    table = Table("Region", "What changes", "Days", "Posted already")
    for each in differences:
        days = [", ".join(f"{day:%a %d %b}" for day in some) for some in (each.days, each.posted)]
        table.add_row(each.region, each.change, *days)
    Console().print(table)
    if not any(each.change in (Change.CHANGED, Change.ADDED) for each in differences):
        Console().print("Nothing changes.")
    elif not yes:
        Console().print("Nothing was changed yet. What is posted is corrected too. To do it, add --yes")
    else:
        Console().print(note or "Done. What is posted is corrected within seconds.")


def _show(console: Console, loaded: Loaded, *, draft: bool) -> None:
    """What became of one bulletin: its week, and the day of each region."""
    bulletin = loaded.bulletin
    state = "draft, not published" if draft else "published" if loaded.plan.days else "kept; its week is past"
    console.print(f"{_day(bulletin.first_day)} to {_day(bulletin.last_day)}: [bold]{state}[/]")
    if loaded.plan.days:
        table = Table("Day", "Region", "Why")
        for day in loaded.plan.days:
            table.add_row(_day(day.date), bulletin.requests[day.request].request.region, day.reason)
        console.print(table)


def _show_doubts(console: Console, loaded: Loaded, *, draft: bool) -> None:
    """What isn't posted, or not as it was asked for."""
    if loaded.left_out:
        again = "--with-retracted" if draft else "--replace --with-retracted"
        console.print(
            f"[bold red]Left out: {', '.join(loaded.left_out)}.[/] It was taken back in these days, "
            f"and is not posted again by itself. To load it all the same, before any of its days is posted, add {again}"
        )
    for late in loaded.plan.late:
        region = loaded.bulletin.requests[late.request].request.region
        console.print(f"[yellow]{late_sentence(region, late.days)}[/]")
    for left in loaded.plan.left_over:
        region = loaded.bulletin.requests[left.request].request.region
        console.print(f"[yellow]{region} found no day ({left.reason}); members reach it with /region.[/]")
    if loaded.borrowed_verse:
        console.print(f"It has no verse of its own; this one is taken: {loaded.bulletin.verse.reference}.")


def _doubts(reading: Reading) -> None:
    """What an editor should look at goes to standard error."""
    for warning in (each for bulletin in reading.bulletins for each in bulletin.warnings):
        sys.stderr.write(f"Please look: {warning_sentence(warning)}\n")
    if reading.unplaced:
        lines = ", ".join(str(each.line) for each in reading.unplaced)
        sys.stderr.write(f"Please look: lines {lines} belong to nothing and are not posted.\n")


def _day(day: date) -> str:
    return f"{day:%a %d %b %Y}"
