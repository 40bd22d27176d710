"""What a host may set: `config/vigil.yaml`, and the environment, which wins. Read and validated as a whole, once."""

import os
from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    YamlConfigSettingsSource,
)
from pydantic_settings import SettingsError as UndecodedError
from sqlalchemy.engine import URL

from bot.services.digest import DigestRules
from bot.services.ending import DoorRules
from bot.services.greeting import GreetingRules
from bot.services.onboarding import GroupDefaults, Patience
from bot.services.pacing import Limits
from bot.services.retiring import Retention
from bot.settings.parts import (
    JoiningPart,
    LeasePart,
    LocalTime,
    OnboardingPart,
    PacingPart,
    Part,
    PlanningPart,
    PostingPart,
    RetentionPart,
    TelegramPart,
)
from bot.store.database import DatabaseError, database_url
from bot.store.key import HostKeyError, Key, key_file
from bot.store.lease import Terms

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "config"
TEXTS = ROOT / "data" / "texts"
VERSES = ROOT / "data" / "verses.yaml"


class SettingsError(Exception):
    """Settings are wrong. Its message names all of them, a line each, with what is allowed."""


def _ids(value: object) -> object:
    pieces = value.strip(" []").replace(",", " ").split() if isinstance(value, str) else value
    try:
        # What can't be gone through raises the TypeError that is caught below.
        return [int(piece) for piece in pieces]  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise ValueError("must be Telegram ids, which are numbers (not @names), like [123456789]") from None


def _known_profile(name: str) -> str:
    known = sorted(path.stem for path in (CONFIG / "bulletins").glob("*.yaml"))
    if name not in known:
        raise ValueError(f"must be one of the profiles in config/bulletins: {', '.join(known)}")
    return name


def _known_language(code: str) -> str:
    known = sorted(path.stem for path in TEXTS.glob("*.yaml"))
    if code not in known:
        raise ValueError(f"must be one of the languages in data/texts: {', '.join(known)}")
    return code


def _usable_database(text: str) -> str:
    try:
        database_url(text)
    except DatabaseError as error:
        raise ValueError(str(error)) from None
    return text


def _usable_key(text: SecretStr) -> SecretStr:
    try:
        Key.parse(text.get_secret_value())
    except HostKeyError as error:
        raise ValueError(f"{error}. Leave it out, and a key is made in var/vigil.key") from None
    return text


class Settings(Part):
    """All settings. `token` and `key_text` never show in a representation."""

    token: SecretStr | None = Field(None, validation_alias=AliasChoices("TELEGRAM_TOKEN", "token"))
    database_url: Annotated[str, AfterValidator(_usable_database)] = Field(
        "sqlite:///var/vigil.db", validation_alias=AliasChoices("DATABASE_URL", "VIGIL_DATABASE_URL", "database_url")
    )
    key_text: Annotated[SecretStr, AfterValidator(_usable_key)] | None = Field(
        None, validation_alias=AliasChoices("VIGIL_KEY", "key")
    )
    operators: Annotated[tuple[int, ...], NoDecode, BeforeValidator(_ids)] = ()
    digest_at: LocalTime = time(18)
    language: Annotated[str, AfterValidator(_known_language)] = "en"
    telegram: TelegramPart = TelegramPart()
    posting: PostingPart = PostingPart()
    onboarding: OnboardingPart = OnboardingPart()
    planning: PlanningPart = PlanningPart()
    retention: RetentionPart = RetentionPart()
    joining: JoiningPart = JoiningPart()
    pacing: PacingPart = PacingPart()
    lease: LeasePart = LeasePart()
    stop_seconds: float = Field(3, gt=0, le=60)
    bulletin_profile: Annotated[str, AfterValidator(_known_profile)] = "ijm"

    def database(self) -> URL:
        """The database's address; a SQLite file is looked for from the project's folder, wherever we were started."""
        url = database_url(self.database_url)
        return url.set(database=str(ROOT / url.database)) if url.database and "sqlite" in url.drivername else url

    def door_rules(self) -> DoorRules:
        """What the door keeps to."""
        return DoorRules(late=timedelta(hours=self.posting.late_hours))

    def digest_rules(self) -> DigestRules:
        """When the operators' digest comes."""
        return DigestRules(self.digest_at, self.posting.default_zone, self.planning.weekdays)

    def kept(self) -> Retention:
        """How long requests, marks, the journal and removed groups are kept."""
        kept = self.retention
        days = (kept.request_days, kept.mark_days, kept.journal_days, kept.removed_group_days)
        return Retention(*(timedelta(days=each) for each in days))

    def patience(self) -> Patience:
        """How long and how often groups wait for the operators."""
        return Patience(timedelta(hours=self.onboarding.unapproved_hours), self.onboarding.asks_a_day)

    def greeting_rules(self) -> GreetingRules:
        """When newcomers are greeted, and for how long."""
        joining = self.joining
        return GreetingRules(timedelta(minutes=joining.greet_after_minutes), timedelta(hours=joining.greeting_hours))

    def limits(self) -> Limits:
        """What the pace keeps to."""
        pacing = self.pacing
        return Limits(
            pacing.calls_per_second,
            pacing.calls_per_minute_in_a_chat,
            pacing.counts_per_minute_in_a_chat,
            pacing.seconds_apart_in_a_chat,
            pacing.questions_per_second,
        )

    def lease_terms(self) -> Terms:
        """For how long a lease holds."""
        return Terms(self.lease.seconds, self.lease.renew_seconds)

    def group_defaults(self) -> GroupDefaults:
        """What a newly subscribed group begins with."""
        posting = self.posting
        return GroupDefaults(posting.default_zone, posting.default_time, posting.default_days, posting.silent)

    def key(self, *, make: bool = True) -> Key:
        """The host's key: from VIGIL_KEY, else from var/vigil.key, made there once if `make`. Raises HostKeyError."""
        if self.key_text is not None:
            return Key.parse(self.key_text.get_secret_value())
        return key_file(ROOT / "var" / "vigil.key", make=make)

    def profile_path(self) -> Path:
        """The profile by which bulletins are read."""
        return CONFIG / "bulletins" / f"{self.bulletin_profile}.yaml"


