from typing import Any

import pytest

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from tests.rehearsal.conftest import Api, Cast

KEYBOARD = {"inline_keyboard": [[{"text": "I prayed", "callback_data": "m:1"}]]}


@pytest.fixture
def control(api: Api, server: RehearsalServer) -> Any:
    async def post(path: str, **body: Any) -> Any:
        response = await api.client.post(f"{server.origin}/rehearsal/{path}", json=body)
        return response.json() | ({"refused": True} if response.status_code == 400 else {})

    return post


async def test_people_act_over_http(api: Api, control: Any, server: RehearsalServer, world: World) -> None:
    amina = (await control("acts/person", name="Amina"))["id"]
    brian = (await control("acts/person", name="Brian"))["id"]
    group = (await control("acts/group", title="Nairobi", admins=[amina], members=[brian]))["id"]
    assert await control("acts/add_bot", chat=group, by=amina) == {}
    said = await control("acts/say", person=brian, chat=group, text="/week")
    await control("acts/say", person=brian, chat=group, text="amen", reply_to=[group, said["message_id"]])
    await control("acts/say", person=brian, chat=None, text="/start")
    await control("acts/promote", person="bot", chat=group)
    sent = await api("sendMessage", chat_id=group, text="a", reply_markup=KEYBOARD)
    tap = await control("acts/tap", person=brian, message=[group, sent["message_id"]], button="I prayed")
    assert (tap["data"], tap["answer"]) == ("m:1", None)
    record = (await api.client.get(f"{server.origin}/rehearsal/record?chat_id={group}")).json()
    assert [m["versions"][-1]["text"] for m in record["messages"]] == ["", "/week", "amen", "a"]
    assert [t["person_id"] for t in record["taps"]] == [brian]
    whole = (await api.client.get(f"{server.origin}/rehearsal/record")).json()
    assert len(whole["messages"]) == 5


async def test_topics_are_named_by_chat_and_id(control: Any, world: World) -> None:
    forum = (await control("acts/group", title="Forum", forum=True))["id"]
    topic = (await control("acts/topic", chat=forum, name="Prayer"))["id"]
    await control("acts/close_topic", chat=forum, topic=[forum, topic])
    assert world.chats[forum].topics[topic].closed


async def test_people_ask_to_join_and_react_over_http(control: Any, cast: Cast, world: World) -> None:
    group, stranger = cast.group.id, cast.stranger.id
    url = (await control("acts/invite_link", chat=group, by=cast.admin.id, by_request=True))["link"]
    await control("acts/follow_invite", person=stranger, url=url)
    await control("acts/answer_request", person=stranger, chat=group, by=cast.admin.id)
    channel = world.group("News", kind="channel")
    said = await control("acts/say", person=stranger, chat=group, text="/week", channel=channel.id)
    await control("acts/react", person=stranger, message=[group, said["message_id"]], emoji="👍")
    assert world.record.messages[-1].reactions == {stranger: "👍"}
    assert world.record.messages[-1].sender_chat is channel


async def test_faults_are_planned_released_and_ended(api: Api, control: Any, cast: Cast) -> None:
    planned = await control("faults", kind="fail", method="getMe", times=2, options={"status": 504, "acts": True})
    assert await api.refused("getMe") == "504 Gateway Timeout"
    assert await control(f"faults/{planned['id']}/release") == {"taken": 1}
    assert await control(f"faults/{planned['id']}/off") == {"taken": 1}
    await api("getMe")
    await control("faults", kind="too_many", chat_id=cast.group.id, options={"retry_after": 5})
    assert "retry after 5" in await api.refused("getChat", chat_id=cast.group.id)
    await control("faults/clear")
    await api("getChat", chat_id=cast.group.id)


async def test_switches_limits_and_facts_are_set(api: Api, control: Any, cast: Cast, world: World) -> None:
    assert (await control("switches", edits_to_upgraded=False))["edits_to_upgraded"] is False
    await control("limits", group=[1, 60], overall=None)
    assert world.limits.group
    assert (world.limits.group.count, world.limits.overall) == (1, None)
    shown = await control(f"facts/{cast.group.id}", location="Market square")
    assert shown["location"]["address"] == "Market square"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("acts/quit", {}),
        ("acts/say", {"person": 1, "chat": None, "text": "a"}),
        ("acts/person", {"nome": "Amina"}),
        ("faults", {"kind": "flood"}),
        ("faults/9/off", {}),
        ("switches", {"edits": True}),
        ("limits", {"hour": [1, 2]}),
        ("facts/1", {}),
    ],
)
async def test_a_wrong_request_is_refused_with_a_reason(control: Any, path: str, body: dict[str, Any]) -> None:
    answer = await control(path, **body)
    assert answer["refused"]
    assert answer["error"]


async def test_whether_all_is_quiet(api: Api, server: RehearsalServer, cast: Cast, world: World) -> None:
    async def quiet() -> Any:
        return (await api.client.get(f"{server.origin}/rehearsal/quiet")).json()

    assert await quiet() == {
        "quiet": False,
        "in_flight": 0,
        "unconfirmed": 0,
        "undelivered": 0,
        "polled": False,
    }
    world.say(cast.member, cast.group, "/week")
    assert (await quiet())["undelivered"] == 1
