import json
from pathlib import Path

from bot.rehearsal.messages import Message
from bot.rehearsal.world import World
from tests.rehearsal.conftest import TOKEN, Api, Cast


async def test_all_that_ever_stood_in_a_message_is_known(api: Api, cast: Cast, world: World) -> None:
    sent = await api("sendMessage", chat_id=cast.group.id, text="verse")
    this = {"chat_id": cast.group.id, "message_id": sent["message_id"]}
    await api("editMessageText", **this, text="verse and request")
    await api("editMessageText", **this, text="tombstone")
    record = world.record
    assert [message.id for message in record.holding("request")] == [sent["message_id"]]
    assert record.showing("request") == []
    assert [message.text for message in record.showing("tombstone", cast.group)] == ["tombstone"]
    await api("deleteMessage", **this)
    assert record.showing("tombstone") == []
    assert len(record.holding("tombstone")) == 1


async def test_others_messages_are_not_the_bots(cast: Cast, world: World) -> None:
    world.promote(cast.admin, cast.group, anonymous=True)
    world.say(cast.admin, cast.group, "/time")
    world.say(cast.member, cast.group, "/time")
    assert world.record.by_bot() == []


async def test_calls_are_kept_with_their_outcome_and_without_the_token(
    api: Api, cast: Cast, world: World, tmp_path: Path
) -> None:
    await api("sendMessage", chat_id=cast.group.id, text="a")
    await api.refused("getChat", chat_id=1)
    await api.refused("sendPhoto", chat_id=1)
    await api.client.get(api.url.replace(TOKEN, "1:other") + "/getMe")
    sent, asked, unknown, stranger = world.record.calls
    assert (sent.method, sent.params, sent.acted, sent.error) == (
        "sendMessage",
        {"chat_id": cast.group.id, "text": "a"},
        True,
        None,
    )
    assert sent.ended is not None
    assert asked.error == (400, "Bad Request: chat not found")
    assert unknown.error == (404, "Not Found: method not found")
    assert stranger.error == (401, "Unauthorized")
    assert world.record.calls_of("sendMessage", cast.group) == [sent]
    path = tmp_path / "record.json"
    world.record.save(path)
    assert TOKEN not in path.read_text("utf-8")
    assert [call["method"] for call in json.loads(path.read_text("utf-8"))["calls"]][:2] == ["sendMessage", "getChat"]


async def test_watchers_see_each_change_as_it_happens(api: Api, cast: Cast, world: World) -> None:
    seen: list[tuple[str, bool]] = []

    def watch(message: Message) -> None:
        seen.append((message.text, message.deleted is not None))

    world.record.watch(watch)
    sent = await api("sendMessage", chat_id=cast.group.id, text="a")
    this = {"chat_id": cast.group.id, "message_id": sent["message_id"]}
    await api("editMessageText", **this, text="b")
    await api("deleteMessage", **this)
    assert seen == [("a", False), ("b", False), ("b", True)]


async def test_one_chats_part_can_be_asked_for(api: Api, cast: Cast, world: World) -> None:
    world.say(cast.member, None, "/start")
    await api("sendMessage", chat_id=cast.member.id, text="a")
    await api("sendMessage", chat_id=cast.group.id, text="b")
    part = world.record.as_json(cast.member.id)
    assert [m["versions"][-1]["text"] for m in part["messages"]] == ["/start", "a"]
    assert len(part["calls"]) == 1
