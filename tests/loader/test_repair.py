"""Text that programs broke is put right where there is no other way to read it, and the editor is told."""

import pytest

from bot.loader.lines import clean
from bot.loader.profile import Profile
from bot.loader.reading import read
from bot.loader.repair import Repair, repaired


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("donâ€™t", "don’t"),
        ("â€œThe Lord is nearâ€\u009d", "“The Lord is near”"),
        ("JosÃ© and AmÃ©lie", "José and Amélie"),
        ("fourâ€”five", "four—five"),
        ("Ã¢â‚¬Å“Rest", "“Rest"),  # broken twice
    ],
)
def test_bytes_that_were_read_in_a_wrong_encoding(broken: str, whole: str) -> None:
    assert repaired(broken) == (whole, (Repair.ENCODING,))


@pytest.mark.parametrize("text", ["José’s “rest”", "Ângela, São Tomé", "ÉGALITÉ", "10 £ – 5 €", "Ça va", "Île • Åland"])
def test_letters_that_only_look_odd_stay(text: str) -> None:
    assert repaired(text) == (text, ())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Africa &amp; Europe", "Africa & Europe"),
        ("don&rsquo;t", "don’t"),
        ("don&#8217;t &#x201c;rest&#x201D;", "don’t “rest”"),
        ("one&nbsp;two", "one two"),
        ("&amp;rsquo;", "’"),
        ("one&#10;two", "one two"),
    ],
)
def test_entities_of_web_pages(written: str, meant: str) -> None:
    assert repaired(written) == (meant, (Repair.ENTITIES,))


@pytest.mark.parametrize("text", ["R&D; more", "Tom & Ann; Ben", "&unknown;", "a&amp"])
def test_what_is_no_entity_stays(text: str) -> None:
    assert repaired(text) == (text, ())


def test_ligatures_become_letters() -> None:
    assert clean("\ufb01nd the o\ufb03ce")[0].text == "find the office"


def test_a_line_of_nothing_but_a_blank_s_entity_is_blank() -> None:
    assert [(line.number, line.text, line.after_gap) for line in clean("one\n&nbsp;\ntwo")] == [
        (1, "one", True),
        (3, "two", True),
    ]


def test_the_editor_is_told_once_for_each_sort_of_repair(profile: Profile) -> None:
    text = "Africa &amp; Europe\nPray for JosÃ©.\n\nLatin America\nPray for donâ€™t.\n"
    reading = read(text, profile)
    (bulletin,) = reading.bulletins
    assert [(warning.code, warning.line) for warning in bulletin.warnings] == [
        ("entities-repaired", 1),
        ("encoding-repaired", 2),
    ]
    assert "and in 1 more" in bulletin.warnings[1].message
    assert [at.line for at in reading.placements] == [1, 2, 4, 5]
    assert bulletin.requests[0].points[0].text == "Pray for José."
