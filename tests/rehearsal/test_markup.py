from typing import Any

import pytest

from bot.rehearsal.errors import ApiError
from bot.rehearsal.markup import read_keyboard


def refusal(**button: Any) -> str:
    with pytest.raises(ApiError) as refused:
        read_keyboard({"inline_keyboard": [[button]]})
    return refused.value.description.removeprefix("Bad Request: ")


def test_callback_data_has_at_most_64_bytes() -> None:
    assert read_keyboard({"inline_keyboard": [[{"text": "a", "callback_data": "é" * 32}]]})
    assert refusal(text="a", callback_data="é" * 32 + "x") == "BUTTON_DATA_INVALID"


def test_a_button_needs_something_to_do() -> None:
    unallowed = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
    assert refusal(text="a") == unallowed
    assert refusal(text="a", callback_data="") == unallowed


def test_a_button_needs_a_text() -> None:
    assert "text must be non-empty" in refusal(text=" ", callback_data="a")


def test_a_button_does_one_thing_only() -> None:
    assert "more than one of" in refusal(text="a", callback_data="a", url="https://example.org")


def test_a_link_must_be_one() -> None:
    assert refusal(text="a", url="no link") == "BUTTON_URL_INVALID"


def test_no_rows_and_other_markup_are_no_keyboard() -> None:
    assert read_keyboard({"inline_keyboard": []}) is None
    assert read_keyboard({"inline_keyboard": [[]]}) is None
    assert read_keyboard({"force_reply": True}) is None
    assert read_keyboard(None) is None


def test_too_many_buttons_are_refused() -> None:
    with pytest.raises(ApiError, match="reply markup is too long"):
        read_keyboard({"inline_keyboard": [[{"text": "a", "callback_data": "a"}]] * 101})
