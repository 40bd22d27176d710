import pytest

from bot.loader.countries import named


@pytest.mark.parametrize(
    "text",
    [
        "Pray for Pastor Israel and for Mr. Jordan.",
        "Praise God for Chad Miller and his team.",
        "Thank God for his wife Georgia.",
        "Pray for Jordan, our new director, as he settles in.",
        "Pray for Georgia, a widow of sixty.",
        "Pray for India, aged 9.",
        "Pray for Jordan as he begins school.",
        "Pray for Georgia*, who speaks on Monday.",
        "Pray for Jordan's mother.",
        "Pray for Chad and Jordan Moss, who teach.",
        "Pray for Chad and Georgia, who teach.",
        "Pray for Jordan, one of our cooks, who is ill.",
        "Give thanks for the patience of Jordan, a nurse who waited all night.",
        "Pray for Chad Miller, who begins on Monday. May Chad find friends.",
    ],
)
def test_a_person_with_a_countrys_name_is_no_country(text: str) -> None:
    assert named(text) == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Pray for our team in Jordan, the lawyers there and their families.", "JO"),
        ("Pray for Georgia.", "GE"),
        ("Pray for Jordan and the South.", "JO"),
        ("Chad's government has signed.", "TD"),
        ("Pray for the India Field Office.", "IN"),
        ("Pray for Kenya, where two courts sit.", "KE"),
        ("from Israel, whose courts are slow", "IL"),
        ("Pray for Kenya, whose president signs the law.", "KE"),
        ("across northern Chad", "TD"),
        ("in a village near Lake Turkana, Kenya, who asked for a well", "KE"),
        ("Kenya's survivor network meets.", "KE"),
        ("Jordan's family courts are slow.", "JO"),
        ("Pray for the people of Jordan, who share what they have.", "JO"),
        ("Pray for Chad Miller, who moves to northern Chad.", "TD"),
        ("**India:** Pray for rain.", "IN"),
        ("Pray for Kenya, one of our oldest homes.", "KE"),
        ("**Kenya**", "KE"),
    ],
)
def test_the_country_counts_where_a_place_is_spoken_of(text: str, code: str) -> None:
    assert named(text) == (code,)
