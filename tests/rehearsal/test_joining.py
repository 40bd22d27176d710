"""Invite links, requests to join, and what the bot is told of who comes and goes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import telegram
from telegram.error import BadRequest, Forbidden

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from tests.rehearsal.conftest import Api, Cast

NOW = datetime(2031, 5, 4, 7, 30, tzinfo=UTC)
KINDS = ["message", "chat_member", "chat_join_request"]


@pytest.fixture(autouse=True)
def an_admin_bot_that_hears_of_members(world: World, cast: Cast) -> None:
    world.clock = lambda: NOW
    world.promote(world.bot, cast.group)
    world.updates.clear()
    world.updates.allow(KINDS)


async def asked_by_link(api: Api, world: World, cast: Cast) -> str:
    """The stranger asks to join by a link of the bot; its address."""
    link: str = (await api("createChatInviteLink", chat_id=cast.group.id, creates_join_request=True))["invite_link"]
    world.follow_invite(cast.stranger, link)
    return link


async def test_a_link_shows_what_was_asked_for(api: Api, cast: Cast, world: World) -> None:
    until = int((NOW + timedelta(days=1)).timestamp())
    link = await api(
        "createChatInviteLink", chat_id=cast.group.id, name=f"  For  {'x' * 40}", expire_date=until, member_limit=5
    )
    assert (link["name"], link["expire_date"], link["member_limit"]) == (f"For {'x' * 28}", until, 5)
    assert (link["creator"]["id"], link["creates_join_request"], link["is_revoked"]) == (world.bot.id, False, False)
    other = await api("createChatInviteLink", chat_id=cast.group.id, creates_join_request=True)
    assert other["invite_link"] != link["invite_link"]
    assert other.keys().isdisjoint({"name", "expire_date", "member_limit", "pending_join_request_count"})


async def test_links_need_the_right_to_invite(api: Api, cast: Cast, world: World) -> None:
    world.say(cast.stranger, None, "/start")
    private = "400 Bad Request: can't invite members to a private chat"
    assert await api.refused("createChatInviteLink", chat_id=cast.stranger.id) == private
    refusal = "400 Bad Request: not enough rights to manage chat invite link"
    world.promote(world.bot, cast.group, without=["can_invite_users"])
    assert await api.refused("createChatInviteLink", chat_id=cast.group.id) == refusal
    world.demote(world.bot, cast.group)
    assert await api.refused("revokeChatInviteLink", chat_id=cast.group.id, invite_link="x") == refusal
    refusal = "400 Bad Request: not enough rights to manage chat join requests"
    assert await api.refused("approveChatJoinRequest", chat_id=cast.group.id, user_id=cast.stranger.id) == refusal


async def test_impossible_terms_are_refused(api: Api, cast: Cast) -> None:
    this = {"chat_id": cast.group.id}
    both = await api.refused("createChatInviteLink", **this, creates_join_request=True, member_limit=3)
    assert both == "400 Bad Request: member limit can't be specified for links requiring administrator approval"
    past = await api.refused("createChatInviteLink", **this, expire_date=int(NOW.timestamp()))
    assert past == "400 Bad Request: EXPIRE_DATE_INVALID"


async def test_only_own_and_standing_links_are_changed(api: Api, cast: Cast, world: World) -> None:
    this = {"chat_id": cast.group.id}
    theirs = world.invite_link(cast.group, cast.admin)
    expired = "400 Bad Request: INVITE_HASH_EXPIRED"
    assert (
        await api.refused("revokeChatInviteLink", **this, invite_link=theirs) == "400 Bad Request: CHAT_ADMIN_REQUIRED"
    )
    assert await api.refused("revokeChatInviteLink", **this, invite_link="https://t.me/+x") == expired
    own = {"invite_link": (await api("createChatInviteLink", **this, name="Easter"))["invite_link"]}
    edited = await api("editChatInviteLink", **this, **own, creates_join_request=True)
    assert (edited["creates_join_request"], "name" in edited) == (True, False)
    assert (await api("revokeChatInviteLink", **this, **own))["is_revoked"] is True
    assert await api.refused("editChatInviteLink", **this, **own, name="b") == expired
    with pytest.raises(ValueError, match="has expired"):
        world.follow_invite(cast.stranger, own["invite_link"])


async def test_a_plain_link_lets_in_as_many_and_as_long_as_it_says(api: Api, cast: Cast, world: World) -> None:
    until = NOW + timedelta(hours=1)
    link = await api("createChatInviteLink", chat_id=cast.group.id, expire_date=int(until.timestamp()), member_limit=1)
    world.follow_invite(cast.stranger, link["invite_link"])
    member, message = await api("getUpdates")
    assert member["chat_member"]["new_chat_member"]["status"] == "member"
    assert (member["chat_member"]["from"]["id"], member["chat_member"]["invite_link"]) == (cast.stranger.id, link)
    assert "via_join_request" not in member["chat_member"]
    assert message["message"]["new_chat_members"][0]["id"] == cast.stranger.id
    other = world.person("Dora")
    with pytest.raises(ValueError, match="has expired"):
        world.follow_invite(other, link["invite_link"])
    world.leave(cast.stranger, cast.group)
    world.clock = lambda: until
    with pytest.raises(ValueError, match="has expired"):
        world.follow_invite(other, link["invite_link"])


async def test_a_request_comes_with_its_link_and_opens_the_direct_chat(api: Api, cast: Cast, world: World) -> None:
    link = await asked_by_link(api, world, cast)
    (update,) = await api("getUpdates")
    request = update["chat_join_request"]
    assert (request["chat"]["id"], request["from"]["id"]) == (cast.group.id, cast.stranger.id)
    assert (request["user_chat_id"], request["date"]) == (cast.stranger.id, int(NOW.timestamp()))
    assert (request["invite_link"]["invite_link"], request["invite_link"]["pending_join_request_count"]) == (link, 1)
    keyboard = {"inline_keyboard": [[{"text": "I agree", "callback_data": "agree"}]]}
    sent = await api("sendMessage", chat_id=cast.stranger.id, text="a", reply_markup=keyboard)
    tap = world.tap(cast.stranger, world.record.by_bot()[-1], "I agree")
    assert await api("answerCallbackQuery", callback_query_id=tap.id)
    world.clock = lambda: NOW + timedelta(minutes=5)
    first = "403 Forbidden: bot can't initiate conversation with a user"
    assert await api.refused("sendMessage", chat_id=cast.stranger.id, text="b") == first
    await api("editMessageText", chat_id=cast.stranger.id, message_id=sent["message_id"], text="b")


@pytest.mark.parametrize("answer", ["approveChatJoinRequest", "declineChatJoinRequest"])
async def test_an_answered_request_closes_the_direct_chat(api: Api, cast: Cast, world: World, answer: str) -> None:
    await asked_by_link(api, world, cast)
    assert await api(answer, chat_id=cast.group.id, user_id=cast.stranger.id) is True
    first = "403 Forbidden: bot can't initiate conversation with a user"
    assert await api.refused("sendMessage", chat_id=cast.stranger.id, text="a") == first


async def test_an_approved_person_is_in(bot: telegram.Bot, api: Api, cast: Cast, world: World) -> None:
    link = await asked_by_link(api, world, cast)
    assert await bot.approve_chat_join_request(cast.group.id, cast.stranger.id)
    _, member, message = await bot.get_updates()
    assert member.chat_member
    assert (member.chat_member.from_user.id, member.chat_member.new_chat_member.status) == (world.bot.id, "member")
    assert member.chat_member.invite_link
    assert (member.chat_member.invite_link.invite_link, member.chat_member.via_join_request) == (link, None)
    assert message.message
    assert message.message.from_user
    assert message.message.from_user.id == message.message.new_chat_members[0].id == cast.stranger.id
    with pytest.raises(BadRequest, match="User_already_participant"):
        await bot.approve_chat_join_request(cast.group.id, cast.stranger.id)


async def test_a_declined_person_is_not_in_and_may_ask_again(api: Api, cast: Cast, world: World) -> None:
    link = await asked_by_link(api, world, cast)
    this = {"chat_id": cast.group.id, "user_id": cast.stranger.id}
    assert await api("declineChatJoinRequest", **this)
    assert not cast.group.member(cast.stranger).present
    for method in ("approveChatJoinRequest", "declineChatJoinRequest"):
        assert await api.refused(method, **this) == "400 Bad Request: HIDE_REQUESTER_MISSING"
    world.follow_invite(cast.stranger, link)
    assert [list(update)[1] for update in await api("getUpdates")] == ["chat_join_request"] * 2


async def test_a_request_can_be_withdrawn_or_answered_by_an_admin_first(api: Api, cast: Cast, world: World) -> None:
    link = await asked_by_link(api, world, cast)
    this = {"chat_id": cast.group.id, "user_id": cast.stranger.id}
    world.withdraw_request(cast.stranger, cast.group)
    assert await api.refused("approveChatJoinRequest", **this) == "400 Bad Request: HIDE_REQUESTER_MISSING"
    world.follow_invite(cast.stranger, link)
    world.answer_request(cast.stranger, cast.group, by=cast.admin)
    assert await api.refused("approveChatJoinRequest", **this) == "400 Bad Request: USER_ALREADY_PARTICIPANT"
    assert await api.refused("declineChatJoinRequest", **this) == "400 Bad Request: HIDE_REQUESTER_MISSING"
    unknown = {"chat_id": cast.group.id, "user_id": 1}
    assert await api.refused("approveChatJoinRequest", **unknown) == "400 Bad Request: USER_ID_INVALID"


async def test_a_request_without_a_link_is_marked_as_such(api: Api, cast: Cast, world: World) -> None:
    with pytest.raises(ValueError, match="takes no requests"):
        world.ask_to_join(cast.stranger, cast.group)
    cast.group.join_by_request = True
    world.ask_to_join(cast.stranger, cast.group)
    await api("approveChatJoinRequest", chat_id=cast.group.id, user_id=cast.stranger.id)
    request, member, _ = await api("getUpdates")
    assert "invite_link" not in request["chat_join_request"]
    assert member["chat_member"]["via_join_request"] is True
    assert "invite_link" not in member["chat_member"]


async def test_another_admins_link_is_not_shown_whole(api: Api, cast: Cast, world: World) -> None:
    link = world.invite_link(cast.group, cast.admin, name="Choir", by_request=True)
    world.follow_invite(cast.stranger, link)
    shown = (await api("getUpdates"))[0]["chat_join_request"]["invite_link"]
    assert (shown["name"], shown["creator"]["id"]) == ("Choir", cast.admin.id)
    assert shown["invite_link"].endswith("...")
    assert not link.startswith(shown["invite_link"])
    assert link.startswith(shown["invite_link"].removesuffix("..."))
    with pytest.raises(ValueError, match="may not invite"):
        world.invite_link(cast.group, cast.member)


async def test_requests_are_told_only_to_those_who_may_invite_and_asked_for_them(
    bot: telegram.Bot, api: Api, cast: Cast, world: World
) -> None:
    link = (await api("createChatInviteLink", chat_id=cast.group.id, creates_join_request=True))["invite_link"]
    world.promote(world.bot, cast.group, without=["can_invite_users"])
    world.follow_invite(cast.stranger, link)
    world.promote(world.bot, cast.group)
    world.updates.allow(["message"])
    world.follow_invite(world.person("Dora"), link)
    assert await api("getUpdates") == []
    with pytest.raises(Forbidden, match="initiate conversation"):
        await bot.send_message(cast.stranger.id, "a")


async def test_every_change_of_members_is_told_with_who_did_it(api: Api, cast: Cast, world: World) -> None:
    world.updates.allow(["chat_member"])
    world.join(cast.stranger, cast.group)
    world.promote(cast.stranger, cast.group, without=["can_delete_messages"])
    world.demote(cast.stranger, cast.group)
    world.leave(cast.stranger, cast.group)
    world.remove(cast.member, cast.group)
    changes: list[Any] = [update["chat_member"] for update in await api("getUpdates")]
    assert [(c["from"]["id"], c["old_chat_member"]["status"], c["new_chat_member"]["status"]) for c in changes] == [
        (cast.stranger.id, "left", "member"),
        (cast.admin.id, "member", "administrator"),
        (cast.admin.id, "administrator", "member"),
        (cast.stranger.id, "member", "left"),
        (cast.admin.id, "member", "kicked"),
    ]
    assert changes[1]["new_chat_member"]["can_delete_messages"] is False


async def test_who_was_removed_stays_out(api: Api, cast: Cast, world: World) -> None:
    link = await asked_by_link(api, world, cast)
    world.remove(cast.member, cast.group)
    with pytest.raises(ValueError, match="can't join"):
        world.follow_invite(cast.member, link)
    with pytest.raises(ValueError, match="was removed"):
        world.join(cast.member, cast.group)
    (told,) = [u["message"] for u in await api("getUpdates") if "message" in u]
    assert (told["from"]["id"], told["left_chat_member"]["id"]) == (cast.admin.id, cast.member.id)


async def test_nobody_joins_or_asks_twice_from_within(server: RehearsalServer, cast: Cast, world: World) -> None:
    link = world.invite_link(cast.group, cast.admin)
    with pytest.raises(ValueError, match="can't join"):
        world.follow_invite(cast.member, link)
