import pytest

from bot.loader.lines import fold
from bot.loader.patterns import Patterns, pattern


@pytest.mark.parametrize(
    ("written", "text", "matches"),
    [
        ("Read more", "Read more »", True),
        ("Read more", "Read more here", False),
        ("Read more *", "Read more", True),
        ("Read more *", "Please read more", False),
        ("* partner offices in *", "We have partner offices in Norway.", True),
        ("* partner offices in *", "We have offices in Norway.", False),
        ("* jpg", "unnamed (4).jpg", True),
        ("* jpg", "a jpg that shows five people", False),
        ("a * a", "a", False),
        ("a b * b c", "a b c", False),
        ("office * in", "offices are in", False),
    ],
)
def test_a_star_stands_for_any_whole_words(written: str, text: str, matches: bool) -> None:
    assert pattern(written).matches(fold(text)) is matches


def test_a_star_swallows_no_more_than_sixty_words() -> None:
    assert pattern("thank you *").matches("thank you" + " x" * 58)
    assert not pattern("thank you *").matches("thank you" + " x" * 59)


def test_a_single_word_beside_a_star_sets_aside_five_words() -> None:
    assert pattern("copyright *").matches("copyright 2026 by the church")
    assert not pattern("copyright *").matches("copyright law is what our lawyers")


def test_a_pattern_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="holds no words"):
        pattern(" * ")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("ijm is located in york", 1),
        ("located in york", 2),
        ("york", None),
        ("is located", 0),
        ("", None),
        (f"is located in {'far ' * 80}york", None),
    ],
)
def test_of_several_patterns_the_first_that_matches_is_found_as_if_each_were_tried(
    text: str, first: int | None
) -> None:
    patterns = Patterns.of(map(pattern, ["is located", "* is located in *", "* located *", "Located in York"]))
    assert patterns.first(text) == first
    assert first == next((at for at, each in enumerate(patterns) if each.matches(text)), None)
