"""The guides say all that their readers may do, in two screens at most."""

from collections.abc import Iterator
from textwrap import wrap

import pytest
from pydantic import BaseModel

from bot.settings import ROOT, Settings
from bot.telegram.access import Who
from bot.telegram.commands import COMMANDS
from bot.telegram.setup import CHANGES
from tests.texts import WORDS, examples

TWO_SCREENS, A_LINE = 100, 100
# By which words the guide names what the buttons change.
SETTINGS = {
    "hour": "hour",
    "minute": "hour",
    "zone": "zone",
    "days": "days",
    "topic": "topic",
    "silent": "without a sound",
    "numbers": "numbers are shown",
    "quiet": "a day without a request",
    "language": "the language",
    "pause": "a pause",
}


def guide(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text("utf-8")


def settings_names(model: type[BaseModel]) -> Iterator[str]:
    """What a host may set, without the secrets; a part by its name."""
    for name, field in model.model_fields.items():
        if name not in ("token", "key_text"):
            yield name
        part = field.annotation
        if isinstance(part, type) and issubclass(part, BaseModel):
            yield from part.model_fields


GUIDES = {
    "members": (Who.ANYONE, Who.MEMBER),
    "group-admins": (Who.ADMIN,),
    "editors": (Who.EDITOR,),
    "operators": (Who.OPERATOR, Who.EDITOR),
}


@pytest.mark.parametrize(("name", "who"), GUIDES.items())
def test_a_guide_names_every_command(name: str, who: tuple[Who, ...]) -> None:
    named = [f"/{command.name}" for command in COMMANDS if command.who in who]
    assert named
    assert [command for command in named if f"`{command}`" not in guide(name)] == []


@pytest.mark.parametrize(("name", "who"), GUIDES.items())
def test_a_guide_has_the_examples_of_its_commands(name: str, who: tuple[Who, ...]) -> None:
    theirs = {command.name for command in COMMANDS if command.who in who}
    keys = [key for key in WORDS.keys if key.startswith(("usage.", "help.commands."))]
    named = {each for key in keys for text in WORDS.forms(key).values() for each in examples(text)}
    with_words = [each for each in named if " " in each and "{" not in each and each[1:].split()[0] in theirs]
    assert [each for each in with_words if f"`{each}`" not in guide(name)] == []


def test_the_group_admins_guide_names_every_setting_of_a_group() -> None:
    assert SETTINGS.keys() == CHANGES.keys()
    (said,) = [part for part in guide("group-admins").split("\n\n") if part.startswith("`/settings` shows")]
    assert [words for words in SETTINGS.values() if words not in said.replace("\n", " ")] == []


def test_the_operators_guide_names_every_setting() -> None:
    said = guide("operators")
    assert [name for name in settings_names(Settings) if name not in said] == []


@pytest.mark.parametrize("name", [*GUIDES, "privacy"])
def test_a_guide_is_short(name: str) -> None:
    shown = [each for line in guide(name).splitlines() for each in wrap(line, A_LINE) or [""]]
    assert len(shown) <= TWO_SCREENS
