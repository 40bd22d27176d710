"""Commands whose files are loaded when they are called, so that none waits for the libraries of another."""

from importlib import import_module

import typer

# Everything behind the name is for the command itself, `--help` too.
_PASSED_ON = {
    "allow_extra_args": True,
    "allow_interspersed_args": False,
    "help_option_names": [],
    "ignore_unknown_options": True,
}


def add_later(app: typer.Typer, name: str, place: str, sentence: str) -> None:
    """Give an app the command that is the `app` in the file at `place`; `sentence` stands in the list of commands."""

    @app.command(name, help=sentence, context_settings=_PASSED_ON)
    def call(context: typer.Context) -> None:
        command = typer.main.get_command(import_module(place).app)
        command(context.args, prog_name=context.command_path)