class _HostsSettings(Settings, BaseSettings):
    """Settings from where a host puts them: what is passed in wins over the environment, that over the file."""

    model_config = SettingsConfigDict(
        env_prefix="VIGIL_", env_nested_delimiter="__", extra="forbid", arbitrary_types_allowed=True, frozen=True
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources, the strongest first."""
        return (init_settings, env_settings, YamlConfigSettingsSource(settings_cls, _config_file()))


def _config_file() -> Path:
    return Path(os.environ.get("VIGIL_CONFIG", CONFIG / "vigil.yaml"))


def load_settings(*, token_needed: bool = False, **given: object) -> Settings:
    """Read the settings. Raises SettingsError with every fault; nothing is started and no secret repeated."""
    faults = _unknown_names(os.environ)
    if "VIGIL_CONFIG" in os.environ and not _config_file().is_file():
        faults.append(f"VIGIL_CONFIG: there is no file {_config_file()}")
    settings: Settings | None = None
    try:
        # What is given is validated by pydantic, whatever it is.
        settings = _HostsSettings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        faults += [_fault(each) for each in error.errors()]
    except UndecodedError as error:
        # A whole part given in the environment as something else than JSON.
        faults.append(f"the environment: {error}")
    except (OSError, yaml.YAMLError, TypeError, ValueError) as error:
        # The last two for YAML that is no mapping, and for bytes that are no text.
        faults.append(f"{_config_file()}: can't be read as settings in YAML ({type(error).__name__})")
    if token_needed and not (settings.token if settings else os.environ.get("TELEGRAM_TOKEN")):
        faults.append("TELEGRAM_TOKEN: is not set; @BotFather gives you one")
    if settings is None or faults:
        raise SettingsError("\n".join(faults))
    return settings


def _unknown_names(environment: Mapping[str, str]) -> list[str]:
    """Variables that look like ours and name nothing: a slip of the pen would be passed over otherwise."""
    known = {"VIGIL_KEY", "VIGIL_CONFIG", *(f"VIGIL_{name.upper()}" for name in Settings.model_fields)}
    ours = (name for name in environment if name.startswith("VIGIL_"))
    return [f"{name}: there is no such setting" for name in ours if name.partition("__")[0] not in known]


def _fault(error: Mapping[str, object]) -> str:
    location = error["loc"]
    name = ".".join(str(part) for part in location) if isinstance(location, tuple) else str(location)
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        message = "there is no such setting"
    return f"{name}: {message}"
