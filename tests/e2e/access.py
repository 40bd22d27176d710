"""What every command and every button does for every kind of person, found out by trying.

python -m tests.e2e.access > docs/access.md
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from tempfile import TemporaryDirectory

from bot.rehearsal.chats import Chat
from bot.rehearsal.messages import Message
from bot.rehearsal.people import Person
from bot.rehearsal.record import Call
from bot.services.screens import STEPS, Flow
from bot.telegram.access import Where
from bot.telegram.buttons import ACTIONS, Action
from bot.telegram.commands import COMMANDS, Command
from tests.e2e.cast import Cast, whole_cast
from tests.stored import Rows, everything, put_back
from tests.texts import WORDS

# What is sent behind a command's name, where the name alone isn't all. LINK is the token of the group's link, ROLE-LINK
# of one that makes an editor.
EXAMPLES: Mapping[str, Sequence[str]] = {
    "start": ("", "LINK", "ROLE-LINK"),
    "region": ("", "latin"),
    "remind": ("", "20:30", "off"),
    "time": ("08:00",),
    "timezone": ("Africa/Nairobi",),
    "days": ("mon-fri",),
    "pause": ("", "24 Dec"),
    "topic": ("here", "general"),
    "language": ("es",),
    "invite": ("", "ask", "open", "off"),
    "country": ("", "kenya"),
}

# Stands for the number of the group that waits for the operators.
WAITING = "WAITING"
# What else a button of an action may be about, beside what `genuine_data` says.
MORE: Mapping[str, Sequence[str]] = {
    "show": ("2026-03-04",),
    "forget": ("nothing",),
    "set": (
        "show:main", "show:main:zone", *(f"show:{step}" for step in STEPS[:-1]), "show:pause", "show:language",
        "minute:15", "zone:Africa/Nairobi", "days:0,1,2", "topic:here", "topic:general", "silent:on", "numbers:off",
        "quiet:verse", "language:es", "pause:2026-12-24", "pause:open", "resume", "now",
    ),
    "setup": (
        *(f"show:{step}" for step in STEPS),
        "minute:15", "zone:Africa/Nairobi", "days:0,1,2", "topic:here", "topic:general", "begin",
    ),
    "approve": (f"{WAITING}:card",),
    "decline": (f"{WAITING}:card",),
    "retract": ("1", "keep"),
    "remove": ("1",),
}  # fmt: skip

# Every sentence that says that what was wished wasn't done.
REFUSALS = {
    **{key: "told: how it is used" for key in WORDS.keys if key.startswith("usage.")},
    **dict.fromkeys(("tap.later", "tap.waits", "group.cannot_check", "ask.waits"), "told: not now"),
    **dict.fromkeys(("tap.refused", "ask.refused", "tap.a_request", "tap.open_desk", "desk.open"), "told: not here"),
    **dict.fromkeys(("tap.decided", "tap.group_gone", "tap.join_lost", "retract.before"), "told: done before"),
    **dict.fromkeys(("tap.stands", "tap.comes"), "told: it stands there"),
    "usage.unknown": "told: unknown",
    "usage.in_group": "told: in your group",
    "people.link_over": "told: the link is over",
    "invite.none": "told: no link",
    "invite.no_right": "told: no right to invite",
    "group.not_private": "told: not private",
    "pray.none": "told: no post",
    "remind.too_early": "told: too early",
    "pray.no_post": "told: no post",
    "pray.not_counted": "told: no post",
    "setup.preview_none": "told: nothing planned",
    "tap.over": "told: over",
    "tap.join_resting": "told: no requests just now",
    "tap.join_powerless": "told: no right to invite",
    "tap.no_post_now": "told: nothing to post",
    "tap.changed": "told: not shown",
    "direct.not_bound": "told: not a member",
    "direct.resting": "told: no requests just now",
    "direct.nothing_to_stop": "told: nothing to stop",
    "group.admins_only": "told: admins only",
    "group.not_approved": "told: not approved yet",
    "group.not_subscribed": "told: not subscribed",
    "group.is.held": "told: suspended by an operator",
    "pray.anonymous": "told: not anonymously",
    "setup.preview_how": "told: open a direct chat first",
    "setup.preview_no_admin": "told: make the bot an admin",
    "setup.preview_anonymous": "told: not anonymously",
    "tap.unknown": "told: too old",
    "tap.not_bound": "told: not a member",
    "tap.resting": "told: no requests just now",
    "tap.unmarked": "told: not marked",
    "tap.not_operator": "told: operators only",
    "tap.not_editor": "told: editors only",
    "tap.held": "told: suspended by an operator",
    "tap.not_admin": "told: admins only",
}

INTRODUCTION = """# Who may do what

