"""A private group that receives posts."""

from dataclasses import dataclass
from datetime import date, datetime, time
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


class QuietDay(StrEnum):
    """What a group gets on one of its weekdays for which nothing is planned."""

    NOTHING = "nothing"
    VERSE = "verse"  # a verse and the week's regions


# An operator's word stands: from here on its own admin decides.
APPROVED_STATES = (GroupState.APPROVED, GroupState.ACTIVE, GroupState.PAUSED, GroupState.SUSPENDED)
SERVED = (GroupState.ACTIVE, GroupState.PAUSED)
# Who expects a post: a suspended group's ends on the ledger, with that reason.
SUBSCRIBED = (GroupState.ACTIVE, GroupState.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Group:
    """One group as stored. `told` is the last state that the group has been told of.

    `language` is the code of a language, or None for the host's. `topic_id` is the forum's topic for posts, None for
    General or where there are no topics. `numbers`: how many prayed is shown. A pause with `paused_until` ends by
    itself on that local date. `gone_at` is when the bot was removed. `findings` are what was bad at the last checkup,
    None before the first. `asks_admin`: who agreed to the covenant waits for an admin's word.
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
    topic_id: int | None = None
    silent: bool = False
    quiet_day: QuietDay = QuietDay.NOTHING
    numbers: bool = True
    paused_until: date | None = None
    added_at: datetime | None = None
    gone_at: datetime | None = None
    findings: frozenset[str] | None = None
    asks_admin: bool = True

    @property
    def is_served(self) -> bool:
        """Whether its members may ask."""
        return self.state in SERVED

    def posts_on(self, day: date) -> bool:
        """Whether it has a post on this local date, if something is planned: one of its days, and no pause."""
        paused = self.state is GroupState.PAUSED and (self.paused_until is None or day < self.paused_until)
        return self.is_served and not paused and day.weekday() in self.weekdays
