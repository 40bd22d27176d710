"""The command `vigil`: each group of commands stands in a file of its own."""

import sys

import typer

from bot.cli.later import add_later

app = typer.Typer(
    help="Vigil posts each day's prayer request to private groups.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
add_later(app, "run", "bot.cli.run", "Run the bot until it is stopped.")
add_later(app, "demo", "bot.cli.demo", "Show a week of Vigil in a minute, with an invented Telegram.")
add_later(app, "bulletin", "bot.cli.bulletin", "Bulletins: see how a file is understood, load it, export it.")
add_later(app, "plan", "bot.cli.plan", "The plan: see the coming weeks, change their days.")
add_later(app, "groups", "bot.cli.groups", "Groups: list, approve, decline.")
add_later(
    app,
    "retract",
    "bot.cli.retract",
    "Take a request back: its text is deleted at once, and all messages that show it are changed by the running bot.",
)
add_later(
    app,
    "journal",
    "bot.cli.journal",
    "Print the last privileged acts: who approved, removed, published, took back and so on.",
)
add_later(app, "commands", "bot.cli.commands", "Print every command of the bot as the page docs/commands.md.")


def main() -> None:
    """Run the command line.

    Exit status 0: done, 1: it couldn't be done, 2: wrong usage, 3: the token is refused, 4: a bot runs already.
    """
    try:
        app()
    except BrokenPipeError:
        # Whoever reads the output has seen enough (`| head`).
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        from bot.cli.ending import ending

        ended = ending(error)
        if ended is None:
            raise
        sys.stderr.write(f"{ended.sentence}\n")
        sys.exit(ended.status)
