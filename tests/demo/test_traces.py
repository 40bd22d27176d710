"""Request text in messages."""

import pytest

from bot.demo.traces import hits, runs_of, shown

TEXT = "Pray for the lamp keepers of the invented bay, who mend their boats tonight."


@pytest.mark.parametrize(
    "messages",
    [
        [f"Head\n\n{TEXT}\n\nfoot"],
        [TEXT.replace(" ", "\n")],
        [f"1/2\n{TEXT[:30]}", f"2/2\n{TEXT[30:]}\nfoot"],
        ["a bare verse", "Pray for", TEXT],
    ],
)
def test_a_text_is_found_whole_however_it_is_laid_out(messages: list[str]) -> None:
    assert shown(TEXT, messages)


@pytest.mark.parametrize("messages", [[], [""], [TEXT[:-1]], [TEXT[:20], TEXT[25:]], [TEXT[30:], TEXT[:30]]])
def test_a_text_that_is_not_whole_is_not_shown(messages: list[str]) -> None:
    assert not shown(TEXT, messages)


def test_seven_words_in_a_row_betray_a_text() -> None:
    runs = runs_of([TEXT])
    assert hits("… the LAMP keepers of the invented bay!", runs)
    assert not hits("the lamp keepers of the invented", runs)


def test_a_short_text_betrays_itself_as_a_whole() -> None:
    assert hits("Pray for Lena.", runs_of(["pray for Lena"]))
    assert not hits("Pray for Leo.", runs_of(["pray for Lena"]))


def test_what_may_be_said_anyway_betrays_nothing() -> None:
    assert not hits(TEXT, runs_of([TEXT], harmless=[TEXT]))
    assert not hits("anything", runs_of(["", " … "]))
