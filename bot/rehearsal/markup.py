"""Inline keyboards, checked as Telegram checks them."""

from typing import Any

from bot.rehearsal.errors import bad_request
from bot.rehearsal.html import LINK
from bot.rehearsal.messages import Keyboard

LONGEST_DATA = 64  # bytes
MOST_BUTTONS = 100

# Fields that say what a button does; it has exactly one of them.
ACTIONS = ("url", "callback_data", "copy_text", "switch_inline_query", "switch_inline_query_current_chat")


def read_keyboard(markup: dict[str, Any] | None) -> Keyboard | None:
    """The rows of buttons, or None where there are none. Other kinds of reply markup are accepted and not shown.

    Raises ApiError (400).
    """
    if not markup or not any(markup.get("inline_keyboard", ())):
        return None
    rows = [[_button(button) for button in row] for row in markup["inline_keyboard"] if row]
    if sum(len(row) for row in rows) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return rows


def _button(button: dict[str, Any]) -> dict[str, Any]:
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: Button text must be non-empty")
    does = [name for name in ACTIONS if button.get(name)]
    if not does:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(does) > 1:
        raise bad_request(
            f"can't parse inline keyboard button: more than one of {does} (the rehearsal server is strict)"
        )
    if len(button.get("callback_data", "").encode()) > LONGEST_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not LINK.fullmatch(button["url"]):
        raise bad_request("BUTTON_URL_INVALID")
    return button
