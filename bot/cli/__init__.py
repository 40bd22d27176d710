"""The command `vigil`: each group of commands stands in a file of its own."""

import sys

import typer

from bot.cli import bulletin
from bot.loader.files import BulletinError
from bot.loader.profile import ProfileError

app = typer.Typer(
    help="Vigil posts each day's prayer request to private groups.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(bulletin.app, name="bulletin")

# What a person can put right: said as one sentence, without a traceback.
EXPECTED = (BulletinError, ProfileError)


@app.callback()
def vigil() -> None:
    """Hold the commands together: with a callback each keeps its name, even if it is the only one."""


def main() -> None:
    """Run the command line. Exit status 0 done, 1 it couldn't be done, 2 wrong usage."""
    try:
        app()
    except EXPECTED as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever reads the output has seen enough (`| head`).
        sys.stderr.close()
        sys.exit(0)
