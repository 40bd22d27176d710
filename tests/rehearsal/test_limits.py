from bot.rehearsal.limits import Window
from bot.rehearsal.world import World
from tests.rehearsal.conftest import Api, Cast, Seconds


async def test_a_group_takes_20_writes_a_minute_edits_among_them(
    api: Api, cast: Cast, world: World, seconds: Seconds
) -> None:
    sent = await api("sendMessage", chat_id=cast.group.id, text="0")
    for i in range(1, 20):
        seconds.now += 1
        await api("editMessageText", chat_id=cast.group.id, message_id=sent["message_id"], text=str(i))
    response = await api.client.post(f"{api.url}/sendMessage", json={"chat_id": cast.group.id, "text": "a"})
    assert response.status_code == 429
    assert response.json() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 41",
        "parameters": {"retry_after": 41},
    }
    other = world.group("Other", admins=[cast.admin])
    world.add_bot(other, by=cast.admin)
    await api("sendMessage", chat_id=other.id, text="a")
    seconds.now += 41
    await api("sendMessage", chat_id=cast.group.id, text="a")
    assert "429" in await api.refused("sendMessage", chat_id=cast.group.id, text="a")


async def test_what_is_refused_for_another_reason_is_not_counted(api: Api, cast: Cast, world: World) -> None:
    world.limits.group = Window(1, 60)
    for _ in range(3):
        assert "not found" in await api.refused("editMessageText", chat_id=cast.group.id, message_id=99, text="a")
    await api("sendMessage", chat_id=cast.group.id, text="a")


async def test_a_private_chat_has_no_limit_a_minute(api: Api, cast: Cast, world: World, seconds: Seconds) -> None:
    world.say(cast.member, None, "/start")
    for _ in range(25):
        seconds.now += 1
        await api("sendMessage", chat_id=cast.member.id, text="a")


async def test_30_writes_a_second_over_all_chats(api: Api, cast: Cast, world: World, seconds: Seconds) -> None:
    world.limits.group = None
    for _ in range(30):
        await api("sendMessage", chat_id=cast.group.id, text="a")
    assert "retry after 1" in await api.refused("sendMessage", chat_id=cast.group.id, text="a")
    seconds.now += 1
    await api("sendMessage", chat_id=cast.group.id, text="a")


async def test_1000_a_second_for_those_who_pay(api: Api, cast: Cast, world: World) -> None:
    world.limits.group = None
    world.limits.overall, world.limits.paid = Window(1, 1.0), Window(3, 1.0)
    await api("sendMessage", chat_id=cast.group.id, text="a")
    for _ in range(3):
        await api("sendMessage", chat_id=cast.group.id, text="a", allow_paid_broadcast=True)
    assert "429" in await api.refused("sendMessage", chat_id=cast.group.id, text="a", allow_paid_broadcast=True)


async def test_one_write_a_second_in_a_chat_if_wanted(api: Api, cast: Cast, world: World) -> None:
    world.limits.chat = Window(1, 1.0)
    await api("sendMessage", chat_id=cast.group.id, text="a")
    assert "retry after 1" in await api.refused("sendMessage", chat_id=cast.group.id, text="a")


async def test_limits_can_be_off(api: Api, cast: Cast, world: World) -> None:
    world.limits.off()
    for _ in range(40):
        await api("sendMessage", chat_id=cast.group.id, text="a")
