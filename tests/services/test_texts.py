import ast
import re
from collections import Counter
from collections.abc import Iterator
from string import Formatter

import pytest

from bot.domain.bulletin import Kind
from bot.domain.chat import Chat, ChatType, why_not_private
from bot.domain.group import GroupState
from bot.services.retracting import Why
from bot.services.words import Words
from bot.settings import ROOT
from bot.telegram.commands import COMMANDS
from tests.texts import LANGUAGES, WORDS

EVERY_LANGUAGE = pytest.mark.parametrize("words", list(LANGUAGES), ids=lambda words: words.code)


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
    shape = re.compile(re.escape(pattern).replace(r"\*", "[^.]+"))
    return {key for key in WORDS.keys if shape.fullmatch(key)}


def placeholders(key: str, words: Words = WORDS) -> set[str]:
    return {name for text in words.forms(key).values() for _, name, _, _ in Formatter().parse(text) if name is not None}


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


@pytest.mark.parametrize("key", ["group.subscribed", "group.resumed"])
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
    services = ("publishing", "scene", "ending", "admission", "rewriting")
    files = (*(f"services/{name}" for name in services), "telegram/errors")
    for path in (ROOT / "bot" / f"{name}.py" for name in files):
        source = path.read_text("utf-8")
        reasons |= set(re.findall(r"(?:RefusedError|ChatClosedError)\(\"([a-z_]+)\"", source))
        reasons |= set(re.findall(r"\breason ?= ?\"([a-z_]+)\"", source))
        reasons |= set(re.findall(r"(?:_endings|self)\.(?:end|withdraw)\([^\n]*\"([a-z_]+)\"\)", source))
    assert {"late", "muted", "text_gone", "message_lost", "upgraded"} <= reasons
    assert {reason for reason in reasons if f"reason.{reason}" not in WORDS.keys} == set()


# Every language says the same.


def tags(text: str) -> Counter[str]:
    return Counter(re.findall(r"<[^>]*>", text))


def commands(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w<])/[a-z]+", text))


def test_english_is_not_alone() -> None:
    assert {words.code for words in LANGUAGES} >= {"en", "es"}


@EVERY_LANGUAGE
def test_every_language_has_every_text(words: Words) -> None:
    assert sorted(WORDS.keys ^ words.keys) == []


@EVERY_LANGUAGE
def test_a_text_asks_for_the_same_values_in_every_language(words: Words) -> None:
    assert {key for key in WORDS.keys if placeholders(key, words) != placeholders(key)} == set()


@EVERY_LANGUAGE
def test_placeholders_are_plain_names(words: Words) -> None:
    parsed = [piece for key in words.keys for text in words.forms(key).values() for piece in Formatter().parse(text)]
    values = {(name, form, conversion) for _, name, form, conversion in parsed if name is not None}
    assert {value for value in values if not value[0].isidentifier() or value[1] or value[2]} == set()


@EVERY_LANGUAGE
def test_a_text_has_the_same_markup_and_names_the_same_commands_in_every_language(words: Words) -> None:
    for key in WORDS.keys:
        english = WORDS.forms(key)["other"]
        for form, text in words.forms(key).items():
            assert (tags(text), commands(text)) == (tags(english), commands(english)), (key, form)


@EVERY_LANGUAGE
def test_a_text_has_the_plural_forms_of_its_language(words: Words) -> None:
    numbers: dict[str, list[int]] = {}
    for count in range(1000):
        numbers.setdefault(words.locale.plural_form(count), []).append(count)
    for key in words.keys:
        forms = words.forms(key)
        assert "other" in forms, key
        if len(forms) > 1:
            assert numbers.keys() <= forms.keys() <= {*words.locale.plural_form.tags, "other"}, key
        for form in forms.keys() & numbers.keys():
            # A form that serves for one number alone needn't say it.
            told = len(numbers[form]) == 1 or "{count}" in forms[form] or len(forms) == 1
            assert told, f"{key}.{form} serves for {numbers[form][:3]}: it must say {{count}}"


@EVERY_LANGUAGE
def test_plain_texts_hold_no_markup(words: Words) -> None:
    plain = ("button.", "tap.", "help.commands.", "reason.", "region.", "group.state.", "post.sign.")
    texts = {f"{key}.{form}": text for key in words.keys for form, text in words.forms(key).items()}
    assert {key for key, text in texts.items() if key.startswith(plain) and "<" in text} == set()


@EVERY_LANGUAGE
@pytest.mark.parametrize(("above", "most"), [("tap.", 180), ("button.", 40), ("region.", 30), ("help.commands.", 100)])
def test_a_text_fits_where_it_is_shown(words: Words, above: str, most: int) -> None:
    """Telegram takes 200 characters as an answer to a tap; a button shows about 40 on a small screen."""
    texts = {f"{key}.{form}": text for key in words.keys for form, text in words.forms(key).items()}
    assert {key: len(text) for key, text in texts.items() if key.startswith(above) and len(text) > most} == {}


@EVERY_LANGUAGE
def test_a_message_has_room_for_what_is_filled_in(words: Words) -> None:
    texts = {f"{key}.{form}": text for key in words.keys for form, text in words.forms(key).items()}
    assert {key: len(text) for key, text in texts.items() if len(text) > 1500} == {}
