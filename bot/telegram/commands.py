"""Every command, in one table: the handlers, Telegram's menus, /help and docs/commands.md come from it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.services.messenger import Outgoing
from bot.services.words import Words
from bot.telegram import admins, direct, members, operators
from bot.telegram.asked import Asked
from bot.telegram.vigil import Vigil

Handler = Callable[[Vigil, Asked], Awaitable[Outgoing | None]]


class Who(StrEnum):
    """Who may send a command."""

    ANYONE = "anyone"
    MEMBER = "members of an approved group"
    ADMIN = "admins of the group"
    OPERATOR = "operators"


class Where(StrEnum):
    """Where a command is understood."""

    GROUP = "in the group"
    DIRECT = "in a direct chat"
    BOTH = "in the group and in a direct chat"


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the table. Its help is the text `help.commands.<name>`."""

    name: str
    who: Who
    where: Where
    handle: Handler


async def show_help(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """The table, as far as it concerns this place."""
    here = Where.DIRECT if asked.direct else Where.GROUP
    lines = [
        asked.words.html("help.line", name=command.name, help=asked.words.plain(f"help.commands.{command.name}"))
        for command in COMMANDS
        if command.where in (here, Where.BOTH) and (command.who is not Who.OPERATOR or asked.user_id in vigil.operators)
    ]
    return Outgoing(asked.words.html("help.title", lines="{lines}").replace("{lines}", "\n".join(lines)))


COMMANDS = (
    Command("start", Who.ANYONE, Where.DIRECT, members.start),
    Command("help", Who.ANYONE, Where.BOTH, show_help),
    Command("today", Who.MEMBER, Where.BOTH, members.today),
    Command("region", Who.MEMBER, Where.BOTH, members.region),
    Command("week", Who.MEMBER, Where.BOTH, members.week),
    Command("verse", Who.MEMBER, Where.BOTH, members.verse),
    Command("prayed", Who.MEMBER, Where.BOTH, members.prayed),
    Command("mine", Who.MEMBER, Where.DIRECT, direct.mine),
    Command("remind", Who.MEMBER, Where.DIRECT, direct.remind),
    Command("forgetme", Who.ANYONE, Where.DIRECT, direct.forgetme),
    Command("privacy", Who.ANYONE, Where.BOTH, members.privacy),
    Command("stop", Who.ANYONE, Where.DIRECT, members.stop),
    Command("subscribe", Who.ADMIN, Where.GROUP, admins.subscribe),
    Command("time", Who.ADMIN, Where.GROUP, admins.set_time),
    Command("timezone", Who.ADMIN, Where.GROUP, admins.set_timezone),
    Command("days", Who.ADMIN, Where.GROUP, admins.set_days),
    Command("pause", Who.ADMIN, Where.GROUP, admins.pause),
    Command("resume", Who.ADMIN, Where.GROUP, admins.resume),
    Command("unsubscribe", Who.ADMIN, Where.GROUP, admins.unsubscribe),
    Command("language", Who.ADMIN, Where.GROUP, admins.set_language),
    Command("settings", Who.ADMIN, Where.GROUP, admins.settings),
    Command("retract", Who.OPERATOR, Where.DIRECT, operators.retract),
)


def commands_page(words: Words) -> str:
    """docs/commands.md."""
    helps = {each.name: words.plain(f"help.commands.{each.name}") for each in COMMANDS}
    rows = [f"| `/{each.name}` | {each.who} | {each.where} | {helps[each.name]} |" for each in COMMANDS]
    return "\n".join(
        [
            "# Commands",
            "",
            "Written by `vigil commands > docs/commands.md`, from the table in `bot/telegram/commands.py`.",
            "",
            "| Command | Who may | Where | What it does |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )
