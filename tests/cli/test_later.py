"""Commands are loaded when they are called, and nothing more than they need."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer

from bot.cli import app, bulletin

ROOT = Path(__file__).parents[2]
WEEK = ROOT / "data" / "bulletins" / "week.txt"
OF_THE_BOT = ("telegram", "sqlalchemy", "alembic", "apscheduler", "cryptography", "starlette", "uvicorn", "babel")
CALL = """
import sys
from bot.cli import main
try:
    main()
except SystemExit:
    sys.stderr.write("\\n" + " ".join(sys.modules))
"""


@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("bulletin", "--help"),
        ("bulletin", "check", str(WEEK)),
        ("bulletin", "check", "--json", str(WEEK)),
        ("bulletin", "check", "none.txt"),
        ("bulletin", "check", "--profile", "none.yaml", str(WEEK)),
    ],
    ids=" ".join,
)
def test_a_check_and_the_help_load_nothing_of_the_bot(words: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, "-c", CALL, *words], capture_output=True, text=True, cwd=ROOT, check=True)
    loaded = done.stderr.splitlines()[-1].split()
    assert "typer" in loaded
    assert [name for name in OF_THE_BOT if name in loaded] == []


@pytest.mark.parametrize("of", [app, bulletin.app], ids=["vigil", "vigil bulletin"])
def test_the_sentence_in_a_list_of_commands_is_that_of_the_command(of: typer.Typer) -> None:
    for later in of.registered_commands:
        place = f"bot.cli.{later.name}"
        if later.name is not None and later.help is not None:
            command = typer.main.get_command(import_module(place).app)
            assert (command.help or "").startswith(later.help), place
