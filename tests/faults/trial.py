"""One try: an invented world, the server that stands for Telegram, a clock, and a bot that is started and killed."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, update

from bot.domain.bulletin import Bulletin, Kind, Point, Request, Verse
from bot.domain.due import next_due
from bot.domain.group import GroupState
from bot.domain.regions import Region
from bot.domain.weekdays import EVERY_DAY, Weekdays
from bot.rehearsal.chats import Chat
from bot.rehearsal.members import Status
from bot.rehearsal.messages import Message
from bot.rehearsal.people import Person
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from bot.schedule import Rhythm
from bot.services.telling import GATHERED
from bot.settings import load_settings
from bot.store.bulletins import BulletinState
from bot.store.database import Store, make_engine
from bot.store.plan import PlanEntry
from bot.store.tables import lease
from tests.e2e.stage import KEY, TICK_SECONDS, TOKEN, until
from tests.faults.child import Kill, Orders
from tests.faults.clock import SharedClock
from tests.faults.life import PATIENCE_SECONDS, Life
from tests.faults.place import Place
from tests.faults.searching import FoundInPlainError, kept_besides, left_behind, search, secrets
from tests.faults.witness import Witness

VERSE = Verse("Let justice roll on like rivers", "Amos 5:24")
MONDAY = date(2026, 3, 2)
CANARY = "Canary"
_TEAM = "the invented harbour team"
# Where the clock stops often, sweeps at each stop would be most of the work.
SELDOM = Rhythm(posting=0.2, faster=1)
_SHORT = f"pray for {_TEAM}."
# No sentence stands twice in it: it would be shown only once.
_LONG = " ".join(f"Pray for {_TEAM} number {number}." for number in range(65))
_numbers = itertools.count()


@dataclass(frozen=True)
class Hour:
    """When a group wants its post."""

    zone: str = "UTC"
    at: time = time(7)
    weekdays: Weekdays = EVERY_DAY


@dataclass(frozen=True)
class Served:
    """A group that is served: what the judge knows of it, without our tables."""

    id: int
    chat: Chat
    hour: Hour
    admin: Person
    members: tuple[Person, ...]
    until: datetime | None = None  # since when it isn't served any more

    @property
    def chats(self) -> tuple[Chat, ...]:
        """Its chat, and the one that it became."""
        return (self.chat, self.chat.upgraded_to) if self.chat.upgraded_to else (self.chat,)


@dataclass(frozen=True)
class Noted:
    """That a group's post was due by this hour at an instant; None where none was."""

    at: datetime
    hour: Hour | None


