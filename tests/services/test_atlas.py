import pytest

from bot.domain.regions import Region
from bot.loader import countries
from bot.services.atlas import Atlas
from bot.services.words import Words
from tests.services.conftest import Services
from tests.texts import LANGUAGES


@pytest.fixture
def atlas(services: Services) -> Atlas:
    return services.atlas


@pytest.mark.parametrize(
    ("text", "code"),
    [("Kenya", "KE"), ("kenia", "KE"), ("KENYAN", "KE"), ("guatem", "GT"), ("the philippines", None), ("usa", "US")],
)
def test_a_country_is_known_by_its_names_in_every_language_and_its_people(
    atlas: Atlas, text: str, code: str | None
) -> None:
    assert atlas.country_meant(text)[0] == code


def test_for_what_is_no_country_the_nearest_are_named(atlas: Atlas) -> None:
    assert atlas.country_meant("kenja") == (None, ["KE"])
    assert "PH" in atlas.country_meant("the philippines")[1]
    assert atlas.country_meant("") == (None, [])
    assert atlas.country_meant("???") == (None, [])


def test_a_country_lies_in_the_region_that_the_profile_gives_it(atlas: Atlas) -> None:
    lies_in = {code: atlas.region_of(code) for code in ("KE", "PE", "IN", "PH", "US")}
    assert lies_in == {
        "KE": Region.AFRICA_EUROPE,
        "PE": Region.LATIN_AMERICA,
        "IN": Region.SOUTH_ASIA,
        "PH": Region.ASIA_PACIFIC,
        "US": None,
    }


def test_only_codes_of_countries_are_countries(atlas: Atlas) -> None:
    assert atlas.is_country("KE")
    assert not any(atlas.is_country(text) for text in ("", "ZZ", "ke", "001"))


@pytest.mark.parametrize("words", list(LANGUAGES), ids=lambda words: words.code)
def test_every_country_has_a_name_in_every_language(words: Words) -> None:
    assert all(words.country(code) for code in countries.known().areas)


def test_a_region_is_known_by_the_names_of_every_language_and_the_profiles_headings(atlas: Atlas) -> None:
    for text in ("latin", "América Latina", "LatAm", "Latin America"):
        assert atlas.region_meant(text)[0] is Region.LATIN_AMERICA
