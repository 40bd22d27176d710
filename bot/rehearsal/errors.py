"""What the server answers when it refuses: Telegram's error codes and texts.

The texts are those of the Bot API server's own source (tdlib/telegram-bot-api, Client.cpp, and tdlib's
MessageEntity.cpp); codes such as BUTTON_DATA_INVALID come from Telegram's inner servers and are known from reports.
"""

from typing import Any


class ApiError(Exception):
    """A refusal. `description` is the whole text; `parameters` is the ResponseParameters object, if there is one."""

    def __init__(self, code: int, description: str, parameters: dict[str, int] | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        """The body of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(text: str) -> ApiError:
    """400. Like the real server, the first letter becomes small unless the text is a code such as TOPIC_CLOSED."""
    if not (len(text) > 1 and (text[1] == "_" or text[1].isupper())):
        text = text[0].lower() + text[1:]
    return ApiError(400, f"Bad Request: {text}")


def forbidden(text: str) -> ApiError:
    """403."""
    return ApiError(403, f"Forbidden: {text}")


def upgraded(to_chat_id: int) -> ApiError:
    """400 for a write to a group that lives on as a supergroup."""
    return ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": to_chat_id},
    )


def too_many_requests(retry_after: int | None) -> ApiError:
    """429; `retry_after` in whole seconds, or left out."""
    if retry_after is None:
        return ApiError(429, "Too Many Requests")
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def conflict(text: str) -> ApiError:
    """409."""
    return ApiError(409, f"Conflict: {text}")


UNAUTHORIZED = (401, "Unauthorized")
METHOD_NOT_FOUND = (404, "Not Found: method not found")
