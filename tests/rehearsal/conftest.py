"""A world with a served bot, driven by python-telegram-bot."""

from collections.abc import AsyncIterator

import pytest
import telegram

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World

TOKEN = "5000000001:rehearsal-token"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def server(world: World) -> AsyncIterator[RehearsalServer]:
    async with RehearsalServer(world, token=TOKEN) as server:
        yield server


@pytest.fixture
async def bot(server: RehearsalServer) -> AsyncIterator[telegram.Bot]:
    async with telegram.Bot(TOKEN, base_url=server.base_url) as bot:
        yield bot
