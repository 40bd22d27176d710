"""What admins are told of a change, by command or by button: what it changed, when the next post comes, or why not."""

from dataclasses import replace

from bot.domain.group import SERVED, Group, GroupState
from bot.services.messenger import MessengerError, Outgoing
from bot.services.screens import View, begun
from bot.telegram.asked import Asked
from bot.telegram.vigil import Vigil

_NOT_SERVED = {
    GroupState.APPROVED: "group.not_subscribed",
    GroupState.SUSPENDED: "group.is.suspended",
    GroupState.HELD: "group.is.held",
}
_UNTIL_RESUMED = (GroupState.PAUSED, GroupState.SUSPENDED)


async def change_told(vigil: Vigil, group: Group, name: str) -> str:
    """HTML of the change that was just stored. `name` is what changed, as a button's data says it."""
    view = await vigil.groups.view(group)
    if name == "pause" and group.state is not GroupState.PAUSED:
        return view.words.html(_not_served(group))  # it was suspended or ended meanwhile
    values = view.values
    what = _what(view, name)
    if view.group.state in SERVED and view.group.next_due_at is not None:
        return view.words.html("setup.changed", what=what, day=values["day"], at=values["next"], zone=values["zone"])
    if view.group.state in _UNTIL_RESUMED:
        return view.words.html("setup.changed_until_resumed", what=what)
    return view.words.html("setup.changed_later", what=what)


async def begun_told(vigil: Vigil, group: Group) -> Outgoing:
    """What is said when posts begin, and what the bot still lacks for its members' direct chats."""
    view = await vigil.groups.view(group)
    outgoing = begun(view)
    if await _is_admin(vigil, group):
        return outgoing
    return replace(outgoing, html=f"{outgoing.html}\n{view.words.html('group.no_admin')}")


async def _is_admin(vigil: Vigil, group: Group) -> bool:
    """Whether the bot is one, as far as Telegram tells: posts have begun all the same."""
    try:
        await vigil.pace.question()
        return (await vigil.messenger.rights(group.chat_id)).is_admin
    except MessengerError:
        return True


async def missed_told(vigil: Vigil, group: Group) -> str:
    """Which planned days the group's weekdays leave out; empty where they leave out none."""
    missed = await vigil.groups.missed_days(group)
    words = vigil.languages.of(group.language)
    return words.html("group.missed", days=words.days(missed)) if missed else ""


def not_served_told(asked: Asked) -> Outgoing:
    """What its group needs first, where nothing is posted yet or for now."""
    return Outgoing(asked.words.html(_not_served(asked.group)))


def _not_served(group: Group | None) -> str:
    return _NOT_SERVED.get(group.state, "group.not_approved") if group else "group.not_approved"


def _what(view: View, name: str) -> str:
    group, words = view.group, view.words
    match name:
        case "silent" | "numbers":
            on = group.silent if name == "silent" else group.numbers
            return words.plain(f"button.{name}.{'on' if on else 'off'}")
        case "quiet":
            return words.plain(f"button.quiet_{group.quiet_day}")
        case "language":
            return f"{words.plain('button.show.language')}: {words.name}"
        case "pause" | "resume":
            return words.plain(f"group.state.{group.state}")
        case _:
            value = {"hour": "at", "zone": "zone", "days": "days", "topic": "topic"}[name]
            return f"{words.plain(f'button.show.{name}')}: {view.values[value]}"
