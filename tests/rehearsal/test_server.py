import asyncio
import logging
import socket

import httpx
import pytest
import telegram

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from tests.rehearsal.conftest import TOKEN, Api, Cast


async def test_a_bot_is_added_writes_edits_and_is_tapped(
    world: World, server: RehearsalServer, bot: telegram.Bot
) -> None:
    amina, brian = world.person("Amina"), world.person("Brian")
    group = world.group("Nairobi prayer", admins=[amina], members=[brian])
    world.add_bot(group, by=amina)
    world.say(amina, group, "/time 07:30")
    world.say(brian, group, "nothing that a bot in privacy mode sees")

    updates = await bot.get_updates(timeout=1, allowed_updates=telegram.Update.ALL_TYPES)

    assert [u.to_dict().keys() - {"update_id"} for u in updates] == [{"my_chat_member"}, {"message"}, {"message"}]
    button = telegram.InlineKeyboardButton("I prayed", callback_data="m:1")
    sent = await bot.send_message(
        group.id, "<b>Be still</b> 🙏", parse_mode="HTML", reply_markup=telegram.InlineKeyboardMarkup([[button]])
    )
    assert sent.text == "Be still 🙏"
    tap = world.tap(brian, world.record.by_bot(group)[0], "I prayed")
    (update,) = await bot.get_updates(offset=updates[-1].update_id + 1)
    assert update.callback_query
    await update.callback_query.answer("Thank you")
    assert (await tap.answered()).text == "Thank you"
    edited = await sent.edit_text("Be still.")
    assert isinstance(edited, telegram.Message)
    assert edited.reply_markup is None
    assert [v.text.text for v in world.record.by_bot(group)[0].versions] == ["Be still 🙏", "Be still."]


@pytest.mark.parametrize("token", ["1:wrong", TOKEN + "x", "é"])
async def test_another_token_is_unauthorized(server: RehearsalServer, token: str) -> None:
    async with httpx.AsyncClient() as client:
        response = await client.get(f"{server.base_url}{token}/getMe")
    assert response.status_code == 401
    assert response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_an_unknown_method_is_not_found(api: Api) -> None:
    assert await api.refused("sendPhoto", chat_id=1) == "404 Not Found: method not found"


async def test_parameters_come_by_query_form_multipart_or_json(api: Api, cast: Cast) -> None:
    def given(text: str) -> dict[str, str]:
        return {"chat_id": str(cast.group.id), "text": text}

    url = f"{api.url}/sendMessage"
    responses = [
        await api.client.get(url, params=given("query é")),
        await api.client.post(url, params=given("query and POST")),
        await api.client.post(url, data=given("form + é & ü")),
        await api.client.post(
            url, files={name: (None, value.encode()) for name, value in given("multipart\né").items()}
        ),
        await api.client.post(url, json=given("json é")),
        await api.client.post(url, params={"chat_id": str(cast.group.id)}, json={"text": "both"}),
    ]
    assert [response.json()["result"]["text"] for response in responses] == [
        "query é",
        "query and POST",
        "form + é & ü",
        "multipart\né",
        "json é",
        "both",
    ]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("application/x-www-form-urlencoded", b"text=\xff"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(api: Api, kind: str, body: bytes) -> None:
    response = await api.client.post(f"{api.url}/getMe", content=body, headers={"content-type": kind})
    assert (response.status_code, response.json()["description"]) == (
        400,
        "Bad Request: can't parse the request's body",
    )


async def test_methods_are_found_in_any_spelling(api: Api) -> None:
    assert (await api("GETME"))["is_bot"]


async def test_the_token_is_in_no_log_and_no_description(
    world: World, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    async with RehearsalServer(world, token=TOKEN) as server, httpx.AsyncClient() as client:
        await client.get(f"{server.base_url}{TOKEN}/getMe")
        await client.get(f"{server.base_url}{TOKEN}/nothing")
        await client.get(f"{server.base_url}{TOKEN}/getMe/further")
        reader, writer = await asyncio.open_connection("127.0.0.1", int(server.origin.rpartition(":")[2]))
        writer.write(f"GET /bot{TOKEN}/getMe BROKEN\r\n\r\n".encode())
        await reader.read()
        writer.close()
        await writer.wait_closed()
        described = repr(server) + repr(world) + repr(world.record.calls) + str(world.record.as_json())
    assert TOKEN not in described + caplog.text + "".join(capfd.readouterr())


async def test_it_can_start_and_stop_often_and_leaves_nothing_behind(world: World) -> None:
    for _ in range(3):
        async with RehearsalServer(world, token=TOKEN) as server, httpx.AsyncClient() as client:
            assert (await client.get(f"{server.base_url}{TOKEN}/getMe")).status_code == 200
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []


async def test_it_keeps_its_port_when_it_stops_listening_for_a_while(server: RehearsalServer, api: Api) -> None:
    before = server.origin
    await server.stop_listening()
    await server.stop_listening()
    await server.start_listening()
    await server.start_listening()
    assert server.origin == before
    await api("getMe")


async def test_a_port_can_be_chosen(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with RehearsalServer(world, token=TOKEN, port=port) as server:
        assert server.origin == f"http://127.0.0.1:{port}"


async def test_many_calls_at_once_are_all_done(server: RehearsalServer, api: Api, cast: Cast, world: World) -> None:
    world.limits.off()
    sent = await asyncio.gather(*(api("sendMessage", chat_id=cast.group.id, text=str(i)) for i in range(100)))
    assert len({message["message_id"] for message in sent}) == 100
    assert server.in_flight == 0
