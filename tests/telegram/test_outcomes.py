"""What each answer of Telegram's means to us, over HTTP: real python-telegram-bot against the rehearsal server."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest
from telegram import Bot

from bot.rehearsal import faults
from bot.rehearsal.chats import Chat
from bot.rehearsal.faults import Fault
from bot.rehearsal.people import Person
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from bot.services.messenger import (
    ChatClosedError,
    MessageLostError,
    MessengerError,
    MovedError,
    NotNowError,
    OurMistakeError,
    Outgoing,
    UnknownOutcomeError,
)
from bot.services.pacing import Limits, Pace
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.polling import Polling
from bot.telegram.request import Patience, StrictRequest
from tests.clock import StandingClock

TOKEN = "4242424242:rehearsal-token-for-tests-only-01234"
WORDS = Outgoing("Invented words that no log may hold.")
FAST = Limits(1000, 1000, 1000, 0)


@dataclass
class Line:
    """A supergroup and a basic group with the bot in them, a person, and the bot's way there."""

    world: World
    server: RehearsalServer
    messenger: TelegramMessenger
    group: Chat
    small: Chat
    person: Person

    async def fails(self, chat_id: int | None = None) -> MessengerError:
        """What a message is answered with."""
        with pytest.raises(MessengerError) as caught:
            await self.messenger.send(self.group.id if chat_id is None else chat_id, WORDS)
        return caught.value


@pytest.fixture
async def line(clock: StandingClock) -> AsyncIterator[Line]:
    world = World(clock.now)
    world.limits.off()
    person = world.person("Amina")
    group, small = world.group("Harbour", admins=[person]), world.group("Ferry", admins=[person], kind="group")
    for chat in (group, small):
        world.add_bot(chat, by=person)
    async with RehearsalServer(world, token=TOKEN) as server, Polling(TOKEN, server.origin).application.bot as bot:
        yield Line(world, server, TelegramMessenger(bot, Pace(FAST)), group, small, person)


async def test_a_connection_that_is_refused_has_sent_nothing(line: Line) -> None:
    await line.server.stop_listening()
    error = await line.fails()
    assert isinstance(error, NotNowError)
    assert not error.demanded
    assert not line.world.record.by_bot(line.group)


async def test_a_full_pool_of_connections_has_sent_nothing(line: Line) -> None:
    held = line.server.faults.add(faults.delay_reply(), method="getChat", times=1)
    request = StrictRequest(connections=1, patience=Patience(turn=0.01, connect=0.01))
    async with Bot(TOKEN, line.server.base_url, request=request) as bot:
        messenger = TelegramMessenger(bot, Pace(FAST))
        occupied = asyncio.ensure_future(messenger.chat(line.group.id))
        await held.met()
        with pytest.raises(NotNowError):
            await messenger.send(line.group.id, WORDS)
        held.off()
        await occupied
    assert not line.world.record.by_bot(line.group)


async def test_what_must_leave_at_once_waits_for_no_connection_and_has_not_left(line: Line) -> None:
    message_id = await line.messenger.send(line.group.id, WORDS)
    held = line.server.faults.add(faults.delay_reply(), method="getChat", times=1)
    async with Bot(TOKEN, line.server.base_url, request=StrictRequest(1, Patience(turn=600))) as bot:
        messenger = TelegramMessenger(bot, Pace(FAST))
        occupied = asyncio.ensure_future(messenger.chat(line.group.id))
        await held.met()
        async with asyncio.timeout(60):
            for within in (0.01, 0.0):
                secret = Outgoing("Other words.", within=within)
                with pytest.raises(NotNowError):
                    await messenger.edit(line.group.id, message_id, secret)
                with pytest.raises(NotNowError):
                    await messenger.send(line.group.id, secret)
        held.off()
        await occupied
        await messenger.edit(line.group.id, message_id, Outgoing("Other words.", within=60.0))
    assert [message.text for message in line.world.record.by_bot(line.group)] == ["Other words."]


