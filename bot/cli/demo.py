"""`vigil demo`: a week of the real bot among invented people."""

import asyncio
import io
import logging
import os
import signal
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.bulletin import PROFILE
from bot.demo.rounds import rounds
from bot.demo.screen import Screen
from bot.demo.script import DEMO_DATE
from bot.demo.tempo import FAST, READING, Tempo
from bot.domain.bulletin import Bulletin
from bot.loader.files import read_file
from bot.loader.profile import load_profile
from bot.logs import SafeFormatter
from bot.services.verses import Verses
from bot.settings import ROOT, VERSES

SAMPLE = ROOT / "data" / "bulletins" / "week.txt"
# The zones of the world keep to whole minutes, and their rules are known, within these years.
YEARS = range(1972, 2101)

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    *,
    bulletin: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A bulletin, or an archive of them, instead of the sample.")
    ] = None,
    on: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The date of an undated bulletin."),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="End after the week and its table.")] = False,
    fast: Annotated[bool, typer.Option("--fast", help="As fast as it goes, instead of at reading speed.")] = False,
) -> None:
    """Show a week of Vigil in a minute, with an invented Telegram. Needs no token, settings or network.

    Exit status 0: every group was shown each request once, at its hour; 1: not so, or the bulletin can't be read.
    """
    reading = read_file(bulletin or SAMPLE, load_profile(PROFILE))
    day = on.date() if on else DEMO_DATE
    for each in reading.bulletins:
        if (each.published_on or day).year not in YEARS:
            raise typer.BadParameter(f"the demo knows the years {YEARS[0]} to {YEARS[-1]}", param_hint="--date")
    _prepare()
    screen = Screen(Console(highlight=False))
    screen.note("A week of Vigil. The bot is the real one; Telegram, its groups and their people", "bold")
    screen.note("are invented, and live in this process alone. Ctrl-C ends it.", "bold")
    if reading.unplaced:
        screen.note(
            f"{len(reading.unplaced)} lines found no place: vigil bulletin check {bulletin or SAMPLE}", "yellow"
        )
    if on and all(each.published_on for each in reading.bulletins):
        screen.note("The bulletin has a date of its own, so that --date changes nothing.", "yellow")
    raise typer.Exit(asyncio.run(_until_stopped(reading.bulletins, day, screen, FAST if fast else READING, once=once)))


async def _until_stopped(bulletins: Sequence[Bulletin], on: date, screen: Screen, tempo: Tempo, *, once: bool) -> int:
    """Play until Ctrl-C or SIGTERM, or until it is over; the exit status."""
    playing = asyncio.create_task(rounds(bulletins, on, Verses.load(VERSES), screen, tempo, once=once))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, playing.cancel)
    try:
        return 0 if await playing else 1
    except asyncio.CancelledError:
        screen.note("\nStopped. Its database and key were temporary: nothing is left behind.", "bold")
        if once:
            screen.note("The week was not over, so nothing was judged.")
        return 1 if once else 0


def _prepare() -> None:
    """What the process must be like, wherever it was started."""
    # A proxy of the environment would be asked for the loopback too.
    os.environ["no_proxy"] = "*"
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    handler = logging.StreamHandler()
    handler.setFormatter(SafeFormatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    # Its warnings say that a wake-up came while the one before it was at work: here every few milliseconds.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
