"""`vigil groups`: what operators do, from a shell."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from bot.app import App, system_now
from bot.cli.opening import Now, intend, with_store
from bot.domain.act import Act
from bot.domain.group import Group, GroupState
from bot.domain.weekdays import format_weekdays
from bot.settings import Settings
from bot.store.database import Store

app = typer.Typer(help="Groups: list, approve, decline.", no_args_is_help=True, add_completion=False)

GroupNumber = Annotated[int, typer.Argument(metavar="NUMBER", help="As `vigil groups list` shows it.")]


_WIDEST = 1000  # a pipe has no width: there each group has one line


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
    terminal = Console()
    if terminal.is_terminal:
        terminal.print(_table(groups, "\n"))
    else:
        Console(width=_WIDEST).print(_table(groups, " "))


def _table(groups: Sequence[Group], between: str) -> Table:
    """The groups; `between` stands between a group's hour and days and its zone. Only titles break within a word."""
    table = Table(
        Column("Number", no_wrap=True),
        Column("Group", overflow="fold"),
        Column("State", no_wrap=True),
        Column("Posts at", no_wrap=True),
        "Next post",
    )
    for group in groups:
        upcoming = group.next_due_at.astimezone(group.zone).strftime("%a %d %b %H:%M") if group.next_due_at else ""
        when = f"{group.at:%H:%M} {format_weekdays(group.weekdays)}{between}{group.zone.key}"
        table.add_row(str(group.id), Text(group.title), group.state, when, upcoming)
    return table


@app.command()
def approve(number: GroupNumber, *, now: Now = False) -> None:
    """Let a waiting group receive requests; its own admin then sends /subscribe."""
    _decide(number, GroupState.APPROVED, Act.APPROVE, now=now)


@app.command()
def decline(number: GroupNumber, *, now: Now = False) -> None:
    """Turn a waiting group away; the bot says so there and leaves."""
    _decide(number, GroupState.DECLINED, Act.DECLINE, now=now)


def _decide(number: int, state: GroupState, act: Act, *, now: bool) -> None:
    async def write(_settings: Settings, store: Store) -> Group:
        async with store.writing() as stored:
            try:
                group = await stored.groups.get(number)
            except LookupError:
                raise GroupNumberError(f"There is no group {number}. See them all: vigil groups list") from None
            moved = await stored.groups.move(number, state, (GroupState.PENDING,))
            if moved:
                await stored.journal.add(act, system_now(), group_id=number)
            decided_before = group.state is state and group.told is not state
            if not moved and not decided_before:
                raise GroupNumberError(f"“{group.title}” doesn't wait for a decision: it is {group.state}.")
        return group

    async def carry_out(app: App) -> str | None:
        await app.groups.announce()
        async with app.store.reading() as stored:
            told = (await stored.groups.get(number)).told is state
        return None if told else "Telegram didn't let the group be told now; the bot tries again when it runs."

    group, note = intend(write, carry_out, now=now)
    told = "It is told." if now else "It is told within seconds."
    sys.stdout.write(f"Stored. {note}\n" if note else f"“{group.title}” is {state}. {told}\n")
