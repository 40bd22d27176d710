"""The command `vigil`: each group of commands stands in a file of its own."""

import sys

import typer
from sqlalchemy.exc import DBAPIError

from bot.cli import bulletin, groups, plan
from bot.cli.commands import commands
from bot.cli.demo import demo
from bot.cli.export import UnknownBulletinError, export
from bot.cli.groups import GroupNumberError
from bot.cli.load import load
from bot.cli.opening import NotConnectedError
from bot.cli.retract import RetractError, retract
from bot.cli.run import run
from bot.demo.stage import DemoError
from bot.loader.files import BulletinError
from bot.loader.profile import ProfileError
from bot.services.planning import LoadError
from bot.services.replanning import ReplanError
from bot.settings import SettingsError
from bot.store.database import DatabaseError, plain_reason
from bot.store.key import HostKeyError
from bot.store.lock import AlreadyRunningError
from bot.telegram.polling import TokenRefusedError

app = typer.Typer(
    help="Vigil posts each day's prayer request to private groups.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(run)
app.command()(demo)
app.add_typer(bulletin.app, name="bulletin")
bulletin.app.command()(load)
bulletin.app.command()(export)
app.add_typer(plan.app, name="plan")
app.add_typer(groups.app, name="groups")
app.command()(retract)
app.command()(commands)

REFUSED = 3
RUNNING_ALREADY = 4

# What a person can put right: said as one sentence, without a traceback.
EXPECTED = (
    BulletinError,
    ProfileError,
    LoadError,
    UnknownBulletinError,
    ReplanError,
    GroupNumberError,
    RetractError,
    DatabaseError,
    HostKeyError,
    NotConnectedError,
    DemoError,
)


def main() -> None:
    """Run the command line.

    Exit status 0: done, 1: it couldn't be done, 2: wrong usage, 3: the token is refused, 4: a bot runs already.
    """
    try:
        app()
    except EXPECTED as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
    except SettingsError as error:
        sys.stderr.write(f"Nothing was started. These settings are wrong:\n{error}\n")
        sys.exit(2)
    except TokenRefusedError:
        sys.stderr.write("Telegram refuses the token. Ask @BotFather for the right one and set TELEGRAM_TOKEN.\n")
        sys.exit(REFUSED)
    except AlreadyRunningError as error:
        sys.stderr.write(f"Nothing was done: {error}\n")
        sys.exit(RUNNING_ALREADY)
    except DBAPIError as error:
        sys.stderr.write(f"The database can't be used: {plain_reason(error)}\n")
        sys.exit(1)
    except BrokenPipeError:
        # Whoever reads the output has seen enough (`| head`).
        sys.stderr.close()
        sys.exit(0)
