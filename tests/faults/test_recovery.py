"""How long a recovery took: what the bot's clock doesn't show counts too."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.rehearsal.entities import Text
from bot.rehearsal.messages import Version
from tests.faults.clock import Moment
from tests.faults.judge import recovery

DUE = datetime(2026, 3, 2, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("since", "seconds"),
    [
        (None, 120),
        (Moment(DUE + MINUTE), 60),
        (Moment(DUE + MINUTE, 1000.0), 105),  # 45 of them passed while the bot's clock stood
        (Moment(DUE - MINUTE, 1000.0), 120),  # nobody noted the real time of its due instant
        (Moment(DUE + 3 * MINUTE, 1000.0), -60),  # it was shown before
    ],
)
def test_what_was_due_before_a_restart_is_counted_in_real_seconds_too(since: Moment | None, seconds: float) -> None:
    shown = Version(DUE + 2 * MINUTE, 1105.0, Text("shown"))
    assert recovery(shown, DUE, since) == seconds
