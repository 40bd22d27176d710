"""Every command, in one table: the handlers, Telegram's menus, /help and docs/commands.md come from it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.domain.group import GroupState
from bot.services.messenger import Outgoing
from bot.services.words import Words
from bot.telegram import admins, asking, direct, editors, joining, members, overseeing, people
from bot.telegram.access import Refusal, Where, Who, admit, at_desk, is_admin, is_editor, is_operator, understood
from bot.telegram.asked import Asked
from bot.telegram.vigil import Vigil

Handler = Callable[[Vigil, Asked], Awaitable[Outgoing | None]]


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the table. Its help is the text `help.commands.<name>`. `takes_words`: more may stand behind it.

    `though_held`: it works in a group too that an operator has suspended. `stays`: its answer is something to keep, and
    isn't removed with what was said about the set-up shortly before.
    """

    name: str
    who: Who
    where: Where
    handle: Handler
    takes_words: bool = False
    though_held: bool = False
    stays: bool = False


async def show_help(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """The table, as far as it concerns this place and person. On one screen: a group's admins see their part of it."""
    hidden = {Who.OPERATOR} if not is_operator(vigil, asked) else set()
    hidden |= {Who.EDITOR} if not await is_editor(vigil, asked) else set()
    hidden |= {Who.MEMBER} if at_desk(vigil, asked) else set()
    here = [each for each in COMMANDS if understood(vigil, each.where, asked) and each.who not in hidden]
    theirs = [each for each in here if each.who is Who.ADMIN]
    others = [each for each in here if each.who is not Who.ADMIN]
    by_admin = bool(theirs) and await is_admin(vigil, asked)
    lines = [
        asked.words.html("help.line", name=command.name, help=asked.words.plain(f"help.commands.{command.name}"))
        for command in (theirs if by_admin else others)
    ]
    if by_admin:
        lines.append(asked.words.html("help.everybody", names=" ".join(f"/{each.name}" for each in others)))
    return Outgoing(asked.words.html("help.title", lines="{lines}").replace("{lines}", "\n".join(lines)))


COMMANDS = (
    Command("start", Who.ANYONE, Where.DIRECT, members.start, takes_words=True),
    Command("help", Who.ANYONE, Where.BOTH, show_help),
    Command("today", Who.MEMBER, Where.BOTH, asking.today),
    Command("region", Who.MEMBER, Where.BOTH, asking.region, takes_words=True),
    Command("country", Who.MEMBER, Where.BOTH, asking.country, takes_words=True),
    Command("week", Who.MEMBER, Where.BOTH, asking.week),
    Command("verse", Who.MEMBER, Where.BOTH, asking.verse),
    Command("prayed", Who.MEMBER, Where.BOTH, members.prayed),
    Command("mine", Who.MEMBER, Where.DIRECT, direct.mine),
    Command("remind", Who.MEMBER, Where.DIRECT, direct.remind, takes_words=True),
    Command("forgetme", Who.ANYONE, Where.DIRECT, direct.forgetme),
    Command("privacy", Who.ANYONE, Where.BOTH, members.privacy),
    Command("stop", Who.ANYONE, Where.DIRECT, members.stop),
    Command("subscribe", Who.ADMIN, Where.GROUP, admins.subscribe),
    Command("time", Who.ADMIN, Where.GROUP, admins.set_time, takes_words=True),
    Command("timezone", Who.ADMIN, Where.GROUP, admins.set_timezone, takes_words=True),
    Command("days", Who.ADMIN, Where.GROUP, admins.set_days, takes_words=True),
    Command("pause", Who.ADMIN, Where.GROUP, admins.pause, takes_words=True),
    Command("resume", Who.ADMIN, Where.GROUP, admins.resume),
    Command("unsubscribe", Who.ADMIN, Where.GROUP, admins.unsubscribe, though_held=True),
    Command("topic", Who.ADMIN, Where.GROUP, admins.set_topic, takes_words=True),
    Command("preview", Who.ADMIN, Where.GROUP, admins.preview),
    Command("language", Who.ADMIN, Where.GROUP, admins.set_language, takes_words=True),
    Command("settings", Who.ADMIN, Where.GROUP, admins.show_settings),
    Command("checkup", Who.ADMIN, Where.GROUP, admins.checkup, stays=True),
    Command("invite", Who.ADMIN, Where.GROUP, joining.invite, takes_words=True, stays=True),
    Command("retract", Who.EDITOR, Where.DIRECT, editors.retract),
    Command("groups", Who.OPERATOR, Where.DESK, overseeing.groups),
    Command("people", Who.OPERATOR, Where.DESK, people.people),
)


_REFUSED = {
    Refusal.OPEN_DESK: "desk.open",
    Refusal.NOT_ADMIN: "group.admins_only",
    Refusal.NOT_BOUND: "direct.not_bound",
    Refusal.RESTING: "direct.resting",
    Refusal.NOT_SUBSCRIBED: "group.not_subscribed",
    Refusal.HELD: "group.is.held",
}
# In a group such a command may be meant for another bot.
_REFUSED_DIRECTLY = {
    Refusal.NOT_OPERATOR: "usage.unknown",
    Refusal.NOT_EDITOR: "usage.unknown",
    Refusal.ELSEWHERE: "usage.in_group",
}


async def answer_command(vigil: Vigil, command: Command, asked: Asked) -> Outgoing | None:
    """What a command that was `placed` is answered with; None where silence is right.

    Raises MessengerError and SQLAlchemyError.
    """
    outgoing = await _answer(vigil, command, asked)
    return replace(outgoing, sets_up=_sets_up(command, asked)) if outgoing else None


def _sets_up(command: Command, asked: Asked) -> bool:
    """Whether the answer is chatter of a set-up: all is before posts begin, and soon after it what admins are told."""
    begins = asked.group is not None and asked.group.state in (GroupState.PENDING, GroupState.APPROVED)
    return begins or (command.who is Who.ADMIN and not command.stays)


async def _answer(vigil: Vigil, command: Command, asked: Asked) -> Outgoing | None:
    admitted = await admit(vigil, command.who, command.where, asked)
    if admitted is Refusal.HELD and command.though_held:
        admitted = asked
    if isinstance(admitted, Asked):
        if asked.text and not command.takes_words:
            # Whoever writes "/prayed yesterday" means something else than what would be done.
            return Outgoing(asked.words.html("usage.alone", name=command.name))
        return await command.handle(vigil, admitted)
    if admitted is Refusal.UNKNOWN_GROUP:
        # We are there and didn't know it: the word of it was lost while nothing ran.
        await vigil.onboarding.added(asked.chat_id, asked.user_id)
    key = _REFUSED.get(admitted) or (_REFUSED_DIRECTLY.get(admitted) if asked.direct else None)
    return Outgoing(asked.words.html(key, name=command.name)) if key else None


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