@pytest.mark.parametrize("seconds", [1, 35, 900, 10_001])
async def test_patience_that_telegram_asks_for_has_its_seconds(line: Line, seconds: int) -> None:
    line.server.faults.add(faults.too_many(seconds))
    error = await line.fails()
    assert isinstance(error, NotNowError)
    assert (error.seconds, error.demanded) == (seconds, True)


async def test_patience_without_seconds_is_given_some(line: Line) -> None:
    line.server.faults.add(faults.too_many(None))
    error = await line.fails()
    assert isinstance(error, NotNowError)
    assert error.demanded
    assert error.seconds >= 1


UNKNOWN: dict[str, Fault] = {
    "the reply lost": faults.drop_reply(),
    "the connection broken": faults.refuse(),
    "half a body": faults.cut_off(),
    "half a body taken for the whole": faults.garbled(),
    "damaged, with a 403": faults.garbled(403),
    "damaged, with a 400": faults.garbled(400),
    **{f"{status}": faults.fail(status) for status in (500, 502, 503, 504)},
    **{f"a page with {status}": faults.html(status, acts=True) for status in (200, 400, 403, 404, 500, 502, 504)},
}


@pytest.mark.parametrize("fault", UNKNOWN.values(), ids=UNKNOWN)
async def test_what_may_have_been_done_is_unknown_and_its_answer_in_no_log(
    line: Line, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    line.server.faults.add(fault, method="sendMessage")
    assert type(await line.fails()) is UnknownOutcomeError
    assert "Invented words" not in caplog.text


async def test_an_answer_that_never_comes_is_unknown(line: Line) -> None:
    line.server.faults.add(faults.silence(acts=True), method="sendMessage")
    async with Bot(TOKEN, line.server.base_url, request=StrictRequest(patience=Patience(read=0.1))) as bot:
        with pytest.raises(UnknownOutcomeError):
            await TelegramMessenger(bot, Pace(FAST)).send(line.group.id, WORDS)


async def test_a_question_whose_answer_is_lost_is_only_asked_again(line: Line) -> None:
    line.server.faults.add(faults.html(502))
    for ask in (line.messenger.chat(line.group.id), line.messenger.is_admin(line.group.id, line.person.id)):
        with pytest.raises(NotNowError):
            await ask


async def test_a_field_that_nobody_knows_changes_nothing(line: Line) -> None:
    line.server.faults.add(faults.extra_field())
    message_id = await line.messenger.send(line.group.id, WORDS)
    await line.messenger.edit(line.group.id, message_id, Outgoing("Other words."))


CLOSED: dict[str, tuple[Callable[[Line], int], str]] = {}


def closed(reason: str) -> Callable[[Callable[[Line], int]], Callable[[Line], int]]:
    """A way to shut the bot out of a chat; it gives the chat's id."""

    def add(shut: Callable[[Line], int]) -> Callable[[Line], int]:
        CLOSED[shut.__name__] = (shut, reason)
        return shut

    return add


@closed("no_access")
def kicked_from_a_supergroup(line: Line) -> int:
    line.world.kick_bot(line.group, by=line.person)
    return line.group.id


@closed("no_access")
def kicked_from_a_group(line: Line) -> int:
    line.world.kick_bot(line.small, by=line.person)
    return line.small.id


@closed("no_access")
def never_a_member(line: Line) -> int:
    return line.world.group("Brickyard", admins=[line.person]).id


@closed("no_access")
def group_deleted(line: Line) -> int:
    line.world.delete_group(line.small)
    return line.small.id


@closed("not_found")
def supergroup_deleted(line: Line) -> int:
    line.world.delete_group(line.group)
    return line.group.id


@closed("no_access")
def person_deactivated(line: Line) -> int:
    line.world.say(line.person, None, "/start")
    line.person.deactivated = True
    return line.person.id


@closed("no_access")
def blocked_by_a_person(line: Line) -> int:
    line.world.say(line.person, None, "/start")
    line.world.block_bot(line.person)
    return line.person.id


@closed("no_access")
def not_started_by_a_person(line: Line) -> int:
    return line.person.id


@closed("not_found")
def no_such_chat(line: Line) -> int:
    return -1009999999999


@closed("muted")
def muted(line: Line) -> int:
    line.world.mute_bot(line.group)
    return line.group.id


@closed("muted")
def members_may_not_write(line: Line) -> int:
    line.group.members_may_write = False
    return line.group.id


@closed("topic_closed")
def topic_closed(line: Line) -> int:
    line.group.forum = line.group.general_closed = True
    return line.group.id


@pytest.mark.parametrize("way", CLOSED)
async def test_a_chat_that_shut_us_out_is_closed_with_its_reason(line: Line, way: str) -> None:
    shut, reason = CLOSED[way]
    error = await line.fails(shut(line))
    assert isinstance(error, ChatClosedError)
    assert error.reason == reason


async def test_a_group_that_was_upgraded_names_its_new_id(line: Line) -> None:
    message_id = await line.messenger.send(line.small.id, WORDS)
    new = line.world.upgrade(line.small)
    error = await line.fails(line.small.id)
    assert isinstance(error, MovedError)
    assert error.chat_id == new.id
    line.world.switches.edits_to_upgraded = False
    with pytest.raises(MovedError):
        await line.messenger.edit(line.small.id, message_id, Outgoing("Other words."))


async def test_an_edit_that_changes_nothing_is_done(line: Line) -> None:
    message_id = await line.messenger.send(line.group.id, WORDS)
    await line.messenger.edit(line.group.id, message_id, WORDS)
    await line.messenger.edit_buttons(line.group.id, message_id, ())
    assert [call.error for call in line.world.record.calls[-2:] if call.error is None] == []


async def test_a_message_that_is_gone_too_old_or_not_ours_is_lost(line: Line, clock: StandingClock) -> None:
    chat_id = line.group.id
    theirs = line.world.say(line.person, line.group, "/start").id
    old = await line.messenger.send(chat_id, WORDS)
    clock.advance(hours=48, seconds=1)
    young = await line.messenger.send(chat_id, WORDS)
    await line.messenger.edit(chat_id, old, Outgoing("Edited at any age."))
    await line.messenger.delete(chat_id, young)
    for lost in (
        line.messenger.edit(chat_id, young, WORDS),
        line.messenger.edit_buttons(chat_id, young, ()),
        line.messenger.edit(chat_id, theirs, WORDS),
        line.messenger.delete(chat_id, young),
        line.messenger.delete(chat_id, old),
    ):
        with pytest.raises(MessageLostError):
            await lost


@pytest.mark.parametrize("html", ["", "x" * 4097, "<blink>x</blink>"])
async def test_what_telegram_cannot_read_is_our_mistake_and_quotes_nothing(line: Line, html: str) -> None:
    with pytest.raises(OurMistakeError) as caught:
        await line.messenger.send(line.group.id, Outgoing(html))
    assert html[:5] not in str(caught.value) or not html


async def test_only_who_pays_says_so(line: Line) -> None:
    bot = line.messenger._bot
    for paid, said in ((False, None), (True, True)):
        messenger = TelegramMessenger(bot, Pace(FAST), paid=paid)
        message_id = await messenger.send(line.group.id, WORDS)
        assert line.world.record.calls[-1].params.get("allow_paid_broadcast") is said
        await messenger.edit(line.group.id, message_id, Outgoing("Other words."))


async def test_messages_go_at_the_pace_and_a_chat_that_asks_for_patience_is_held(line: Line) -> None:
    pace = Pace(FAST)
    messenger = TelegramMessenger(line.messenger._bot, pace)
    line.server.faults.add(faults.too_many(600), chat=line.group, times=1)
    with pytest.raises(NotNowError):
        await messenger.send(line.group.id, WORDS)
    with pytest.raises(NotNowError) as held:
        await pace.turn(line.group.id, at_most=5)
    assert held.value.seconds > 500
    await messenger.send(line.small.id, WORDS)
