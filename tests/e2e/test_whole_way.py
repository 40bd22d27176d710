"""The whole way once, over HTTP: from a bulletin's file to a prayed-for post, with a kill in the middle."""

import signal
from datetime import UTC, date, datetime
from pathlib import Path

from bot.domain.weekdays import WORKING_DAYS
from bot.loader.files import read_file
from bot.loader.profile import load_profile
from bot.rehearsal.chats import Chat
from bot.rehearsal.people import Person
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from bot.services.planning import Planning
from bot.services.verses import Verses
from bot.settings import ROOT, load_settings
from bot.store.bulletins import StoredBulletin
from bot.store.database import Store
from tests.clock import StandingClock
from tests.e2e.stage import KEY, TOKEN, Stage, bot_running
from tests.faults.child import Kill, Orders
from tests.faults.clock import SharedClock
from tests.faults.life import Life

BULLETIN = ROOT / "data" / "bulletins" / "week.txt"
SUNDAY = date(2026, 3, 1)


async def load(store: Store, clock: StandingClock, file: Path = BULLETIN) -> StoredBulletin:
    """Read, plan and publish a file, as `vigil bulletin load` does."""
    reading = read_file(file, load_profile(load_settings().profile_path()))
    planning = Planning(store, Verses.load(ROOT / "data" / "verses.yaml"), WORKING_DAYS, clock.now)
    (loaded,) = await planning.load(reading.bulletins, SUNDAY)
    return loaded.bulletin


def beginnings(bulletin: StoredBulletin) -> list[str]:
    """What each day's request begins with, Monday to Friday."""
    return [request.request.points[0].text[:40] for request in bulletin.requests]


async def first_refused_then_subscribed(stage: Stage, admin: Person, member: Person) -> Chat:
    """Public: told why and left. Private, and added again: approved and subscribed."""
    group = stage.world.group("Nairobi prayer", members=[member], admins=[admin])
    stage.world.make_public(group, "nairobi_prayer")
    stage.world.add_bot(group, by=admin)
    await stage.until(lambda: not group.member(stage.world.bot).present)
    assert stage.shows(group, "public link")
    stage.world.make_private(group)
    stage.world.add_bot(group, by=admin, admin=True)
    operators = stage.world.private_chat(stage.operator)
    await stage.until(lambda: stage.shows(operators, "Nairobi prayer"))
    await stage.tap(stage.operator, stage.last(operators), "Approve")
    await stage.until(lambda: stage.shows(group, "/subscribe"))
    for command in ("/subscribe", "/timezone Africa/Nairobi", "/time 07:30"):
        await stage.ask(admin, group, command)
    return group


async def test_the_whole_way_once(any_database: str, clock: StandingClock, tmp_path: Path) -> None:
    clock.instant = datetime(2026, 3, 1, 12, tzinfo=UTC)
    world = World(clock.now)
    world.limits.off()
    operator, amina, brian, carol = (world.person(name) for name in ("Operator", "Amina", "Brian", "Carol"))
    async with RehearsalServer(world, token=TOKEN) as server:
        world.say(operator, None, "/start")
        async with bot_running(server, any_database, clock, operator) as app:
            stage = Stage(world, server, app, clock, operator)
            await stage.settled()
            nairobi = await first_refused_then_subscribed(stage, amina, brian)
            york = await stage.subscribed("York prayer", carol, zone="America/New_York", at="06:00")
            monday, tuesday, wednesday, *_ = beginnings(await load(app.store, clock))
            await posted_in_two_zones(stage, nairobi, york, monday)
            await prayed_for(stage, nairobi, amina, brian, monday)
            await asked_for(stage, nairobi, brian, monday, wednesday)
        # Tuesday: a process of its own is killed in the middle of the post, and the bot is started again.
        clock.instant = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
        given = {"database_url": any_database, "key": KEY, "telegram": {"api_url": server.origin}}
        before = len(world.record.by_bot(nairobi))
        shared = SharedClock(tmp_path / "clock", clock.instant)
        orders = Orders(given, TOKEN, shared.path, tmp_path / "log", Kill("after sendMessage 1"))
        assert await Life(orders, shared).ended() == -signal.SIGKILL
        assert len(world.record.by_bot(nairobi)) == before + 1
        assert not world.record.holding(tuesday)
        async with bot_running(server, any_database, clock, operator) as app:
            stage = Stage(world, server, app, clock, operator)
            await stage.settled()
            clock.advance(seconds=61)
            await stage.until(lambda: stage.shows(nairobi, tuesday))
            await stage.settled()
            assert len(world.record.holding(tuesday, nairobi)) == 1
            assert len(world.record.holding(monday, nairobi)) == 1


async def posted_in_two_zones(stage: Stage, nairobi: Chat, york: Chat, monday: str) -> None:
    """Each group at its own hour, and not before."""
    stage.clock.instant = datetime(2026, 3, 2, 4, 29, tzinfo=UTC)
    await stage.settled()
    assert not stage.world.record.holding(monday)
    stage.clock.instant = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
    await stage.until(lambda: stage.shows(nairobi, monday))
    assert not stage.shows(york, monday)
    stage.clock.instant = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
    await stage.until(lambda: stage.shows(york, monday))
    await stage.settled()


async def prayed_for(stage: Stage, group: Chat, amina: Person, brian: Person, monday: str) -> None:
    """Two members tap, one of them twice: two."""
    (post,) = stage.world.record.showing(monday, group)
    assert "first" in await stage.tap(amina, post)
    assert "2 of you" in await stage.tap(brian, post)
    assert "already" in await stage.tap(brian, post)
    await stage.until(lambda: post.buttons[0].endswith("2"))
    assert monday in post.text


async def asked_for(stage: Stage, group: Chat, brian: Person, monday: str, wednesday: str) -> None:
    """In the group, and privately."""
    assert wednesday in await stage.shown(brian, group, "/region south asia")
    assert "above" in await stage.ask(brian, group, "/today")
    stage.world.follow(brian, stage.world.record.showing(monday, group)[0], "Open privately")
    direct = stage.world.private_chat(brian)
    await stage.until(lambda: stage.shows(direct, "Nairobi prayer"))
    assert monday in await stage.shown(brian, None, "/today")
    for message in stage.world.record.holding(monday) + stage.world.record.holding(wednesday):
        assert (message.chat.id, message.id) in await stage.known_copies()
