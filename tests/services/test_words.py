from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from babel import UnknownLocaleError

from bot.domain.regions import Region
from bot.services.words import Languages, Words
from tests.texts import LANGUAGES, WORDS

SPANISH = LANGUAGES.of("es")


def test_values_are_escaped_and_never_read_as_texts() -> None:
    words = Words("en", {"hello": "<b>{name}</b>"})
    assert words.html("hello", name="<i>&{other}") == "<b>&lt;i&gt;&amp;{other}</b>"
    assert words.plain("hello", name="<i>") == "<b><i></b>"


def test_the_count_picks_the_form_that_the_language_has_for_it() -> None:
    english = Words("en", {"prayed": {"one": "{count} has", "other": "{count} have"}})
    assert [english.plain("prayed", count=count) for count in (0, 1, 2)] == ["0 have", "1 has", "2 have"]
    forms = {"one": "{count} раз", "few": "{count} раза", "many": "{count} раз", "other": "{count} раза"}
    russian = Words("ru", {"prayed": forms})
    picked = [russian.plain("prayed", count=count) for count in (1, 2, 5, 21)]
    assert picked == ["1 раз", "2 раза", "5 раз", "21 раз"]


def test_a_form_that_a_text_lacks_is_the_last_one() -> None:
    assert Words("es", {"prayed": {"one": "una", "other": "{count}"}}).plain("prayed", count=1_000_000) == "1000000"
    assert Words("en", {"prayed": "{count} prayed"}).plain("prayed", count=1) == "1 prayed"


def test_a_key_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        WORDS.html("post.no_such_text")


def test_a_file_whose_name_is_no_language_is_an_error() -> None:
    with pytest.raises(UnknownLocaleError):
        Words("xx", {})


def test_dates_are_the_languages_own() -> None:
    days = [date(2026, 3, 2), date(2026, 9, 23)]
    assert WORDS.days(days) == "Mon 2 Mar · Wed 23 Sept"
    assert SPANISH.days(days) == "lun, 2 mar · mié, 23 sept"


def test_an_instant_is_shown_as_its_own_zone_has_it() -> None:
    local = datetime(2026, 3, 1, 23, 30, tzinfo=UTC).astimezone(ZoneInfo("Asia/Manila"))
    assert WORDS.day(local) == "Mon 2 Mar"
    assert WORDS.clock(local.timetz()) == WORDS.clock(time(7, 30)) == "07:30"


@pytest.mark.parametrize(
    ("days", "english", "spanish"),
    [
        (range(5), "Mon–Fri", "lun–vie"),
        ((0, 2, 5, 6), "Mon, Wed, Sat–Sun", "lun, mié, sáb–dom"),
        (range(7), "every day", "todos los días"),
    ],
)
def test_weekdays_are_the_languages_own(days: range | tuple[int, ...], english: str, spanish: str) -> None:
    assert (WORDS.weekdays(frozenset(days)), SPANISH.weekdays(frozenset(days))) == (english, spanish)


def test_regions_are_called_as_the_language_calls_them() -> None:
    assert [WORDS.region(region) for region in Region] == list(Region)
    assert SPANISH.region(Region.LATIN_AMERICA) == "América Latina"


def test_a_language_is_found_by_telegrams_code() -> None:
    portuguese = Words("pt-br", {})
    languages = Languages([WORDS, SPANISH, portuguese], "en")
    assert languages.of("es") is languages.of("es-MX") is languages.of("ES_419") is SPANISH
    assert languages.of("pt-br") is portuguese
    assert languages.find("pt") is languages.find("eo") is languages.find("") is None
    assert languages.of("pt") is languages.of(None) is languages.of("../en") is WORDS


def test_the_default_is_what_the_host_sets() -> None:
    assert Languages([WORDS, SPANISH], "es").of("eo") is SPANISH