Written by `python -m tests.e2e.access > docs/access.md`: each command and each button was tried by each kind of person
with the running bot, and this is what happened. A test tries it all again and holds it against this page. "—": it can't
be tried, as bots and channels don't tap and a forwarded message has no buttons.

Who may use what stands in `bot/telegram/commands.py` and `buttons.py`; it is decided in `access.py`, by what Telegram
says at that moment. The group is always the one in whose chat something was sent or tapped; in a direct chat, the one
whose link the person opened, while the person is a member. In the operators’ group everybody is an operator. Buttons
were tapped with genuine data, under a message of the bot in that chat, as a changed client can do it."""


@dataclass(frozen=True)
class Kind:
    """A kind of person in a place (`chat` None: the direct chat), and how their words come to the bot."""

    title: str
    person: Person
    chat: Chat | None
    how: str = "says"


def genuine_data(
    post_id: str,
    waiting_id: int,
    covenant: str = f"1:{'A' * 16}",
    decision: str = "1:5000000001",
    *,
    held_id: int = 1,
    code: str = "00000000",
) -> dict[str, str]:
    """The data of a genuine button of each action; those about who asks to join are invented where nobody does."""
    abouts = {
        "pray": post_id,
        "region": "LATIN_AMERICA",
        "mine": "2026-03",
        "slip": "2026-03",
        "undo": post_id,
        "forget": "me",
        "set": "hour:8",
        "setup": "hour:8",
        "agree": covenant,
        "letin": decision,
        "turnaway": decision,
        "approve": str(waiting_id),
        "decline": str(waiting_id),
        "retract": "1:danger",
        "country": "KE",
        "show": "2",
        "groups": "0",
        "group": str(waiting_id),
        "suspend": "1",
        "release": str(held_id),
        "remove": "1:sure",
        "invite_editor": "",
        "remove_editor": code,
    }
    unknown = [action.name for action in ACTIONS if action.name not in abouts]
    assert not unknown, f"say in `genuine_data` of tests/e2e/access.py what a genuine button is about of: {unknown}"
    return {action.name: f"{action.name}:{abouts[action.name]}" for action in ACTIONS}


def kinds(cast: Cast, where: Where | None = None) -> list[Kind]:
    """Everybody; what is forwarded or edited comes from who may do most where it is understood."""
    direct = where in (Where.DIRECT, Where.DESK)
    person, chat = (cast.operator, None) if direct else (cast.admin, cast.group)
    return [
        Kind("group admin", cast.admin, cast.group),
        Kind("anonymous admin", cast.anonymous, cast.group),
        Kind("member", cast.member, cast.group),
        Kind("member, directly", cast.member, None),
        Kind("former member, directly", cast.former, None),
        Kind("stranger, directly", cast.stranger, None),
        Kind("who asks to join, directly", cast.seeker, None),
        Kind("editor, directly", cast.editor, None),
        Kind("operator, directly", cast.operator, None),
        Kind("in the operators’ group", cast.helper, cast.desk),
        Kind("admin of a group that isn’t approved", cast.newcomer, cast.waiting),
        Kind("member of it", cast.member, cast.waiting),
        Kind("another bot", cast.other_bot, cast.group, "as a bot"),
        Kind("a channel", cast.admin, cast.group, "in a channel’s name"),
        Kind("forwarded", person, chat, "forwards"),
        Kind("edited", person, chat, "edits"),
    ]


def admins_elsewhere(cast: Cast) -> list[Kind]:
    """Admins of groups that stand otherwise."""
    return [
        Kind("admin of a group that began after today’s hour", cast.starter, cast.late),
        Kind("admin of a group that an operator suspended", cast.newcomer, cast.held),
    ]


async def access_page(database: str) -> str:
    """docs/access.md, as it is true of the bot now."""
    async with whole_cast(database) as cast:
        before = await everything(cast.stage.app.store)
        commands = [
            (f"/{command.name} {example}".strip(), [await _sent(cast, kind, command, example, before) for kind in of])
            for command in COMMANDS
            for of in [[*kinds(cast, command.where), *admins_elsewhere(cast)]]
            for example in EXAMPLES.get(command.name, ("",))
        ]
        everybody = [*kinds(cast), *admins_elsewhere(cast)]
        buttons = [
            (
                data if action.name in MORE else f"{action.name}:",
                [await _tapped(cast, kind, action, data, before) for kind in everybody],
            )
            for action in ACTIONS
            for data in data_of(cast, action)
        ]
        titles = [kind.title for kind in everybody]
    tables = (_table("Command", titles, commands), _table("Button", titles, buttons))
    return "\n\n".join([INTRODUCTION, "## Commands", tables[0], "## Buttons", tables[1]]) + "\n"


def data_of(cast: Cast, action: Action) -> list[str]:
    """What stands behind the genuine buttons of an action."""
    who = (cast.covenant, cast.decision)
    genuine = genuine_data(cast.post_id, cast.waiting_id, *who, held_id=cast.held_id, code=cast.code)
    more = (about.replace(WAITING, str(cast.waiting_id)) for about in MORE.get(action.name, ()))
    return [genuine[action.name], *(f"{action.name}:{about}" for about in more)]


def _table(first: str, titles: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    lines = [[first, *titles], ["---"] * (len(titles) + 1), *([f"`{name}`", *cells] for name, cells in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


async def _sent(cast: Cast, kind: Kind, command: Command, example: str, before: Rows) -> str:
    """What becomes of a command, which is put back afterwards."""
    since = len(cast.stage.world.record.calls)
    token = {"LINK": cast.link, "ROLE-LINK": cast.role_link}.get(example, example)
    send(cast, kind, f"/{command.name} {token}".strip())
    return await _outcome(cast, kind, since, before, f"/{command.name}")


def send(cast: Cast, kind: Kind, text: str) -> None:
    """Let the bot have a text as it comes from such a person."""
    world = cast.stage.world
    match kind.how:
        case "forwards":
            world.forward(kind.person, world.say(kind.person, cast.elsewhere, text), kind.chat)
        case "edits":
            world.edit(world.say(kind.person, kind.chat, "Good morning"), text)
        case "in a channel’s name":
            world.say(kind.person, kind.chat, text, channel=cast.news)
        case _:
            world.say(kind.person, kind.chat, text)


async def _tapped(cast: Cast, kind: Kind, action: Action, data: str, before: Rows) -> str:
    """What becomes of a tap, which is put back afterwards."""
    if kind.how != "says":
        return "—"
    world = cast.stage.world
    # Whoever asked to join waits, and the question stands, whatever was decided before.
    world.invites.add(cast.request, told=True)
    world.rewrite(cast.question, cast.question.versions[0].text, cast.question.versions[0].keyboard)
    since = len(world.record.calls)
    chat = kind.chat or world.private_chat(kind.person)
    is_screen = chat is cast.group and action.name in tuple(Flow)
    message = cast.screen if is_screen else cast.bots_message(chat, action.name)
    world.tap_data(kind.person, message, data)
    return await _outcome(cast, kind, since, before, data)


async def _outcome(cast: Cast, kind: Kind, since: int, before: Rows, name: str) -> str:
    await cast.stage.handled()
    store = cast.stage.app.store
    place = kind.chat.id if kind.chat else kind.person.id
    acts = [call for call in cast.stage.world.record.calls[since:] if not call.method.startswith("get")]
    after = await everything(store)
    if after != before:
        await put_back(store, before)
    refused = "silence" if not acts else _refusal(acts)
    if refused is None:
        return "does it"
    said = [cast.stage.last(kind.chat)] if kind.chat and refused != "silence" else []
    assert _but_for_chatter(after, said) == _but_for_chatter(before, said), (
        f"{kind.title} is {refused} by {name}, but something is stored"
    )
    more = [each.method for each in acts if not _refusal([each]) and not _is_silent_answer(each)]
    assert not more, f"{kind.title} is {refused} by {name}, but that isn't all: {more}"
    assert {each.chat_id for each in acts} <= {None, place}, f"{kind.title} is {refused} by {name}, but elsewhere"
    return refused


def _but_for_chatter(rows: Rows, said: Sequence[Message]) -> Rows:
    """The rows, without the one by which a message that said no is removed with all else of a group's set-up."""
    own = [(message.chat.id, message.id) for message in said]
    return {**rows, "passing": [row for row in rows["passing"] if (row.chat_id, row.message_id) not in own]}


def _refusal(acts: Sequence[Call]) -> str | None:
    """How somebody was refused, if one sentence of all that was said does so; a screen may follow it."""
    texts = [str(call.params.get("text", "")) for call in acts]
    return next((told for shape, told in _SHAPES for text in texts if shape.fullmatch(text)), None)


def _is_silent_answer(call: Call) -> bool:
    return call.method == "answerCallbackQuery" and not call.params.get("text")


def _shape(text: str) -> re.Pattern[str]:
    """A sentence with anything in the place of what is filled in."""
    return re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(text)) + r"(\n\n.*)?", re.DOTALL)


_SHAPES = [(_shape(text), told) for key, told in REFUSALS.items() for text in WORDS.forms(key).values()]


def main() -> None:
    """Print the page."""
    with TemporaryDirectory() as folder:
        print(asyncio.run(access_page(f"sqlite:///{folder}/vigil.db")), end="")  # noqa: T201


if __name__ == "__main__":
    main()
