import pytest

from bot.domain.pseudonyms import has_pseudonym


@pytest.mark.parametrize(
    "text",
    [
        "Pray for Amina*.",
        "Amina*’s case and *all* others",
        "Amina’s* case",
        "“María José*” rests",
        "AMINA* rests",
        "*Amina rests. Pray for Amina*.",
        "**Pray for Amina***",
    ],
)
def test_a_name_with_an_asterisk_is_a_pseudonym(text: str) -> None:
    assert has_pseudonym(text)


@pytest.mark.parametrize(
    "text",
    [
        "Amina rests",
        "* Amina rests",
        "*Amina* rests",
        "**Pray for Amina** now",
        "*Pray for Amina*",
        "free* of charge",
        "2*3",
        "A*",
    ],
)
def test_bullets_emphasis_and_other_asterisks_are_none(text: str) -> None:
    assert not has_pseudonym(text)
