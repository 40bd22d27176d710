"""What a hostile person could send: damaged data of every button, and commands of those who may not send them."""

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random

from bot.rehearsal.callbacks import Tap
from bot.rehearsal.record import Call
from bot.services.screens import Flow
from bot.telegram.access import Who
from bot.telegram.commands import COMMANDS, Command
from tests.e2e.access import EXAMPLES, Kind, genuine_data, kinds, send
from tests.e2e.cast import Cast
from tests.stored import everything

AT_ONCE = 50
_STRANGE = "0123456789:-+ \x00\u0661\uff11\u00b2é🙏prayx" + "9" * 9
_QUESTION = re.compile(r"region:[A-Z_]+|country:[A-Z]{2}|show:[0-9-]+")
_PAGE = re.compile(r"(mine|slip):[0-9]{4}-[0-9]{2}")
# Every request of the sample says it, and nothing else does.
REQUEST_TEXT = "invented"


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
    before, forbidden = await everything(store), _forbidden(cast)
    with _errors() as errors:
        for first in range(0, tries, AT_ONCE):
            since, taps = len(record.calls), list[Tap]()
            sent = []
            for _ in range(min(AT_ONCE, tries - first)):
                if random.random() < 0.5:
                    taps.append(_tap(cast, random))
                    sent.append((taps[-1].person.first_name, taps[-1].data))
                else:
                    sent.append(_say(cast, random, *random.choice(forbidden)))
            await cast.stage.handled()
            wrong = _wrong(cast, taps, record.calls[since:]) + errors
            if await everything(store) != before:
                wrong.append("something is stored")
            if wrong:
                return [*wrong, f"after one of these: {sent}"]
    return []


def _tap(cast: Cast, random: Random) -> Tap:
    """Somebody taps with data that they may not, or that says nothing."""
    kind = random.choice(
        [each for each in kinds(cast) if each.how == "says" and each.person not in (cast.operator, cast.editor)]
    )
    genuine = list(genuine_data(cast.post_id, cast.waiting_id, cast.covenant, cast.decision).values())
    while _may_tap(cast, kind, data := damaged_data(random, random.choice(genuine))):
        pass
    message = cast.bots_message(kind.chat or cast.stage.world.private_chat(kind.person))
    return cast.stage.world.tap_data(kind.person, message, data)


def _may_tap(cast: Cast, kind: Kind, data: str) -> bool:
    """Whether such a tap is no forgery, written down once more."""
    genuine = genuine_data(cast.post_id, cast.waiting_id, cast.covenant, cast.decision)
    if kind.person is cast.seeker and data == genuine["agree"]:
        return True
    reads = kind.chat is None and kind.person is cast.member
    if (reads or kind.chat is cast.group) and (data == genuine["pray"] or _QUESTION.fullmatch(data)):
        return True
    if kind.chat is None and data in ("forget:me", "forget:nothing"):
        return True
    # The admin of a waiting group may choose its hour already, under any message that shows no request.
    if kind.person is cast.newcomer and data.partition(":")[0] in tuple(Flow):
        return True
    return reads and (data == genuine["undo"] or _PAGE.fullmatch(data) is not None)


def _say(cast: Cast, random: Random, kind: Kind, command: Command) -> tuple[str, str]:
    example = random.choice(EXAMPLES.get(command.name, ("",))).replace("LINK", cast.link)
    text = f"/{command.name} {damaged(random, example)}"
    send(cast, kind, text)
    return kind.title, text


def _forbidden(cast: Cast) -> list[tuple[Kind, Command]]:
    """Who may not do what, written down once more."""
    return [(kind, command) for command in COMMANDS for kind in kinds(cast) if not _may(cast, kind, command)]


def _may(cast: Cast, kind: Kind, command: Command) -> bool:
    if kind.how != "says":
        return False
    match command.who:
        case Who.EDITOR:
            return kind.person in (cast.editor, cast.operator)
        case Who.OPERATOR:
            return kind.person is cast.operator
        case Who.ADMIN:
            return kind.person in (cast.admin, cast.anonymous, cast.newcomer)
        case Who.MEMBER:
            return kind.chat is cast.group or (kind.chat is None and kind.person is cast.member)
    # Whoever isn't in the group must not get into it by a link.
    outside = kind.person in (cast.former, cast.stranger) and command.name == "start"
    return not outside and kind.chat is not cast.waiting


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
