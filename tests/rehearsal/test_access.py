import pytest

from bot.rehearsal.chats import Chat
from bot.rehearsal.world import World
from tests.rehearsal.conftest import Api, Cast


async def sends(api: Api, chat: Chat | int, **more: object) -> str:
    return await api.refused("sendMessage", chat_id=chat if isinstance(chat, int) else chat.id, text="a", **more)


@pytest.mark.parametrize("chat_id", [1, -1, -1001234567890, "@nobody", "x"])
async def test_an_unknown_chat_is_not_found(api: Api, chat_id: int | str) -> None:
    assert await api.refused("sendMessage", chat_id=chat_id, text="a") == "400 Bad Request: chat not found"
    assert await api.refused("getChat", chat_id=chat_id) == "400 Bad Request: chat not found"


async def test_a_bot_cannot_write_first(api: Api, cast: Cast, world: World) -> None:
    person = cast.member
    assert await sends(api, person.id) == "403 Forbidden: bot can't initiate conversation with a user"
    assert await api.refused("getChat", chat_id=person.id) == "400 Bad Request: chat not found"
    world.say(person, None, "/start abc")
    await api("sendMessage", chat_id=person.id, text="a")
    assert (await api("getChat", chat_id=person.id))["first_name"] == "Brian"


async def test_a_person_blocks_and_unblocks_the_bot(api: Api, cast: Cast, world: World) -> None:
    world.say(cast.member, None, "/start")
    world.updates.clear()
    world.block_bot(cast.member)
    assert await sends(api, cast.member.id) == "403 Forbidden: bot was blocked by the user"
    world.say(cast.member, None, "/start")
    await api("sendMessage", chat_id=cast.member.id, text="a")
    updates = await api("getUpdates")
    assert [u["my_chat_member"]["new_chat_member"]["status"] for u in updates[:2]] == ["kicked", "member"]


async def test_a_deactivated_person_is_told(api: Api, cast: Cast, world: World) -> None:
    world.say(cast.member, None, "/start")
    cast.member.deactivated = True
    assert await sends(api, cast.member.id) == "403 Forbidden: user is deactivated"


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_kicked_bot_is_told(api: Api, world: World, cast: Cast, kind: str) -> None:
    group = world.group("Home", admins=[cast.admin], kind=kind)
    world.add_bot(group, by=cast.admin)
    sent = await api("sendMessage", chat_id=group.id, text="a")
    world.kick_bot(group)
    kicked = f"403 Forbidden: bot was kicked from the {kind} chat"
    assert await sends(api, group) == kicked
    edit = {"chat_id": group.id, "message_id": sent["message_id"], "text": "b"}
    assert await api.refused("editMessageText", **edit) == kicked


async def test_a_group_can_still_be_looked_at_after_a_kick_but_a_supergroup_cannot(
    api: Api, world: World, cast: Cast
) -> None:
    small = world.group("Small", kind="group")
    for group in (small, cast.group):
        world.add_bot(group, by=world.owner(group))
        world.kick_bot(group)
    assert (await api("getChat", chat_id=small.id))["title"] == "Small"
    refused = await api.refused("getChat", chat_id=cast.group.id)
    assert refused == "403 Forbidden: bot was kicked from the supergroup chat"


async def test_a_bot_that_never_was_inside_is_not_a_member(api: Api, world: World) -> None:
    group = world.group("Closed")
    assert await sends(api, group) == "403 Forbidden: bot is not a member of the supergroup chat"
    channel = world.group("News", kind="channel")
    assert await sends(api, channel) == "403 Forbidden: bot is not a member of the channel chat"


async def test_a_public_supergroup_can_be_looked_at_from_outside(api: Api, world: World) -> None:
    group = world.group("Open")
    world.make_public(group, "open_prayer")
    shown = await api("getChat", chat_id="@open_prayer")
    assert (shown["id"], shown["username"], shown["active_usernames"]) == (group.id, "open_prayer", ["open_prayer"])
    assert await sends(api, group) == "403 Forbidden: bot is not a member of the supergroup chat"


async def test_a_deleted_group_is_told(api: Api, world: World, cast: Cast) -> None:
    small = world.group("Small", kind="group")
    world.add_bot(small, by=world.owner(small))
    world.delete_group(small)
    world.delete_group(cast.group)
    assert await sends(api, small) == "403 Forbidden: the group chat was deleted"
    assert await sends(api, cast.group) == "400 Bad Request: chat not found"


