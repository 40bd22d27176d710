"""`vigil groups`: what operators do, from a shell."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.opening import running_note, with_store
from bot.domain.group import Group, GroupState
from bot.domain.weekdays import format_weekdays
from bot.settings import Settings
from bot.store.database import Store

app = typer.Typer(help="Groups: list, approve, decline.", no_args_is_help=True, add_completion=False)

GroupNumber = Annotated[int, typer.Argument(metavar="NUMBER", help="As `vigil groups list` shows it.")]


class GroupNumberError(Exception):
    """There is no such group, or it doesn't wait for a decision."""


@app.command("list")
def list_groups() -> None:
    """List every group with its state and its next post."""

    async def do(_settings: Settings, store: Store) -> list[Group]:
        async with store.reading() as stored:
            return list(await stored.groups.all())

    groups = with_store(do)
    if not groups:
        Console().print("No group has added the bot yet.")
        return
    table = Table()
    for heading in ("Number", "Group", "State", "Hour", "Zone", "Days", "Next post"):
        table.add_column(heading)
    for group in groups:
        upcoming = group.next_due_at.astimezone(group.zone).strftime("%a %d %b %H:%M") if group.next_due_at else ""
        days = format_weekdays(group.weekdays)
        table.add_row(str(group.id), group.title, group.state, f"{group.at:%H:%M}", group.zone.key, days, upcoming)
    Console().print(table)


@app.command()
def approve(number: GroupNumber) -> None:
    """Let a waiting group receive requests; its own admin then sends /subscribe."""
    _decide(number, GroupState.APPROVED)


@app.command()
def decline(number: GroupNumber) -> None:
    """Turn a waiting group away; the bot says so there and leaves."""
    _decide(number, GroupState.DECLINED)


def _decide(number: int, state: GroupState) -> None:
    async def do(_settings: Settings, store: Store) -> tuple[Group, str | None]:
        async with store.writing() as stored:
            try:
                group = await stored.groups.get(number)
            except LookupError:
                raise GroupNumberError(f"There is no group {number}. See them all: vigil groups list") from None
            if not await stored.groups.move(number, state, (GroupState.PENDING,)):
                raise GroupNumberError(f"“{group.title}” doesn't wait for a decision: it is {group.state}.")
        return group, await running_note(store)

    group, note = with_store(do)
    Console().print(f"“{group.title}” is {state}. It is told within seconds." if not note else f"Stored. {note}")
