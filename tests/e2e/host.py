"""`vigil` as processes of their own, and what a host gives them."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import open_store, system_now
from bot.domain.weekdays import EVERY_DAY
from bot.rehearsal.chats import Chat
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from bot.services.planning import Planning
from bot.services.verses import Verses
from tests.e2e.sample import TEXTS, VERSE, bulletin
from tests.e2e.stage import KEY, PATIENCE_SECONDS, TOKEN, stage_settings, until

ROOT = Path(__file__).parents[2]


class Host:
    """A machine's keeper: what `vigil` is told by its environment."""

    def __init__(self, server: RehearsalServer, database: str, operator: int) -> None:
        self.server, self.database = server, database
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
    async def running(self, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """`vigil run` once it polls; killed at the end if it still runs."""
        async with self.started(**environment) as process:
            await until(lambda: self.server.world.updates.polled or process.returncode is not None)
            yield process

    @asynccontextmanager
    async def started(self, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """`vigil run`; killed at the end if it still runs."""
        process = await self.vigil("run", **environment)
        try:
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


@asynccontextmanager
async def host_of(database: str) -> AsyncIterator[Host]:
    """A host with this database, and an operator whom nobody has reached yet."""
    world = World()
    world.limits.off()
    operator = world.person("Operator")
    async with RehearsalServer(world, token=TOKEN) as server:
        yield Host(server, database, operator.id)


async def line_with(stream: asyncio.StreamReader | None, words: str) -> str:
    """Read what a process says up to a line with these words."""
    assert stream is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        while line := (await stream.readline()).decode():
            if words in line:
                return line
    raise AssertionError(f"it ended without saying: {words}")


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


async def line(process: asyncio.subprocess.Process) -> str:
    """The next line that it prints."""
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        return (await process.stdout.readline()).decode()
