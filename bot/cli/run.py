"""`vigil run`: the bot against Telegram."""

import asyncio
import os
import signal
import sys
import threading

import typer

from bot import logs
from bot.app import serve
from bot.settings import CONFIG, Settings, load_settings
from bot.store.lease import LeaseLostError

LEASE_LOST = 5
# An end takes `stop_seconds` and so many more at the most.
MORE_SECONDS = 2.0

app = typer.Typer(add_completion=False)


@app.command()
def run() -> None:
    """Run the bot until it is stopped.

    Exit status 2: wrong settings, 3: the token is refused, 4: it runs already, 5: another node took over.
    """
    settings = load_settings(token_needed=True)
    assert settings.token is not None  # noqa: S101 (`token_needed` has seen to it)
    logs.configure(CONFIG / "logging.yaml")
    asyncio.run(_serve(settings, settings.token.get_secret_value()))


def end_at_once(error: LeaseLostError) -> None:
    """End this process as it stands. In order it would finish what is under way, and another node may be at that."""
    sys.stderr.write(f"{error}\n")
    sys.stderr.flush()
    os._exit(LEASE_LOST)


async def _serve(settings: Settings, token: str) -> None:
    stop = asyncio.Event()
    # Whatever hangs (a library, the resolver, a disk): what isn't done by then is resumed at the next start.
    deadline = threading.Timer(settings.stop_seconds + MORE_SECONDS, os._exit, (0,))
    deadline.daemon = True

    def end() -> None:
        if not stop.is_set():
            stop.set()
            deadline.start()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    await serve(settings, token, stop, _say, end_at_once)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
