import pytest

from bot.services.places import cities_meant, nearest_zone


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Nairobi", "Africa/Nairobi"),
        (" nairobi, Kenya ", "Africa/Nairobi"),
        ("Mombasa", "Africa/Nairobi"),
        ("Ciudad de México", "America/Mexico_City"),
        ("Bogota", "America/Bogota"),
        ("東京", "Asia/Tokyo"),
        ("London", "Europe/London"),
    ],
)
async def test_a_city_is_known_by_its_name_in_any_language(text: str, zone: str) -> None:
    assert [city.zone for city in await cities_meant(text)] == [zone]


async def test_cities_of_one_name_in_several_zones_are_all_meant_the_largest_first() -> None:
    cities = await cities_meant("Birmingham")
    assert [(city.country, city.zone) for city in cities] == [("GB", "Europe/London"), ("US", "America/Chicago")]


async def test_a_slip_of_the_pen_is_understood() -> None:
    assert "Africa/Nairobi" in [city.zone for city in await cities_meant("Nairoby")]


@pytest.mark.parametrize("text", ["", " , ", "|", "zzzzzz", "x" * 4096])
async def test_what_is_like_no_city_names_none(text: str) -> None:
    assert not await cities_meant(text)


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [(-1.29, 36.8, "Africa/Nairobi"), (51.5, -0.1, "Europe/London"), (-16.9, -179.99, "Pacific/Fiji")],
)
async def test_a_location_is_in_the_zone_of_the_nearest_city(latitude: float, longitude: float, zone: str) -> None:
    assert (await nearest_zone(latitude, longitude)).key == zone
