import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.weekdays import EVERY_DAY, WORKING_DAYS, format_weekdays, parse_weekdays

some_days = st.frozensets(st.integers(0, 6), min_size=1)


@given(some_days)
def test_what_is_written_is_read_back(days: frozenset[int]) -> None:
    assert parse_weekdays(format_weekdays(days)) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", WORKING_DAYS),
        ("Monday to Friday", WORKING_DAYS),
        ("mon - fri", WORKING_DAYS),
        ("mon- fri", WORKING_DAYS),
        ("mon–fri", WORKING_DAYS),
        ("MON,WED,FRI", {0, 2, 4}),
        ("tues thurs", {1, 3}),
        ("sat-tue", {5, 6, 0, 1}),
        ("fri-fri", {4}),
        ("mon-wed, sun", {0, 1, 2, 6}),
        ("daily", EVERY_DAY),
        (" Every Day ", EVERY_DAY),
    ],
)
def test_days_are_read_as_people_write_them(text: str, days: set[int]) -> None:
    assert parse_weekdays(text) == days


@pytest.mark.parametrize(
    "text", ["", "  ", ",", "mo", "monda y", "mon-", "-fri", "to", "mon-xyz", "8", "mon--fri", "mon-fri-sun"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="day"):
        parse_weekdays(text)


@given(st.text(max_size=20))
@example("-")
def test_reading_ends_in_days_or_in_a_refusal(text: str) -> None:
    try:
        days = parse_weekdays(text)
    except ValueError:
        return
    assert days
    assert days <= EVERY_DAY


@pytest.mark.parametrize(
    ("days", "text"),
    [(EVERY_DAY, "daily"), (WORKING_DAYS, "mon-fri"), ({0, 2, 5, 6}, "mon, wed, sat-sun"), ({3}, "thu")],
)
def test_days_are_written_as_people_write_them(days: frozenset[int], text: str) -> None:
    assert format_weekdays(frozenset(days)) == text
