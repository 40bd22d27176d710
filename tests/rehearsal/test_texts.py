import pytest

from bot.rehearsal.entities import plain_text
from bot.rehearsal.errors import ApiError
from bot.rehearsal.texts import read_text


def refusal(text: str, mode: str | None = None) -> str:
    with pytest.raises(ApiError) as refused:
        read_text(text, mode, None)
    return refused.value.description


def test_an_empty_text_is_refused() -> None:
    assert refusal("") == "Bad Request: message text is empty"


@pytest.mark.parametrize("text", [" ", "\n", "<b> </b>", "<b></b>"])
def test_a_text_of_nothing_but_space_is_refused(text: str) -> None:
    assert refusal(text, "HTML") == "Bad Request: text must be non-empty"


def test_the_limit_counts_code_points_after_parsing() -> None:
    assert len(read_text("<b>" + "🙏" * 4096 + "</b>", "HTML", None).text) == 4096
    assert refusal("🙏" * 4097) == "Bad Request: message is too long"


def test_a_very_long_source_is_refused_before_it_is_parsed() -> None:
    assert refusal("<b></b>" * 5000, "HTML") == "Bad Request: text is too long"


def test_markdown_is_not_supported_and_says_so() -> None:
    assert refusal("a", "MarkdownV2") == "Bad Request: the rehearsal server does not support parse_mode MarkdownV2"
    assert refusal("a", "BBCode") == "Bad Request: unsupported parse_mode"


def test_space_at_both_ends_goes_and_the_entities_move_with_the_text() -> None:
    read = read_text("\n a <b>b </b> \n", "html", None)
    assert read.text == "a b"
    assert [(e.offset, e.length) for e in read.entities] == [(2, 1)]


def test_entities_given_apart_are_taken_as_they_are() -> None:
    read = read_text("abc", None, [{"type": "bold", "offset": 1, "length": 1}])
    assert [e.as_json() for e in read.entities] == [{"type": "bold", "offset": 1, "length": 1}]


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("/time 07:30", [(0, 5)]),
        ("/start@vigil_bot x", [(0, 16)]),
        ("🙏 /week", [(3, 5)]),
        ("see a/b and http://x/y", []),
        ("/a/b", []),
        ("7/8", []),
    ],
)
def test_commands_are_found_where_telegram_finds_them(text: str, commands: list[tuple[int, int]]) -> None:
    assert [(e.offset, e.length) for e in plain_text(text).entities if e.type == "bot_command"] == commands


def test_a_command_in_code_is_none() -> None:
    assert [e.type for e in read_text("<code>/week</code>", "HTML", None).entities] == ["code"]
