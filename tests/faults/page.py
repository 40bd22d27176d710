"""docs/faults.md: of each experiment and broken guard the last time that it was played, in one run or in several.

The page is its own memory: what a run didn't play stays as it was.
"""

import re
from collections.abc import Iterable

from tests.faults.campaign import EXPERIMENTS
from tests.faults.outcome import Outcome
from tests.faults.place import KINDS
from tests.faults.row import GUARD_HEADINGS, HEADINGS, Row, table
from tests.faults.running import Wanted

_LINE = re.compile(r"\| (.+) \|")
_TIME = HEADINGS.index("real time")
_WHOLE = (len(HEADINGS) + 1, len(GUARD_HEADINGS) + 1)  # cells of a line, with the time at which it was played


def page(before: str, rows: Iterable[Row], played: str, versions: str) -> str:
    """The page that was `before`, with these rows in place of theirs. `played`: when, on what and with which seed.

    `versions`: what all that is played now is played with.
    """
    lines = {cells[:2]: cells for cells in _lines(before)}
    lines |= {row.cells[:2]: (*row.cells, played) for row in rows if row.played}
    wanted = _wanted()
    missing = [f"{first} ({second})" for first, second in wanted if (first, second) not in lines]
    unbroken, broken = (
        [lines[key] for key in wanted if key in lines and wanted[key] is each] for each in (False, True)
    )
    seconds = sum(float(cells[_TIME].split()[0]) for cells in unbroken)
    return f"""# The fault campaign

The real bot, killed and disturbed in every way; the rehearsal server's record of messages is the judge.
Written by `make faults ARGS="--write"`, which replaces the lines of what it plays. Play it with other tries:

    make faults ARGS="--seed 7 --only 2,16"

In sum {seconds / 60:.0f} minutes of real time, three lines at a time; the newest of them with
{versions}.
Not played yet: {"; ".join(missing) or "nothing"}.

{table((*HEADINGS, "played"), unbroken)}

Recovery is counted on the bot's own clock; of what was due before a restart, or an outage's end, in real
seconds too. A bare verse may stand twice only where a send was cut off.
What slipped into the second between asking who sees a chat and showing it was gone within a minute.

With a guard broken on purpose the campaign must fail:

{table((*GUARD_HEADINGS, "played"), broken)}
"""


def _wanted() -> dict[tuple[str, ...], bool]:
    """The first two cells of every line that there must be, in their order, and whether a guard is broken there."""
    titles = {each.number: each.title for each in EXPERIMENTS}
    keys = sorted(Wanted(seed=0).keys(KINDS), key=lambda key: (key[2] or "", key[0]))
    rows = [Row(number, titles[number], kind, 0.0, Outcome(), mutant) for number, kind, mutant in keys]
    return {row.cells[:2]: row.mutant is not None for row in rows}


def _lines(page: str) -> Iterable[tuple[str, ...]]:
    found = (_LINE.fullmatch(line) for line in page.splitlines())
    return (cells for line in found if line and len(cells := tuple(line[1].split(" | "))) in _WHOLE)
