"""The real bot and the rehearsal server in one process, joined over HTTP, with a clock that the test moves."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.app import App, Clocks, open_store
from bot.domain.post import PostState
from bot.rehearsal.chats import Chat
from bot.rehearsal.messages import Message
from bot.rehearsal.people import Person
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from bot.schedule import Rhythm
from bot.settings import Settings, load_settings
from tests.clock import StandingClock

TOKEN = "4242424242:rehearsal-token-for-tests-only-01234"
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
PATIENCE_SECONDS = 60.0
TICK_SECONDS = 0.01
QUICK = Rhythm(posting=0.5, faster=20)


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> datetime:
        """The instant."""
        ...


@dataclass
class Stage:
    """What a test plays on."""

    world: World
    server: RehearsalServer
    app: App
    clock: StandingClock
    operator: Person
    desk: Chat | None = None

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds. The bound is far above what any machine needs: it only ends a hanging test."""
        await until(holds, self.app.schedule.wake)

    async def settled(self) -> None:
        """Wait until the bot has handled every update and carried every post as far as it goes now."""
        app = self.app
        await self.handled()
        await app.posting.wake()
        await self.until(lambda: self.server.quiet and not (app.posting.busy or app.rewriting.busy))

    async def handled(self) -> None:
        """Wait until every handler has ended that an update has begun."""
        await self.server.until_quiet(PATIENCE_SECONDS)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.app.polling.application.update_queue.join()

    def shows(self, chat: Chat, text: str) -> bool:
        """Whether a message of the bot with these words stands in the chat now."""
        return bool(self.world.record.showing(text, chat))

    def last(self, chat: Chat) -> Message:
        """The bot's newest message there."""
        return self.world.record.by_bot(chat)[-1]

    async def ask(self, person: Person, chat: Chat | None, text: str) -> str:
        """Say something to the bot; what it says there next."""
        place = chat or self.world.private_chat(person)
        before = len(self.world.record.by_bot(place))
        self.world.say(person, chat, text)
        await self.until(lambda: len(self.world.record.by_bot(place)) > before)
        await self.settled()
        return self.last(place).text

    async def shown(self, person: Person, chat: Chat | None, text: str) -> str:
        """Ask for a request, and tap "Show" under the short answer; what becomes of that."""
        await self.ask(person, chat, text)
        answer = self.last(chat or self.world.private_chat(person))
        short = answer.text
        await self.tap(person, answer)
        await self.until(lambda: answer.text != short)
        await self.settled()
        return answer.text

    async def tap(self, person: Person, message: Message, button: str | int = 0) -> str:
        """Tap a button; the words that Telegram shows for it."""
        return (await self.world.tap(person, message, button).answered(PATIENCE_SECONDS)).text

    async def tap_data(self, person: Person, message: Message, data: str) -> str:
        """Tap with any data, as a client may; the words that Telegram shows for it."""
        return (await self.world.tap_data(person, message, data).answered(PATIENCE_SECONDS)).text

    async def approved(self, title: str, admin: Person, *members: Person, kind: str = "supergroup") -> Chat:
        """A private group that an operator has approved."""
        group = self.world.group(title, members=members, admins=[admin], kind=kind)
        self.world.add_bot(group, by=admin, admin=True)
        asked = self.world.private_chat(self.operator)
        # Who approves before the group was greeted spares it that greeting, and some tests look for it.
        await self.until(lambda: self.shows(asked, title) and bool(self.world.record.by_bot(group)))
        await self.tap(self.operator, self.world.record.showing(title, asked)[-1], "Approve")
        await self.until(lambda: self.shows(group, "/subscribe"))
        return group

    async def subscribed(
        self,
        title: str,
        admin: Person,
        *members: Person,
        zone: str = "UTC",
        at: str = "07:30",
        kind: str = "supergroup",
    ) -> Chat:
        """A private group that has gone the whole way from being added to its first due instant."""
        group = await self.approved(title, admin, *members, kind=kind)
        for command in ("/subscribe", f"/timezone {zone}", f"/time {at}"):
            await self.ask(admin, group, command)
        return group

    async def known_copies(self) -> set[tuple[int, int]]:
        """Chat id and message id of every copy on the ledger."""
        async with self.app.store.reading() as stored:
            posts = await stored.posts.recent(self.clock.instant - timedelta(days=60))
            copies = [copy for post in posts for copy in await stored.posts.copies(post.id)]
        return {(copy.chat_id, copy.message_id) for copy in copies}

    async def outcome(self, chat: Chat) -> tuple[PostState, str | None]:
        """State and reason of the chat's newest post."""
        async with self.app.store.reading() as stored:
            posts = await stored.posts.recent(self.clock.instant - timedelta(days=60))
        newest = [post for post in posts if post.chat_id == chat.id and not post.is_answer][-1]
        return newest.state, newest.reason


async def until(
    holds: Callable[[], bool],
    meanwhile: Callable[[], None] = lambda: None,
    seconds: float = PATIENCE_SECONDS,
    tick: float = TICK_SECONDS,
) -> None:
    """Look every `tick` seconds until something holds. Raises TimeoutError after `seconds`."""
    async with asyncio.timeout(seconds):
        never = asyncio.Event()
        while not holds():
            meanwhile()
            with suppress(TimeoutError):
                await asyncio.wait_for(never.wait(), tick)


def stage_settings(server: RehearsalServer, database: str, **more: object) -> Settings:
    """Settings for a bot that speaks to the rehearsal server."""
    given: dict[str, Any] = {
        "database_url": database,
        "key": KEY,
        "telegram": {"api_url": server.origin},
        "pacing": {
            "calls_per_minute_in_a_chat": 1000,
            "counts_per_minute_in_a_chat": 1000,
            "seconds_apart_in_a_chat": 0,
        },
        **more,
    }
    return load_settings(**given)


@asynccontextmanager
async def bot_running(
    server: RehearsalServer, database: str, clock: Clock, *operators: Person | Chat, rhythm: Rhythm = QUICK
) -> AsyncIterator[App]:
    """The bot, from start to stop. A group of the operators is one of them, too."""
    settings = stage_settings(server, database, operators=[each.id for each in operators])
    async with open_store(settings) as store:
        app = App(settings, store, TOKEN, Clocks(clock.now), rhythm)
        assert await app.polling.connect()
        await app.telling.reachable()
        await app.start()
        try:
            yield app
        finally:
            await app.stop()


@asynccontextmanager
async def on_stage(database: str, clock: StandingClock, desk: str = "") -> AsyncIterator[Stage]:
    """A bot that runs, with one operator who has started it; `desk` is the title of the operators' group, if any."""
    world = World(clock.now)
    world.limits.off()
    operator = world.person("Operator")
    at_desk = world.group(desk, admins=[operator]) if desk else None
    if at_desk:
        world.add_bot(at_desk, by=operator)
    operators = [each for each in (operator, at_desk) if each]
    async with RehearsalServer(world, token=TOKEN) as server, bot_running(server, database, clock, *operators) as app:
        stage = Stage(world, server, app, clock, operator, at_desk)
        world.say(operator, None, "/start")
        await stage.until(lambda: stage.shows(world.private_chat(operator), "operator"))
        yield stage
