import zoneinfo
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from bot.domain.zones import zone_names


@pytest.fixture
def system_names(tmp_path: Path) -> Iterator[None]:
    """A system that has names of its own beside the tz database's, as Debian has."""
    rules = files("tzdata.zoneinfo").joinpath("UTC").read_bytes()
    for name in ("UTC", "localtime", "posixrules", "Factory"):
        (tmp_path / name).write_bytes(rules)
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    yield
    zoneinfo.reset_tzpath()


@pytest.mark.usefixtures("system_names")
def test_names_that_mean_another_zone_on_another_machine_are_left_out() -> None:
    assert "localtime" in zoneinfo.available_timezones()
    assert not {"localtime", "posixrules", "Factory"} & zone_names()
    assert {"UTC", "Africa/Nairobi", "America/New_York"} <= zone_names()
