"""What a command asks of the bot: done by the one that runs, or with --now by the command itself."""

from collections.abc import AsyncIterator

import pytest

from bot.app import open_store
from bot.domain.group import GroupState
from bot.rehearsal.chats import Chat
from tests.e2e.host import Host, host_of
from tests.e2e.stage import stage_settings, until
from tests.stored import add_group

TOLD = "/subscribe"


@pytest.fixture
async def host(migrated_database: str) -> AsyncIterator[Host]:
    async with host_of(migrated_database) as host:
        yield host


async def waiting_group(host: Host) -> Chat:
    """A group that waits for an operator's decision; its number is 1."""
    world = host.server.world
    chat = world.group("Harbour prayer")
    world.add_bot(chat, by=world.owner(chat))
    async with open_store(stage_settings(host.server, host.database)) as store:
        await add_group(store, chat.id, state=GroupState.PENDING, next_due=None)
    return chat


def told(host: Host, chat: Chat) -> int:
    """How often the group was told that it is approved."""
    return len(host.server.world.record.showing(TOLD, chat))


async def test_without_a_running_bot_it_is_stored_and_now_does_it(host: Host) -> None:
    chat = await waiting_group(host)
    status, out, _ = await host.ended("groups", "approve", "1")
    assert (status, "No bot is running" in out, "--now" in out, told(host, chat)) == (0, True, True, 0)
    status, out, err = await host.ended("groups", "approve", "1", "--now")
    assert (status, "It is told." in out, err, told(host, chat)) == (0, True, "", 1)
    status, _, err = await host.ended("groups", "approve", "1", "--now")
    assert (status, "doesn't wait" in err, told(host, chat)) == (1, True, 1)


@pytest.mark.parametrize("migrated_database", ["postgresql"], indirect=True)
async def test_beside_a_running_bot_now_is_refused_and_nothing_changed(host: Host) -> None:
    chat = await waiting_group(host)
    async with host.running() as process:
        status, _, err = await host.ended("groups", "approve", "1", "--now")
        assert (status, f"process {process.pid}" in err) == (4, True)
        assert (await host.ended("groups", "approve", "1"))[0] == 0
        await until(lambda: told(host, chat) == 1)


@pytest.mark.parametrize("migrated_database", ["sqlite"], indirect=True)
async def test_now_without_telegram_changes_nothing(host: Host) -> None:
    chat = await waiting_group(host)
    await host.server.stop_listening()
    status, _, err = await host.ended("groups", "decline", "1", "--now")
    assert (status, "can't be reached" in err) == (1, True)
    await host.server.start_listening()
    assert (await host.ended("groups", "approve", "1", "--now"))[0] == 0
    assert told(host, chat) == 1
