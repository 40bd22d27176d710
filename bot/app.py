"""The composition root: everything is joined here, and nowhere else."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.loader.profile import load_profile
from bot.schedule import USUAL, Rhythm, Schedule, Sweep
from bot.services.admission import Admission
from bot.services.asking import Asking
from bot.services.atlas import Atlas
from bot.services.checkup import Checkup
from bot.services.digest import Digest
from bot.services.forgetting import Forgetting
from bot.services.greeting import Greeting
from bot.services.groups import GroupCare
from bot.services.inviting import Inviting
from bot.services.leaving import Leaving
from bot.services.marks import Praying
from bot.services.mine import Mine
from bot.services.onboarding import Onboarding
from bot.services.overseeing import Overseeing
from bot.services.pacing import Pace
from bot.services.passing import Passing
from bot.services.people import People
from bot.services.posting import Posting
from bot.services.previewing import Previewing
from bot.services.publishing import Door
from bot.services.receipts import Receipts
from bot.services.reminding import Reminding
from bot.services.replying import Replying
from bot.services.retiring import Retiring
from bot.services.retracting import Retracting
from bot.services.rewriting import Rewriting
from bot.services.rounds import Round
from bot.services.telling import Telling
from bot.services.verses import Verses
from bot.services.words import Languages
from bot.settings import TEXTS, VERSES, Settings
from bot.store.database import Store, is_sealed, make_engine
from bot.store.lease import Lease, LeaseLostError
from bot.store.lock import sole_bot
from bot.store.migrating import OlderRunsError, migrate
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.polling import Polling, TokenRefusedError
from bot.telegram.updates import publish_menus, register
from bot.telegram.vigil import Vigil

log = logging.getLogger(__name__)

_CONNECT_AGAIN_SECONDS = 5.0


def system_now() -> datetime:
    """The clock of this machine: the one place that reads it."""
    return datetime.now(UTC)


def boottime() -> float:
    """Seconds since this machine was started, also those in which it slept."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(frozen=True, slots=True)
class Clocks:
    """What time it is, and how much time has passed: the first may be set or jump, the second never."""

    now: Callable[[], datetime] = system_now
    elapsed: Callable[[], float] = time.monotonic


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Store]:
    """The database at its newest schema, under the host's key. Raises DatabaseError or HostKeyError."""
    async with _engine(settings) as engine:
        await migrate(engine)
        yield await _store(settings, engine)


@asynccontextmanager
async def open_store_alone(
    settings: Settings,
    ended: Callable[[LeaseLostError], None],
    stand_by: Callable[[str], None] | None = None,
    boottime: Callable[[], float] = boottime,
) -> AsyncIterator[Store]:
    """The same for the one bot at work. `boottime`, `ended` and `stand_by`, and what else is raised: see `sole_bot`.

    With PostgreSQL the store is fenced by the lease.
    """
    async with _engine(settings) as engine:
        # Whoever runs may be an older Vigil: then the database is brought up to date when that one has ended.
        with suppress(OlderRunsError):
            await migrate(engine)
        async with sole_bot(engine, settings.lease_terms(), boottime, ended, stand_by) as lease:
            await migrate(engine, alone=True)
            yield await _store(settings, engine, lease)


@asynccontextmanager
async def _engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(settings.database())
    try:
        yield engine
    finally:
        await engine.dispose()


async def _store(settings: Settings, engine: AsyncEngine, lease: Lease | None = None) -> Store:
    store = Store(engine, settings.key(make=not await is_sealed(engine)), lease)
    await store.admit_key()
    return store


