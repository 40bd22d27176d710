"""The parts of the settings: what each may be, and what it is where a host says nothing."""

from datetime import time
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from bot.domain.plan import WINDOW_DAYS
from bot.domain.weekdays import Weekdays, parse_weekdays
from bot.domain.zones import zone_names

_FREE_CALLS_PER_SECOND = 30
# A request of its week's first day stands through that week. The day beside it: in the east a day begins before UTC's.
_STANDS_DAYS = WINDOW_DAYS + 1


def _zone(name: object) -> object:
    if isinstance(name, str):
        if name not in zone_names():
            raise ValueError("must be an IANA time zone, like Africa/Nairobi")
        return ZoneInfo(name)
    return name


def _time(text: object) -> object:
    if isinstance(text, str):
        try:
            return time.fromisoformat(text.strip().zfill(5))
        except ValueError:
            raise ValueError('must be an hour and minute, like "07:30"') from None
    return text


def _days(text: object) -> object:
    if isinstance(text, str):
        try:
            return parse_weekdays(text)
        except ValueError:
            raise ValueError("must be weekdays, like mon-fri or mon,wed,fri") from None
    return text


def _web_address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ValueError("must begin with https:// or http://")
    return text


Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
LocalTime = Annotated[time, BeforeValidator(_time)]
Days = Annotated[Weekdays, BeforeValidator(_days)]


class Part(BaseModel):
    """Some settings that belong together. Nothing unknown is taken."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, frozen=True)


class TelegramPart(Part):
    """How Telegram is reached."""

    api_url: Annotated[str, AfterValidator(_web_address)] = "https://api.telegram.org"
    protect_content: bool = True


class PostingPart(Part):
    """How posts go out."""

    late_hours: float = Field(6, gt=0, le=24)
    silent: bool = False
    default_time: LocalTime = time(7)
    default_zone: Zone = ZoneInfo("UTC")
    default_days: Days = parse_weekdays("mon-fri")


class OnboardingPart(Part):
    """How groups that add the bot are approved."""

    unapproved_hours: float = Field(24, gt=0, le=24 * 31)
    asks_a_day: int = Field(3, ge=1, le=1000)


class PlanningPart(Part):
    """Which days requests take."""

    weekdays: Days = parse_weekdays("mon-fri")


class RetentionPart(Part):
    """How long things are kept."""

    request_days: int = Field(14, ge=1, le=366)
    mark_days: int = Field(62, ge=1, le=366)
    journal_days: int = Field(366, ge=1, le=3660)
    removed_group_days: int = Field(30, ge=1, le=366)

    @model_validator(mode="after")
    def _marks_outlast_requests(self) -> Self:
        if self.mark_days < self.request_days + _STANDS_DAYS:
            raise ValueError(
                f"mark_days must be at least request_days + {_STANDS_DAYS}, as requests stand through their week too: "
                "while people can tap “I prayed”, it must be known who has"
            )
        return self


class JoiningPart(Part):
    """How newcomers are greeted."""

    greet_after_minutes: float = Field(5, gt=0, le=60)
    # Telegram lets a bot delete nothing older than 48 hours.
    greeting_hours: float = Field(24, gt=0, le=47)


class PacingPart(Part):
    """How fast Telegram is called."""

    paid_broadcast: bool = False
    calls_per_second: int = Field(30, ge=1, le=1000)
    questions_per_second: int = Field(100, ge=1, le=1000)
    calls_per_minute_in_a_chat: int = Field(20, ge=2, le=1000)
    counts_per_minute_in_a_chat: int = Field(8, ge=1, le=1000)
    seconds_apart_in_a_chat: float = Field(1, ge=0, le=60)

    @field_validator("calls_per_second")
    @classmethod
    def _paid_for(cls, calls: int, info: ValidationInfo) -> int:
        if calls > _FREE_CALLS_PER_SECOND and not info.data.get("paid_broadcast"):
            raise ValueError(f"may be over {_FREE_CALLS_PER_SECOND} only with paid_broadcast: true")
        return calls


class LeasePart(Part):
    """Which of several nodes is at work."""

    # Somebody else takes over within 30 s, the start included.
    seconds: float = Field(15, ge=1, le=25)
    renew_seconds: float = Field(4, gt=0)

    @model_validator(mode="after")
    def _renewed_in_time(self) -> Self:
        if self.renew_seconds > self.seconds / 3:
            raise ValueError("renew_seconds must be a third of seconds at the most")
        return self
