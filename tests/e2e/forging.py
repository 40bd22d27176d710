"""What a hostile person could send: data of buttons that they may not tap, commands that they may not send; and what
anybody could send damaged: data in no button's form, commands by a wrong name or with what nobody can mean behind them.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from random import Random

from babel import Locale

from bot.domain.hours import parse_hour
from bot.domain.weekdays import parse_weekdays
from bot.rehearsal.callbacks import Tap
from bot.rehearsal.messages import Message
from bot.rehearsal.record import Call
from bot.services.matching import day_meant, zone_meant
from bot.services.screens import ABOUT, TOPICS, Flow
from bot.telegram.access import Who
from bot.telegram.buttons import ACTIONS
from bot.telegram.commands import COMMANDS, Command
from tests.e2e.access import EXAMPLES, Kind, data_of, genuine_data, kinds, send
from tests.e2e.cast import Cast
from tests.stored import everything
from tests.texts import LANGUAGES

# So few that each tap finds its place among the answers: a crowd is told no more than the pace allows.
AT_ONCE = 20
_STRANGE = "0123456789:-+ \x00\u0661\uff11\u00b2é🙏prayx" + "9" * 9
_QUESTION = re.compile(r"region:[A-Z_]+|country:[A-Z]{2}|show:[0-9-]+")
_PAGE = re.compile(r"(mine|slip):[0-9]{4}-[0-9]{2}")
_NAMES = {command.name for command in COMMANDS}
# Every request of the sample says it, and nothing else does.
REQUEST_TEXT = "invented"

# What is understood behind the commands that change something; ValueError or nothing for what isn't.
UNDERSTOOD: Mapping[str, Callable[[str], object]] = {
    "time": parse_hour,
    "remind": lambda text: text.lower() == "off" or parse_hour(text),
    "timezone": lambda text: zone_meant(text)[0],
    "days": parse_weekdays,
    "pause": lambda text: day_meant(text, date(2026, 3, 2), Locale("en")),
    "topic": lambda text: text.lower() in TOPICS,
    "language": LANGUAGES.find,
    "invite": lambda text: text.lower() in ("ask", "open", "off"),
}


def damaged(random: Random, text: str) -> str:
    """The text as it is, or broken in one to three places; not empty."""
    for _ in range(random.randrange(4)):
        at = random.randint(0, len(text))
        cut = random.randint(at, min(at + 2, len(text)))
        text = text[:at] + "".join(random.choices(_STRANGE, k=random.choice((0, 1, 1, 20)))) + text[cut:]
    return text or "x"


def damaged_data(random: Random, data: str) -> str:
    """Data of a button as a changed client could send it: genuine but for another message, or broken."""
    return damaged(random, data).encode()[:64].decode(errors="ignore") or "x"


async def forge(cast: Cast, random: Random, tries: int) -> list[str]:
    """Send so many; what of it had an effect, in sentences."""
    store, record = cast.stage.app.store, cast.stage.world.record
    before = await everything(store)
    forbidden, allowed = _pairs(cast, may=False), _pairs(cast, may=True)
    with _errors() as errors:
        for first in range(0, tries, AT_ONCE):
            since, taps = len(record.calls), list[Tap]()
            sent = []
            for _ in range(min(AT_ONCE, tries - first)):
                if random.random() < 0.5:
                    taps.append(_tap(cast, random))
                    sent.append((taps[-1].person.first_name, taps[-1].data))
                    continue
                say, pairs = random.choice(
                    ((_say, forbidden), (_say_damaged, allowed), (_misname, forbidden + allowed))
                )
                sent.append(say(cast, random, *random.choice(pairs)))
            await cast.stage.handled()
            wrong = _wrong(cast, taps, record.calls[since:]) + errors
            if await everything(store) != before:
                wrong.append("something is stored")
            if wrong:
                return [*wrong, f"after one of these: {sent}"]
    return []


def _tap(cast: Cast, random: Random) -> Tap:
    """Somebody taps with data that they may not, or that says nothing."""
    kind = random.choice([each for each in kinds(cast) if each.how == "says"])
    genuine = [data for action in ACTIONS for data in data_of(cast, action)]
    message = random.choice(_messages(cast, kind))
    while _may_tap(cast, kind, message, data := damaged_data(random, random.choice(genuine))):
        pass
    return cast.stage.world.tap_data(kind.person, message, data)


def _messages(cast: Cast, kind: Kind) -> Sequence[Message]:
    """What stands of the bot where somebody taps: in the group the post, and messages that are none."""
    if kind.chat is cast.group:
        invite = cast.stage.world.record.showing("people ask to join", cast.group)[-1]
        return (cast.post, cast.screen, cast.question, invite)
    return (cast.bots_message(kind.chat or cast.stage.world.private_chat(kind.person)),)


def _may_tap(cast: Cast, kind: Kind, message: Message, data: str) -> bool:
    """Whether such a tap is no forgery, written down once more."""
    genuine = genuine_data(cast.post_id, cast.waiting_id, cast.covenant, cast.decision)
    name, _, about = data.partition(":")
    if any(
        name == each.name and re.fullmatch(each.about, about) for each in ACTIONS if _is_staff(cast, kind, each.who)
    ):
        return True
    if kind.person is cast.seeker and data == genuine["agree"]:
        return True
    reads = kind.chat is None and kind.person is cast.member
    if (reads or message is cast.post) and data == genuine["pray"]:
        return True
    if (reads or kind.chat is cast.group) and _QUESTION.fullmatch(data):
        return True
    # Admins change the settings under any message that shows no request, and answer a question they were asked.
    if kind.person in (cast.admin, cast.anonymous) and message is not cast.post:
        if message is cast.question and data in (genuine["letin"], genuine["turnaway"]):
            return True
        if name in tuple(Flow) and re.fullmatch(ABOUT, about):
            return True
    if kind.chat is None and data in ("forget:me", "forget:nothing"):
        return True
    # The admin of a waiting group may choose its hour already, under any message that shows no request.
    if kind.person is cast.newcomer and name in tuple(Flow) and re.fullmatch(ABOUT, about):
        return True
    return reads and (data == genuine["undo"] or _PAGE.fullmatch(data) is not None)


def _say(cast: Cast, random: Random, kind: Kind, command: Command) -> tuple[str, str]:
    """A command of those who may not send it; damaged or not."""
    example = _example(cast, random, command)
    # Whoever opens a link that gives a role has the role.
    while (text := damaged(random, example)).strip() == cast.role_link:
        pass
    return _send(cast, kind, f"/{command.name} {text}")


def _say_damaged(cast: Cast, random: Random, kind: Kind, command: Command) -> tuple[str, str]:
    """A command of those who may send it, with something behind it that nobody can mean."""
    example = _example(cast, random, command)
    while _is_understood(cast, command, text := damaged(random, example)):
        pass
    return _send(cast, kind, f"/{command.name} {text}")


def _misname(cast: Cast, random: Random, kind: Kind, command: Command) -> tuple[str, str]:
    """A command that there isn't."""
    while (name := damaged(random, command.name)).split(" ")[0].lower() in _NAMES:
        pass
    return _send(cast, kind, f"/{name} {_example(cast, random, command)}")