class App:
    """The bot, joined together."""

    def __init__(self, settings: Settings, store: Store, token: str, clocks: Clocks, rhythm: Rhythm = USUAL) -> None:
        languages = Languages.load(TEXTS, settings.language)
        words = languages.default
        rules = settings.door_rules()
        self.settings, self.store, self._elapsed = settings, store, clocks.elapsed
        self.polling = Polling(token, settings.telegram.api_url, store.check, clocks.elapsed)
        self.pace = Pace(settings.limits(), clocks.elapsed, ran_before=True)
        self.messenger = TelegramMessenger(
            self.polling.application.bot,
            self.pace,
            protect=settings.telegram.protect_content,
            paid=settings.pacing.paid_broadcast,
        )
        admission = Admission(store, self.messenger, self.pace, clocks.elapsed)
        verses = Verses.load(VERSES)
        self.door = Door(store, self.messenger, languages, self.pace, rules, admission, verses, clocks.now)
        self.posting = Posting(store, self.door, rules, clocks.now)
        self.praying = Praying(store, self.door, self.pace, settings.kept().marks, clocks.now)
        self.reminding = Reminding(store, self.messenger, languages, self.pace, rules.late, clocks.now)
        self.rewriting = Rewriting(store, self.door, self.pace, admission, clocks.now)
        self.retracting = Retracting(store, clocks.now)
        self.retiring = Retiring(store, settings.kept(), clocks.now)
        self.groups = GroupCare(store, self.messenger, languages, self.pace, rules.late, clocks.now)
        begin = settings.group_defaults(), settings.patience()
        onboarding = Onboarding(store, self.messenger, languages, self.pace, *begin, clocks.now)
        self.checkup = Checkup(store, self.messenger, languages, self.pace, clocks.now)
        self.round = Round(store, self.messenger, self.checkup, self.pace, clocks.now)
        greeting = Greeting(store, self.messenger, languages, self.pace, settings.greeting_rules(), clocks.now)
        self.telling = Telling(store, self.messenger, words, self.pace, settings.operators)
        asking = Asking(store, self.door, self.messenger, self.pace, clocks.now)
        self.vigil = Vigil(
            messenger=self.messenger,
            languages=languages,
            pace=self.pace,
            groups=self.groups,
            atlas=Atlas.of(load_profile(settings.profile_path()), languages),
            replying=Replying(store, clocks.now),
            overseeing=Overseeing(store, clocks.now),
            people=People(store, settings.operators, clocks.now),
            onboarding=onboarding,
            asking=asking,
            posting=self.posting,
            previewing=Previewing(store, asking, self.messenger, clocks.now),
            praying=self.praying,
            mine=Mine(store, settings.kept().marks, clocks.now),
            reminding=self.reminding,
            forgetting=Forgetting(store, clocks.now),
            retracting=self.retracting,
            round=self.round,
            checkup=self.checkup,
            inviting=Inviting(store, self.messenger, languages, self.pace, clocks.now),
            greeting=greeting,
            telling=self.telling,
            operators=settings.operators,
        )
        digest = Digest(store, self.telling, words, settings.digest_rules(), clocks.now)
        sweeps = (
            Sweep(self.rewriting.wake, 1),
            Sweep(self.praying.show_counts, 1),
            Sweep(self.reminding.remind, 1),
            Sweep(self.groups.announce, 1),
            Sweep(onboarding.ask_again, 1),
            Sweep(onboarding.expire, 60),
            Sweep(self.groups.end_pauses, 10),
            Sweep(Passing(store, self.messenger, self.pace, clocks.now).remove, 5),
            Sweep(Leaving(store, self.messenger, clocks.now).leave, 1),
            Sweep(Receipts(store, self.messenger, words, self.pace).show, 1),
            Sweep(self.telling.tell, 1),
            Sweep(self.round.look, 5),
            Sweep(greeting.sweep, 5),
            Sweep(digest.sweep, 10),
            Sweep(self.retiring.sweep, 60),
        )
        self.schedule = Schedule(self.posting.wake, sweeps, clocks.now, rhythm)
        register(self.polling.application, self.vigil)

    async def start(self) -> None:
        """Begin to post and to receive updates. `polling.connect` has succeeded before."""
        await publish_menus(self.polling.application, self.vigil)
        # What was due meanwhile is on the ledger, with its reason, before an update says that a group is gone.
        self.schedule.start()
        await self.polling.start()

    async def stop(self) -> None:
        """Come to rest: what is under way is finished, or stays resumable.

        It takes `stop_seconds` and two seconds more at the most, whatever Telegram does meanwhile.
        """
        began = self._elapsed()
        await self.polling.receive_no_more()
        await self.schedule.stop(self.settings.stop_seconds)
        await self.posting.finish(max(0.0, self.settings.stop_seconds - (self._elapsed() - began)))
        await self.polling.close()

    async def greeting(self) -> str:
        """What the person who starts the bot should read, with the link that an operator must open."""
        bot = self.polling.application.bot
        lines = [f"Vigil runs as @{bot.username}. Ctrl-C stops it."]
        if not self.settings.operators:
            lines.append("No operators are set: put your Telegram id into `operators` in config/vigil.yaml.")
        elif not await self.telling.reachable():
            link = f"https://t.me/{bot.username}?start="
            lines.append(f"No operator can be reached yet. Each operator opens {link} and presses Start, once.")
        return "\n".join(lines)


async def serve(
    settings: Settings,
    token: str,
    stop: asyncio.Event,
    say: Callable[[str], None],
    ended: Callable[[LeaseLostError], None],
) -> None:
    """Run the bot until `stop`. `say` shows a line to whoever started it; `ended`: see `Lease`.

    Raises TokenRefusedError, AlreadyRunningError, DatabaseError or HostKeyError.
    """
    running = asyncio.create_task(_run(settings, token, say, ended))
    stopped = asyncio.create_task(stop.wait())
    # Telegram may be silent for minutes, and another node hold the lease: the order to stop comes first.
    await asyncio.wait((running, stopped), return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def _run(
    settings: Settings, token: str, say: Callable[[str], None], ended: Callable[[LeaseLostError], None]
) -> NoReturn:
    """Connect, start and greet. It ends when Telegram stops knowing the token: raises TokenRefusedError."""
    async with open_store_alone(settings, ended, say) as store:
        app = App(settings, store, token, Clocks())
        try:
            while not await app.polling.connect():
                say(f"Telegram can't be reached. Trying again in {_CONNECT_AGAIN_SECONDS:g} s; Ctrl-C stops.")
                await asyncio.sleep(_CONNECT_AGAIN_SECONDS)
            await app.start()
            say(await app.greeting())
            await app.polling.until_refused()
            raise TokenRefusedError
        finally:
            await app.stop()
