import asyncio

import pytest

from bot.rehearsal.errors import ApiError
from bot.rehearsal.people import GROUP_ANONYMOUS_BOT
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from tests.rehearsal.conftest import Api, Cast, Seconds


async def kinds(api: Api) -> list[str]:
    return [next(iter(update.keys() - {"update_id"})) for update in await api("getUpdates")]


async def until_polled(world: World) -> None:
    await world.updates.pulse.until(lambda: world.updates.polled)


async def test_updates_stay_until_they_are_confirmed(api: Api, cast: Cast, world: World) -> None:
    world.say(cast.member, cast.group, "/one")
    world.say(cast.member, cast.group, "/two")
    assert (world.updates.undelivered, world.updates.unconfirmed) == (2, 2)
    first, second = await api("getUpdates")
    assert (world.updates.undelivered, world.updates.unconfirmed) == (0, 2)
    assert second["update_id"] == first["update_id"] + 1
    assert await api("getUpdates", offset=second["update_id"]) == [second]
    assert await api("getUpdates", offset=second["update_id"] + 1) == []
    assert world.updates.unconfirmed == 0


async def test_a_negative_offset_keeps_the_newest(api: Api, cast: Cast, world: World) -> None:
    for text in ("/one", "/two", "/three"):
        world.say(cast.member, cast.group, text)
    assert [u["message"]["text"] for u in await api("getUpdates", offset=-2)] == ["/two", "/three"]
    assert world.updates.unconfirmed == 2


async def test_the_limit_holds(api: Api, cast: Cast, world: World) -> None:
    for text in ("/one", "/two"):
        world.say(cast.member, cast.group, text)
    assert [u["message"]["text"] for u in await api("getUpdates", limit=1)] == ["/one"]


async def test_a_long_poll_ends_when_something_happens(api: Api, cast: Cast, world: World) -> None:
    poll = asyncio.create_task(api("getUpdates", timeout=50))
    await until_polled(world)
    world.say(cast.member, cast.group, "/week")
    assert [u["message"]["text"] for u in await poll] == ["/week"]


async def test_a_long_poll_ends_after_its_time(world: World) -> None:
    assert await world.updates.get(0, 100, 0.001) == []
    assert not world.updates.polled


