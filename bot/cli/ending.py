"""How a command ends that couldn't do what it was told: what a person can put right is said without a traceback."""

from dataclasses import dataclass

from bot.loader.files import BulletinError
from bot.loader.profile import ProfileError

REFUSED = 3
RUNNING_ALREADY = 4


@dataclass(frozen=True, slots=True)
class Ending:
    """An exit status, and what to say."""

    status: int
    sentence: str


def ending(error: Exception) -> Ending | None:
    """Return how an error ends a command; None for one that nobody expects."""
    if isinstance(error, BulletinError | ProfileError):
        return Ending(1, str(error))
    return _ending_of_the_bot(error)


def _ending_of_the_bot(error: Exception) -> Ending | None:
    """Know the errors of the bot's rooms, which are loaded only where one has come: that takes a second."""
    from sqlalchemy.exc import DBAPIError

    from bot.cli.export import UnknownBulletinError
    from bot.cli.groups import GroupNumberError
    from bot.cli.opening import NotConnectedError
    from bot.cli.retract import RetractError
    from bot.demo.stage import DemoError
    from bot.services.planning import LoadError
    from bot.services.replanning import ReplanError
    from bot.settings import SettingsError
    from bot.store.database import DatabaseError, plain_reason
    from bot.store.key import HostKeyError
    from bot.store.lock import AlreadyRunningError
    from bot.telegram.polling import TokenRefusedError

    expected = (
        LoadError,
        UnknownBulletinError,
        ReplanError,
        GroupNumberError,
        RetractError,
        DatabaseError,
        HostKeyError,
        NotConnectedError,
        DemoError,
    )
    if isinstance(error, expected):
        return Ending(1, str(error))
    if isinstance(error, SettingsError):
        return Ending(2, f"Nothing was started. These settings are wrong:\n{error}")
    if isinstance(error, TokenRefusedError):
        return Ending(REFUSED, "Telegram refuses the token. Ask @BotFather for the right one and set TELEGRAM_TOKEN.")
    if isinstance(error, AlreadyRunningError):
        return Ending(RUNNING_ALREADY, f"Nothing was done: {error}")
    if isinstance(error, DBAPIError):
        return Ending(1, f"The database can't be used: {plain_reason(error)}")
    return None
