"""`vigil run`: the bot against Telegram."""

import asyncio
import signal
import sys

import typer

from bot import logs
from bot.app import serve
from bot.settings import CONFIG, Settings, load_settings
from bot.store.lock import AlreadyRunningError
from bot.telegram.polling import TokenRefusedError

REFUSED = 3
RUNNING_ALREADY = 4

app = typer.Typer(add_completion=False)


@app.command()
def run() -> None:
    """Run the bot until it is stopped. Exit status 2: wrong settings, 3: the token is refused, 4: it runs already."""
    settings = load_settings(token_needed=True)
    assert settings.token is not None  # noqa: S101 (`token_needed` has seen to it)
    logs.configure(CONFIG / "logging.yaml")
    try:
        asyncio.run(_serve(settings, settings.token.get_secret_value()))
    except TokenRefusedError:
        sys.stderr.write("Telegram refuses the token. Ask @BotFather for the right one and set TELEGRAM_TOKEN.\n")
        raise typer.Exit(REFUSED) from None
    except AlreadyRunningError as error:
        sys.stderr.write(f"Not started: {error}\n")
        raise typer.Exit(RUNNING_ALREADY) from None


async def _serve(settings: Settings, token: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await serve(settings, token, stop, _say)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
