from pathlib import Path

import pytest
import yaml

from bot.domain.bulletin import Verse
from bot.loader.lines import clean
from bot.loader.verses import Found, reference, split, verse_at


def found(text: str) -> Found | None:
    return verse_at(clean(text), 0, lambda index: False)


@pytest.mark.parametrize(
    "line",
    [
        "– Isaiah 1:17",
        "- Isaiah 1:17",
        "—Isaiah 1: 17",
        "(Isaiah 1:17)",
        "Isaiah 1:17 (NIV)",
        "Isaiah 1:17, WEB",
        "| Isaiah 1:17 |",
    ],
)
def test_a_reference_is_read_in_all_its_dress(line: str) -> None:
    assert reference(line) == "Isaiah 1:17"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1 John 3:18", "1 John 3:18"),
        ("Luke 18:7–8", "Luke 18:7-8"),
        ("Ps. 9:9, 12", "Ps 9:9,12"),
        ("Song of Songs 2:4", "Song of Songs 2:4"),
        ("Meeting 10:30", None),
        ("Isaiah 1:17 says so", None),
        ("Read Isaiah 1:17", None),
    ],
)
def test_a_reference_names_a_book_of_the_bible_and_nothing_else(line: str, expected: str | None) -> None:
    assert reference(line) == expected


@pytest.mark.parametrize(
    "text",
    [
        '"Seek justice."\n– Isaiah 1:17',
        "“Seek justice.”\n\n– Isaiah 1:17",
        "“Seek justice.” – Isaiah 1:17",
        "“Seek justice.” (Isaiah 1:17, NIV)",
        "“Seek\njustice.”\n– Isaiah 1:17",
        "““Seek justice.””\nIsaiah 1:17",
        "“Seek justice.\n– Isaiah 1:17",
        "Isaiah 1:17\n“Seek justice.”",
        "Isaiah 1:17 “Seek justice.”",
        "Isaiah 1:17 (NIV): “Seek\njustice.”",
        "In Isaiah 1:17 we read: “Seek justice.”",
        "“Seek justice.” – Isaiah 1:17, The Message",
        "“Seek justice.” – Isaiah 1:17 | New Living Translation",
    ],
)
def test_a_quotation_and_its_reference_are_a_verse(text: str) -> None:
    verse = found(text)
    assert verse is not None
    assert verse.verse == Verse("Seek justice.", "Isaiah 1:17")
    assert verse.count == len(clean(text))


def test_quotation_marks_within_a_verse_stay() -> None:
    verse = found("“He says, ‘Go in peace.’ Then he goes.”\n– James 2:16")
    assert verse is not None
    assert verse.verse.text == "He says, ‘Go in peace.’ Then he goes."
    ending = found("“He says, ‘Go in peace.’”\n– James 2:16")
    assert ending is not None
    assert ending.verse.text == "He says, ‘Go in peace.’"


def test_a_reference_above_a_verse_with_its_own_is_not_taken() -> None:
    assert found("Psalm 1:1\n“Seek justice.”\n– Isaiah 1:17") is None


@pytest.mark.parametrize(
    "text",
    [
        '"Go on," said the judge.\nPray for him.',
        "“Seek justice.”",
        "“Seek justice.”\nPray.\n– Isaiah 1:17",
        "Pray for Isaiah.",
    ],
)
def test_other_quotations_are_no_verse(text: str) -> None:
    assert found(text) is None


def test_no_quotation_goes_over_a_heading() -> None:
    assert verse_at(clean("“Seek\nSouth Asia\n– Isaiah 1:17"), 0, lambda index: index == 1) is None


def test_text_and_reference_on_a_line_are_split_at_the_dash() -> None:
    verse = Verse("Seek justice.", "Isaiah 1:17")
    assert split("Seek justice. – Isaiah 1:17") == Found(verse, 0, quoted=False)
    assert split("Verse of the week: “Seek justice.” – Isaiah 1:17") == Found(verse, 0)
    assert split("Seek justice (see Isaiah 1:17).") == Found(Verse("Seek justice", "Isaiah 1:17"), 0, quoted=False)
    seldom = split("In these weeks this stays with us: “Seek justice.” – Isaiah 1:17")
    assert seldom is not None and not seldom.quoted
    assert split("📖 “Seek justice.” – Isaiah 1:17") == Found(verse, 0)
    led = "Learn to do well, seek justice, relieve the oppressed."
    assert split(f"Isaiah 1:17 - {led}") == Found(Verse(led, "Isaiah 1:17"), 0, quoted=False, leads=True)
    for between in (" ", " NIV ", " (The Message) ", ": "):
        assert split(f"Isaiah 1:17{between}{led}") == Found(Verse(led, "Isaiah 1:17"), 0, quoted=False, leads=True)
    assert split("Isaiah 1:17 was read to all who came to the court.") is None
    assert split("Isaiah 1:17 – Rain.") is None
    assert split("Pray Isaiah 1:17") is None


def test_every_verse_for_weeks_without_one_has_a_text_and_a_reference_of_its_own() -> None:
    verses = yaml.safe_load((Path(__file__).parents[2] / "data" / "verses.yaml").read_text(encoding="utf-8"))
    assert len(verses) >= 60
    assert len({verse["reference"] for verse in verses}) == len({verse["text"] for verse in verses}) == len(verses)
    for verse in verses:
        assert reference(verse["reference"]) == verse["reference"]
        assert verse["text"][0].isupper()
        assert verse["text"][-1] in ".?!"
