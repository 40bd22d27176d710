import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

import bot.rehearsal
from bot.rehearsal.world import World
from tests.rehearsal.conftest import Api, Cast


def test_only_members_can_write(world: World, cast: Cast) -> None:
    with pytest.raises(ValueError, match="Carla can't write in Nairobi prayer"):
        world.say(cast.stranger, cast.group, "hello")
    world.join(cast.stranger, cast.group)
    world.say(cast.stranger, cast.group, "hello")
    world.leave(cast.stranger, cast.group)
    with pytest.raises(ValueError, match="can't write"):
        world.say(cast.stranger, cast.group, "hello")


async def test_messages_carry_the_worlds_own_time(api: Api, cast: Cast, world: World) -> None:
    world.clock = lambda: datetime(2031, 5, 4, 7, 30, tzinfo=UTC)
    sent = await api("sendMessage", chat_id=cast.group.id, text="a")
    assert sent["date"] == int(datetime(2031, 5, 4, 7, 30, tzinfo=UTC).timestamp())


async def test_a_start_link_without_a_token_is_a_plain_start(world: World, cast: Cast) -> None:
    assert world.open_link(cast.member, f"https://t.me/{world.bot.username}").text == "/start"


def test_the_rehearsal_imports_nothing_else_of_the_bot() -> None:
    folder = Path(bot.rehearsal.__file__).parent
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not [n for n in names if n.startswith("bot") and not n.startswith("bot.rehearsal")], path
