from pathlib import Path
from typing import Any

import pytest

from bot.domain.bulletin import Kind
from bot.domain.regions import Region
from bot.loader.profile import Profile, ProfileError, load_profile, parse_profile
from bot.loader.reading import read

SMALL: dict[str, Any] = {"name": "Small", "regions": {"Africa & Europe": {"headings": ["Africa"], "areas": ["africa"]}}}


def test_the_profile_that_comes_with_vigil_knows_every_region(profile: Profile) -> None:
    assert set(profile.headings.values()) == set(Region)
    assert profile.regions_of["GH"] is Region.AFRICA_EUROPE
    assert profile.labels["give thanks"] is Kind.PRAISE


def test_a_profile_of_another_organisation_needs_no_code() -> None:
    other = parse_profile(
        {
            "name": "Harbour Lights",
            "regions": {"South Asia": {"headings": ["The Bay"]}, "Global": {"headings": ["The * Fleet"]}},
            "notes": ["Sent from *"],
            "labels": {"praise": ["Good news"]},
        }
    )
    reading = read("THE BAY\nGood news: a boat.\nThe Whole Fleet:\nPray for wind.\nSent from the harbour office", other)
    (bulletin,) = reading.bulletins
    assert [(request.region, request.heading) for request in bulletin.requests] == [
        (Region.SOUTH_ASIA, "THE BAY"),
        (Region.GLOBAL, "The Whole Fleet"),
    ]
    assert bulletin.requests[0].points[0].kind is Kind.PRAISE
    assert bulletin.notes == ("Sent from the harbour office",)


def test_every_fault_between_the_lines_is_named_at_once() -> None:
    wrong = {
        "name": "Wrong",
        "regions": {
            "Africa & Europe": {"headings": ["Africa", "&"], "areas": ["atlantis"]},
            "South Asia": {"headings": ["AFRICA:"]},
            "Mars": {"headings": ["Mars"]},
        },
        "notes": ["*"],
        "labels": {"lament": ["Lament"]},
    }
    with pytest.raises(ProfileError) as caught:
        parse_profile(wrong, "wrong.yaml")
    message = str(caught.value)
    for part in (
        "wrong.yaml",
        "'atlantis'",
        "'&' holds no words",
        "'AFRICA:' stands for Africa & Europe",
        "Mars",
        "'*'",
        "'lament'",
    ):
        assert part in message


def test_every_fault_of_shape_is_named_at_once() -> None:
    with pytest.raises(ProfileError) as caught:
        parse_profile({"name": "", "regions": {"Global": {"headings": []}}, "colour": "red"})
    for place in ("name", "regions.Global.headings", "colour"):
        assert place in str(caught.value)


@pytest.mark.parametrize("content", ["", "- a list", "name: [unclosed", "name: x\x00"])
def test_a_file_that_is_no_profile_is_refused_with_its_name(content: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(content)
    with pytest.raises(ProfileError, match=r"odd\.yaml"):
        load_profile(path)


def test_a_missing_profile_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="can't be read"):
        load_profile(tmp_path / "none.yaml")


def test_a_small_profile_is_enough() -> None:
    assert parse_profile(SMALL).order == (Region.AFRICA_EUROPE,)
