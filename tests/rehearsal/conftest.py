"""A world with a served bot. What a test makes the server answer is checked against the published API at its end."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import telegram

from bot.rehearsal.chats import Chat
from bot.rehearsal.people import Person
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from tests.rehearsal.published import faults_of, schema

TOKEN = "5000000001:rehearsal-token"


@dataclass
class Seconds:
    """A monotonic clock that goes only when told to."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def world(seconds: Seconds) -> World:
    return World(monotonic=seconds)


@pytest.fixture
async def server(world: World) -> AsyncIterator[RehearsalServer]:
    async with RehearsalServer(world, token=TOKEN) as server:
        yield server
    if schema():
        for call in world.record.calls:
            if call.acted:
                assert faults_of(schema()["methods"][call.method]["returns"], call.result, call.method) == []


@pytest.fixture
async def bot(server: RehearsalServer) -> AsyncIterator[telegram.Bot]:
    async with telegram.Bot(TOKEN, base_url=server.base_url) as bot:
        yield bot


@dataclass
class Api:
    """Calls without any library between."""

    client: httpx.AsyncClient
    url: str

    async def __call__(self, method: str, **params: Any) -> Any:
        """The result of a call that must succeed."""
        body = (await self.client.post(f"{self.url}/{method}", json=params)).json()
        assert body["ok"], body
        return body["result"]

    async def refused(self, method: str, **params: Any) -> str:
        """Code and description of a call that must be refused."""
        response = await self.client.post(f"{self.url}/{method}", json=params)
        body = response.json()
        assert not body["ok"]
        assert response.status_code == body["error_code"]
        return f"{body['error_code']} {body['description']}"


@pytest.fixture
async def api(server: RehearsalServer) -> AsyncIterator[Api]:
    async with httpx.AsyncClient() as client:
        yield Api(client, server.base_url + TOKEN)


@dataclass
class Cast:
    """A private supergroup with the bot in it."""

    group: Chat
    admin: Person
    member: Person
    stranger: Person
    extra: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
def cast(world: World) -> Cast:
    admin, member, stranger = world.person("Amina"), world.person("Brian"), world.person("Carla")
    group = world.group("Nairobi prayer", admins=[admin], members=[member])
    world.add_bot(group, by=admin)
    world.updates.clear()
    return Cast(group, admin, member, stranger)
