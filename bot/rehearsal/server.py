"""The Bot API over HTTP, on loopback.

    async with RehearsalServer(world, token="1:rehearsal") as server:
        bot = telegram.Bot("1:rehearsal", base_url=server.base_url)

The token stands in each request's address (Telegram's form); it is in no record and no log of this server.
"""

import asyncio
import hmac
import json
from types import TracebackType
from typing import Any, Self

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.rehearsal.api import METHODS
from bot.rehearsal.connection import TRANSPORT, Listener
from bot.rehearsal.control import control_routes
from bot.rehearsal.errors import METHOD_NOT_FOUND, UNAUTHORIZED, ApiError, bad_request, too_many_requests
from bot.rehearsal.faults import Faults, Planned, Reply
from bot.rehearsal.parameters import decode, method_name
from bot.rehearsal.record import Call
from bot.rehearsal.request import Request, read_request
from bot.rehearsal.world import World

PAGE = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"
FAILURES = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}


class RehearsalServer:
    """Serves a world to one bot. `port` 0 takes a free one."""

    def __init__(self, world: World, *, token: str, port: int = 0) -> None:
        self.world = world
        self.faults = Faults()
        self.in_flight = 0  # calls under way, waiting polls left out
        self.closing = False
        self._token = token
        app = Starlette(
            routes=[
                Route("/bot{token}/{method}", BotApi(self)),
                *control_routes(self),
            ]
        )
        self._listener = Listener(app, port)

    @property
    def origin(self) -> str:
        """http://127.0.0.1:PORT"""
        return f"http://127.0.0.1:{self._listener.port}"

    @property
    def base_url(self) -> str:
        """What python-telegram-bot calls `base_url`: the token and the method follow."""
        return f"{self.origin}/bot"

    async def __aenter__(self) -> Self:
        await self.start_listening()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.closing = True
        self.faults.clear()
        await self._listener.close()

    async def start_listening(self) -> None:
        """Accepts connections (again)."""
        await self._listener.listen()

    async def stop_listening(self) -> None:
        """From now on connections are refused; open ones are broken off."""
        await self._listener.stop_listening()

    @property
    def quiet(self) -> bool:
        """Nothing is under way here: no call, no update that the bot hasn't confirmed, and it waits for the next.

        The bot itself may still be busy with what it was given: this side can't see that.
        """
        return not self.in_flight and not self.world.updates.unconfirmed and self.world.updates.polled

    async def until_quiet(self, seconds: float | None = None) -> None:
        """Waits until it is quiet. Raises TimeoutError after `seconds` of real time (None: never)."""
        await self.world.updates.pulse.until(lambda: self.quiet, seconds)

    async def until_idle(self, seconds: float | None = None) -> None:
        """Waits until no call is under way, whether the bot polls or not. Raises TimeoutError."""
        await self.world.updates.pulse.until(lambda: not self.in_flight, seconds)

    def knows(self, token: str) -> bool:
        """Whether this is the bot's token."""
        return hmac.compare_digest(token.encode(), self._token.encode())


