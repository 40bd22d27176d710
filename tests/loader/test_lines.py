from bot.loader.lines import clean, fold


def test_lines_keep_their_numbers_and_know_of_the_gap_above() -> None:
    lines = clean("\nfirst\r\nsecond\r\n\r\n \t \r\nthird")
    assert [(line.number, line.text, line.after_gap) for line in lines] == [
        (2, "first", True),
        (3, "second", False),
        (6, "third", True),
    ]


def test_white_space_of_every_sort_becomes_single_blanks() -> None:
    assert clean("\u00a0a\u2003 \u00a0\tb\u3000")[0].text == "a b"


def test_what_cannot_be_seen_is_left_out_of_words() -> None:
    assert clean("\ufeffSou\u200bth\u00ad\u2067 Asia\u2069\x00")[0].text == "South Asia"


def test_a_line_of_invisible_characters_is_blank() -> None:
    assert clean("\u200b\u200e\n\x00") == ()


def test_separators_of_other_systems_end_lines_too() -> None:
    assert [line.text for line in clean("a\rb\u2028c\x0bd")] == ["a", "b", "c", "d"]


def test_ways_to_write_the_same_heading_fold_to_the_same_words() -> None:
    assert {fold(text) for text in ("Africa & Europe", "AFRICA AND EUROPE:", "**Africa + Europe**")} == {
        "africa europe"
    }
