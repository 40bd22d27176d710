"""Repairs lose no line and move none, whatever stands in a text."""

from hypothesis import given
from hypothesis import strategies as st

from bot.loader.lines import clean
from bot.loader.profile import Profile
from bot.loader.reading import read

PIECES = st.sampled_from(
    [
        *("Africa", "Pray.", "•", "“", "Micah 6:8", "July 3, 2026", " ", "\n", "\n\n"),
        *("&amp;", "&nbsp;", "&#10;", "&#0;", "&#8232;", "donâ€™t", "Ã", "â€"),
        *("\ufb01", "\u200b", "\u2067", "\xa0", "\x85", "\r", "\x0b"),
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join), st.sets(st.integers(1, 12)))
def test_every_line_that_shows_something_has_one_place(profile: Profile, text: str, aside: set[int]) -> None:
    reading = read(text, profile, aside=dict.fromkeys(aside, "set aside by a test"))
    assert [at.line for at in reading.placements] == [line.number for line in clean(text)]
