from datetime import date

import pytest

from bot.loader.dates import Written, written


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("June 26, 2021", date(2021, 6, 26)),
        ("31 January 2013", date(2013, 1, 31)),
        ("July 3 2024", date(2024, 7, 3)),
        ("Saturday, June 26th, 2021", date(2021, 6, 26)),
        ("Sat. 26 June 2021", date(2021, 6, 26)),
        ("1st of May 2022", date(2022, 5, 1)),
        ("2021-06-26", date(2021, 6, 26)),
        ("06/26/2021", date(2021, 6, 26)),
        ("26/06/2021", date(2021, 6, 26)),
        ("**Sept. 5, 2020**", date(2020, 9, 5)),
        ("| Week of June 26, 2021 |", date(2021, 6, 26)),
        ("Samstag, den 26. Juni 2021", date(2021, 6, 26)),
        ("26. August 2021", date(2021, 8, 26)),
        ("Le samedi 26 juin 2021", date(2021, 6, 26)),
        ("1er avril 2021", date(2021, 4, 1)),
        ("sábado, 26 de junio de 2021", date(2021, 6, 26)),
        ("sexta-feira, 12 de março de 2021", date(2021, 3, 12)),
        ("26 juin 2021 / 26 June 2021", date(2021, 6, 26)),
    ],
)
def test_a_line_that_is_a_date_is_read(line: str, day: date) -> None:
    found = written(line)
    assert found is not None
    assert (found.day, found.doubt, found.alone) == (day, None, True)


@pytest.mark.parametrize(
    ("line", "doubt"),
    [
        ("Sat 29 July", "has no year"),
        ("06/05/2021", "may mean two days: is the month or the day first?"),
        ("February 30, 2021", "doesn't exist"),
        ("June 26, 1021", "is in a year that can't be meant"),
        ("June 20-26, 2021", "names several days"),
        ("6 and 12 June 2021", "names several days"),
        ("Sunday 6 – Saturday 12 June 2021", "names several days"),
        ("28 June – 4 July 2021", "names several days"),
    ],
)
def test_a_doubtful_date_gives_no_day(line: str, doubt: str) -> None:
    found = written(line)
    assert found is not None
    assert (found.day, found.doubt) == (None, doubt)


@pytest.mark.parametrize(
    ("line", "day"),
    [("Week of June 20-26, 2021", date(2021, 6, 20)), ("Week of 20–26 June 2021", date(2021, 6, 20))],
)
def test_of_a_week_the_first_day_is_taken_and_told(line: str, day: date) -> None:
    assert written(line) == Written(day, "names several days; the first is taken", alone=True)
    assert written("Week of 28 June – 4 July 2021") == Written(None, "names several days", alone=True)


def test_of_two_days_in_another_language_none_is_taken() -> None:
    assert written("10.–16. März 2019") is None
    assert written("du 10 au 16 mars 2019") is None


def test_the_day_of_issue_counts_whatever_stands_behind_it() -> None:
    assert written("Issued 26 June 2021. Pray it from 1 July.") == Written(date(2021, 6, 26), None, alone=True)
    assert written("Published 26 June 2021 in Lima, the law is new.") is None


def test_a_wrong_day_of_the_week_is_noticed() -> None:
    found = written("Friday, June 26, 2021")
    assert found is not None
    assert (found.day, found.doubt) == (date(2021, 6, 26), "is no Friday")


def test_a_date_within_a_title_is_read_if_it_has_a_year() -> None:
    found = written("Prayer requests – July 3, 2024")
    assert found is not None
    assert (found.day, found.alone) == (date(2024, 7, 3), False)
    assert written("Prayer requests – July 3") is None


@pytest.mark.parametrize(
    "line",
    [
        "The launch is on July 30, 2021.",
        "2020 Year in Review",
        "Chapter 3 of 4",
        "May the Lord keep you",
        "From June 3, 2024 to June 9, 2024",
        "",
    ],
)
def test_other_lines_hold_no_date_of_a_bulletin(line: str) -> None:
    assert written(line) is None


@pytest.mark.parametrize("line", ["Frı 26 June 2021", "June 26ſt, 2021", "FRİDAY 26 June 2021", "June ２6th, 2021"])
def test_letters_that_case_makes_alike_are_read_or_left_but_break_nothing(line: str) -> None:
    found = written(line)
    assert found is None or found.day in (None, date(2021, 6, 26))
