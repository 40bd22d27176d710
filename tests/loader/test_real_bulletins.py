"""The five real texts, confidential and not part of the repository, held against what careful reading found."""

import importlib.util
import json
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

from bot.loader.files import read_file
from bot.loader.jsonform import as_json
from bot.loader.lines import clean
from bot.loader.profile import Profile


def test_the_real_bulletins_are_read_exactly(bulletins: Path, profile: Profile) -> None:
    checker_path = bulletins.parent / "check-bulletins"
    if not checker_path.is_file():
        pytest.skip("check-bulletins isn't beside the folder of the real texts")
    loader = SourceFileLoader("check_bulletins", str(checker_path))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    checker = importlib.util.module_from_spec(spec)
    loader.exec_module(checker)
    truth = json.loads((bulletins / "truth.json").read_text(encoding="utf-8"))
    for name, wanted in truth.items():
        (read,) = as_json([(name, read_file(bulletins / name, profile))])["files"]
        assert len(read["bulletins"]) == len(wanted), name
        assert read["unplaced"] == [], name
        for number, (want, got) in enumerate(zip(wanted, read["bulletins"], strict=True)):
            # Where they differ is said, not what they say.
            differing = [line.split(":")[0] for line in checker.differences(want, got)]
            assert differing == [], f"{name}, bulletin {number}"


def test_no_line_of_the_real_bulletins_is_lost(bulletins: Path, profile: Profile) -> None:
    for path in sorted(bulletins.glob("*.txt")):
        lines = [line.number for line in clean(path.read_text(encoding="utf-8"))]
        assert [at.line for at in read_file(path, profile).placements] == lines, path.name
