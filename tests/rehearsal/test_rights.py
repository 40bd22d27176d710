"""What the bot is shown of its own rights and of a chat's facts, and what it may do with them."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.rehearsal.world import World
from tests.rehearsal.conftest import Api, Cast


async def test_the_bots_rights_are_shown_as_they_were_given(api: Api, cast: Cast, world: World) -> None:
    group = world.group("Home", admins=[cast.admin])
    world.add_bot(group, by=cast.admin, admin=True, without=["can_invite_users"])
    itself = {"chat_id": group.id, "user_id": world.bot.id}
    shown = await api("getChatMember", **itself)
    assert (shown["can_invite_users"], shown["can_delete_messages"], shown["can_promote_members"]) == (
        False,
        True,
        False,
    )
    world.promote(world.bot, group, without=["can_delete_messages"])
    assert (await api("getChatMember", **itself))["can_invite_users"] is True
    admins = await api("getChatAdministrators", chat_id=group.id)
    assert [admin.get("can_delete_messages") for admin in admins] == [None, False]
    change = (await api("getUpdates"))[-1]["my_chat_member"]
    assert [change[side]["can_invite_users"] for side in ("old_chat_member", "new_chat_member")] == [False, True]
    with pytest.raises(ValueError, match="unknown rights: \\['can_sing'\\]"):
        world.promote(world.bot, group, without=["can_sing"])


async def test_others_messages_are_deleted_with_the_right_to(api: Api, cast: Cast, world: World) -> None:
    theirs = world.say(cast.member, cast.group, "/week")
    own = await api("sendMessage", chat_id=cast.group.id, text="a")
    world.promote(world.bot, cast.group, without=["can_delete_messages"])
    this = {"chat_id": cast.group.id}
    both = [theirs.id, own["message_id"]]
    refusal = "400 Bad Request: message can't be deleted"
    assert await api.refused("deleteMessage", **this, message_id=theirs.id) == refusal
    assert await api.refused("deleteMessages", **this, message_ids=both) == refusal
    assert not any(message.deleted for message in (theirs, *world.record.by_bot()))
    world.promote(world.bot, cast.group)
    assert await api("deleteMessages", **this, message_ids=[*both, 99]) is True
    assert all(message.deleted for message in (theirs, *world.record.by_bot()))


async def test_many_are_deleted_within_bounds(api: Api, cast: Cast, world: World) -> None:
    now = datetime(2030, 1, 1, tzinfo=UTC)
    world.clock = lambda: now
    sent = await api("sendMessage", chat_id=cast.group.id, text="a")
    this = {"chat_id": cast.group.id}
    none = "400 Bad Request: message identifiers are not specified"
    assert await api.refused("deleteMessages", **this, message_ids=[]) == none
    many = "400 Bad Request: too many message identifiers specified"
    assert await api.refused("deleteMessages", **this, message_ids=list(range(101))) == many
    world.clock = lambda: now + timedelta(hours=49)
    late = await api.refused("deleteMessages", **this, message_ids=[sent["message_id"]])
    assert late == "400 Bad Request: message can't be deleted"


async def test_the_auto_delete_timer_is_told_and_shown(api: Api, cast: Cast, world: World) -> None:
    async def shown() -> int | None:
        chat = await api("getChat", chat_id=cast.group.id)
        seconds: int | None = chat.get("message_auto_delete_time")
        return seconds

    world.set_auto_delete(cast.group, 86400)
    assert await shown() == 86400
    world.set_auto_delete(cast.group, None)
    assert await shown() is None
    told = [update["message"]["message_auto_delete_timer_changed"] for update in await api("getUpdates")]
    assert [timer["message_auto_delete_time"] for timer in told] == [86400, 0]


async def test_what_members_may_do_is_shown(api: Api, cast: Cast) -> None:
    async def permissions() -> tuple[bool, bool]:
        shown = (await api("getChat", chat_id=cast.group.id))["permissions"]
        return shown["can_send_messages"], shown["can_invite_users"]

    assert await permissions() == (True, True)
    cast.group.members_may_invite = False
    assert await permissions() == (True, False)
    cast.group.members_may_write = False
    assert await permissions() == (False, False)
