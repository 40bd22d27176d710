"""Public-domain verses, for weeks that bring none."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import yaml

from bot.domain.bulletin import Verse


class Verses:
    """Public-domain verses for a bulletin that has none."""

    def __init__(self, verses: Sequence[Verse]) -> None:
        self._verses = verses

    @classmethod
    def load(cls, path: Path) -> "Verses":
        """Read `data/verses.yaml`: a list of text and reference."""
        entries = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        return cls([Verse(each["text"], each["reference"]) for each in entries])

    def of_week(self, published_on: date) -> Verse:
        """One a week in turn: the same date always has the same verse."""
        return self._verses[published_on.toordinal() // 7 % len(self._verses)]
