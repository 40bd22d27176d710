import pytest

from bot.rehearsal.chats import Chat
from bot.rehearsal.world import World
from tests.rehearsal.conftest import Api, Cast

CLOSED = "400 Bad Request: TOPIC_CLOSED"


@pytest.fixture
def forum(world: World, cast: Cast) -> Chat:
    """A forum with the bot as a plain member."""
    forum = world.group("Forum", admins=[cast.admin], members=[cast.member], forum=True)
    world.add_bot(forum, by=cast.admin)
    return forum


async def test_a_closed_topic_takes_only_those_who_manage_topics(
    api: Api, cast: Cast, world: World, forum: Chat
) -> None:
    topic = world.topic(forum, "Prayer")
    world.close_topic(forum, topic)
    this = {"chat_id": forum.id, "text": "a", "message_thread_id": topic.id}
    world.promote(world.bot, forum, without=["can_manage_topics"])
    assert await api.refused("sendMessage", **this) == CLOSED
    assert await api.refused("sendChatAction", chat_id=forum.id, action="typing", message_thread_id=topic.id) == CLOSED
    world.promote(world.bot, forum)
    await api("sendMessage", **this)
    with pytest.raises(ValueError, match="closed topic"):
        world.say(cast.member, forum, "hello", topic=topic)
    world.say(cast.admin, forum, "hello", topic=topic)


async def test_a_deleted_topic_is_gone_with_all_that_was_said(api: Api, cast: Cast, world: World, forum: Chat) -> None:
    topic, other = world.topic(forum, "Prayer"), world.topic(forum, "Choir")
    this = {"chat_id": forum.id, "text": "a"}
    sent = await api("sendMessage", **this, message_thread_id=topic.id)
    kept = await api("sendMessage", **this, message_thread_id=other.id)
    world.delete_topic(forum, topic)
    lost = "400 Bad Request: message thread not found"
    assert await api.refused("sendMessage", **this, message_thread_id=topic.id) == lost
    edit = {"chat_id": forum.id, "text": "b"}
    assert await api.refused("editMessageText", **edit, message_id=sent["message_id"]) == (
        "400 Bad Request: message to edit not found"
    )
    await api("editMessageText", **edit, message_id=kept["message_id"])
    with pytest.raises(ValueError, match="has no topic"):
        world.say(cast.member, forum, "hello", topic=topic)


async def test_a_reply_of_the_bot_stands_where_the_question_does(
    api: Api, cast: Cast, world: World, forum: Chat
) -> None:
    topic = world.topic(forum, "Prayer")
    asked = world.say(cast.member, forum, "/week", topic=topic)
    sent = await api("sendMessage", chat_id=forum.id, text="a", reply_parameters={"message_id": asked.id})
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (topic.id, True)
    plain = world.say(cast.member, cast.group, "/week")
    sent = await api("sendMessage", chat_id=cast.group.id, text="a", reply_parameters={"message_id": plain.id})
    assert (sent["message_thread_id"], "is_topic_message" in sent) == (plain.id, False)
    world.close_topic(forum, topic)
    answer = {"chat_id": forum.id, "text": "b", "reply_parameters": {"message_id": asked.id}}
    assert await api.refused("sendMessage", **answer) == CLOSED


async def test_general_has_no_thread_of_its_own(api: Api, cast: Cast, world: World, forum: Chat) -> None:
    world.topic(forum, "Prayer")
    world.updates.clear()
    world.say(cast.member, forum, "/week")
    (update,) = await api("getUpdates")
    assert update["message"]["chat"]["is_forum"] is True
    assert not update["message"].keys() & {"message_thread_id", "is_topic_message"}
    assert (await api("getChat", chat_id=forum.id))["is_forum"] is True
