"""Telegram's errors become ours here and nowhere else: by class and cause, by text only where one class has many."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.services.messenger import (
    ChatClosedError,
    InviteLostError,
    MessageLostError,
    MessengerError,
    MovedError,
    NoRightError,
    NotNowError,
    OurMistakeError,
    UnknownOutcomeError,
)
from bot.telegram.request import NEVER_CONNECTED

# Pauses before something that surely was not sent is tried again.
_NO_CONNECTION_SECONDS = 5.0
_UNNAMED_PATIENCE_SECONDS = 30.0

_LOST = (
    "message to edit not found",
    "message can't be edited",
    "message to delete not found",
    "message to be replied not found",
    "message_id_invalid",
    "message can't be deleted",
)
_NOT_FOUND = ("chat not found", "user not found", "peer_id_invalid")
_NO_RIGHT = ("not enough rights to manage chat",)
_INVITE_LOST = ("hide_requester_missing", "invite_hash_expired", "user_id_invalid")
_SO_ALREADY = ("message is not modified", "chat_not_modified", "user_already_participant")
_TOPICS = {"topic_closed": "topic_closed", "message thread not found": "topic_gone"}
_MUTED = ("have no rights", "not enough rights", "chat_write_forbidden", "chat_restricted")


class UnchangedError(MessengerError):
    """It is as it was to become already: a message reads like this, a person is in. For whoever asked, success."""


@contextmanager
def translated() -> Iterator[None]:
    """Raise our own error for python-telegram-bot's."""
    try:
        yield
    except TelegramError as error:
        raise ours(error) from error


def ours(error: TelegramError) -> MessengerError:
    """Our error for one of python-telegram-bot's. BadRequest and TimedOut are NetworkErrors, so they come first."""
    match error:
        case RetryAfter():
            wait = error.retry_after
            seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
            return NotNowError(seconds, demanded=True)
        case ChatMigrated():
            return MovedError(error.new_chat_id)
        case Forbidden() | BadRequest() if isinstance(error.__cause__, TelegramError):
            # A status with something else than Telegram's words: who knows who said it, and what had been done by then.
            return UnknownOutcomeError()
        case Forbidden():
            return ChatClosedError("no_access")
        case BadRequest():
            return _bad_request(error)
        case NetworkError() if error.message.lower().startswith("too many requests"):
            # A 429 that doesn't say how long.
            return NotNowError(_UNNAMED_PATIENCE_SECONDS, demanded=True)
        case NetworkError():
            never_sent = isinstance(error.__cause__, NEVER_CONNECTED)
            return NotNowError(_NO_CONNECTION_SECONDS) if never_sent else UnknownOutcomeError()
        case _:
            # An answer that can't be read: what was asked for may have been done.
            return UnknownOutcomeError()


def _bad_request(error: BadRequest) -> MessengerError:
    text = error.message.lower()
    if any(known in text for known in _SO_ALREADY):
        return UnchangedError()
    if any(known in text for known in _NO_RIGHT):
        return NoRightError()
    if any(known in text for known in _INVITE_LOST):
        return InviteLostError()
    if any(known in text for known in _LOST):
        return MessageLostError()
    if any(known in text for known in _NOT_FOUND):
        return ChatClosedError("not_found")
    topic = next((reason for known, reason in _TOPICS.items() if known in text), None)
    if topic is not None:
        return ChatClosedError(topic)
    if any(known in text for known in _MUTED):
        return ChatClosedError("muted")
    # What follows a colon may quote the text that was sent.
    return OurMistakeError(error.message.partition(":")[0])
