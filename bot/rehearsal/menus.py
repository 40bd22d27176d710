"""Command menus, by scope and language."""

import re
from typing import Any

from bot.rehearsal.access import Access, reach
from bot.rehearsal.errors import bad_request
from bot.rehearsal.state import State

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
MOST_COMMANDS = 100
LONGEST_DESCRIPTION = 256


async def set_my_commands(state: State, params: dict[str, Any]) -> Any:
    """Replaces one menu. Raises ApiError (400) for too many, or for a command that Telegram wouldn't take."""
    key = _key(state, params)
    commands = params["commands"]
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(command["command"].removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"].strip()) <= LONGEST_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    state.commands.menus[key] = [c | {"command": c["command"].removeprefix("/")} for c in commands]
    return True


async def get_my_commands(state: State, params: dict[str, Any]) -> Any:
    """One menu; empty if it was never set."""
    return state.commands.menus.get(_key(state, params), [])


async def delete_my_commands(state: State, params: dict[str, Any]) -> Any:
    """Takes one menu away."""
    state.commands.menus.pop(_key(state, params), None)
    return True


def _key(state: State, params: dict[str, Any]) -> tuple[str, str]:
    """A menu's scope and language. A scope that names a chat must name one that the bot can reach."""
    scope = params.get("scope") or {"type": "default"}
    language = params.get("language_code", "")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    if "chat_id" in scope:
        reach(state, scope["chat_id"], Access.MEMBERS)
    return " ".join(str(scope[name]) for name in ("type", "chat_id", "user_id") if name in scope), language
