"""How answers of the Bot API are read."""

import json
from typing import Any

from telegram.error import TelegramError
from telegram.request import HTTPXRequest


class StrictRequest(HTTPXRequest):
    """Takes nothing for Telegram's answer that isn't one, and logs none of it: it may hold what people wrote."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer. Raises TelegramError."""
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or (
            "result" not in answer if answer.get("ok") else "description" not in answer
        ):
            raise TelegramError("Invalid server response")
        return answer
