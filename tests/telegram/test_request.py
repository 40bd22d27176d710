"""How Telegram is called: what no error tells, what isn't followed, and what stands open afterwards."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from telegram.error import NetworkError, TimedOut

from bot.telegram import request
from bot.telegram.request import Patience, StrictRequest

TOKEN = "4242424242:rehearsal-token-for-tests-only-01234"


@pytest.fixture
async def calls() -> AsyncIterator[StrictRequest]:
    asked = StrictRequest(patience=Patience(turn=0.1, connect=0.1, read=0.1))
    await asked.initialize()
    yield asked
    await asked.shutdown()


@pytest.fixture
async def elsewhere() -> AsyncIterator[str]:
    """A server that sends whoever asks somewhere else."""

    async def moved(_request: web.Request) -> web.Response:
        raise web.HTTPFound("/there")

    async def there(_request: web.Request) -> web.Response:
        raise AssertionError("followed")

    app = web.Application()
    app.add_routes([web.post("/there", there), web.get("/there", there), web.post("/{any}/getMe", moved)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "http://127.0.0.1:99999", "nonsense"])
async def test_no_error_tells_the_token(calls: StrictRequest, address: str) -> None:
    with pytest.raises((NetworkError, TimedOut)) as raised:
        await calls.post(f"{address}/bot{TOKEN}/getMe")
    assert TOKEN not in str(raised.value)


async def test_an_answer_from_elsewhere_is_not_looked_for(calls: StrictRequest, elsewhere: str) -> None:
    status, _ = await calls.do_request(f"{elsewhere}/bot{TOKEN}/getMe", "POST")
    assert status == 302


async def test_what_is_shut_down_makes_no_call_and_can_be_begun_again(calls: StrictRequest, elsewhere: str) -> None:
    await calls.shutdown()
    await calls.shutdown()
    with pytest.raises(RuntimeError, match="not initialized"):
        await calls.do_request(f"{elsewhere}/bot{TOKEN}/getMe", "POST")
    await calls.initialize()
    assert (await calls.do_request(f"{elsewhere}/bot{TOKEN}/getMe", "POST"))[0] == 302


def test_the_proxy_of_the_environment_is_taken_but_for_what_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "near.example")
    request._proxy.cache_clear()
    assert request._proxy("https", "api.telegram.org") == "http://proxy.example:3128"
    assert request._proxy("https", "near.example") is None
    request._proxy.cache_clear()
