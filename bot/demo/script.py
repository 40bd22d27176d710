"""Who lives in the demo, and what they do in a week. Everybody and everything here is invented."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

# An undated bulletin is of this Saturday. On the Sunday after it New York's clocks change: its posts keep their hour.
DEMO_DATE = date(2026, 3, 7)


@dataclass(frozen=True, slots=True)
class Place:
    """A private group. Its admin adds the bot and sets zone and hour; all of them may pray."""

    name: str
    title: str
    zone: str
    at: time
    admin: str
    members: tuple[str, ...]


PLACES = (
    Place("New York", "Morningside prayer", "America/New_York", time(7), "Grace", ("Rosa", "Tom")),
    Place("Nairobi", "Ngong Road prayer", "Africa/Nairobi", time(6, 30), "Amina", ("Brian", "Njeri")),
    Place("Manila", "Sampaguita circle", "Asia/Manila", time(5, 45), "Luz", ("Jun", "Tess")),
)
OPERATOR = "Vera"


class Does(StrEnum):
    """What a person does."""

    PRAYS = "taps “I prayed” under the newest post"
    SAYS = "says `words` in the group"
    OPENS = "taps “Open privately” under the newest post and presses Start"
    ASKS = "says `words` to the bot in the direct chat"


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does on the `day`th planned day (from 0), so many minutes after their group's post.

    In `words`, {coming} is the last region that the week still brings; without one the act is left out.
    """

    day: int
    minutes: int
    place: str
    who: str
    does: Does
    words: str = ""


ACTS = (
    Act(0, 4, "Manila", "Luz", Does.PRAYS),
    Act(0, 9, "Manila", "Jun", Does.PRAYS),
    Act(0, 31, "Manila", "Tess", Does.SAYS, "/region {coming}"),
    Act(0, 3, "Nairobi", "Amina", Does.PRAYS),
    Act(0, 8, "Nairobi", "Brian", Does.PRAYS),
    Act(0, 40, "Nairobi", "Brian", Does.PRAYS),  # a second time: counted once
    Act(0, 6, "New York", "Tom", Does.PRAYS),
    Act(0, 12, "New York", "Rosa", Does.OPENS),
    Act(0, 14, "New York", "Rosa", Does.ASKS, "/today"),
    Act(1, 5, "Manila", "Jun", Does.PRAYS),
    Act(1, 7, "Nairobi", "Njeri", Does.PRAYS),
    Act(1, 20, "Nairobi", "Amina", Does.SAYS, "/week"),
    Act(1, 5, "New York", "Grace", Does.PRAYS),
    Act(1, 25, "New York", "Rosa", Does.PRAYS),
    Act(2, 2, "Manila", "Tess", Does.PRAYS),
    Act(2, 11, "Nairobi", "Njeri", Does.SAYS, "/prayed"),
    Act(2, 15, "Nairobi", "Brian", Does.PRAYS),
    Act(2, 4, "New York", "Tom", Does.PRAYS),
    Act(2, 50, "New York", "Grace", Does.SAYS, "/region {coming}"),
    Act(3, 6, "Manila", "Luz", Does.PRAYS),
    Act(3, 9, "Nairobi", "Amina", Does.PRAYS),
    Act(3, 30, "Nairobi", "Brian", Does.SAYS, "/verse"),
    Act(3, 8, "New York", "Rosa", Does.PRAYS),
    Act(4, 3, "Manila", "Jun", Does.PRAYS),
    Act(4, 7, "Manila", "Luz", Does.PRAYS),
    Act(4, 5, "Nairobi", "Njeri", Does.PRAYS),
    Act(4, 6, "New York", "Grace", Does.PRAYS),
    Act(4, 16, "New York", "Tom", Does.PRAYS),
)
