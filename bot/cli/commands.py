"""`vigil commands`: the page docs/commands.md."""

import sys

import typer

from bot.services.words import Words
from bot.settings import TEXTS
from bot.telegram.commands import commands_page

app = typer.Typer(add_completion=False)


@app.command()
def commands() -> None:
    """Print every command of the bot as the page docs/commands.md."""
    sys.stdout.write(commands_page(Words.load(TEXTS / "en.yaml")))
