"""The laws of reading: nothing is lost, nothing is left to chance, and no text is too odd."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.loader.lines import clean
from bot.loader.profile import Profile, load_profile
from bot.loader.reading import Reading, read
from bot.loader.sections import Place

ROOT = Path(__file__).parents[2]
PROFILE = load_profile(ROOT / "config" / "bulletins" / "ijm.yaml")
SAMPLES = sorted((ROOT / "data" / "bulletins").glob("*.txt"))

PIECES = [
    *(line for path in SAMPLES for line in path.read_text(encoding="utf-8").splitlines()),
    "",
    "|",
    "•",
    "“",
    '"',
    "Prayer:",
    "PRAISE",
    "SUNDAY 12th March",
    "Tues. 1: Pray for rain.",
    "Friday 1| WORLDWIDE",
    "3 APR (M) ECUADOR",
    "Title: Rain",
    "Blessings,",
    "Praise: rain",
    "Latin America: In Peru, pray.",
    "Middle East",
    "Latn America",
    "June 26, 2021",
    "Sat 29 July",
    "Letter of July 3, 2024",
    "Isaiah 1:17",
    "“Seek justice.” – Isaiah 1:17",
    "x" * 60 + " in",
    "ruth@example.org",
]
noise = st.text(max_size=200)
shuffled = st.lists(st.sampled_from(PIECES), max_size=30).map("\n".join)
mutated = st.tuples(shuffled, st.lists(st.tuples(st.integers(0), st.characters()), max_size=6)).map(
    lambda drawn: _mutate(*drawn)
)


def _mutate(text: str, changes: list[tuple[int, str]]) -> str:
    for at, char in changes:
        at %= len(text) + 1
        text = text[:at] + char + text[at + 1 :]
    return text


def _law(text: str, reading: Reading) -> None:
    assert [(at.line, at.text) for at in reading.placements] == [(line.number, line.text) for line in clean(text)]
    left = [(at.line, at.text) for at in reading.placements if at.place is Place.UNPLACED]
    assert [(line.line, line.text) for line in reading.unplaced] == left


@settings(max_examples=400, deadline=None)
@given(st.one_of(noise, shuffled, mutated))
def test_every_line_that_is_not_blank_ends_in_exactly_one_place(text: str) -> None:
    _law(text, read(text, PROFILE))


@settings(max_examples=100, deadline=None)
@given(st.one_of(noise, shuffled, mutated))
def test_reading_twice_gives_the_same(text: str) -> None:
    assert read(text, PROFILE) == read(text, load_profile(ROOT / "config" / "bulletins" / "ijm.yaml"))


@settings(max_examples=100, deadline=None)
@given(shuffled)
def test_every_word_of_a_request_is_in_its_points(text: str) -> None:
    reading = read(text, PROFILE)
    said = " ".join(p.text for b in reading.bulletins for request in b.requests for p in request.points)
    for at in reading.placements:
        if at.place is Place.REQUEST and at.rule == "text under a heading":
            last = at.text.strip("| •*-–").rsplit(":", 1)[-1].split()[-1:]
            assert all(word in said for word in last if word.isalpha() and word.casefold() not in PROFILE.labels)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_law_holds_for_the_samples(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    _law(text, read(text, PROFILE))


@pytest.mark.parametrize(
    "text",
    [
        *("", "\n \n", "\u200b", "|", "word", "“", "\x00", "Africa", "Isaiah 1:17", "June 3, 2024"),
        "Prayer: For rain.\nPraise: A well was dug.",  # of no known region
    ],
)
def test_a_text_without_requests_gives_no_bulletin(text: str, profile: Profile) -> None:
    reading = read(text, profile)
    assert reading.bulletins == ()
    _law(text, reading)


@pytest.mark.parametrize(
    "line",
    ["Prayer: Open Gate has partner offices in Canada.", 'Micah 6:8 "Please do not share this online."'],
)
def test_a_note_that_is_taken_for_a_request_is_told(line: str, profile: Profile) -> None:
    (bulletin,) = read(f"Global\nPray for rest.\n\n{line}\n\nPray for all.", profile).bulletins
    assert "note-in-request" in {warning.code for warning in bulletin.warnings}


def test_a_note_behind_a_heading_is_set_aside_and_told(profile: Profile) -> None:
    text = "Global\nPray for rest.\n\nAfrica: Names have been changed, all of them.\n\nPray for all."
    (bulletin,) = read(text, profile).bulletins
    assert [[point.text for point in request.points] for request in bulletin.requests] == [
        ["Pray for rest."],
        ["Pray for all."],
    ]
    assert [warning.line for warning in bulletin.warnings if warning.code == "heading-guessed"] == [4]


_TOLD_OF_A_NAME = (
    "We are grateful that Rosa, a pseudonym, spoke before the judge of what she saw at the quarry last year."
)


@pytest.mark.parametrize(
    ("line", "is_doubtful"),
    [(_TOLD_OF_A_NAME, True), (f"*{_TOLD_OF_A_NAME}", False), (f"({_TOLD_OF_A_NAME})", False),
     ("Rosa is a pseudonym.", False)],
)  # fmt: skip
def test_a_paragraph_set_aside_for_a_name_in_it_is_told(line: str, is_doubtful: bool, profile: Profile) -> None:
    (bulletin,) = read(f"Global\nPray for rest.\n\n{line}\n\nPray for all.", profile).bulletins
    assert len(bulletin.notes) == 1
    assert ("note-doubtful" in {warning.code for warning in bulletin.warnings}) is is_doubtful


def test_lines_keep_their_order_where_one_is_set_aside_within_a_verse(profile: Profile) -> None:
    reading = read("“Let justice roll down as waters.”\n>\n– Amos 5:24\n\nLatin America\n\nPray for rain.", profile)
    assert [at.line for at in reading.placements] == [1, 2, 3, 5, 7]
    assert [bulletin.verse.reference for bulletin in reading.bulletins if bulletin.verse] == ["Amos 5:24"]


def test_a_month_below_the_title_is_no_second_one(profile: Profile) -> None:
    (bulletin,) = read("The Long Valley\nNovember 2022\n\nGlobal\nPray for rest.", profile).bulletins
    assert (bulletin.title, bulletin.warnings) == ("The Long Valley", ())
    (alone,) = read("November 2022\n\nGlobal\nPray for rest.", profile).bulletins
    assert alone.title == "November 2022"


@pytest.mark.parametrize(
    "block",
    [
        "a ",
        '"',
        "“a\n",
        "Africa\n",
        "June 3, 2024\n",
        "Prayer: a\n",
        "Isaiah 1:17\n",
        "•\n",
        "a, and ",
        "U.S. ",
        "x" * 60 + " in\n",
    ],
)
def test_hostile_texts_are_read_in_linear_time(block: str, profile: Profile) -> None:
    """Steps are counted, not seconds: calls that Python makes for a text twice as long."""
    few, many = (_calls(block * count, profile) for count in (400, 800))
    assert many < 2.5 * few


def _calls(text: str, profile: Profile) -> int:
    import cProfile
    import pstats

    profiler = cProfile.Profile()
    profiler.runcall(read, text, profile)
    calls: int = pstats.Stats(profiler).total_calls  # type: ignore[attr-defined]
    return calls
