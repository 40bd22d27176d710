from datetime import UTC, datetime, timedelta

import pytest

from bot.rehearsal.world import World
from tests.rehearsal.conftest import Api, Cast

NOT_MODIFIED = (
    "400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
KEYBOARD = {"inline_keyboard": [[{"text": "I prayed", "callback_data": "m:1"}]]}


async def test_the_bot_knows_itself(api: Api, world: World) -> None:
    me = await api("getMe")
    assert (me["id"], me["is_bot"], me["can_read_all_group_messages"]) == (world.bot.id, True, False)


async def test_a_message_shows_all_that_was_asked_for(api: Api, cast: Cast) -> None:
    sent = await api(
        "sendMessage",
        chat_id=cast.group.id,
        text="<b>Be still</b>",
        parse_mode="HTML",
        protect_content=True,
        disable_notification=True,
        link_preview_options={"is_disabled": True},
        reply_markup=KEYBOARD,
    )
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 8}]
    assert sent["has_protected_content"] is True
    assert sent["link_preview_options"] == {"is_disabled": True}
    assert sent["reply_markup"] == KEYBOARD


async def test_other_keyboards_are_not_echoed(api: Api, cast: Cast) -> None:
    sent = await api("sendMessage", chat_id=cast.group.id, text="a", reply_markup={"remove_keyboard": True})
    assert "reply_markup" not in sent


async def test_a_reply_shows_what_it_answers(api: Api, cast: Cast, world: World) -> None:
    asked = world.say(cast.admin, cast.group, "/week")
    sent = await api("sendMessage", chat_id=cast.group.id, text="a", reply_parameters={"message_id": asked.id})
    assert sent["reply_to_message"]["text"] == "/week"


async def test_a_reply_to_nothing_is_refused_unless_allowed(api: Api, cast: Cast) -> None:
    lost = {"message_id": 999}
    refused = await api.refused("sendMessage", chat_id=cast.group.id, text="a", reply_parameters=lost)
    assert refused == "400 Bad Request: message to be replied not found"
    lost_but = lost | {"allow_sending_without_reply": True}
    assert "reply_to_message" not in await api(
        "sendMessage", chat_id=cast.group.id, text="a", reply_parameters=lost_but
    )


async def test_an_edit_without_markup_drops_the_keyboard(api: Api, cast: Cast) -> None:
    sent = await api("sendMessage", chat_id=cast.group.id, text="a", reply_markup=KEYBOARD)
    edited = await api("editMessageText", chat_id=cast.group.id, message_id=sent["message_id"], text="b")
    assert "reply_markup" not in edited
    assert edited["edit_date"] >= edited["date"]


async def test_an_unchanged_edit_is_not_modified(api: Api, cast: Cast) -> None:
    sent = await api("sendMessage", chat_id=cast.group.id, text="<b>a</b>", parse_mode="HTML", reply_markup=KEYBOARD)
    this = {"chat_id": cast.group.id, "message_id": sent["message_id"]}
    same = this | {"text": "<strong>a</strong> ", "parse_mode": "HTML", "reply_markup": KEYBOARD}
    assert await api.refused("editMessageText", **same) == NOT_MODIFIED
    assert await api.refused("editMessageReplyMarkup", **this, reply_markup=KEYBOARD) == NOT_MODIFIED
    await api("editMessageText", **same | {"parse_mode": None, "text": "a"})  # the entities differ
    await api("editMessageReplyMarkup", **this)
    assert await api.refused("editMessageReplyMarkup", **this) == NOT_MODIFIED


async def test_a_keyboard_alone_changes_without_the_text(api: Api, cast: Cast) -> None:
    sent = await api("sendMessage", chat_id=cast.group.id, text="a", reply_markup=KEYBOARD)
    more = {"inline_keyboard": [[{"text": "I prayed · 1", "callback_data": "m:1"}]]}
    edited = await api(
        "editMessageReplyMarkup", chat_id=cast.group.id, message_id=sent["message_id"], reply_markup=more
    )
    assert (edited["text"], edited["reply_markup"]) == ("a", more)


