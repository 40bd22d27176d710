from typing import Any, cast

import pytest
from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.ext import ApplicationBuilder, CommandHandler

from bot.settings import ROOT
from bot.telegram.access import Where, Who
from bot.telegram.commands import COMMANDS, commands_page, show_help
from bot.telegram.updates import App, publish_menus, register
from bot.telegram.vigil import Vigil
from tests.services.conftest import OPERATORS
from tests.services.recorder import Recorder
from tests.telegram.questions import AMINA, question
from tests.texts import LANGUAGES, WORDS

NAMES = [command.name for command in COMMANDS]
STAFF = (Who.EDITOR, Who.OPERATOR)


def test_every_command_stands_once_in_the_table() -> None:
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_every_command_has_help_that_telegram_accepts(vigil: Vigil, command: Any) -> None:
    text = WORDS.plain(f"help.commands.{command.name}")
    assert 1 <= len(text) <= 256
    assert BotCommand(command.name, text).command == command.name
    assert command.handle.__doc__


def test_the_page_in_the_documentation_is_the_table(vigil: Vigil) -> None:
    written = (ROOT / "docs" / "commands.md").read_text("utf-8")
    assert written == commands_page(WORDS), "write it anew: vigil commands > docs/commands.md"
    assert all(f"`/{name}`" in written for name in NAMES)


def test_every_command_has_its_handler(vigil: Vigil) -> None:
    application = ApplicationBuilder().token("1:x").build()
    register(application, vigil)
    handlers = [each for group in application.handlers.values() for each in group]
    handled = [name for each in handlers if isinstance(each, CommandHandler) for name in each.commands]
    assert sorted(handled) == sorted(NAMES)


class Menus:
    """Takes menus in Telegram's place."""

    def __init__(self) -> None:
        self.bot = self
        self.taken: dict[str | None, dict[type[BotCommandScope], list[str]]] = {}
        self.helps: dict[str | None, set[str]] = {}

    async def set_my_commands(self, menu: list[BotCommand], scope: BotCommandScope, code: str | None) -> None:
        """One scope's menu in a language, or for everybody without a menu of their own."""
        assert len(menu) <= 100
        self.taken.setdefault(code, {})[type(scope)] = [each.command for each in menu]
        self.helps.setdefault(code, set()).update(each.description for each in menu)


async def test_each_kind_of_chat_has_a_menu_of_what_is_understood_there(vigil: Vigil) -> None:
    menus = Menus()
    await publish_menus(cast(App, menus), vigil)
    direct = [each.name for each in COMMANDS if each.where is not Where.GROUP and each.who not in STAFF]
    in_groups = [each for each in COMMANDS if each.where in (Where.GROUP, Where.BOTH)]
    everyone = [each.name for each in in_groups if each.who is not Who.ADMIN]
    admins = [each.name for each in in_groups]
    menu = {
        BotCommandScopeAllPrivateChats: direct,
        BotCommandScopeAllGroupChats: everyone,
        BotCommandScopeAllChatAdministrators: admins,
    }
    assert menus.taken == {None: menu, "en": menu, "es": menu}
    assert menus.helps[None] == menus.helps["en"]
    assert LANGUAGES.of("es").plain("help.commands.week") in menus.helps["es"]
    assert "retract" not in admins + everyone + direct
    assert "subscribe" in admins
    assert "subscribe" not in everyone


async def test_help_names_what_operators_may_do_to_them_alone(vigil: Vigil) -> None:
    operator, member = [await show_help(vigil, question(user_id=user, direct=True)) for user in (OPERATORS[0], 7)]
    assert operator is not None and "/retract" in operator.html
    assert member is not None and "/retract" not in member.html


@pytest.mark.parametrize(("direct", "admin"), [(True, False), (False, False), (False, True)])
async def test_help_lists_what_is_understood_here(vigil: Vigil, recorder: Recorder, direct: bool, admin: bool) -> None:
    recorder.admins = {AMINA} if admin else set()
    answer = await show_help(vigil, question(direct=direct))
    assert answer is not None
    named = answer.html.replace("\n", " ").split(" ")
    for command in (each for each in COMMANDS if each.who not in STAFF):
        here = command.where is Where.BOTH or (command.where is Where.DIRECT) == direct
        assert (f"/{command.name}" in named) == (here and (admin or command.who is not Who.ADMIN))
        assert (f"/{command.name} — " in answer.html) == (here and (command.who is Who.ADMIN) == admin)