async def test_a_muted_bot_is_told(api: Api, world: World, cast: Cast) -> None:
    world.mute_bot(cast.group)
    assert await sends(api, cast.group) == "400 Bad Request: have no rights to send a message"
    world.unmute_bot(cast.group)
    cast.group.members_may_write = False
    assert await sends(api, cast.group) == "400 Bad Request: not enough rights to send text messages to the chat"
    world.promote(world.bot, cast.group)
    await api("sendMessage", chat_id=cast.group.id, text="a")


async def test_general_is_written_to_without_a_thread_id(api: Api, world: World, cast: Cast) -> None:
    forum = world.group("Forum", admins=[cast.admin], forum=True)
    world.add_bot(forum, by=cast.admin)
    topic = world.topic(forum, "Prayer")
    assert "message_thread_id" not in await api("sendMessage", chat_id=forum.id, text="a")
    sent = await api("sendMessage", chat_id=forum.id, text="a", message_thread_id=topic.id)
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (topic.id, True)
    assert await sends(api, forum, message_thread_id=1) == "400 Bad Request: message thread not found"
    assert await sends(api, cast.group, message_thread_id=2) == "400 Bad Request: message thread not found"


async def test_a_closed_topic_is_told(api: Api, world: World, cast: Cast) -> None:
    forum = world.group("Forum", admins=[cast.admin], forum=True)
    world.add_bot(forum, by=cast.admin)
    topic = world.topic(forum, "Prayer")
    world.close_topic(forum, topic)
    world.close_topic(forum)
    assert await sends(api, forum, message_thread_id=topic.id) == "400 Bad Request: TOPIC_CLOSED"
    assert await sends(api, forum) == "400 Bad Request: TOPIC_CLOSED"
    world.reopen_topic(forum, topic)
    world.reopen_topic(forum)
    await api("sendMessage", chat_id=forum.id, text="a", message_thread_id=topic.id)
    await api("sendMessage", chat_id=forum.id, text="a")


async def test_an_upgraded_group_names_its_new_id(api: Api, world: World, cast: Cast) -> None:
    group = world.group("Small", admins=[cast.admin], kind="group")
    world.add_bot(group, by=cast.admin)
    sent = await api("sendMessage", chat_id=group.id, text="a")
    new = world.upgrade(group)
    response = await api.client.post(f"{api.url}/sendMessage", json={"chat_id": group.id, "text": "b"})
    assert response.json() == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new.id},
    }
    assert "upgraded" in await api.refused("getChatAdministrators", chat_id=group.id)
    assert (await api("sendMessage", chat_id=new.id, text="b"))["message_id"] == 2
    edit = {"chat_id": group.id, "message_id": sent["message_id"]}
    await api("editMessageText", **edit, text="c")
    world.switches.edits_to_upgraded = False
    assert "upgraded" in await api.refused("editMessageText", **edit, text="d")


async def test_a_channel_is_written_to_by_admins_only(api: Api, world: World) -> None:
    channel = world.group("News", kind="channel")
    world.add_bot(channel, by=world.owner(channel))
    assert (await api("sendMessage", chat_id=channel.id, text="a"))["chat"]["type"] == "channel"
    world.demote(world.bot, channel)
    assert await sends(api, channel) == "400 Bad Request: need administrator rights in the channel chat"


async def test_what_makes_a_group_public_is_shown(api: Api, world: World, cast: Cast) -> None:
    cast.group.location, cast.group.linked_chat_id, cast.group.community = "Market square", -1009, "Valley"
    cast.group.active_usernames, cast.group.join_by_request = ["second_name"], True
    cast.group.auto_delete_seconds, cast.group.protected = 86400, True
    cast.group.visible_history = True
    shown = await api("getChat", chat_id=cast.group.id)
    assert shown["location"]["address"] == "Market square"
    assert (shown["linked_chat_id"], shown["community"]["name"]) == (-1009, "Valley")
    assert (shown["active_usernames"], shown["join_by_request"]) == (["second_name"], True)
    assert (shown["message_auto_delete_time"], shown["has_protected_content"]) == (86400, True)
    assert "has_visible_history" not in shown  # told to admins only
    world.promote(world.bot, cast.group)
    assert (await api("getChat", chat_id=cast.group.id))["has_visible_history"] is True
    world.make_private(cast.group)
    shown = await api("getChat", chat_id=cast.group.id)
    assert not shown.keys() & {"username", "active_usernames", "location", "linked_chat_id", "community"}


async def test_replies_to_other_chats_are_not_supported(api: Api, cast: Cast) -> None:
    elsewhere = {"message_id": 1, "chat_id": -5}
    assert "does not support" in await sends(api, cast.group, reply_parameters=elsewhere)