async def test_a_second_poll_ends_the_first_with_a_conflict(api: Api, cast: Cast, world: World) -> None:
    first = asyncio.create_task(api.refused("getUpdates", timeout=50))
    await until_polled(world)
    second = asyncio.create_task(api("getUpdates", timeout=50))
    assert await first == (
        "409 Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    await until_polled(world)
    world.say(cast.member, cast.group, "/week")
    assert len(await second) == 1


async def test_a_poll_whose_client_died_takes_nothing(
    api: Api, cast: Cast, world: World, server: RehearsalServer
) -> None:
    poll = asyncio.create_task(api("getUpdates", timeout=50))
    await until_polled(world)
    poll.cancel()
    await asyncio.gather(poll, return_exceptions=True)
    await world.updates.pulse.until(lambda: not world.updates.polled)
    world.say(cast.member, cast.group, "/week")
    assert world.updates.undelivered == 1


async def test_chat_member_comes_only_if_named_and_only_to_an_admin(api: Api, cast: Cast, world: World) -> None:
    await api("getUpdates", allowed_updates=["chat_member"])
    world.join(cast.stranger, cast.group)
    assert await kinds(api) == []
    world.promote(world.bot, cast.group)
    world.leave(cast.stranger, cast.group)
    assert await kinds(api) == ["chat_member"]


async def test_an_empty_list_stands_for_the_default_and_an_omitted_one_for_the_last(
    api: Api, cast: Cast, world: World
) -> None:
    await api("getUpdates", allowed_updates=["callback_query"])
    await api("getUpdates")
    world.say(cast.member, cast.group, "/week")
    assert await kinds(api) == []
    await api("getUpdates", allowed_updates=[])
    world.promote(world.bot, cast.group)
    world.join(cast.stranger, cast.group)
    assert await kinds(api) == ["my_chat_member", "message"]


async def test_an_unknown_kind_of_update_is_refused(api: Api) -> None:
    assert 'unknown update type "mesage"' in await api.refused("getUpdates", allowed_updates=["mesage"])


async def test_taps_wait_150_seconds_and_all_else_a_day(api: Api, cast: Cast, world: World, seconds: Seconds) -> None:
    keyboard = {"inline_keyboard": [[{"text": "I prayed", "callback_data": "m"}]]}
    await api("sendMessage", chat_id=cast.group.id, text="a", reply_markup=keyboard)
    world.tap(cast.member, world.record.by_bot()[0])
    world.say(cast.member, cast.group, "/week")
    seconds.now += 149
    assert await kinds(api) == ["callback_query", "message"]
    seconds.now += 1
    assert await kinds(api) == ["message"]
    seconds.now += 24 * 3600
    assert world.updates.undelivered == 0


async def test_privacy_mode_shows_commands_replies_and_service_messages(api: Api, cast: Cast, world: World) -> None:
    await api("sendMessage", chat_id=cast.group.id, text="a")
    world.say(cast.member, cast.group, "hello /week")
    world.say(cast.member, cast.group, "/week@other_bot")
    heard = [
        world.say(cast.member, cast.group, "/week"),
        world.say(cast.member, cast.group, f"/week@{world.bot.username}"),
        world.say(cast.member, cast.group, "amen", reply_to=world.record.by_bot()[0]),
    ]
    world.join(cast.stranger, cast.group)
    updates = await api("getUpdates")
    assert [u["message"]["message_id"] for u in updates[:3]] == [message.id for message in heard]
    assert updates[3]["message"]["new_chat_members"][0]["id"] == cast.stranger.id


async def test_an_admin_bot_and_a_private_chat_show_everything(api: Api, cast: Cast, world: World) -> None:
    world.promote(world.bot, cast.group)
    world.updates.clear()
    said = world.say(cast.member, cast.group, "hello")
    world.say(cast.member, None, "hello")
    world.edit(said, "good evening")
    updates = await api("getUpdates")
    assert [u.get("message", {}).get("chat", {}).get("type") for u in updates] == ["supergroup", "private", None]
    assert updates[2]["edited_message"]["text"] == "good evening"


async def test_a_chat_without_the_bot_tells_it_nothing(api: Api, world: World) -> None:
    group = world.group("Elsewhere")
    world.say(world.owner(group), group, "/week")
    assert await api("getUpdates") == []


async def test_channel_posts_have_a_kind_of_their_own(api: Api, world: World) -> None:
    channel = world.group("News", kind="channel")
    world.add_bot(channel, by=world.owner(channel))
    world.updates.clear()
    world.say(world.owner(channel), channel, "hello")
    (update,) = await api("getUpdates")
    assert update["channel_post"]["sender_chat"]["id"] == channel.id


async def test_an_anonymous_admin_writes_in_the_groups_name(api: Api, cast: Cast, world: World) -> None:
    world.promote(cast.admin, cast.group, anonymous=True)
    world.say(cast.admin, cast.group, "/time 07:30")
    (update,) = await api("getUpdates")
    assert update["message"]["from"]["id"] == GROUP_ANONYMOUS_BOT
    assert update["message"]["sender_chat"]["id"] == cast.group.id


async def test_an_upgrade_is_told_in_both_chats(api: Api, cast: Cast, world: World) -> None:
    group = world.group("Small", admins=[cast.admin], kind="group")
    world.add_bot(group, by=cast.admin)
    world.updates.clear()
    new = world.upgrade(group)
    old_side, new_side = [u["message"] for u in await api("getUpdates")]
    assert (old_side["chat"]["id"], old_side["migrate_to_chat_id"]) == (group.id, new.id)
    assert (new_side["chat"]["id"], new_side["migrate_from_chat_id"]) == (new.id, group.id)


async def test_a_topic_message_replies_to_the_topic(api: Api, cast: Cast, world: World) -> None:
    forum = world.group("Forum", admins=[cast.admin], forum=True)
    world.add_bot(forum, by=cast.admin)
    topic = world.topic(forum, "Prayer")
    world.updates.clear()
    world.say(cast.admin, forum, "/week", topic=topic)
    message = (await api("getUpdates"))[0]["message"]
    assert (message["message_thread_id"], message["is_topic_message"]) == (topic.id, True)
    assert message["reply_to_message"]["forum_topic_created"]["name"] == "Prayer"


async def test_a_thread_of_replies_is_no_topic(api: Api, cast: Cast, world: World) -> None:
    asked = world.say(cast.admin, cast.group, "/week")
    world.say(cast.member, cast.group, "/today", reply_to=asked)
    message = (await api("getUpdates"))[1]["message"]
    assert message["message_thread_id"] == asked.id
    assert "is_topic_message" not in message


async def test_the_same_update_can_come_again_and_out_of_order(api: Api, cast: Cast, world: World) -> None:
    world.say(cast.member, cast.group, "/one")
    world.say(cast.member, cast.group, "/two")
    world.updates.repeat(2)
    world.updates.reverse()
    assert [u["message"]["text"] for u in await api("getUpdates")] == ["/two", "/two", "/two", "/one"]


def test_an_error_woken_poll_is_an_api_error(world: World) -> None:
    with pytest.raises(ApiError, match="unknown update type"):
        world.updates.allow(["nothing"])
