"""What people will see otherwise than it was read is told with its line; the points stay as they were read."""

from pathlib import Path

from bot.loader.files import read_file
from bot.loader.profile import Profile
from bot.loader.reading import read

TEXT = "Africa\nPray for rain.Ask for seed.\n\n• Ask for seed. Give thanks.\n\nLatin America\nPray on. Give thanks.\n"
FORM = """requests:
  Africa:
    - Pray for rain.Ask for seed.
    - praise: Ask for seed. Give thanks.
  Global: Pray on. Give thanks.
"""
TOLD = [("sentences-joined", 2), ("sentence-twice", 4)]


def test_each_mending_is_a_warning_at_its_line(profile: Profile) -> None:
    (bulletin,) = read(TEXT, profile).bulletins
    assert [(told.code, told.line) for told in bulletin.warnings] == TOLD
    first, second = bulletin.requests[0].points
    assert (first.text, second.text) == ("Pray for rain.Ask for seed.", "Ask for seed. Give thanks.")


def test_so_it_is_in_the_form_written_by_hand(profile: Profile, tmp_path: Path) -> None:
    path = tmp_path / "week.yaml"
    path.write_text(FORM)
    (bulletin,) = read_file(path, profile).bulletins
    assert [(told.code, told.line) for told in bulletin.warnings] == [("sentences-joined", 3), ("sentence-twice", 4)]


def test_a_pseudonyms_footnote_is_set_aside(profile: Profile) -> None:
    footnotes = [
        *("*A pseudonym has been used.", "*Name changed", "* Names changed to protect them", "*Pseudonym"),
        *("*Not her real name.", "*Not their real names", "** All names are pseudonyms.", "*name has been changed"),
    ]
    for footnote in footnotes:
        (bulletin,) = read(f"Africa\nPray for Amina*, who rests.\n\n{footnote}\n", profile).bulletins
        assert [point.text for point in bulletin.requests[0].points] == ["Pray for Amina*, who rests."], footnote
        assert len(bulletin.notes) == 1, footnote