@dataclass
class Trial:
    """What a try is played on."""

    place: Place
    world: World
    server: RehearsalServer
    clock: SharedClock
    store: Store
    given: dict[str, Any]
    operator: Person
    start: datetime
    days: Sequence[date]
    parts: int
    rhythm: Rhythm | None = None
    rounds: bool = False
    served: list[Served] = field(default_factory=list)
    noted: dict[int, list[Noted]] = field(default_factory=dict)
    witness: Witness = field(init=False)

    def __post_init__(self) -> None:
        self.witness = Witness(self.world, CANARY, self._served_chats)

    def _served_chats(self) -> set[int]:
        return {chat.id for served in self.served if served.until is None for chat in served.chats}

    def canaries(self, day: date) -> list[str]:
        """What each part of a day's request is known by."""
        return [f"{CANARY} {day:%Y%m%d}{number}:" for number in range(self.parts)]

    @property
    def log(self) -> Path:
        """What all its processes wrote to standard output and error."""
        return self.clock.path.with_suffix(".log")

    @property
    def points(self) -> Path:
        """The names of the points that its processes passed."""
        return self.clock.path.with_suffix(".points")

    def found_in_plain(self, *, everywhere: bool = False) -> list[str]:
        """Where token, key or request text stand, in sentences; `everywhere`: in what is kept besides, too."""
        address = str(self.given["database_url"])
        places = itertools.chain(left_behind(self.log, address), kept_besides(address) if everywhere else ())
        return search(places, secrets(self.given["key"], CANARY, _TEAM))

    @asynccontextmanager
    async def life(self, kill: Kill | None = None, *, cold: bool = False, named: bool = False) -> AsyncIterator[Life]:
        """A bot that runs; killed at the end if it still does. `named`: it writes the names of its points."""
        life = Life(self._orders(kill, named=named), self.clock, cold=cold)
        try:
            yield life
        finally:
            await life.kill()
            await self.lease_expires()

    def _orders(self, kill: Kill | None, *, named: bool) -> Orders:
        return Orders(
            settings=self.given,
            token=TOKEN,
            clock=self.clock.path,
            log=self.log,
            kill=kill,
            points=self.points if named else None,
            mutant=self.place.mutant,
            rhythm=self.rhythm,
            rounds=self.rounds,
        )

    async def lease_expires(self) -> None:
        """Nobody waits for the seconds that the lease of a killed node goes on to hold."""
        async with self.store.engine.begin() as connection:
            await connection.execute(update(lease).values(expires_at=func.now() - timedelta(seconds=1)))

    async def lived(self, until: datetime, kill: Kill | None = None, *, cold: bool = False) -> bool:
        """A life up to that instant, and a stop in peace; False if it was killed before."""
        async with self.life(kill, cold=cold) as life:
            return await life.until(until) and await life.stop() == 0

    async def serve(self, hour: Hour, members: int = 0, kind: str = "supergroup", *, in_topic: bool = False) -> Served:
        """One more group, which is active and waits for its next due instant.

        `in_topic`: it wants its posts in a topic of its forum, whose topics the bot may not manage.
        """
        people = tuple(self.world.person(f"Member {number}") for number in range(members))
        title = f"Group {len(self.served) + 1}"
        chat = self.world.group(title, members=people, kind=kind, forum=in_topic)
        admin = self.world.owner(chat)
        self.world.add_bot(chat, by=admin, admin=True)
        if in_topic:
            self.world.promote(self.world.bot, chat, without=["can_manage_topics"])
        topic = self.world.topic(chat, "Prayer") if in_topic else None
        self.world.updates.clear()
        zone = ZoneInfo(hour.zone)
        async with self.store.writing() as stored:
            group = await stored.groups.add(chat.id, title, zone, hour.at, hour.weekdays)
            await stored.groups.move(group.id, GroupState.ACTIVE)
            if topic is not None:
                await stored.groups.wish(group.id, topic_id=topic.id)
            await stored.groups.told(group.id, GroupState.ACTIVE)
            _, due = next_due(self.clock.now(), hour.at, zone, hour.weekdays)
            await stored.groups.set_next_due(group.id, due)
        served = Served(group.id, chat, hour, admin, people)
        self.served.append(served)
        self.noted[group.id] = [Noted(self.clock.now(), hour)]
        return served

    def hour_changes(self, group_id: int, hour: Hour) -> None:
        """Note that a group's hour was changed at this instant. What was due at this very instant may be either's."""
        noted, now = self.noted[group_id], self.clock.now()
        noted += [Noted(max(noted[-1].at, now - timedelta(microseconds=1)), noted[-1].hour), Noted(now, hour)]

    async def note_hours(self) -> None:
        """Note by which hours the groups say that they are due, and which aren't served, when everything is still."""
        async with self.store.reading() as stored:
            groups = await stored.groups.all()
        closed = {group.id for group in groups if not group.is_served}
        self.witness.closed = {chat.id for each in self.served if each.id in closed for chat in each.chats}
        for group in groups:
            hour = Hour(group.zone.key, group.at, group.weekdays) if group.state is GroupState.ACTIVE else None
            self.noted.setdefault(group.id, []).append(Noted(self.clock.now(), hour))

    def not_served_any_more(self, served: Served) -> None:
        """From now on nothing is due there."""
        self.served[self.served.index(served)] = replace(served, until=self.clock.now())

    def due(self, served: Served, day: date) -> datetime:
        """When a group is due on a day of an ordinary zone."""
        return datetime.combine(day, served.hour.at, ZoneInfo(served.hour.zone))

    def post(self, served: Served) -> Message:
        """The group's newest message under which its members pray."""
        return next(message for chat in reversed(served.chats) for message in self._posts(chat))

    def _posts(self, chat: Chat) -> Iterator[Message]:
        standing = (message for message in reversed(self.world.record.by_bot(chat)) if not message.deleted)
        return (message for message in standing if len(message.buttons) > 1)

    def is_in_reach(self, chat: Chat) -> bool:
        """Whether the bot may still change what it wrote there."""
        reachable = not chat.upgraded_to or self.world.switches.edits_to_upgraded
        return reachable and (chat.upgraded_to or chat).member(self.world.bot).present

    async def shows_count(self, served: Served, count: int) -> None:
        """Wait until the button under the group's newest post shows this count."""
        await until(lambda: self.post(served).buttons[0].endswith(f" {count}"))

    async def everybody_told(self) -> None:
        """Wait until groups and operator have been told all that they are to be told."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await self._anything_untold():  # noqa: ASYNC110 (a database tells nobody that it changed)
                await asyncio.sleep(TICK_SECONDS)

    async def _anything_untold(self) -> bool:
        async with self.store.reading() as stored:
            untold = [each for each in await stored.groups.untold() if self._hears(each.chat_id)]
            return bool(untold or await stored.notices.untold(but=GATHERED))

    def _hears(self, chat_id: int) -> bool:
        """Whether the bot may write in this group now; until it may, the group is to be told."""
        chat = next((each.chat for each in self.served if each.chat.id == chat_id), None)
        if chat is None:  # upgraded
            return True
        member = chat.member(self.world.bot)
        return member.status is Status.ADMINISTRATOR or (
            member.status is not Status.RESTRICTED and chat.members_may_write
        )

    async def publish(self) -> None:
        """A bulletin with a request for each of the days."""
        requests = tuple(Request(Region.GLOBAL, None, self._points(day)) for day in self.days)
        bulletin = Bulletin(None, None, VERSE, requests)
        async with self.store.writing() as stored:
            eve = self.days[0] - timedelta(days=1)
            added = await stored.bulletins.add(bulletin, "content", eve, self.days, VERSE)
            await stored.bulletins.set_state(added.id, BulletinState.PUBLISHED)
            points = tuple(range(self.parts))
            entries = zip(self.days, added.requests, strict=True)
            await stored.plan.put([PlanEntry(day, each.id, points) for day, each in entries])

    def _points(self, day: date) -> tuple[Point, ...]:
        if self.parts == 1:
            return (Point(f"{self.canaries(day)[0]} {_SHORT}", Kind.PRAYER),)
        return tuple(
            Point(f"{name} {_LONG}".replace("number", f"number {part}"), Kind.PRAYER)
            for part, name in enumerate(self.canaries(day), 1)
        )


@asynccontextmanager
async def trial(
    place: Place,
    start: datetime,
    *hours: Hour,
    days: int = 1,
    parts: int = 1,
    members: int = 0,
    rhythm: Rhythm | None = None,
    rounds: bool = False,
    **more: Any,
) -> AsyncIterator[Trial]:
    """A world at the instant `start`, with a served group for each of `hours`, and requests for so many days from then.

    Of `rhythm` and `rounds` see Orders. `more` are settings that differ from the usual ones.
    Raises FoundInPlainError at its end if token, key or request text stand in plain in what it leaves behind.
    """
    name = f"{next(_numbers)}"
    clock = SharedClock(place.folder / f"{name}.clock", start)
    world = World(clock.now)
    world.limits.off()
    # Of calls; those that were stepped over count too. Taps and updates grow old by real ones.
    world.monotonic = clock.elapsed
    operator = world.person("Operator")
    operator.started = True
    with place.database(name) as address:
        async with RehearsalServer(world, token=TOKEN) as server:
            given: dict[str, Any] = {
                "database_url": address,
                "key": KEY,
                "operators": [operator.id],
                "telegram": {"api_url": server.origin},
                # Those of real time would hold most of it up.
                "pacing": {
                    "paid_broadcast": True,
                    "calls_per_second": 1000,
                    "questions_per_second": 1000,
                    "calls_per_minute_in_a_chat": 1000,
                    "seconds_apart_in_a_chat": 0,
                },
                **more,
            }
            settings = load_settings(**given)
            store = Store(make_engine(settings.database()), settings.key())
            try:
                await store.admit_key()
                dates = [start.date() + timedelta(days=number) for number in range(days)]
                played = Trial(place, world, server, clock, store, given, operator, start, dates, parts, rhythm, rounds)
                await played.publish()
                for hour in hours:
                    await played.serve(hour, members)
                yield played
                # Before the last connection to a SQLite database is closed: then its write-ahead log goes.
                if found := await asyncio.to_thread(played.found_in_plain):
                    raise FoundInPlainError(found)
            finally:
                await store.close()
