"""How the Bot API is called, and how its answers are read."""

import asyncio
import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import certifi
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

# An idle connection is closed before Telegram might: a call that meets its end has an unknown outcome.
_IDLE_SECONDS = 5.0
_TURNS_OF_THE_LOOP = 2
# What aiohttp would make of the parameters by itself, at three times the cost.
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# What an error of these kinds was raised for was never sent, for certain.
NEVER_CONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds until a call is given up: for a free connection, for making a new one, and between parts of an answer."""

    turn: float = 10.0
    connect: float = 5.0
    read: float = 5.0


class StrictRequest(BaseRequest):
    """Calls over aiohttp, at a third to an eighth of what python-telegram-bot's own way costs; see docs/decisions/0043.

    Takes nothing for Telegram's answer that isn't one, and logs none of it: it may hold what people wrote. `check` is
    asked before each call, and raises where none may be made.
    """

    def __init__(
        self, connections: int = 64, patience: Patience = Patience(), check: Callable[[], None] = lambda: None
    ) -> None:
        self._connections, self._patience, self._check = connections, patience, check
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds; python-telegram-bot adds them to those for which Telegram may hold a question for updates."""
        return self._patience.read

    async def initialize(self) -> None:
        """Make ready for calls."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections, ssl=_trusted(), keepalive_timeout=_IDLE_SECONDS)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def shutdown(self) -> None:
        """Hang up."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Call once; the status and the body of the answer. Raises NetworkError, by `__cause__` one of aiohttp's.

        No file is ever sent. Of the seconds those for reading can be asked for, and those until there is a connection
        (`pool_timeout`), be it one that is free or a new one.
        """
        if self._session is None:
            raise RuntimeError("this request is not initialized")
        # What the other end has closed meanwhile is seen by the loop first: on such a connection a call's outcome would
        # be unknown, though it never left.
        for _ in range(_TURNS_OF_THE_LOOP):
            await asyncio.sleep(0)
        self._check()
        parts = urlsplit(url)
        try:
            async with self._session.request(
                method,
                url,
                data=request_data.url_encoded_parameters().encode() if request_data else None,
                headers=_FORM if request_data else None,
                timeout=self._timeout(read_timeout, pool_timeout),
                proxy=_proxy(parts.scheme, parts.hostname or ""),
                allow_redirects=False,
            ) as response:
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            # The error's own words may hold the address, and with it the token.
            raise NetworkError(f"aiohttp.{type(error).__name__}") from error

    def _timeout(self, read: Any, connected: Any) -> aiohttp.ClientTimeout:
        patience = self._patience
        return aiohttp.ClientTimeout(
            connect=connected if isinstance(connected, float) else patience.turn + patience.connect,
            sock_connect=patience.connect,
            sock_read=patience.read if read is BaseRequest.DEFAULT_NONE else read,
        )

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer. Raises TelegramError."""
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or (
            "result" not in answer if answer.get("ok") else "description" not in answer
        ):
            raise TelegramError("Invalid server response")
        return answer


@cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates are believed: read once a process, as it takes longer than all else of a connection."""
    return ssl.create_default_context(cafile=certifi.where())


@cache
def _proxy(scheme: str, host: str) -> str | None:
    """The proxy that the environment names for a host (HTTPS_PROXY, NO_PROXY)."""
    return None if proxy_bypass(host) else getproxies().get(scheme)
