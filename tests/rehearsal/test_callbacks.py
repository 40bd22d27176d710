import asyncio

import pytest

from bot.rehearsal.callbacks import Tap
from bot.rehearsal.world import World
from tests.rehearsal.conftest import Api, Cast, Seconds

TOO_OLD = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"
KEYBOARD = {
    "inline_keyboard": [
        [{"text": "I prayed · 3", "callback_data": "m:1"}],
        [{"text": "Open privately", "url": "https://t.me/vigil_rehearsal_bot?start=token"}],
    ]
}


async def tapped(api: Api, cast: Cast, world: World) -> Tap:
    await api("sendMessage", chat_id=cast.group.id, text="a", reply_markup=KEYBOARD)
    return world.tap(cast.member, world.record.by_bot()[-1], "I prayed")


async def test_a_tap_is_answered_once(api: Api, cast: Cast, world: World) -> None:
    tap = await tapped(api, cast, world)
    (update,) = await api("getUpdates")
    query = update["callback_query"]
    assert (query["id"], query["data"], query["from"]["id"]) == (tap.id, "m:1", cast.member.id)
    assert query["message"]["text"] == "a"
    waiting = asyncio.create_task(tap.answered())
    assert await api("answerCallbackQuery", callback_query_id=tap.id, text="Thank you", show_alert=True) is True
    assert await waiting == tap.answer
    assert tap.answer is not None
    assert (tap.answer.text, tap.answer.alert) == ("Thank you", True)
    assert await api.refused("answerCallbackQuery", callback_query_id=tap.id) == TOO_OLD


async def test_an_unknown_tap_is_refused(api: Api) -> None:
    assert await api.refused("answerCallbackQuery", callback_query_id="1") == TOO_OLD
    assert await api.refused("answerCallbackQuery") == TOO_OLD


async def test_a_late_answer_is_refused(api: Api, cast: Cast, world: World, seconds: Seconds) -> None:
    tap = await tapped(api, cast, world)
    seconds.now += world.callbacks.life
    assert await api.refused("answerCallbackQuery", callback_query_id=tap.id) == TOO_OLD
    assert tap.answer is None


async def test_an_answer_has_at_most_200_characters(api: Api, cast: Cast, world: World) -> None:
    tap = await tapped(api, cast, world)
    this = {"callback_query_id": tap.id}
    assert await api.refused("answerCallbackQuery", **this, text="a" * 201) == "400 Bad Request: MESSAGE_TOO_LONG"
    await api("answerCallbackQuery", **this, text="a" * 200)


async def test_an_answer_opens_the_bots_own_links_only(api: Api, cast: Cast, world: World) -> None:
    this = {"callback_query_id": (await tapped(api, cast, world)).id}
    assert await api.refused("answerCallbackQuery", **this, url="https://example.org") == "400 Bad Request: URL_INVALID"
    await api("answerCallbackQuery", **this, url=f"https://t.me/{world.bot.username}?start=token")


async def test_a_tap_that_nobody_answers_times_out(api: Api, cast: Cast, world: World) -> None:
    tap = await tapped(api, cast, world)
    with pytest.raises(TimeoutError):
        await tap.answered(0.001)


async def test_only_buttons_that_are_there_can_be_tapped(api: Api, cast: Cast, world: World) -> None:
    message = (await tapped(api, cast, world)).message
    for button in ("We prayed", 7, 1):
        with pytest.raises(ValueError, match="there is no button"):
            world.tap(cast.member, message, button)
    with pytest.raises(ValueError, match="isn't in"):
        world.tap(cast.stranger, message)
    assert world.tap(cast.member, message, 0).data == "m:1"


async def test_a_link_button_starts_the_private_chat(api: Api, cast: Cast, world: World) -> None:
    message = (await tapped(api, cast, world)).message
    assert world.follow(cast.member, message, "Open").text == "/start token"
    assert cast.member.started
    with pytest.raises(ValueError, match="there is no link"):
        world.follow(cast.member, message, 0)
    with pytest.raises(ValueError, match="not a link to the bot"):
        world.open_link(cast.member, "https://t.me/another_bot?start=x")


async def test_forged_data_arrives_as_it_is(api: Api, cast: Cast, world: World) -> None:
    message = (await tapped(api, cast, world)).message
    world.tap_data(cast.member, message, "\x00forged")
    assert (await api("getUpdates"))[-1]["callback_query"]["data"] == "\x00forged"


async def test_a_tap_on_a_deleted_message_shows_an_inaccessible_one(api: Api, cast: Cast, world: World) -> None:
    message = (await tapped(api, cast, world)).message
    await api("deleteMessage", chat_id=cast.group.id, message_id=message.id)
    world.tap_data(cast.member, message, "m:1")
    shown = (await api("getUpdates"))[-1]["callback_query"]["message"]
    assert (shown["message_id"], shown["date"]) == (message.id, 0)
    with pytest.raises(ValueError, match="there is no button"):
        world.tap(cast.member, message)