def _example(cast: Cast, random: Random, command: Command) -> str:
    example = random.choice(EXAMPLES.get(command.name, ("",)))
    return {"LINK": cast.link, "ROLE-LINK": cast.role_link}.get(example, example)


def _is_understood(cast: Cast, command: Command, text: str) -> bool:
    """Whether it does something with this behind it."""
    text = text.strip()
    if not text or text in (cast.link, cast.role_link):
        return True
    with suppress(ValueError):
        return command.name in UNDERSTOOD and bool(UNDERSTOOD[command.name](text))
    return False


def _send(cast: Cast, kind: Kind, text: str) -> tuple[str, str]:
    send(cast, kind, text)
    return kind.title, text


def _pairs(cast: Cast, *, may: bool) -> list[tuple[Kind, Command]]:
    """Who may do what, or who may not, written down once more.

    A group that waits answers its admin, and what is asked in a group is remembered for an hour: neither is tried.
    """
    return [
        (kind, command)
        for command in COMMANDS
        for kind in kinds(cast, command.where)
        if _may(cast, kind, command) is may
        and not (may and (kind.chat is cast.waiting or (kind.chat is cast.group and command.who is Who.MEMBER)))
    ]


def _is_staff(cast: Cast, kind: Kind, who: Who) -> bool:
    """Whether an editor or operator taps what is theirs."""
    staff = (cast.operator, cast.helper) if who is Who.OPERATOR else (cast.operator, cast.helper, cast.editor)
    return who in (Who.OPERATOR, Who.EDITOR) and kind.person in staff


def _may(cast: Cast, kind: Kind, command: Command) -> bool:
    if kind.how != "says":
        return False
    match command.who:
        case Who.EDITOR:
            return kind.person in (cast.editor, cast.operator)
        case Who.OPERATOR:
            return kind.person in (cast.operator, cast.helper)
        case Who.ADMIN:
            return kind.person in (cast.admin, cast.anonymous, cast.newcomer)
        case Who.MEMBER:
            return kind.chat is cast.group or (kind.chat is None and kind.person is cast.member)
    # Whoever isn't in the group must not get into it by a link.
    outside = kind.person in (cast.former, cast.stranger) and command.name == "start"
    heard = kind.chat is not cast.waiting or kind.person is cast.newcomer
    return not outside and heard and kind.chat is not cast.desk


def _wrong(cast: Cast, taps: Sequence[Tap], calls: Sequence[Call]) -> list[str]:
    wrong = [f"a tap with {tap.data!r} is not answered" for tap in taps if tap.answer is None]
    for call in calls:
        if call.method not in ("sendMessage", "answerCallbackQuery") and not call.method.startswith("get"):
            wrong.append(f"{call.method} was called")
        if REQUEST_TEXT in call.params.get("text", ""):
            wrong.append(f"text of a request went to chat {call.chat_id}")
        if call.method == "sendMessage" and call.chat_id == cast.waiting.id:
            wrong.append("a group that isn't approved got a word")
    return wrong


@contextmanager
def _errors() -> Iterator[list[str]]:
    """What the bot logs as an error meanwhile."""
    found: list[str] = []

    class Finding(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record.getMessage())

    handler, logger = Finding(logging.ERROR), logging.getLogger("bot")
    logger.addHandler(handler)
    try:
        yield found
    finally:
        logger.removeHandler(handler)
