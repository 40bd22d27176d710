"""The fault campaign, both kinds of database side by side. Exit status 1 on any violation."""

import argparse
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from random import SystemRandom

from tests.faults.campaign import EXPERIMENTS
from tests.faults.page import page
from tests.faults.place import KINDS
from tests.faults.row import GUARD_HEADINGS, HEADINGS, is_good, table
from tests.faults.running import Wanted, side_by_side
from tests.faults.versions import postgres_version

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "faults.md"


def main() -> int:
    """Run what is asked for and print the table."""
    asked, commit, today = _arguments(), _commit(), datetime.now(UTC)  # what they are an hour later says nothing
    say(f"The fault campaign, seed {asked.seed}. Again with the same tries: --seed {asked.seed}")
    rows, versions = [], _versions()
    for row in side_by_side(Wanted(asked.seed, asked.only, asked.few, asked.mutants), asked.databases):
        rows.append(row)
        say(row.line)
        if asked.write:  # at once: what was played isn't lost where the run doesn't come to its end
            before = PAGE.read_text("utf-8") if PAGE.exists() else ""
            aside = PAGE.with_suffix(".new")
            aside.write_text(page(before, [row], f"{today:%Y-%m-%d}, {commit}, seed {asked.seed}", versions), "utf-8")
            aside.replace(PAGE)
    rows.sort(key=lambda row: (row.number, row.database))
    for headings, broken in ((HEADINGS, False), (GUARD_HEADINGS, True)):
        say(f"\n{table(headings, [row.cells for row in rows if (row.mutant is not None) is broken])}")
    return 0 if is_good(rows) else 1


def say(words: str) -> None:
    """A line for whoever watches."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog='make faults ARGS="..."', description=__doc__)
    add = parser.add_argument
    add("--seed", type=int, default=SystemRandom().randrange(10**6), help="a number; the same one plays the same tries")
    add("--only", type=_numbers, default=frozenset(), help="numbers of experiments, like 2,16")
    add("--databases", type=_kinds, default=KINDS, help="sqlite or postgresql; both if left out")
    add("--few", action="store_true", help="as few tries as `make test` makes")
    add("--mutants", choices=("too", "not", "alone"), default="too", help="the bot with a guard broken on purpose")
    add("--write", action="store_true", help="put what is played into docs/faults.md")
    asked = parser.parse_args()
    if asked.write and asked.few:
        parser.error("--write puts full runs into the page alone: leave out --few")
    if not any(Wanted(asked.seed, asked.only, asked.few, asked.mutants).keys(asked.databases)):
        parser.error("nothing to be played: none of these experiments is for this kind of database, or shows a mutant")
    return asked


def _numbers(text: str) -> frozenset[int]:
    known = [each.number for each in EXPERIMENTS]
    numbers = frozenset(map(int, text.split(",")))
    if not numbers <= set(known):
        raise argparse.ArgumentTypeError(f"there are experiments {', '.join(map(str, known))}")
    return numbers


def _kinds(text: str) -> Sequence[str]:
    kinds = text.split(",")
    if not set(kinds) <= set(KINDS):
        raise argparse.ArgumentTypeError(f"there are {' and '.join(KINDS)}")
    return kinds


def _commit() -> str:
    """Which one is played, and whether the files differ from it."""
    changed = [line for line in _git("status", "--porcelain").splitlines() if not line.endswith(f"docs/{PAGE.name}")]
    return _git("rev-parse", "--short", "HEAD") + (" with uncommitted changes" if changed else "")


def _git(*arguments: str) -> str:
    """What git says; nothing outside of a repository."""
    git = ["git", *arguments]
    return subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def _versions() -> str:
    versions = [f"{name} {version(name)}" for name in ("python-telegram-bot", "sqlalchemy", "apscheduler", "psycopg")]
    databases = f"SQLite {sqlite3.sqlite_version}, {postgres_version()}"
    return f"Python {platform.python_version()}, {databases}, {', '.join(versions)}"


if __name__ == "__main__":
    sys.exit(main())
