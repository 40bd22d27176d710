import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bulletin import Kind, Point
from bot.domain.mending import LARGEST, mended

PIECES = st.sampled_from(
    [
        *(
            "Pray for rain.",
            "Pray for rain",
            "pray",
            "Amina",
            "Amina*",
            "rain",
            "U.S.",
            "Dr.",
            "No.",
            "5",
            "e.g.",
            " Read more",
            "I",
            "A",
        ),
        *(
            "“Come",
            "home.”",
            '"Come',
            'home."',
            "(Rest.",
            "now.)",
            "…",
            "...",
            "!",
            "?",
            ".",
            "*",
            "org",
            "Org",
            "@",
            "/",
        ),
        *(" ", "  ", " ", "\n", "Ärzte", "édit.", "www.", "https://", "祈り。"),
    ]
)
texts = st.lists(PIECES, min_size=1, max_size=25).map("".join).filter(str.strip)


def points(*texts: str) -> list[Point]:
    return [Point(text, Kind.PRAYER) for text in texts]


def shown(*texts: str) -> list[str]:
    return [point.text for point in mended(points(*texts)).points]


def told(*texts: str) -> list[tuple[str, int]]:
    return [(mending.code, mending.point) for mending in mended(points(*texts)).mendings]


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("Work goes on in Ghana.Please pray.", "Work goes on in Ghana. Please pray."),
        ("They are free!Praise God?We do.", "They are free! Praise God? We do."),
        ("Pray for Amina*.Ask for rest.", "Pray for Amina*. Ask for rest."),
        ("It is well.I’m glad.A child sings.", "It is well. I’m glad. A child sings."),
        ("Help in the U.S.State by the sea.NGO staff rest.", "Help in the U.S.State by the sea. NGO staff rest."),
        ("Ask men/women.Please pray.", "Ask men/women. Please pray."),
    ],
)
def test_sentences_that_run_together_are_parted(text: str, parted: str) -> None:
    assert shown(text) == [parted]
    assert told(text) == [("sentences-joined", 0)]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "The U.S.State Department",
            "J.R.Doe and St.John",
            "e.g.this and e.g.This",
            "at 9 a.m.Sharp",
            "Dr.Amina",
            "A Ph.D.Thesis",
        ),
        *(
            "see example.org",
            "see Example.Org",
            "see mail.Example.org.",
            "see example.org.Please",
            "ruth.Doe@example.org.Please",
        ),
        *(
            "www.example.Please",
            "https://example.org/a.B",
            "example.org/Page.Html",
            "No.5 and No.Five",
            "3.5 and 3.Five",
        ),
        *("wait...Please", "wait…Please", "node.js", "a.Bee", "wait .Please"),
    ],
)
def test_abbreviations_addresses_and_numbers_are_left_alone(text: str) -> None:
    assert (shown(text), told(text)) == ([text], [])


@pytest.mark.parametrize(
    ("texts", "left"),
    [
        (["Pray for rain. The wells are dry. Pray for rain."], ["Pray for rain. The wells are dry."]),
        (["Pray for rain.Pray for rain."], ["Pray for rain."]),
        (
            ["Pray for rain. Ask for seed.", "Give thanks. Ask for seed."],
            ["Pray for rain. Ask for seed.", "Give thanks."],
        ),
        (["Pray for rain.", "Give thanks.", "Pray for rain."], ["Pray for rain.", "Give thanks."]),
    ],
)
def test_a_sentence_that_stands_again_in_a_request_is_shown_once(texts: list[str], left: list[str]) -> None:
    assert shown(*texts) == left
    assert ("sentence-twice", len(texts) - 1) in told(*texts)


@pytest.mark.parametrize("link", ["Read more »", "Learn more about this case.", "READ MORE... Read more"])
def test_a_link_behind_the_last_sentence_is_not_shown(link: str) -> None:
    assert shown(f"Pray for rain. {link}") == ["Pray for rain."]
    assert told(f"Pray for rain. {link}") == [("link-left-out", 0)]


@pytest.mark.parametrize("text", ["Pray that they learn more.", "Read more", "Pray for rain. Learn more songs."])
def test_words_that_are_no_link_stay(text: str) -> None:
    assert (shown(text), told(text)) == ([text], [])


@pytest.mark.parametrize(
    "text",
    [
        "Pray for rain. Pray for Rain. Pray for rain! Pray for  rains. Pray for rain now.",
        "Pray for Dr. Amina. Pray for Dr. Bello.",
        "Pray for Gov. Amina. Pray for Gov. Bello.",
        "Pray on No. 5. Pray on No. 6.",
        "Ask J. Doe. Ask J. Roe.",
        "1. Pray. 1. Ask.",
        "“Come. Rest.” “Come. Eat.”",
        "Stay (here. Now.) Stay (here. Later.)",
        '"Come. Rest." "Come. Eat."',
    ],
)
def test_nothing_but_a_whole_sentence_word_for_word_is_a_repeat(text: str) -> None:
    assert shown(text) == [" ".join(text.split())]
    assert told(text) == []


def test_each_mending_is_told_with_its_point() -> None:
    texts = ("All is well.", "Ask on.Go on.Rest.", "Go on. Rest. All is well.")
    mendings = mended(points(*texts)).mendings
    assert [(mending.point, mending.message) for mending in mendings] == [
        (1, "Sentences run together in 2 places; they are shown with a blank between them."),
        (2, "3 sentences of this request stand here again; shown only once."),
    ]


def test_what_is_far_too_large_for_a_request_is_left_alone() -> None:
    assert shown("Ask on.Go on. " * (LARGEST // 14)) == ["Ask on. Go on."]
    huge = "Ask on.Go on. " * (LARGEST // 14 + 1)
    assert (shown(huge), told(huge)) == ([huge], [])


@given(st.lists(texts, min_size=1, max_size=4))
def test_mending_twice_is_mending_once(texts: list[str]) -> None:
    once = mended(points(*texts)).points
    twice = mended(once)
    assert (twice.points, twice.mendings) == (once, ())


@given(st.lists(texts, min_size=1, max_size=4))
def test_no_word_is_lost_but_those_of_repeats_that_are_told(texts: list[str]) -> None:
    result = mended(points(*texts))
    left = "".join("".join(point.text.split()) for point in result.points)
    given_ = "".join("".join(text.split()) for text in texts)
    if "sentence-twice" in {mending.code for mending in result.mendings}:
        rest = iter(given_)
        assert all(character in rest for character in left)
        assert len(left) < len(given_)
    else:
        assert left == given_
