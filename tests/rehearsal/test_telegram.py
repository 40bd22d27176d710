"""What python-telegram-bot, the library the bot uses, makes of every answer."""

import pytest
import telegram
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken

from bot.rehearsal.api import METHODS
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from tests.rehearsal.conftest import Cast

KEYBOARD = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("I prayed", callback_data="m:1")]])


async def test_every_method_answers_what_the_library_accepts(
    bot: telegram.Bot, server: RehearsalServer, cast: Cast, world: World
) -> None:
    world.promote(world.bot, cast.group)
    world.make_public(cast.group, "nairobi")
    cast.group.community = "Valley"
    assert (await bot.get_me()).username == world.bot.username
    assert await bot.delete_webhook(drop_pending_updates=True)
    assert not (await bot.get_webhook_info()).url

    shown = await bot.get_chat("@nairobi")
    assert (shown.id, shown.username, shown.api_kwargs["community"]["name"]) == (cast.group.id, "nairobi", "Valley")
    assert (await bot.get_chat_member(cast.group.id, cast.admin.id)).status == "creator"
    admins = await bot.get_chat_administrators(cast.group.id)
    assert {type(admin) for admin in admins} == {telegram.ChatMemberOwner, telegram.ChatMemberAdministrator}

    said = world.say(cast.member, cast.group, "/week")
    assert await bot.send_chat_action(cast.group.id, "typing")
    sent = await bot.send_message(
        cast.group.id,
        "<blockquote expandable>Be still</blockquote> 🙏 <a href='https://t.me/x?start=1'>open</a>",
        parse_mode="HTML",
        link_preview_options=telegram.LinkPreviewOptions(is_disabled=True),
        protect_content=True,
        disable_notification=True,
        reply_parameters=telegram.ReplyParameters(said.id),
        reply_markup=KEYBOARD,
    )
    assert [sent.parse_entity(entity) for entity in sent.entities] == ["Be still", "open"]
    assert sent.reply_to_message
    world.tap(cast.member, world.record.by_bot()[0])
    message, tapped = await bot.get_updates(timeout=1, allowed_updates=telegram.Update.ALL_TYPES)
    assert message.message
    assert list(message.message.parse_entities(["bot_command"]).values()) == ["/week"]
    assert tapped.callback_query
    assert await tapped.callback_query.answer("Thank you", show_alert=True)
    assert isinstance(await sent.edit_text("b", reply_markup=None), telegram.Message)
    assert isinstance(await sent.edit_reply_markup(KEYBOARD), telegram.Message)
    assert await sent.delete()

    scope = telegram.BotCommandScopeChatAdministrators(cast.group.id)
    assert await bot.set_my_commands([("week", "The week")], scope=scope, language_code="en")
    assert [command.command for command in await bot.get_my_commands(scope, "en")] == ["week"]
    assert await bot.delete_my_commands(scope, "en")
    link = await bot.create_chat_invite_link(cast.group.id, name="Choir", creates_join_request=True)
    link = await bot.edit_chat_invite_link(cast.group.id, link, name="Easter", creates_join_request=True)
    world.follow_invite(cast.stranger, link.invite_link)
    assert await bot.decline_chat_join_request(cast.group.id, cast.stranger.id)
    world.follow_invite(cast.stranger, link.invite_link)
    assert await bot.approve_chat_join_request(cast.group.id, cast.stranger.id)
    assert (await bot.revoke_chat_invite_link(cast.group.id, link)).is_revoked
    assert await bot.delete_messages(cast.group.id, [said.id])
    assert await bot.leave_chat(cast.group.id)
    assert {call.method for call in world.record.calls} == METHODS.keys()


async def test_refusals_become_the_librarys_errors(
    bot: telegram.Bot, server: RehearsalServer, cast: Cast, world: World
) -> None:
    small = world.group("Small", admins=[cast.admin], kind="group")
    world.add_bot(small, by=cast.admin)
    new = world.upgrade(small)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(small.id, "a")
    assert moved.value.new_chat_id == new.id
    with pytest.raises(Forbidden, match="initiate conversation"):
        await bot.send_message(cast.member.id, "a")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.get_chat(1)
    stranger = telegram.Bot("1:wrong", base_url=server.base_url)
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()
