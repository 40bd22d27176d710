"""`vigil bulletin`: what is done with bulletin files."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.later import add_later
from bot.loader.days import with_days_named
from bot.loader.files import BulletinError, NoRequestError, read_file
from bot.loader.jsonform import as_json
from bot.loader.profile import load_profile
from bot.loader.reading import Reading

ROOT = Path(__file__).resolve().parents[2]  # not of bot.settings, which loads the database
PROFILE = ROOT / "config" / "bulletins" / "ijm.yaml"

app = typer.Typer(
    help="Bulletins: see how a file is understood, load it, export it.", no_args_is_help=True, add_completion=False
)
add_later(app, "load", "bot.cli.load", "Store a bulletin, give its requests their days and publish it.")
add_later(
    app,
    "export",
    "bot.cli.export",
    "Print a stored bulletin; of several of one date the published one, else the newest.",
)


@app.command()
def check(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Bulletins: text, mail, HTML, Word, PDF or YAML.")
    ],
    *,
    as_data: Annotated[bool, typer.Option("--json", help="Print the JSON form, version 1.")] = False,
    explained: Annotated[bool, typer.Option("--explain", help="Print each line's place, and the rule for it.")] = False,
    profile: Annotated[
        Path, typer.Option(help="How the source writes its bulletins.", show_default=str(PROFILE.relative_to(ROOT)))
    ] = PROFILE,
    on: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The date of undated bulletins."),
    ] = None,
) -> None:
    """Show how files are understood. Exit status 0: all read, 1: something can't be read, 2: wrong usage."""
    rules = load_profile(profile)
    readings: list[tuple[str, Reading]] = []
    faults: list[BulletinError] = []
    for path in files:
        try:
            readings.append((str(path), _dated(read_file(path, rules), on.date() if on else None)))
        except BulletinError as error:
            faults.append(error)
            if explained and isinstance(error, NoRequestError):
                readings.append((str(path), error.reading))
    if as_data:
        sys.stdout.write(json.dumps(as_json(readings, explained=explained), ensure_ascii=False, indent=1) + "\n")
    elif readings:
        _show(readings, explained=explained)
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    if faults:
        raise typer.Exit(1)


def _show(readings: Sequence[tuple[str, Reading]], *, explained: bool) -> None:
    # Whoever is only told what is wrong doesn't wait for what draws tables.
    from rich.console import Console

    from bot.cli.explaining import explain
    from bot.cli.report import report

    console = Console()
    for name, reading in readings:
        show = explain if explained else report
        show(console, name, reading)


def _dated(reading: Reading, on: date | None) -> Reading:
    """What undated bulletins call "tomorrow" or "July 30" is known once their date is."""
    if on is None:
        return reading
    bulletins = tuple(each if each.published_on else with_days_named(each, on) for each in reading.bulletins)
    return replace(reading, bulletins=bulletins)
