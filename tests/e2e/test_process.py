"""`vigil run` as a process of its own: started, killed, started again, stopped, refused."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import open_store, system_now
from bot.domain.weekdays import EVERY_DAY
from bot.rehearsal.chats import Chat
from bot.rehearsal.faults import delay_request, silence
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from bot.services.planning import Planning, Verses
from tests.e2e.sample import HARBOUR, TEXTS, VERSE, bulletin
from tests.e2e.stage import KEY, PATIENCE_SECONDS, TOKEN, stage_settings, until

ROOT = Path(__file__).parents[2]


class Host:
    """A machine's keeper: what `vigil` is told by its environment."""

    def __init__(self, server: RehearsalServer, folder: Path, operator: int) -> None:
        self.server, self.database = server, f"sqlite:///{folder}/vigil.db"
        self.environment = {
            **os.environ,
            "TELEGRAM_TOKEN": TOKEN,
            "DATABASE_URL": self.database,
            "VIGIL_KEY": KEY,
            "VIGIL_OPERATORS": f"[{operator}]",
            "VIGIL_TELEGRAM__API_URL": server.origin,
        }

    async def vigil(self, *arguments: str, **environment: str) -> asyncio.subprocess.Process:
        """Start the command."""
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            cwd=ROOT,
            env={**self.environment, **environment},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def ended(self, *arguments: str, **environment: str) -> tuple[int, str, str]:
        """Run the command to its end: exit status, standard output, standard error."""
        return await end(await self.vigil(*arguments, **environment))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """`vigil run` once it polls; killed at the end if it still runs."""
        process = await self.vigil("run")
        try:
            await until(lambda: self.server.world.updates.polled or process.returncode is not None)
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()


async def end(process: asyncio.subprocess.Process) -> tuple[int, str, str]:
    """Wait for a process to end."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[Host]:
    world = World()
    world.limits.off()
    operator = world.person("Operator")
    async with RehearsalServer(world, token=TOKEN) as server:
        yield Host(server, tmp_path, operator.id)


async def due_in_a_moment(host: Host) -> Chat:
    """An active group whose post of today is due, and a bulletin for today."""
    world = host.server.world
    group = world.group("Harbour prayer")
    world.add_bot(group, by=world.owner(group), admin=True)
    now = system_now()
    settings = stage_settings(host.server, host.database)
    async with open_store(settings) as store:
        planning = Planning(store, Verses([VERSE]), EVERY_DAY, system_now)
        texts = dict.fromkeys(TEXTS, ("Please pray for the invented harbour team.",))
        await planning.load([bulletin(texts)], now.date() - timedelta(days=1))
        async with store.writing() as stored:
            defaults = settings.group_defaults()
            added = await stored.groups.add(group.id, "Harbour prayer", defaults.zone, defaults.at, EVERY_DAY)
            for state in ("approved", "active"):
                await stored.groups.move(added.id, type(added.state)(state))
            await stored.groups.set_next_due(added.id, datetime.combine(now.date(), now.time(), UTC))
    return group


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
        process.send_signal(signal.SIGTERM)
        status, out, _ = await end(process)
    assert status == 0
    assert "Vigil runs as @" in out
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
    await until(lambda: host.server.world.updates.polled)
    process.send_signal(signal.SIGINT)
    status, out, _ = await end(process)
    assert status == 0
    assert "https://t.me/vigil_rehearsal_bot?start=" in out


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
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        line = (await process.stdout.readline()).decode()
    assert "can't be reached" in line
    process.send_signal(signal.SIGTERM)
    assert (await end(process))[0] == 0


@pytest.mark.parametrize("method", ["getMe", "setMyCommands", "deleteWebhook", "getUpdates", "getChat"])
async def test_it_stops_while_telegram_is_silent(host: Host, method: str) -> None:
    """Whatever it waits for: it goes on with nothing, and has nothing to complain about."""
    await due_in_a_moment(host)
    silent = host.server.faults.add(silence(), method=method)
    process = await host.vigil("run", VIGIL_STOP_SECONDS="0.2")
    await silent.met(PATIENCE_SECONDS)
    process.send_signal(signal.SIGTERM)
    status, _, err = await end(process)
    assert (status, err) == (0, "")
    assert silent.taken <= 2  # one under way, and the last getUpdates, which confirms what was received
