from datetime import timedelta

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
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
from bot.telegram.errors import UnchangedError, ours, translated

NOWHERE = ConnectionKey("telegram.example", 443, True, True, None, None, None)


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        caused(NetworkError("x"), aiohttp.ClientConnectorError(NOWHERE, OSError())),
        caused(NetworkError("x"), aiohttp.ClientConnectorDNSError(NOWHERE, OSError())),
        caused(NetworkError("x"), aiohttp.ClientConnectorSSLError(NOWHERE, OSError())),
        caused(TimedOut(), aiohttp.ConnectionTimeoutError()),
    ],
    ids=repr,
)
def test_what_was_never_sent_is_tried_again_soon_and_holds_nobody_up(error: TelegramError) -> None:
    known = ours(error)
    assert isinstance(known, NotNowError)
    assert (known.seconds, known.demanded) == (5.0, False)


@pytest.mark.parametrize(
    "error",
    [
        TimedOut(),
        NetworkError("Bad Gateway"),
        caused(TimedOut(), aiohttp.SocketTimeoutError()),
        caused(NetworkError("x"), aiohttp.ServerDisconnectedError()),
        caused(NetworkError("x"), aiohttp.ClientOSError()),
        caused(NetworkError("x"), aiohttp.ClientPayloadError()),
        TelegramError("Invalid server response"),
        Conflict("terminated by other getUpdates request"),
        InvalidToken(),
        EndPointNotFound("Not Found"),
    ],
    ids=repr,
)
def test_what_may_have_been_done_has_an_unknown_outcome(error: TelegramError) -> None:
    assert type(ours(error)) is UnknownOutcomeError


@pytest.mark.parametrize("as_timedelta", ["true", "false"])
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_telegrams_patience_is_taken_by_its_seconds(as_timedelta: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", as_timedelta)
    error = RetryAfter(timedelta(seconds=35))
    assert isinstance(error.retry_after, timedelta) == (as_timedelta == "true")
    known = ours(error)
    assert isinstance(known, NotNowError)
    assert (known.seconds, known.demanded) == (35.0, True)


def test_a_group_that_moved_names_its_new_id() -> None:
    known = ours(ChatMigrated(-1009))
    assert isinstance(known, MovedError)
    assert known.chat_id == -1009


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), "no_access"),
        (Forbidden("Forbidden: bot was blocked by the user"), "no_access"),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), "no_access"),
        (BadRequest("Chat not found"), "not_found"),
        (BadRequest("Bad Request: user not found"), "not_found"),
        (BadRequest("Have no rights to send a message"), "muted"),
        (BadRequest("Not enough rights to send text messages to the chat"), "muted"),
        (BadRequest("Topic_closed"), "topic_closed"),
        (BadRequest("Message thread not found"), "topic_gone"),
    ],
)
def test_a_chat_that_shut_us_out_is_closed_with_its_reason(error: TelegramError, reason: str) -> None:
    known = ours(error)
    assert isinstance(known, ChatClosedError)
    assert known.reason == reason


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Message is not modified: specified new message content is exactly the same", UnchangedError),
        ("USER_ALREADY_PARTICIPANT", UnchangedError),
        ("CHAT_NOT_MODIFIED", UnchangedError),
        ("not enough rights to manage chat invite link", NoRightError),
        ("not enough rights to manage chat join requests", NoRightError),
        ("HIDE_REQUESTER_MISSING", InviteLostError),
        ("INVITE_HASH_EXPIRED", InviteLostError),
        ("USER_ID_INVALID", InviteLostError),
        ("Message to edit not found", MessageLostError),
        ("Message can't be edited", MessageLostError),
        ("Message to delete not found", MessageLostError),
        ("Message to be replied not found", MessageLostError),
        ("Message can't be deleted for everyone", MessageLostError),
        ("Message is too long", OurMistakeError),
        ("Can't parse entities: unsupported start tag", OurMistakeError),
    ],
)
def test_a_refused_call_is_known_by_what_telegram_says(text: str, kind: type[MessengerError]) -> None:
    assert type(ours(BadRequest(text))) is kind


def test_what_is_raised_is_ours_with_telegrams_as_its_cause() -> None:
    with pytest.raises(MovedError) as caught, translated():
        raise ChatMigrated(-1009)
    assert isinstance(caught.value.__cause__, ChatMigrated)


def test_an_error_of_our_own_passes_untouched() -> None:
    with pytest.raises(KeyError), translated():
        raise KeyError("post")
