"""A second opinion: another library's client, whose models are strict, must accept every answer."""

from collections.abc import AsyncIterator

import aiogram
import pytest
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramForbiddenError, TelegramMigrateToChat, TelegramRetryAfter
from aiogram.types import (
    BotCommand,
    BotCommandScopeChatMember,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)

from bot.rehearsal.api import METHODS
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from tests.rehearsal.conftest import TOKEN, Cast

KEYBOARD = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="I prayed", callback_data="m:1")]])


@pytest.fixture
async def aio(server: RehearsalServer) -> AsyncIterator[aiogram.Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(server.origin))
    async with aiogram.Bot(TOKEN, session=session) as bot:
        yield bot


async def test_every_method_answers_what_aiogram_accepts(
    aio: aiogram.Bot, server: RehearsalServer, cast: Cast, world: World
) -> None:
    world.promote(world.bot, cast.group)
    assert (await aio.get_me()).id == world.bot.id
    assert await aio.delete_webhook(drop_pending_updates=True)
    assert (await aio.get_webhook_info()).url == ""

    shown = await aio.get_chat(cast.group.id)
    assert (shown.title, shown.permissions and shown.permissions.can_send_messages) == ("Nairobi prayer", True)
    assert (await aio.get_chat_member(cast.group.id, cast.member.id)).status == "member"
    assert {admin.status for admin in await aio.get_chat_administrators(cast.group.id)} == {"creator", "administrator"}

    said = world.say(cast.member, cast.group, "/week")
    assert await aio.send_chat_action(cast.group.id, "typing")
    sent = await aio.send_message(
        cast.group.id,
        "<blockquote>Be still</blockquote> 🙏",
        parse_mode="HTML",
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        protect_content=True,
        reply_parameters=ReplyParameters(message_id=said.id),
        reply_markup=KEYBOARD,
    )
    assert sent.entities
    assert sent.entities[0].extract_from(sent.text or "") == "Be still"
    world.tap(cast.member, world.record.by_bot()[0])
    message, tapped = await aio.get_updates(timeout=1, allowed_updates=["message", "callback_query"])
    assert message.message
    assert tapped.callback_query
    assert await aio.answer_callback_query(tapped.callback_query.id, "Thank you")
    edited = await aio.edit_message_text("b", chat_id=cast.group.id, message_id=sent.message_id)
    assert isinstance(edited, Message)
    marked = await aio.edit_message_reply_markup(
        chat_id=cast.group.id, message_id=sent.message_id, reply_markup=KEYBOARD
    )
    assert isinstance(marked, Message)
    assert await aio.delete_message(cast.group.id, sent.message_id)

    scope = BotCommandScopeChatMember(chat_id=cast.group.id, user_id=cast.member.id)
    assert await aio.set_my_commands([BotCommand(command="week", description="The week")], scope=scope)
    assert [command.command for command in await aio.get_my_commands(scope=scope)] == ["week"]
    assert await aio.delete_my_commands(scope=scope)
    link = await aio.create_chat_invite_link(cast.group.id, name="Choir", creates_join_request=True)
    link = await aio.edit_chat_invite_link(cast.group.id, link.invite_link, name="Easter", creates_join_request=True)
    world.follow_invite(cast.stranger, link.invite_link)
    assert await aio.decline_chat_join_request(cast.group.id, cast.stranger.id)
    world.follow_invite(cast.stranger, link.invite_link)
    assert await aio.approve_chat_join_request(cast.group.id, cast.stranger.id)
    assert (await aio.revoke_chat_invite_link(cast.group.id, link.invite_link)).is_revoked
    assert await aio.delete_messages(cast.group.id, [said.id])
    assert await aio.leave_chat(cast.group.id)
    assert {call.method for call in world.record.calls} == METHODS.keys()


async def test_every_kind_of_update_and_standing_is_accepted(aio: aiogram.Bot, cast: Cast, world: World) -> None:
    kinds = ["message", "edited_message", "channel_post", "my_chat_member", "chat_member", "callback_query"]
    kinds += ["chat_join_request", "message_reaction"]
    world.updates.allow(kinds)
    forum = world.group("Forum", admins=[cast.admin], forum=True)
    world.add_bot(forum, by=cast.admin, admin=True)
    topic = world.topic(forum, "Prayer")
    world.edit(world.say(cast.admin, forum, "hello", topic=topic), "/hello")
    world.close_topic(forum, topic)
    world.join(cast.stranger, forum)
    world.promote(cast.stranger, forum, anonymous=True)
    world.say(cast.stranger, forum, "/hello")
    world.react(cast.stranger, world.say(cast.admin, forum, "hello"))
    world.remove(cast.stranger, forum)
    world.follow_invite(cast.member, world.invite_link(forum, cast.admin, by_request=True, name="Choir"))
    world.answer_request(cast.member, forum, by=cast.admin)
    world.share_location(cast.member, forum, -1.3, 36.8)
    world.set_auto_delete(forum, 86400)
    small = world.group("Small", admins=[cast.admin], kind="group")
    world.add_bot(small, by=cast.admin)
    world.upgrade(small)
    channel = world.group("News", kind="channel")
    world.add_bot(channel, by=world.owner(channel))
    post = world.say(world.owner(channel), channel, "hello")
    for message in (
        post,
        world.say(cast.admin, forum, "/week", channel=channel),
        world.say(cast.admin, forum, "/week"),
    ):
        world.forward(cast.member, message, None)
    world.say(cast.member, None, "/start")
    world.block_bot(cast.member)
    sent = await aio.send_message(cast.group.id, "a", reply_markup=KEYBOARD)
    message = world.record.by_bot()[-1]
    await sent.delete()
    world.tap_data(cast.member, message, "m:1")
    world.mute_bot(cast.group)
    world.kick_bot(cast.group)
    updates = await aio.get_updates()
    assert {update.event_type for update in updates} == set(kinds)


async def test_a_chat_with_all_its_facts_is_accepted(aio: aiogram.Bot, cast: Cast, world: World) -> None:
    group = cast.group
    group.location, group.linked_chat_id, group.community = "Market square", -1009, "Valley"
    group.active_usernames, group.description, group.auto_delete_seconds = ["name"], "Prayer", 86400
    group.join_by_request = group.protected = group.visible_history = True
    world.make_public(group, "nairobi")
    world.promote(world.bot, group)
    shown = await aio.get_chat("@nairobi")
    assert (shown.linked_chat_id, shown.has_visible_history, shown.active_usernames) == (
        -1009,
        True,
        ["nairobi", "name"],
    )
    world.say(cast.member, None, "/start")
    assert (await aio.get_chat(cast.member.id)).first_name == "Brian"


async def test_refusals_become_aiograms_errors(
    aio: aiogram.Bot, server: RehearsalServer, cast: Cast, world: World
) -> None:
    small = world.group("Small", admins=[cast.admin], kind="group")
    world.add_bot(small, by=cast.admin)
    new = world.upgrade(small)
    with pytest.raises(TelegramMigrateToChat) as moved:
        await aio.send_message(small.id, "a")
    assert moved.value.migrate_to_chat_id == new.id
    for _ in range(20):
        await aio.send_message(cast.group.id, "a")
    with pytest.raises(TelegramRetryAfter) as flooded:
        await aio.send_message(cast.group.id, "a")
    assert flooded.value.retry_after == 60
    world.kick_bot(cast.group)
    with pytest.raises(TelegramForbiddenError):
        await aio.send_message(cast.group.id, "a")
