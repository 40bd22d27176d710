"""A uvicorn server on the running loop, whose connections can be broken off by hand.

uvicorn's own `Server` takes over the process's signals and can't stop listening and listen again, so its HTTP protocol
is used directly. An ASGI application can't break a connection off either: each request's scope carries its transport.
"""

import asyncio
import socket
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

TRANSPORT = "rehearsal.transport"  # the key in an ASGI scope
IDLE = (
    75  # seconds that an unused connection stays open: longer than a client keeps it, or a reused one breaks by chance
)


class Connection(HttpToolsProtocol):
    """One connection of a client."""

    # uvicorn's own signature narrows asyncio's in the same way.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Puts the transport into the scope of each request."""
        super().connection_made(transport)
        app = self.app

        async def with_transport(scope: Any, receive: Any, send: Any) -> None:
            scope[TRANSPORT] = transport
            await app(scope, receive, send)

        self.app = with_transport


class Listener:
    """Serves an ASGI application on 127.0.0.1. `port` 0 takes a free one and keeps it while the listener lives."""

    def __init__(self, app: Any, port: int = 0) -> None:
        self._config = uvicorn.Config(
            app, http=Connection, lifespan="off", log_config=None, access_log=False, timeout_keep_alive=IDLE
        )
        self._state = ServerState()
        self._server: asyncio.Server | None = None
        self.port = port

    async def listen(self) -> None:
        """Begins to accept connections."""
        if self._server:
            return
        if not self._config.loaded:
            self._config.load()
        loop = asyncio.get_running_loop()

        def connection() -> Connection:
            return Connection(config=self._config, server_state=self._state, app_state={}, _loop=loop)

        self._server = await loop.create_server(connection, "127.0.0.1", self.port, family=socket.AF_INET)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop_listening(self) -> None:
        """Refuses new connections and breaks off those there are."""
        if self._server:
            self._server.close()
            self._server = None
        for connection in list(self._state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)

    async def close(self) -> None:
        """Stops for good. What is under way notices that its client is gone, and ends; what doesn't is cancelled."""
        await self.stop_listening()
        if tasks := set(self._state.tasks):
            _, stuck = await asyncio.wait(tasks, timeout=1.0)
            for task in stuck:
                task.cancel()
            await asyncio.gather(*stuck, return_exceptions=True)
