"""The command line in this process, on a database of its own."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import main
from tests.e2e.stage import KEY


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    status: int
    out: str
    err: str


Vigil = Callable[..., Outcome]


@pytest.fixture
def vigil(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Vigil:
    """Runs `vigil` with these words."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/vigil.db")
    monkeypatch.setenv("VIGIL_KEY", KEY)
    monkeypatch.setenv("COLUMNS", "120")

    def run(*words: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["vigil", *map(str, words)])
        capsys.readouterr()
        status = 0
        try:
            main()
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 0
        said = capsys.readouterr()
        return Outcome(status, said.out, said.err)

    return run
