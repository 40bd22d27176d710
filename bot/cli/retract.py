"""`vigil retract`: take a request back, from a shell."""

import sys
from functools import partial
from html import unescape
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.app import App, system_now
from bot.cli.opening import NotConnectedError, Now, intend, with_store
from bot.services.receipts import receipt
from bot.services.retracting import Choice, Retracting, Why
from bot.services.words import Words
from bot.settings import TEXTS, Settings, SettingsError
from bot.store.database import Store
from bot.store.lock import AlreadyRunningError
from bot.telegram.polling import TokenRefusedError

DAYS = 28

app = typer.Typer(add_completion=False)


class RetractError(Exception):
    """It can't be taken back. Its sentence says why."""


@app.command()
def retract(
    number: Annotated[int | None, typer.Argument(metavar="NUMBER", help="As `vigil retract` alone shows it.")] = None,
    *,
    why: Annotated[Why, typer.Option("--why", help="Groups are never told.")] = Why.MISTAKE,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask whether you are sure.")] = False,
    now: Now = False,
) -> None:
    """Take a request back: its text is deleted at once, and all messages that show it are changed by the running bot.

    Without a number: the requests of these weeks. For one that was taken back: how far that is.
    """
    if number is None:
        _list()
        return
    choice = _choice(number)
    if not choice.is_gone:
        said = f"“{choice.region}” of {choice.day:%a %d %b %Y} stands in {choice.copies} messages."
        if choice.along:
            days = ", ".join(f"{day:%a %d %b %Y}" for day in choice.along)
            said += f" It was loaded more than once; what stands for {days} goes with it."
        if not yes and not typer.confirm(f"{said} Delete its text and take it back?"):
            raise typer.Exit(1)
    sys.stdout.write("\n".join(_take_back(number, why, now=now)) + "\n")


def _take_back(number: int, why: Why, *, now: bool) -> list[str]:
    async def write(settings: Settings, store: Store) -> None:
        operator = next((chat_id for chat_id in settings.operators), None)
        await Retracting(store, system_now).retract(number, why, operator)

    async def carry_out(app: App) -> None:
        await app.rewriting.wake()

    try:
        _, note = intend(write, carry_out, now=now)
    except (AlreadyRunningError, NotConnectedError, TokenRefusedError, SettingsError) as error:
        # Whoever changes the messages, the text is deleted at once.
        with_store(write)
        if not isinstance(error, AlreadyRunningError):
            why_not = str(error) or "Telegram refuses the token. Set TELEGRAM_TOKEN to the right one"
            raise RetractError(f"The text is deleted, but no message was changed: {why_not}.") from None
        note = "A bot is running on this database: it changes the messages within seconds."
    return [with_store(partial(_receipt, number)), *([note] if note else [])]


async def _receipt(number: int, _settings: Settings, store: Store) -> str:
    async with store.reading() as stored:
        retraction = await stored.retractions.of_request(number)
        if retraction is None:
            why = "put away after its time, or left out when its bulletin was loaded"
            raise RetractError(f"Request {number} was {why}.")
        return unescape((await receipt(stored, retraction, Words.load(TEXTS / "en.yaml"))).html)


def _choice(number: int) -> Choice:
    async def do(_settings: Settings, store: Store) -> Choice | None:
        return await Retracting(store, system_now).choice(number)

    choice = with_store(do)
    if choice is None:
        raise RetractError(f"There is no request {number}. See them all: vigil retract")
    return choice


def _list() -> None:
    async def do(_settings: Settings, store: Store) -> list[Choice]:
        return await Retracting(store, system_now).choices(DAYS)

    choices = with_store(do)
    if not choices:
        Console().print("There is no request of these weeks.")
        return
    table = Table("Number", "Region", "Day", "Messages", "")
    for each in choices:
        state = "taken back" if each.is_gone else ""
        table.add_row(str(each.request_id), each.region, f"{each.day:%a %d %b %Y}", str(each.copies), state)
    Console().print(table)
