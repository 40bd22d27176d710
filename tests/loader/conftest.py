"""What the loader's tests share."""

from pathlib import Path

import pytest

from bot.loader.profile import Profile, load_profile

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def profile() -> Profile:
    """The profile that comes with Vigil."""
    return load_profile(ROOT / "config" / "bulletins" / "ijm.yaml")
