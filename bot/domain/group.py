"""A private group that receives posts."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.weekdays import Weekdays


class GroupState(StrEnum):
    """Where a group stands. Only an active group receives request text."""

    PENDING = "pending"  # an operator has still to approve it
    DECLINED = "declined"
    APPROVED = "approved"  # its own admin has still to subscribe it
    ACTIVE = "active"
    PAUSED = "paused"
    SUSPENDED = "suspended"  # not private, or the bot can't write there
    HELD = "held"  # an operator suspended it, and only an operator lets it go on
    GONE = "gone"  # the bot was removed


# An operator's word stands: from here on its own admin decides.
APPROVED_STATES = (GroupState.APPROVED, GroupState.ACTIVE, GroupState.PAUSED, GroupState.SUSPENDED)
SERVED = (GroupState.ACTIVE, GroupState.PAUSED)
# Who expects a post: a suspended group's ends on the ledger, with that reason.
SUBSCRIBED = (GroupState.ACTIVE, GroupState.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Group:
    """One group as stored. `told` is the last state that the group has been told of.

    `language` is the code of a language, or None for the host's. `numbers`: it is shown how many have prayed.
    """

    id: int
    chat_id: int
    title: str
    state: GroupState
    told: GroupState | None
    zone: ZoneInfo
    at: time
    weekdays: Weekdays
    next_due_at: datetime | None
    language: str | None = None
    numbers: bool = True

    @property
    def is_served(self) -> bool:
        """Whether its members may ask."""
        return self.state in SERVED
