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
from tests.faults.place import KINDS
from tests.faults.row import Row, is_good, is_whole, mutants, table
from tests.faults.running import Wanted, side_by_side
from tests.faults.versions import postgres_version

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "faults.md"


def main() -> int:
    """Run what is asked for and print the table."""
    asked, commit = _arguments(), _commit()  # which it is at the end of an hour says nothing
    say(f"The fault campaign, seed {asked.seed}. Again with the same tries: --seed {asked.seed}")
    rows = []
    for row in side_by_side(Wanted(asked.seed, asked.only, asked.few, not asked.no_mutants), asked.databases):
        rows.append(row)
        say(row.line)
    rows.sort(key=lambda row: (row.number, row.database))
    say(f"\n{table(rows)}\n\n{mutants(rows)}")
    if asked.write and is_whole(rows):
        PAGE.write_text(_page(asked.seed, commit, rows), "utf-8")
    elif asked.write:
        say(f"\nNot everything was played: {PAGE.name} stays as it is.")
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
    add("--no-mutants", action="store_true", help="leave out the broken guards")
    add("--write", action="store_true", help="write the tables to docs/faults.md")
    return parser.parse_args()


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


def _page(seed: int, commit: str, rows: Sequence[Row]) -> str:
    """docs/faults.md."""
    versions = [f"{name} {version(name)}" for name in ("python-telegram-bot", "sqlalchemy", "apscheduler", "psycopg")]
    return "\n".join(
        [
            "# The fault campaign",
            "",
            "The real bot, killed and disturbed in every way; the rehearsal server's record of messages is the judge.",
            'Written by `make faults ARGS="--write"`. Play it again, with these tries or with others:',
            "",
            f'    make faults ARGS="--seed {seed}"',
            '    make faults ARGS="--seed 7 --only 2,16"',
            "",
            f"Run on {datetime.now(UTC):%d %B %Y} at commit {commit}, seed {seed}; Python {platform.python_version()},",
            f"SQLite {sqlite3.sqlite_version}, {postgres_version()}, {', '.join(versions)}; real time in all:",
            f"{_hours(rows)}.",
            "",
            table(rows),
            "",
            "Recovery is counted on the bot's own clock; of what was due before a restart, or an outage's end, in real",
            "seconds too. A bare verse may stand twice only where a send was cut off.",
            "What slipped into the second between asking who sees a chat and showing it was gone within a minute.",
            "",
            "With a guard broken on purpose the campaign must fail:",
            "",
            mutants(rows),
            "",
        ]
    )


def _hours(rows: Sequence[Row]) -> str:
    """The time of the slower kind of database: both ran side by side."""
    seconds = max(sum(row.seconds for row in rows if row.database == kind) for kind in KINDS)
    return f"{seconds / 60:.0f} minutes"


if __name__ == "__main__":
    sys.exit(main())
