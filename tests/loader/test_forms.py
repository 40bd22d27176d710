"""Forms in which bulletins of this family come: one invented text and its careful reading each (forms/*).

The readings are in the JSON form, version 1. A new one is written with `vigil bulletin check --json FILE`, and judged.
"""

import json
from pathlib import Path

import pytest

from bot.loader.files import read_file
from bot.loader.jsonform import as_json
from bot.loader.profile import Profile

FORMS = sorted((Path(__file__).parent / "forms").glob("*.txt"))


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_the_form_is_read_as_it_should(path: Path, profile: Profile) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert as_json([(path.name, read_file(path, profile))]) == expected
