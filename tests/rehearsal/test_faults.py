import asyncio
from datetime import timedelta

import httpx
import pytest
import telegram
from telegram.error import NetworkError, RetryAfter, TimedOut

from bot.rehearsal import faults
from bot.rehearsal.faults import FOREVER, Fault
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from tests.rehearsal.conftest import Api, Cast


def texts(world: World) -> list[str]:
    return [message.text for message in world.record.by_bot()]


async def test_a_dropped_reply_leaves_the_message_standing(
    server: RehearsalServer, world: World, cast: Cast, bot: telegram.Bot
) -> None:
    server.faults.add(faults.drop_reply(), method="sendMessage", times=1)
    with pytest.raises(NetworkError):
        await bot.send_message(cast.group.id, "a")
    assert texts(world) == ["a"]
    await bot.send_message(cast.group.id, "b")
    assert texts(world) == ["a", "b"]
    assert [(c.fault, c.acted) for c in world.record.calls_of("sendMessage")] == [("drop_reply", True), (None, True)]


async def test_a_refused_request_does_nothing(
    server: RehearsalServer, world: World, cast: Cast, bot: telegram.Bot
) -> None:
    server.faults.add(faults.refuse(), times=1)
    with pytest.raises(NetworkError):
        await bot.send_message(cast.group.id, "a")
    assert texts(world) == []


async def test_a_server_that_does_not_listen_refuses_the_connection(
    server: RehearsalServer, world: World, cast: Cast, bot: telegram.Bot
) -> None:
    await server.stop_listening()
    with pytest.raises(NetworkError) as refused:
        await bot.send_message(cast.group.id, "a")
    assert isinstance(refused.value.__cause__, httpx.ConnectError)
    await server.start_listening()
    await bot.send_message(cast.group.id, "b")
    assert texts(world) == ["b"]


async def test_a_delayed_request_is_acted_on_when_nobody_waits_any_more(
    server: RehearsalServer, world: World, cast: Cast, api: Api
) -> None:
    held = server.faults.add(faults.delay_request(), method="sendMessage", times=1)
    call = asyncio.create_task(api("sendMessage", chat_id=cast.group.id, text="a"))
    await held.met()
    assert (server.in_flight, texts(world)) == (1, [])
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    held.release()
    await server.until_idle()
    assert texts(world) == ["a"]


async def test_a_delayed_reply_comes_after_the_act(server: RehearsalServer, world: World, cast: Cast, api: Api) -> None:
    held = server.faults.add(faults.delay_reply(), method="sendMessage")
    call = asyncio.create_task(api("sendMessage", chat_id=cast.group.id, text="a"))
    await held.met()
    assert texts(world) == ["a"]
    assert not call.done()
    held.release()
    assert (await call)["text"] == "a"


async def test_a_delay_may_end_by_itself(server: RehearsalServer, cast: Cast, api: Api) -> None:
    server.faults.add(faults.delay_request(0.001))
    assert (await api("sendMessage", chat_id=cast.group.id, text="a"))["text"] == "a"


