"""`vigil run` as a process of its own: started, killed, started again, stopped, refused."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.rehearsal.faults import delay_request, silence
from tests.e2e.host import Host, due_in_a_moment, end, host_of, line
from tests.e2e.sample import HARBOUR
from tests.e2e.stage import PATIENCE_SECONDS, until


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[Host]:
    async with host_of(f"sqlite:///{tmp_path}/vigil.db") as host:
        yield host


async def test_killed_in_mid_post_and_started_again_it_posts_exactly_one_request(host: Host) -> None:
    group = await due_in_a_moment(host)
    held = host.server.faults.add(delay_request(), method="editMessageText", chat=group, times=1)
    async with host.running() as process:
        await held.met(PATIENCE_SECONDS)
        process.kill()
        await process.wait()
    held.off()
    record = host.server.world.record
    async with host.running() as process:
        await until(lambda: bool(record.showing(HARBOUR)))
        assert "Vigil runs as @" in await line(process)
        process.send_signal(signal.SIGTERM)
        status, _, _ = await end(process)
    assert status == 0
    assert len(record.holding(HARBOUR)) == 1


async def test_a_second_bot_on_the_same_database_refuses_naming_the_first(host: Host) -> None:
    async with host.running() as first:
        status, _, err = await host.ended("run")
        assert status == 4
        assert str(first.pid) in err
        assert (await host.ended("groups", "list"))[0] == 0
        assert first.returncode is None


async def test_a_refused_token_ends_it_with_a_sentence(host: Host) -> None:
    wrong = "1111111111:wrong-token-for-tests-only-0123456789"
    status, out, err = await host.ended("run", TELEGRAM_TOKEN=wrong)
    assert status == 3
    assert "BotFather" in err
    assert wrong not in out + err
    assert "Traceback" not in err


async def test_wrong_settings_are_all_named_and_nothing_is_started(host: Host) -> None:
    status, _, err = await host.ended("run", VIGIL_POSTING__LATE_HOURS="soon", VIGIL_OPERATORS="[1, x]", VIGIL_KEY="no")
    assert status == 2
    assert "late_hours" in err
    assert "operators" in err.lower()
    assert not host.server.world.record.calls


async def test_without_a_reachable_operator_it_prints_the_link_to_open(host: Host) -> None:
    process = await host.vigil("run")
    assert "Vigil runs as @" in await line(process)
    assert "https://t.me/vigil_rehearsal_bot?start=" in await line(process)
    process.send_signal(signal.SIGINT)
    assert (await end(process))[0] == 0


async def test_a_shell_approves_a_group_and_the_running_bot_tells_it(host: Host) -> None:
    world = host.server.world
    group = world.group("Harbour prayer")
    async with host.running():
        world.add_bot(group, by=world.owner(group))
        await until(lambda: bool(world.record.showing("stay silent", group)))
        assert "Harbour prayer" in (await host.ended("groups", "list"))[1]
        status, out, _ = await host.ended("groups", "approve", "1")
        assert (status, "within seconds" in out) == (0, True)
        await until(lambda: bool(world.record.showing("/subscribe", group)))
    status, _, err = await host.ended("groups", "decline", "1")
    assert status == 1
    assert "doesn't wait" in err


async def test_without_a_network_it_says_so_and_goes_on_trying(host: Host) -> None:
    await host.server.stop_listening()
    process = await host.vigil("run")
    assert "can't be reached" in await line(process)
    process.send_signal(signal.SIGTERM)
    assert (await end(process))[0] == 0


@pytest.mark.parametrize("method", ["getMe", "setMyCommands", "deleteWebhook", "getUpdates", "getChat"])
async def test_it_stops_while_telegram_is_silent(host: Host, method: str) -> None:
    """Whatever it waits for: it goes on with nothing."""
    await due_in_a_moment(host)
    silent = host.server.faults.add(silence(), method=method)
    process = await host.vigil("run", VIGIL_STOP_SECONDS="0.2")
    await silent.met(PATIENCE_SECONDS)
    process.send_signal(signal.SIGTERM)
    status, _, err = await end(process)
    assert (status, "Traceback" in err) == (0, False)
    assert silent.taken <= 3  # what was under way at once, and the last getUpdates, which confirms what was received


async def test_a_shell_takes_a_request_back_and_the_running_bot_does_it(host: Host) -> None:
    await due_in_a_moment(host)
    record = host.server.world.record
    async with host.running():
        await until(lambda: bool(record.showing(HARBOUR)))
        assert "A bot is running" in (await host.ended("retract", "1", "--yes", "--now"))[1]
        for number in range(2, 6):
            assert (await host.ended("retract", str(number), "--yes"))[0] == 0
        await until(lambda: not record.showing(HARBOUR))


async def test_without_a_running_bot_a_shell_takes_a_request_back_by_itself(host: Host) -> None:
    await due_in_a_moment(host)
    record = host.server.world.record
    async with host.running() as process:
        await until(lambda: bool(record.showing(HARBOUR)))
        process.send_signal(signal.SIGTERM)
        await end(process)
    for number in range(1, 6):
        status, out, err = await host.ended("retract", str(number), "--yes", "--now")
        assert (status, err) == (0, "")
        assert "deleted" in out
    assert not record.showing(HARBOUR)
    assert len(record.holding(HARBOUR)) == 1
