"""A post on its way through the door, and the copies that show it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class PostState(StrEnum):
    """How far a post is. Each is stored before the call that follows it."""

    PLANNED = "planned"
    OPENING = "opening"
    OPENED = "opened"
    REVEALING = "revealing"
    REVEALED = "revealed"
    SKIPPED = "skipped"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # its request was taken back
    RETIRED = "retired"  # its request was put away after its time, or with its group


# Why a post of such a date shows no request, from the beginning on.
NOTHING_PLANNED = "nothing_planned"

UNDER_WAY = (PostState.PLANNED, PostState.OPENING, PostState.OPENED, PostState.REVEALING)
TAKEN_BACK = (PostState.WITHDRAWN, PostState.RETIRED)


class CopyState(StrEnum):
    """What a message may show: the bare verse, perhaps the request, the request, or a tombstone.

    What an unreachable one shows can't be changed any more: the bot was removed, or the message is gone.
    """

    OPENED = "opened"
    REVEALING = "revealing"
    REVEALED = "revealed"
    TOMBSTONE = "tombstone"
    UNREACHABLE = "unreachable"


class Saying(StrEnum):
    """What a message must say from now on, whatever it says yet. In the order of haste, the last first."""

    RETIRED = "retired"
    SUPERSEDED = "superseded"  # the text was corrected, and may not be shown there now
    TEXT = "text"  # the request's text as it is stored: it was corrected
    WITHDRAWN = "withdrawn"


TOMBSTONES = (Saying.RETIRED, Saying.SUPERSEDED, Saying.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Post:
    """One group's plan entry for one local date, or an answer (then `local_date` is None).

    `points` are the request's points by index. `topic_id` is where in a forum it goes, fixed when it is made. `attempt`
    grows with every claim, and every write names the one it belongs to. `reopened` counts opens that were repeated
    because the last one's outcome is unknown.
    """

    id: int
    group_id: int
    chat_id: int
    request_id: int | None
    points: tuple[int, ...]
    local_date: date | None
    due_at: datetime
    topic_id: int | None
    state: PostState
    attempt: int
    reopened: int
    parts: int
    reason: str | None
    not_before: datetime | None
    prayed: int
    shown: int

    @property
    def is_answer(self) -> bool:
        """Whether somebody asked for it, rather than the plan."""
        return self.local_date is None

    @property
    def is_quiet(self) -> bool:
        """Whether it brings a verse because nothing is planned for its date."""
        return self.request_id is None and self.reason == NOTHING_PLANNED

    @property
    def is_direct(self) -> bool:
        """Whether it goes to a person's direct chat: only those have positive ids, the person's own (Bot API)."""
        return self.chat_id > 0


@dataclass(frozen=True, slots=True)
class Copy:
    """One Telegram message that shows a post or a part of it; `part` counts from 0.

    `says` is None while nothing needs to change. Else it is written at `again_at`, and again: `writes` times up to now.
    `reason` says why it could not be reached.
    """

    post_id: int
    part: int
    chat_id: int
    message_id: int
    state: CopyState
    says: Saying | None = None
    again_at: datetime | None = None
    writes: int = 0
    reason: str | None = None
