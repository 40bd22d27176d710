import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from bot.domain.bulletin import Kind
from bot.domain.chat import Chat, ChatType, why_not_private
from bot.domain.group import GroupState
from bot.services.retracting import Why
from bot.services.words import Words
from bot.settings import ROOT, TEXTS
from bot.telegram.commands import COMMANDS

WORDS = Words.load(TEXTS)
PLURALS = ("one", "other")


def test_values_are_escaped_and_never_read_as_texts() -> None:
    words = Words({"hello": "<b>{name}</b>"})
    assert words.html("hello", name="<i>&{other}") == "<b>&lt;i&gt;&amp;{other}</b>"
    assert words.plain("hello", name="<i>") == "<b><i></b>"


def test_the_count_picks_between_one_and_many() -> None:
    words = Words({"prayed": {"one": "{count} has", "other": "{count} have"}})
    assert [words.plain("prayed", count=count) for count in (0, 1, 2)] == ["0 have", "1 has", "2 have"]


def test_a_key_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        WORDS.html("post.no_such_text")


# Every text is used, and every use has its text.


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Each call of `html` or `plain` on words, with its file."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            owner = ast.unparse(node.func.value).split(".")[-1]
            if node.func.attr in ("html", "plain") and owner in ("words", "_words"):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def literal_keys(node: ast.expr) -> list[str]:
    """The keys that an argument can be; a part that is only known when it runs stands as *."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.IfExp):
        return literal_keys(node.body) + literal_keys(node.orelse)
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)]
    return []


def strings() -> set[str]:
    """Every string in the code: keys that travel as values (a notice's, a reason's) stand among them."""
    found = set()
    for path in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                found |= {key for key in literal_keys(node) if re.match(r"[a-z_]+\.", key)}
    return found


def matching(pattern: str) -> set[str]:
    shape = re.compile(re.escape(pattern).replace(r"\*", "[^.]+") + r"(\.(one|other))?")
    return {key for key in WORDS.keys if shape.fullmatch(key)}


def placeholders(key: str) -> set[str]:
    found = [key] if key in WORDS.keys else [f"{key}.{plural}" for plural in PLURALS]
    return {name for each in found for _, name, _, _ in Formatter().parse(WORDS._texts[each]) if name}


def test_every_key_in_the_code_has_its_text() -> None:
    keys = {(place, key) for place, call in calls() for key in literal_keys(call.args[0])}
    assert len(keys) > 50, "the calls are not found any more"
    assert {(place, key) for place, key in keys if not matching(key)} == set()


def test_every_text_is_used() -> None:
    in_calls = {pattern for _, call in calls() for pattern in literal_keys(call.args[0])}
    used = {key for pattern in in_calls | strings() for key in matching(pattern)}
    assert WORDS.keys - used == set()


def test_every_placeholder_is_given_where_a_text_is_used() -> None:
    missing = []
    for place, call in calls():
        if any(word.arg is None for word in call.keywords):
            continue  # the values come as one mapping
        given = {word.arg for word in call.keywords}
        for pattern in literal_keys(call.args[0]):
            missing += [(place, key) for key in matching(pattern) if placeholders(key) - given]
    assert missing == []


@pytest.mark.parametrize("key", ["group.subscribed", "group.resumed", "group.changed"])
def test_texts_that_say_when_the_next_post_comes_use_what_is_given(key: str) -> None:
    assert placeholders(key) <= {"day", "at", "zone"}


@pytest.mark.parametrize("key", sorted(key for key in WORDS.keys if key.startswith("operator.")))
def test_what_operators_are_told_uses_what_a_notice_has(key: str) -> None:
    assert placeholders(key) <= ({"lines"} if key == "operator.unretired" else {"title", "reason"})


def test_every_state_kind_reason_and_command_has_its_words() -> None:
    wanted = {f"group.state.{state}" for state in GroupState}
    wanted |= {f"reason.group_{state}" for state in GroupState if state is not GroupState.ACTIVE}
    wanted |= {f"post.sign.{kind}" for kind in Kind}
    wanted |= {f"help.commands.{command.name}" for command in COMMANDS}
    wanted |= {f"button.why.{why}" for why in Why}
    facts: tuple[dict[str, bool], ...] = (
        {},
        {"has_username": True},
        {"has_location": True},
        {"is_linked": True},
        {"is_community": True},
    )
    for kind in ChatType:
        for fact in facts:
            reason = why_not_private(Chat(1, kind, None, **fact))
            wanted |= {f"reason.{reason}", f"group.why_left.{reason}"} if reason else set()
    assert wanted - WORDS.keys == set()


def test_every_reason_for_an_end_that_the_code_knows_has_its_words() -> None:
    reasons = set()
    files = ("services/publishing", "services/ending", "services/admission", "services/rewriting", "telegram/errors")
    for path in (ROOT / "bot" / f"{name}.py" for name in files):
        source = path.read_text("utf-8")
        reasons |= set(re.findall(r"(?:RefusedError|ChatClosedError)\(\"([a-z_]+)\"", source))
        reasons |= set(re.findall(r"\breason ?= ?\"([a-z_]+)\"", source))
        reasons |= set(re.findall(r"(?:_endings|self)\.(?:end|withdraw)\([^\n]*\"([a-z_]+)\"\)", source))
    assert {"late", "muted", "text_gone", "message_lost", "upgraded"} <= reasons
    assert {reason for reason in reasons if f"reason.{reason}" not in WORDS.keys} == set()


def test_plain_texts_hold_no_markup() -> None:
    for key in WORDS.keys:
        if key.startswith(("button.", "tap.", "help.commands.", "reason.", "group.state.", "post.sign.")):
            assert "<" not in WORDS._texts[key], key


def test_answers_to_taps_fit_into_telegrams_200_characters() -> None:
    assert all(len(WORDS._texts[key]) <= 180 for key in WORDS.keys if key.startswith("tap."))


def test_the_texts_stand_where_the_settings_say() -> None:
    assert Path(TEXTS).is_file()
