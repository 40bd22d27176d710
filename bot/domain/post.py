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


UNDER_WAY = (PostState.PLANNED, PostState.OPENING, PostState.OPENED, PostState.REVEALING)


class CopyState(StrEnum):
    """What a message may show: the bare verse, perhaps the request, the request, or a tombstone."""

    OPENED = "opened"
    REVEALING = "revealing"
    REVEALED = "revealed"
    TOMBSTONE = "tombstone"


@dataclass(frozen=True, slots=True)
class Post:
    """One group's plan entry for one local date, or an answer (then `local_date` is None).

    `points` are the request's points by index. `attempt` grows with every claim, and every write names the one it
    belongs to. `reopened` counts opens that were repeated because the last one's outcome is unknown.
    """

    id: int
    group_id: int
    chat_id: int
    request_id: int | None
    points: tuple[int, ...]
    local_date: date | None
    due_at: datetime
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
    def is_direct(self) -> bool:
        """Whether it goes to a person's direct chat: only those have positive ids, the person's own (Bot API)."""
        return self.chat_id > 0


@dataclass(frozen=True, slots=True)
class Copy:
    """One Telegram message that shows a post or a part of it; `part` counts from 0."""

    post_id: int
    part: int
    chat_id: int
    message_id: int
    state: CopyState