async def test_only_own_messages_are_edited(api: Api, cast: Cast, world: World) -> None:
    said = world.say(cast.member, cast.group, "hello")
    this = {"chat_id": cast.group.id, "text": "b"}
    assert (
        await api.refused("editMessageText", **this, message_id=said.id) == "400 Bad Request: message can't be edited"
    )
    assert await api.refused("editMessageText", **this, message_id=99) == "400 Bad Request: message to edit not found"
    assert await api.refused("editMessageText", **this) == "400 Bad Request: message to edit not found"
    assert await api.refused("editMessageText", text="b") == "400 Bad Request: message identifier is not specified"
    assert await api.refused("editMessageText", chat_id=1, message_id=1) == "400 Bad Request: message text is empty"


async def test_an_edit_has_no_age_limit_and_a_deletion_48_hours(api: Api, cast: Cast, world: World) -> None:
    now = datetime(2030, 1, 1, tzinfo=UTC)
    world.clock = lambda: now
    sent = await api("sendMessage", chat_id=cast.group.id, text="a")
    this = {"chat_id": cast.group.id, "message_id": sent["message_id"]}
    world.clock = lambda: now + timedelta(hours=48, seconds=1)
    assert await api.refused("deleteMessage", **this) == "400 Bad Request: message can't be deleted"
    await api("editMessageText", **this, text="b")
    world.clock = lambda: now + timedelta(hours=48)
    assert await api("deleteMessage", **this) is True
    assert await api.refused("deleteMessage", **this) == "400 Bad Request: message to delete not found"
    assert await api.refused("editMessageText", **this, text="c") == "400 Bad Request: message to edit not found"


async def test_others_messages_are_deleted_by_an_admin_only(api: Api, cast: Cast, world: World) -> None:
    said = world.say(cast.member, cast.group, "hello")
    this = {"chat_id": cast.group.id, "message_id": said.id}
    assert await api.refused("deleteMessage", **this) == "400 Bad Request: message can't be deleted"
    world.promote(world.bot, cast.group)
    assert await api("deleteMessage", **this)


async def test_a_deleted_message_is_not_shown_in_replies(api: Api, cast: Cast, world: World) -> None:
    sent = await api("sendMessage", chat_id=cast.group.id, text="a")
    answer = world.say(cast.member, cast.group, "amen", reply_to=world.record.by_bot()[0])
    await api("deleteMessage", chat_id=cast.group.id, message_id=sent["message_id"])
    assert "reply_to_message" not in answer.as_json()


async def test_the_bot_leaves_once(api: Api, cast: Cast, world: World) -> None:
    assert await api("leaveChat", chat_id=cast.group.id) is True
    gone = "403 Forbidden: bot is not a member of the supergroup chat"
    assert await api.refused("leaveChat", chat_id=cast.group.id) == gone
    assert await api.refused("sendMessage", chat_id=cast.group.id, text="a") == gone
    (update,) = await api("getUpdates")
    assert update["my_chat_member"]["new_chat_member"]["status"] == "left"
    assert update["my_chat_member"]["from"]["id"] == world.bot.id


async def test_a_private_chat_cannot_be_left(api: Api, cast: Cast, world: World) -> None:
    world.say(cast.member, None, "/start")
    assert "private chats" in await api.refused("leaveChat", chat_id=cast.member.id)


