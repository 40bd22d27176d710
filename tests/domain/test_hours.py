from datetime import time

import pytest

from bot.domain.hours import parse_hour


@pytest.mark.parametrize(
    ("text", "at"), [("20:30", time(20, 30)), ("7:05", time(7, 5)), ("7", time(7)), ("7:", time(7)), ("0:00", time(0))]
)
def test_hours_are_read_as_people_write_them(text: str, at: time) -> None:
    assert parse_hour(text) == at


@pytest.mark.parametrize("text", ["", "24:00", "7:60", "-1:00", "half past", "20.30", ":30", "9" * 30])
def test_what_is_no_hour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_hour(text)
