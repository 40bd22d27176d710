"""The guides say all that their readers may do, in two screens at most."""

from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from bot.settings import ROOT, Settings
from bot.telegram.access import Who
from bot.telegram.commands import COMMANDS

TWO_SCREENS = 100


def guide(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text("utf-8")


def settings_names(model: type[BaseModel]) -> Iterator[str]:
    """What a host may set, without the secrets; a part by its name."""
    for name, field in model.model_fields.items():
        if name not in ("token", "key_text"):
            yield name
        part = field.annotation
        if isinstance(part, type) and issubclass(part, BaseModel) and name not in ("pacing", "lease"):
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


def test_the_operators_guide_names_every_setting() -> None:
    said = guide("operators")
    assert [name for name in settings_names(Settings) if name not in said] == []


@pytest.mark.parametrize("name", [*GUIDES, "privacy"])
def test_a_guide_is_short(name: str) -> None:
    assert len(guide(name).splitlines()) <= TWO_SCREENS