async def test_members_are_shown_to_an_admin_bot(api: Api, cast: Cast, world: World) -> None:
    this = {"chat_id": cast.group.id}
    assert await api.refused("getChatMember", **this, user_id=cast.member.id) == "400 Bad Request: CHAT_ADMIN_REQUIRED"
    assert (await api("getChatMember", **this, user_id=world.bot.id))["status"] == "member"
    world.promote(world.bot, cast.group)
    standing = {p: (await api("getChatMember", **this, user_id=p.id))["status"] for p in world.people.values()}
    assert standing == {cast.admin: "creator", cast.member: "member", cast.stranger: "left"}
    assert await api.refused("getChatMember", **this, user_id=1) == "400 Bad Request: PARTICIPANT_ID_INVALID"
    assert await api.refused("getChatMember", **this, user_id="") == "400 Bad Request: invalid user_id specified"


async def test_members_may_be_visible_to_all_bots_by_switch(api: Api, cast: Cast, world: World) -> None:
    world.switches.members_visible = True
    assert (await api("getChatMember", chat_id=cast.group.id, user_id=cast.member.id))["status"] == "member"


async def test_members_of_a_group_are_always_visible(api: Api, cast: Cast, world: World) -> None:
    group = world.group("Small", members=[cast.member], kind="group")
    world.add_bot(group, by=world.owner(group))
    assert (await api("getChatMember", chat_id=group.id, user_id=cast.member.id))["status"] == "member"
    assert await api.refused("getChatMember", chat_id=group.id, user_id=1) == "400 Bad Request: user not found"


async def test_members_of_a_channel_are_hidden(api: Api, world: World, cast: Cast) -> None:
    channel = world.group("News", kind="channel")
    world.make_public(channel, "news")
    refused = await api.refused("getChatMember", chat_id="@news", user_id=cast.member.id)
    assert refused == "400 Bad Request: member list is inaccessible"


async def test_every_standing_has_its_form(api: Api, cast: Cast, world: World) -> None:
    other = world.person("Dora")
    world.promote(other, cast.group, anonymous=True)
    world.promote(world.bot, cast.group)
    admins = await api("getChatAdministrators", chat_id=cast.group.id)
    assert {(a["user"]["first_name"], a["status"], a["is_anonymous"]) for a in admins} == {
        ("Amina", "creator", False),
        ("Dora", "administrator", True),
        ("Vigil", "administrator", False),
    }
    world.mute_bot(cast.group)
    assert (await api("getChatMember", chat_id=cast.group.id, user_id=world.bot.id))["status"] == "restricted"


async def test_a_private_chat_has_no_admins(api: Api, cast: Cast, world: World) -> None:
    world.say(cast.member, None, "/start")
    refused = await api.refused("getChatAdministrators", chat_id=cast.member.id)
    assert refused == "400 Bad Request: there are no administrators in the private chat"
    assert (await api("getChatMember", chat_id=cast.member.id, user_id=cast.member.id))["status"] == "member"


async def test_typing_is_shown(api: Api, cast: Cast) -> None:
    assert await api("sendChatAction", chat_id=cast.group.id, action="typing") is True
    refused = await api.refused("sendChatAction", chat_id=cast.group.id, action="praying")
    assert refused == "400 Bad Request: wrong parameter action in request"


async def test_there_is_no_webhook(api: Api, cast: Cast, world: World) -> None:
    world.say(cast.member, cast.group, "/week")
    assert (await api("getWebhookInfo"))["pending_update_count"] == 1
    assert await api("deleteWebhook", drop_pending_updates=True) is True
    assert (await api("getWebhookInfo"))["pending_update_count"] == 0


async def test_parse_mode_and_entities_together_are_refused(api: Api, cast: Cast) -> None:
    bold = [{"type": "bold", "offset": 0, "length": 1}]
    refused = await api.refused("sendMessage", chat_id=cast.group.id, text="a", parse_mode="HTML", entities=bold)
    assert "both parse_mode and entities" in refused


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
async def test_bad_html_is_refused(api: Api, cast: Cast, method: str) -> None:
    more = {"message_id": 1} if method == "editMessageText" else {}
    refused = await api.refused(method, chat_id=cast.group.id, text="<b>a", parse_mode="HTML", **more)
    assert refused == "400 Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\""
