"""`vigil bulletin load`: store, plan and publish."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.opening import planning, running_note, with_store
from bot.cli.sentences import late_sentence, warning_sentence
from bot.loader.files import read_file
from bot.loader.profile import load_profile
from bot.loader.reading import Reading
from bot.services.planning import Loaded, LoadError
from bot.settings import Settings
from bot.store.database import Store


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
) -> None:
    """Store a bulletin, give its requests their days and publish it. Exit status 1: nothing was changed."""
    day = on.date() if on else None

    async def do(settings: Settings, store: Store) -> tuple[Reading, list[Loaded], str | None]:
        reading = read_file(file, load_profile(settings.profile_path()), asked_for=day)
        if not reading.bulletins:
            raise LoadError(f"{file}: no request was found in it. See how it is read: vigil bulletin check {file}")
        try:
            loaded = await planning(settings, store).load(reading.bulletins, day, draft=draft, replace=replace)
        except LoadError as error:
            raise LoadError(f"{file}: {error}.") from None
        return reading, loaded, await running_note(store)

    reading, loaded, note = with_store(do)
    console = Console()
    for each in loaded:
        _show(console, each, draft=draft)
        for late in each.plan.late:
            region = each.bulletin.requests[late.request].request.region
            console.print(f"[yellow]{late_sentence(region, late.days)}[/]")
        for left in each.plan.left_over:
            region = each.bulletin.requests[left.request].request.region
            console.print(f"[yellow]{region} found no day ({left.reason}); members reach it with /region.[/]")
        if each.borrowed_verse:
            console.print(f"It has no verse of its own; this one is taken: {each.bulletin.verse.reference}.")
    _doubts(reading)
    if note and not draft:
        console.print(note)


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


def _doubts(reading: Reading) -> None:
    """What an editor should look at goes to standard error."""
    for warning in (each for bulletin in reading.bulletins for each in bulletin.warnings):
        sys.stderr.write(f"Please look: {warning_sentence(warning)}\n")
    if reading.unplaced:
        lines = ", ".join(str(each.line) for each in reading.unplaced)
        sys.stderr.write(f"Please look: lines {lines} belong to nothing and are not posted.\n")


def _day(day: date) -> str:
    return f"{day:%a %d %b %Y}"
