"""The samples in the JSON form, as careful reading found them (golden/*.json)."""

import json
from datetime import date
from pathlib import Path

import pytest

from bot.domain.bulletin import Bulletin, Kind, NamedDays, Point, ReadingWarning, Request
from bot.domain.regions import Region
from bot.loader.files import read_file
from bot.loader.jsonform import as_json
from bot.loader.profile import Profile
from bot.loader.reading import Reading

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((ROOT / "data" / "bulletins").glob("*.txt"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_each_sample_reads_as_it_should(path: Path, profile: Profile) -> None:
    golden = Path(__file__).parent / "golden" / f"{path.stem}.json"
    assert as_json([(path.name, read_file(path, profile))]) == json.loads(golden.read_text(encoding="utf-8"))


def test_every_field_of_version_1_is_there() -> None:
    request = Request(
        Region.GLOBAL,
        None,
        (Point("Pray.", Kind.PRAYER),),
        ("KE",),
        (NamedDays("today", date(2026, 3, 2), date(2026, 3, 2)),),
    )
    bulletin = Bulletin(None, None, None, (request,), ("A note.",), (ReadingWarning("code", "Message.", 3),))
    assert as_json([("a.txt", Reading((bulletin,), (), ()))]) == {
        "version": 1,
        "files": [
            {
                "file": "a.txt",
                "bulletins": [
                    {
                        "title": None,
                        "published_on": None,
                        "verse": None,
                        "requests": [
                            {
                                "region": "Global",
                                "heading": None,
                                "countries": ["KE"],
                                "dates": [{"text": "today", "first": "2026-03-02", "last": "2026-03-02"}],
                                "points": [{"text": "Pray.", "kind": "prayer"}],
                            }
                        ],
                        "notes": ["A note."],
                        "warnings": [{"code": "code", "message": "Message.", "line": 3}],
                    }
                ],
                "unplaced": [],
            }
        ],
    }