class BotApi:
    """The ASGI endpoint of all methods."""

    def __init__(self, server: RehearsalServer) -> None:
        self._server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call: read it, meet its fault, act, answer."""
        request = await read_request(scope, receive)
        world = self._server.world
        call = Call(scope["path_params"]["method"], world.clock(), world.monotonic(), dict(request.fields))
        reply = Answering(scope, receive, send)
        planned: Planned | None = None
        try:
            self._read(scope, request, call)
            planned = self._server.faults.take(call.method, call.chat_id)
            call.fault = planned.fault.name if planned else None
            body = await self._counted(call, planned, reply)
        except ApiError as error:
            call.error = (error.code, error.description)
            body = error.as_json()
        call.ended = world.monotonic()
        await reply.give(body, planned)

    def _read(self, scope: Scope, request: Request, call: Call) -> None:
        """Checks token, method and parameters, and puts the call into the record."""
        self._server.world.record.called(call)
        if not self._server.knows(scope["path_params"]["token"]):
            raise ApiError(*UNAUTHORIZED)
        name = method_name(call.method)
        if name is None:
            raise ApiError(*METHOD_NOT_FOUND)
        call.method = name
        if request.broken:
            raise bad_request(request.broken)
        call.params = decode(name, request.fields)

    async def _counted(self, call: Call, planned: Planned | None, reply: "Answering") -> dict[str, Any]:
        if call.method == "getUpdates":
            return await self._poll(call, planned, reply)
        self._server.in_flight += 1
        try:
            return await self._act(call, planned)
        finally:
            self._server.in_flight -= 1
            self._server.world.updates.pulse.beat()

    async def _act(self, call: Call, planned: Planned | None) -> dict[str, Any]:
        """Does the act, between the waits of the fault."""
        if planned:
            await planned.wait(planned.fault.before)
            if self._server.closing:  # held to the end: it never arrived
                raise ApiError(500, "Internal Server Error: restart")
        if planned is None or planned.fault.acts:
            call.result = await METHODS[call.method](self._server.world, call.params)
            call.acted = True
        if planned:
            await planned.wait(planned.fault.after)
            _fail(planned)
        return {"ok": True, "result": call.result}

    async def _poll(self, call: Call, planned: Planned | None, reply: "Answering") -> dict[str, Any]:
        """A long poll ends when its client goes away, or it would take the updates from the next one."""
        acting = asyncio.create_task(self._act(call, planned))
        leaving = asyncio.create_task(reply.gone())
        try:
            await asyncio.wait({acting, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not acting.done():
                return {"ok": True, "result": []}
            return acting.result()
        finally:
            for task in (acting, leaving):
                task.cancel()
            await asyncio.gather(acting, leaving, return_exceptions=True)


def _fail(planned: Planned) -> None:
    fault = planned.fault
    if fault.reply is not Reply.ERROR:
        return
    if fault.status == 429:
        raise too_many_requests(fault.retry_after)
    raise ApiError(fault.status, FAILURES.get(fault.status, "Internal Server Error"))


class Answering:
    """The way back to the client: a whole answer, or a spoilt one."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._transport: asyncio.Transport = scope[TRANSPORT]
        self._receive = receive
        self._send = send

    async def gone(self) -> None:
        """Waits until the client has gone away."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def give(self, body: dict[str, Any], planned: Planned | None) -> None:
        """Answers as the fault will have it."""
        match planned.fault.reply if planned else Reply.WHOLE:
            case Reply.CLOSE:
                await self._close()
            case Reply.SILENCE if planned:
                await self._silence(planned)
            case Reply.CUT_OFF:
                content = json.dumps(body).encode()
                await self._respond(200, content, cut_at=len(content) // 2)
                await self._close()
            case Reply.GARBLED if planned:
                content = json.dumps(body).encode()
                await self._respond(planned.fault.status, content[: len(content) // 2])
            case Reply.HTML if planned:
                await self._respond(planned.fault.status, PAGE, kind=b"text/html")
            case Reply.EXTRA_FIELD:
                await self._respond(body.get("error_code", 200), json.dumps(with_extra_field(body)).encode())
            case _:
                await self._respond(body.get("error_code", 200), json.dumps(body).encode())

    async def _silence(self, planned: Planned) -> None:
        waits = {asyncio.create_task(planned.wait(None)), asyncio.create_task(self.gone())}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waits:
                task.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        await self._close()

    async def _close(self) -> None:
        self._transport.close()
        await self.gone()

    async def _respond(
        self, status: int, content: bytes, *, kind: bytes = b"application/json", cut_at: int | None = None
    ) -> None:
        headers = [(b"content-type", kind), (b"content-length", str(len(content)).encode())]
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": content[:cut_at], "more_body": cut_at is not None})


def with_extra_field(body: dict[str, Any]) -> dict[str, Any]:
    """The answer with a field of a future version, at its top and in its result."""
    extra = {"field_of_a_future_version": {"kind": "unknown"}}
    result = body.get("result")
    if isinstance(result, dict):
        body = body | {"result": result | extra}
    elif isinstance(result, list):
        body = body | {"result": [item | extra for item in result]}
    return body | extra
