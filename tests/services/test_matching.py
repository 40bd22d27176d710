import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.regions import Region
from bot.domain.zones import zone_names
from bot.loader.profile import load_profile
from bot.services.matching import meant, zone_meant
from bot.settings import CONFIG

NAMES = {
    **load_profile(CONFIG / "bulletins" / "ijm.yaml").headings,
    **{str(region): region for region in Region},
}


@pytest.mark.parametrize("region", Region)
def test_a_region_is_known_by_its_canonical_name_however_it_is_written(region: Region) -> None:
    for text in (str(region), region.upper(), f"  {region.lower()}! ", region.replace(" & ", "-")):
        assert meant(text, NAMES) == (region, [])


@pytest.mark.parametrize(("name", "region"), NAMES.items())
def test_a_region_is_known_by_every_heading_of_the_bulletins(name: str, region: Region) -> None:
    assert meant(name, NAMES) == (region, [])


@pytest.mark.parametrize(
    ("text", "region"), [("lat", Region.LATIN_AMERICA), ("south", Region.SOUTH_ASIA), ("g", Region.GLOBAL)]
)
def test_a_beginning_that_one_region_alone_has_names_it(text: str, region: Region) -> None:
    names = {str(each): each for each in Region}
    assert meant(text, names) == (region, [])


def test_a_beginning_that_several_have_is_asked_back() -> None:
    names = {str(each): each for each in Region}
    assert meant("a", names) == (None, [Region.AFRICA_EUROPE, Region.ASIA_PACIFIC])


@pytest.mark.parametrize(
    ("text", "region"),
    [("Latn Amrica", Region.LATIN_AMERICA), ("sauth asia", Region.SOUTH_ASIA), ("pacific", Region.ASIA_PACIFIC)],
)
def test_a_near_miss_is_asked_back_and_never_taken(text: str, region: Region) -> None:
    named, near = meant(text, {str(each): each for each in Region})
    assert named is None
    assert near[0] is region


@pytest.mark.parametrize("text", ["", "   ", "!?", "qqqqqqq", "🙏"])
def test_what_is_like_nothing_has_no_neighbours(text: str) -> None:
    assert meant(text, {str(each): each for each in Region}) == (None, [])


@given(st.text(max_size=30))
def test_any_words_end_in_one_region_or_in_a_few_different_ones(text: str) -> None:
    named, near = meant(text, NAMES)
    assert named is None or near == []
    assert len(near) == len(set(near)) <= 4


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Africa/Nairobi", "Africa/Nairobi"),
        (" africa/nairobi ", "Africa/Nairobi"),
        ("utc", "UTC"),
        ("AMERICA/ARGENTINA/BUENOS_AIRES", "America/Argentina/Buenos_Aires"),
    ],
)
def test_a_zone_is_taken_by_its_whole_name_alone(text: str, name: str) -> None:
    zone, near = zone_meant(text)
    assert zone is not None
    assert (zone.key, near) == (name, [])


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("nairobi", "Africa/Nairobi"),
        ("new york", "America/New_York"),
        ("Manila", "Asia/Manila"),
        ("Nairobbi", "Africa/Nairobi"),
        ("africa nairobi", "Africa/Nairobi"),
        ("America/New York", "America/New_York"),
    ],
)
def test_a_city_or_a_slip_is_answered_with_the_nearest_name(text: str, nearest: str) -> None:
    zone, near = zone_meant(text)
    assert zone is None
    assert near[0] == nearest
    assert len(near) <= 4


@pytest.mark.parametrize("text", ["localtime", "posixrules", "Factory", "../../etc/passwd", "/etc/localtime"])
def test_what_is_no_name_of_the_tz_database_is_refused(text: str) -> None:
    zone, near = zone_meant(text)
    assert zone is None
    assert set(near) <= zone_names()


@given(st.text(max_size=20))
def test_a_wrong_zone_always_has_a_nearest_name(text: str) -> None:
    zone, near = zone_meant(text)
    assert zone is not None or near
