from datetime import MAXYEAR, date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.month import Month

months = st.builds(Month, st.integers(1900, 2200), st.integers(1, 12))


@given(months)
def test_every_day_of_a_month_stands_once_under_its_weekday(month: Month) -> None:
    weeks = month.weeks()
    days = [day for week in weeks for day in week if day is not None]
    assert days == [month.first + timedelta(days=number) for number in range(len(days))]
    assert Month.of(days[-1] + timedelta(days=1)) == month.after()
    for week in weeks:
        assert len(week) == 7
        assert any(week)
        assert all(day is None or day.weekday() == place for place, day in enumerate(week))


@given(months)
def test_a_month_is_read_as_it_was_written_and_lies_between_its_neighbours(month: Month) -> None:
    assert Month.parse(str(month)) == month
    assert month.before().after() == month == month.after().before()
    assert month.before() < month < month.after()


def test_march_2026_begins_on_a_sunday_and_takes_six_lines() -> None:
    weeks = Month.of(date(2026, 3, 17)).weeks()
    assert len(weeks) == 6
    assert weeks[0] == (None, None, None, None, None, None, date(2026, 3, 1))
    assert weeks[-1][:3] == (date(2026, 3, 30), date(2026, 3, 31), None)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-3", "2026-00", "2026-13", "0001-01", f"{MAXYEAR}-12", "²026-03", "x"]
)
def test_what_is_no_month_is_not_read(text: str) -> None:
    assert Month.parse(text) is None
