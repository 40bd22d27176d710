"""How a command gets at the settings and the database, and how what it asks for is carried out."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from bot.app import App, Clocks, open_store, open_store_alone, system_now
from bot.cli.run import end_at_once
from bot.domain.regions import Region
from bot.loader.profile import load_profile
from bot.services.correcting import Correcting
from bot.services.planning import Planning
from bot.services.replanning import Replanning
from bot.services.verses import Verses
from bot.settings import VERSES, Settings, load_settings
from bot.store.database import Store
from bot.store.lock import AlreadyRunningError, is_running

T = TypeVar("T")

NOT_RUNNING = "No bot is running on this database; nothing is sent until one is: vigil run"

Now = Annotated[bool, typer.Option("--now", help="Where no bot runs: connect, do it and end.")]


class NotConnectedError(Exception):
    """Telegram can't be reached, and nothing was written."""


def with_store(do: Callable[[Settings, Store], Awaitable[T]]) -> T:
    """Do something with the configured database. Raises what `load_settings` and `open_store` raise."""

    async def opened() -> T:
        settings = load_settings()
        async with open_store(settings) as store:
            return await do(settings, store)

    return asyncio.run(opened())


async def running_note(store: Store) -> str | None:
    """What to say where no bot runs to carry out what was just written."""
    return None if await is_running(store.engine) else NOT_RUNNING


def intend(
    write: Callable[[Settings, Store], Awaitable[T]], carry_out: Callable[[App], Awaitable[str | None]], *, now: bool
) -> tuple[T, str | None]:
    """Write into the database what the bot is to do; what `write` gives, and a sentence on what is not done, if any.

    The running bot sees it within two seconds and does it. With `now` this process is the bot for a moment, and does
    it with `carry_out`, which gives that sentence. Then it raises, before anything was written, AlreadyRunningError
    where a bot runs, NotConnectedError or TokenRefusedError.
    """

    async def written(settings: Settings, store: Store) -> tuple[T, str | None]:
        result = await write(settings, store)
        note = await running_note(store)
        return result, note and f"{note}, or the same command with --now"

    if not now:
        return with_store(written)
    try:
        return asyncio.run(_now(write, carry_out))
    except AlreadyRunningError as error:
        raise AlreadyRunningError(f"{error}; or leave out --now, and it does this within seconds") from None


async def _now(
    write: Callable[[Settings, Store], Awaitable[T]], carry_out: Callable[[App], Awaitable[str | None]]
) -> tuple[T, str | None]:
    settings = load_settings(token_needed=True)
    assert settings.token is not None  # noqa: S101 (`token_needed` has seen to it)
    async with open_store_alone(settings, end_at_once) as store:
        app = App(settings, store, settings.token.get_secret_value(), Clocks())
        try:
            if not await app.polling.connect():
                raise NotConnectedError("Telegram can't be reached. Without --now it waits for a bot")
            return await write(settings, store), await carry_out(app)
        finally:
            await app.stop()


def planning(settings: Settings, store: Store) -> Planning:
    """The planning service, on the clock of this machine."""
    return Planning(store, Verses.load(VERSES), settings.planning.weekdays, system_now)


def correcting(store: Store) -> Correcting:
    """What corrects a bulletin."""
    return Correcting(store, system_now)


def replanning(settings: Settings, store: Store) -> Replanning:
    """What changes the plan, on the clock of this machine. Raises ProfileError."""
    names = {**load_profile(settings.profile_path()).headings, **{str(region): region for region in Region}}
    return Replanning(store, names, system_now)