async def test_429_says_when_to_come_again(
    server: RehearsalServer, world: World, cast: Cast, bot: telegram.Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    other = world.group("Other", admins=[cast.admin])
    world.add_bot(other, by=cast.admin)
    server.faults.add(faults.too_many(900), chat=cast.group)
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(cast.group.id, "a")
    assert refused.value.retry_after == timedelta(seconds=900)
    await bot.send_message(other.id, "b")
    assert texts(world) == ["b"]


@pytest.mark.parametrize("status", [500, 502, 504])
@pytest.mark.parametrize("acts", [False, True])
async def test_a_server_error_may_come_before_or_after_the_act(
    server: RehearsalServer, world: World, cast: Cast, bot: telegram.Bot, status: int, acts: bool
) -> None:
    server.faults.add(faults.fail(status, acts=acts), times=1)
    with pytest.raises(NetworkError):
        await bot.send_message(cast.group.id, "a")
    assert texts(world) == ["a"] * acts


@pytest.mark.parametrize("fault", [faults.cut_off(), faults.html(200, acts=True), faults.html(502)])
async def test_a_spoilt_reply_is_an_error_for_the_client(
    server: RehearsalServer, world: World, cast: Cast, bot: telegram.Bot, fault: Fault
) -> None:
    server.faults.add(fault, times=1)
    with pytest.raises(telegram.error.TelegramError):
        await bot.send_message(cast.group.id, "a")
    assert texts(world) == ["a"] * fault.acts
    assert (await bot.get_me()).id == world.bot.id


async def test_an_unknown_field_is_no_error(
    server: RehearsalServer, cast: Cast, bot: telegram.Bot, world: World
) -> None:
    server.faults.add(faults.extra_field())
    sent = await bot.send_message(cast.group.id, "a")
    assert "field_of_a_future_version" in sent.api_kwargs
    world.say(cast.member, cast.group, "/week")
    assert "field_of_a_future_version" in (await bot.get_updates())[0].api_kwargs
    assert await bot.delete_webhook()
    assert "field_of_a_future_version" not in world.record.calls[0].result


@pytest.mark.parametrize("acts", [False, True])
async def test_silence_lasts_until_the_client_gives_up(
    server: RehearsalServer, world: World, cast: Cast, bot: telegram.Bot, acts: bool
) -> None:
    server.faults.add(faults.silence(acts=acts), times=1)
    with pytest.raises(TimedOut):
        await bot.send_message(cast.group.id, "a", read_timeout=0.05)
    assert texts(world) == ["a"] * acts


async def test_silence_ends_with_the_fault(server: RehearsalServer, cast: Cast, bot: telegram.Bot) -> None:
    held = server.faults.add(faults.silence())
    call = asyncio.create_task(bot.send_message(cast.group.id, "a", read_timeout=60))
    await held.met()
    held.off()
    with pytest.raises(NetworkError):
        await call
    assert (await bot.get_me()).is_bot


async def test_a_server_stops_with_calls_still_held_and_without_noise(
    world: World, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    async with httpx.AsyncClient(timeout=60) as client:
        async with RehearsalServer(world, token="1:x") as server:
            held = server.faults.add(faults.delay_request(FOREVER), method="sendMessage")
            silent = server.faults.add(faults.silence(), method="getMe")
            url = server.base_url + "1:x"
            send = {"chat_id": cast.group.id, "text": "a"}
            calls = [
                asyncio.create_task(client.post(f"{url}/sendMessage", json=send)),
                asyncio.create_task(client.get(f"{url}/getMe")),
                asyncio.create_task(client.get(f"{url}/getUpdates?timeout=50")),
            ]
            await asyncio.gather(held.met(), silent.met())
            await world.updates.pulse.until(lambda: world.updates.polled)
        failed = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(error, httpx.RequestError) for error in failed)
    assert texts(world) == []  # what was held never arrived
    assert [record.message for record in caplog.records if record.name.startswith("uvicorn")] == []


async def test_faults_are_met_in_order_and_by_method_and_chat(server: RehearsalServer, cast: Cast, api: Api) -> None:
    for_edits = server.faults.add(faults.fail(500), method="editMessageText")
    once = server.faults.add(faults.fail(504), chat=cast.group, times=1)
    for_all = server.faults.add(faults.fail(502))
    this = {"chat_id": cast.group.id, "text": "a"}
    assert await api.refused("sendMessage", **this) == "504 Gateway Timeout"
    assert await api.refused("sendMessage", **this) == "502 Bad Gateway"
    assert await api.refused("editMessageText", **this, message_id=1) == "500 Internal Server Error"
    for_all.off()
    await api("sendMessage", **this)
    server.faults.clear()
    assert (for_edits.taken, once.taken, for_all.taken) == (1, 1, 1)
    assert "not found" in await api.refused("editMessageText", **this, message_id=99)


async def test_a_fault_that_no_call_meets_is_waited_for_in_vain(server: RehearsalServer) -> None:
    with pytest.raises(TimeoutError):
        await server.faults.add(faults.refuse()).met(0.001)


async def test_a_refused_act_behind_a_fault_is_still_refused(server: RehearsalServer, api: Api, world: World) -> None:
    server.faults.add(faults.extra_field())
    assert await api.refused("getChat", chat_id=1) == "400 Bad Request: chat not found"
    assert (world.record.calls[-1].acted, world.record.calls[-1].fault) == (False, "extra_field")
