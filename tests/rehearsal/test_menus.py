import pytest

from bot.rehearsal.world import World
from tests.rehearsal.conftest import Api, Cast

WEEK = {"command": "week", "description": "The week's regions"}


async def test_each_scope_and_language_has_its_own_menu(api: Api, cast: Cast) -> None:
    inside = {"type": "chat_administrators", "chat_id": cast.group.id}
    await api("setMyCommands", commands=[WEEK])
    await api("setMyCommands", commands=[WEEK, WEEK | {"command": "time"}], scope=inside)
    await api("setMyCommands", commands=[WEEK | {"description": "Die Woche"}], language_code="de")
    assert await api("getMyCommands") == [WEEK]
    assert len(await api("getMyCommands", scope=inside)) == 2
    assert (await api("getMyCommands", language_code="de"))[0]["description"] == "Die Woche"
    await api("deleteMyCommands")
    assert await api("getMyCommands") == []
    assert await api("getMyCommands", scope={"type": "all_group_chats"}) == []


@pytest.mark.parametrize(
    ("commands", "error"),
    [
        ([WEEK] * 101, "BOT_COMMANDS_TOO_MUCH"),
        ([WEEK | {"command": "Week"}], "BOT_COMMAND_INVALID"),
        ([WEEK | {"command": "w" * 33}], "BOT_COMMAND_INVALID"),
        ([WEEK | {"description": " "}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([WEEK | {"description": "d" * 257}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "week"}], "can't parse BotCommand: Can't find field \"description\""),
    ],
)
async def test_a_menu_that_telegram_would_not_take_is_refused(api: Api, commands: list[object], error: str) -> None:
    assert await api.refused("setMyCommands", commands=commands) == f"400 Bad Request: {error}"


async def test_a_menu_for_a_chat_needs_that_chat(api: Api, cast: Cast, world: World) -> None:
    scope = {"type": "chat", "chat_id": -5}
    assert await api.refused("setMyCommands", commands=[WEEK], scope=scope) == "400 Bad Request: chat not found"


async def test_a_language_has_two_letters(api: Api) -> None:
    refused = await api.refused("getMyCommands", language_code="english")
    assert refused == "400 Bad Request: invalid language code specified"


async def test_a_hundred_commands_are_allowed(api: Api) -> None:
    await api("setMyCommands", commands=[WEEK | {"command": f"week{i}"} for i in range(100)])
    assert len(await api("getMyCommands")) == 100
