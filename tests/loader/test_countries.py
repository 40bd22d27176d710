from importlib import resources

import pytest

from bot.loader.countries import called, known, named

# Nobody lives there to pray for.
UNINHABITED = {"AQ", "BV", "GS", "HM", "IO", "TF", "UM"}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("our team in Kenya and Kenya's courts", ("KE",)),
        ("a Ghanaian woman, two Bolivians", ("BO", "GH")),
        ("El Salvador, Costa Rica and a Dominican visitor", ("CR", "DO", "SV")),
        ("in the US and Canada", ("CA", "US")),
        ("across the U.S. and the U.K.", ("GB", "US")),
        ("Papua New Guinea", ("PG",)),
        ("South Sudan, not Sudan", ("SD", "SS")),
        ("Côte d’Ivoire and Timor-Leste", ("CI", "TL")),
        ("a boat in French Guiana", ("GF",)),
        ("_Kenya_ and 3 Ghanaians", ("GH", "KE")),
        ("a boat in Thai waters", ("TH",)),
        ("They came back to Uganda and Kenya, who had been away.", ("KE", "UG")),
    ],
)
def test_countries_are_known_by_name_and_by_demonym(text: str, codes: tuple[str, ...]) -> None:
    assert named(text) == codes


@pytest.mark.parametrize(
    "text",
    [
        "they help us and they join us",
        "PRAY FOR US",
        "US$ 5,000",
        "experts of the U.S. State Department",
        "our Latin American and South Asian colleagues",
        "the Indian Ocean",
        "polish the floor for a turkey",
        "a training in Spanish",
        "Translated into Portuguese, in Thai",
        "songs in Thai and in Nepali for the children",
        "a bus to Benin City",
        "the people of McChad",
        "He went south. Africa was far.",
    ],
)
def test_words_that_only_look_like_countries_do_not_count(text: str) -> None:
    assert named(text) == ()


def test_names_do_not_reach_over_the_end_of_a_sentence() -> None:
    assert named("We flew to the South. Korea was warm.") == ("KR",)
    assert named("They left Papua New. Guinea waited.") == ("GN",)


def test_a_whole_text_may_be_a_country() -> None:
    assert (called("The Philippines"), called("the team in Kenya")) == ("PH", None)


def test_every_inhabited_country_of_the_time_zone_database_is_known() -> None:
    table = resources.files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text(encoding="utf-8")
    codes = {line.split("\t")[0] for line in table.splitlines() if not line.startswith("#")}
    assert set(known().areas) == codes - UNINHABITED | {"XK"}
