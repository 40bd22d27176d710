"""Who can say what, and how the bot sees it: channels, bots, forwards, places."""

from typing import Any

import pytest

from bot.rehearsal.people import CHANNEL_BOT
from bot.rehearsal.world import World
from tests.rehearsal.conftest import Api, Cast


async def said(api: Api) -> list[Any]:
    """The messages that the bot is told of."""
    return [update["message"] for update in await api("getUpdates") if "message" in update]


async def test_a_channel_speaks_through_telegrams_own_user(api: Api, cast: Cast, world: World) -> None:
    channel = world.group("News", admins=[cast.member], kind="channel")
    world.say(cast.member, cast.group, "/week", channel=channel)
    (message,) = await said(api)
    assert (message["from"]["id"], message["sender_chat"]["id"]) == (CHANNEL_BOT, channel.id)
    assert (message["chat"]["id"], message["text"]) == (cast.group.id, "/week")
    assert world.record.by_bot() == []


async def test_other_bots_are_not_heard_unless_switched_on(api: Api, cast: Cast, world: World) -> None:
    other = world.other_bot("Clock", "clock_bot")
    world.join(other, cast.group)
    world.say(other, cast.group, "/week")
    (joined,) = await said(api)
    assert joined["new_chat_members"][0]["is_bot"] is True
    world.switches.bots_heard = True
    world.say(other, cast.group, "/week")
    assert (await said(api))[-1]["from"]["username"] == "clock_bot"
    assert world.record.by_bot() == []


async def test_bots_neither_tap_nor_start_a_chat(api: Api, cast: Cast, world: World) -> None:
    other = world.other_bot("Clock", "clock_bot")
    world.join(other, cast.group)
    await api("sendMessage", chat_id=cast.group.id, text="a")
    with pytest.raises(ValueError, match="bots don't tap"):
        world.tap_data(other, world.record.by_bot()[0], "m:1")
    with pytest.raises(ValueError, match="no direct chats"):
        world.say(other, None, "/start")


async def test_other_bots_are_named_among_the_admins_only_if_asked_for(api: Api, cast: Cast, world: World) -> None:
    world.promote(world.other_bot("Clock", "clock_bot"), cast.group)
    world.promote(world.bot, cast.group)

    async def admins(**more: bool) -> list[str]:
        shown = await api("getChatAdministrators", chat_id=cast.group.id, **more)
        return [admin["user"]["first_name"] for admin in shown]

    assert await admins() == ["Amina", "Vigil"]
    assert await admins(return_bots=True) == ["Amina", "Vigil", "Clock"]


async def test_a_forwarded_command_says_where_it_comes_from(api: Api, cast: Cast, world: World) -> None:
    channel = world.group("News", kind="channel")
    told = world.say(world.owner(channel), channel, "/week")
    asked = world.say(cast.admin, cast.group, "/week")
    world.promote(cast.admin, cast.group, anonymous=True)
    hidden = world.say(cast.admin, cast.group, "/week")
    for message in (asked, told, hidden):
        world.forward(cast.member, message, cast.group)
    again = world.forward(cast.member, world.forward(cast.member, asked, None), cast.group)
    messages = await said(api)
    origins = [m["forward_origin"] for m in messages if m["from"]["id"] == cast.member.id]
    assert [origin["type"] for origin in origins] == ["user", "channel", "chat", "user", "user"]
    assert {origin["sender_user"]["id"] for origin in origins if origin["type"] == "user"} == {cast.admin.id}
    assert (origins[1]["chat"]["id"], origins[2]["sender_chat"]["id"]) == (channel.id, cast.group.id)
    assert (again.text, messages[-1]["entities"][0]["type"]) == ("/week", "bot_command")


async def test_what_is_protected_cannot_be_forwarded(api: Api, cast: Cast, world: World) -> None:
    await api("sendMessage", chat_id=cast.group.id, text="a", protect_content=True)
    open_one = world.say(cast.member, cast.group, "hello")
    cast.group.protected = True
    for message in (world.record.by_bot()[0], open_one):
        with pytest.raises(ValueError, match="can't be forwarded"):
            world.forward(cast.member, message, None)


async def test_an_edited_command_is_an_update_of_its_own(api: Api, cast: Cast, world: World) -> None:
    message = world.say(cast.member, cast.group, "hello")
    world.edit(message, "/week")
    (update,) = await api("getUpdates")
    assert (update["edited_message"]["text"], update["edited_message"]["message_id"]) == ("/week", message.id)


async def test_a_place_is_heard_directly_and_as_a_reply(api: Api, cast: Cast, world: World) -> None:
    await api("sendMessage", chat_id=cast.group.id, text="a")
    world.share_location(cast.member, cast.group, 1.0, 2.0)
    world.share_location(cast.member, cast.group, -1.25, 36.75, reply_to=world.record.by_bot()[0])
    world.share_location(cast.member, None, -1.5, 36.5)
    messages = await said(api)
    assert [m["location"] for m in messages] == [
        {"latitude": -1.25, "longitude": 36.75},
        {"latitude": -1.5, "longitude": 36.5},
    ]
    assert "text" not in messages[0]


async def test_a_persons_app_has_a_language(api: Api, world: World) -> None:
    for language in ("es", None):
        world.say(world.person("Dora", language=language), None, "/start")
    messages = await said(api)
    assert [message["from"].get("language_code") for message in messages] == ["es", None]
