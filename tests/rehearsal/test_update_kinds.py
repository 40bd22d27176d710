"""Every kind of update, compared with the published API."""

import pytest
import telegram

from bot.rehearsal.world import World
from tests.rehearsal.conftest import Cast
from tests.rehearsal.published import faults_of, needs_schema


@needs_schema
async def test_every_kind_of_update_is_as_published(
    cast: Cast, world: World, bot: telegram.Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    world.updates.allow(telegram.Update.ALL_TYPES)
    forum = world.group("Forum", admins=[cast.admin], forum=True)
    world.add_bot(forum, by=cast.admin, admin=True)
    topic = world.topic(forum, "Prayer")
    said = world.say(cast.admin, forum, "<hello>", topic=topic)
    world.edit(said, "/hello")
    world.close_topic(forum, topic)
    world.reopen_topic(forum, topic)
    world.join(cast.stranger, forum)
    world.promote(cast.stranger, forum, anonymous=True)
    spoken = [world.say(cast.stranger, forum, "hello")]
    world.react(cast.stranger, spoken[0])
    world.leave(cast.stranger, forum)
    world.follow_invite(cast.member, world.invite_link(forum, cast.admin, by_request=True, expires=2**31))
    world.answer_request(cast.member, forum, by=cast.admin)
    world.react(cast.member, spoken[0], "👍")
    world.unreact(cast.member, spoken[0])
    spoken.append(world.share_location(cast.member, forum, -1.3, 36.8))
    world.set_auto_delete(forum, 86400)
    small = world.group("Small", admins=[cast.admin], kind="group")
    world.add_bot(small, by=cast.admin)
    world.upgrade(small)
    channel = world.group("News", kind="channel")
    world.add_bot(channel, by=world.owner(channel))
    spoken.append(world.say(world.owner(channel), channel, "hello"))
    spoken.append(world.say(cast.admin, forum, "hello", channel=channel))
    for message in spoken:
        world.forward(cast.member, message, None)
    world.say(cast.member, None, "/start")
    world.block_bot(cast.member)
    world.unblock_bot(cast.member)
    button = telegram.InlineKeyboardButton("I prayed", callback_data="m")
    markup = telegram.InlineKeyboardMarkup([[button]])
    sent = await bot.send_message(cast.group.id, "a", reply_markup=markup)
    message = world.record.by_bot()[-1]
    world.tap(cast.member, message)
    await sent.delete()
    world.tap_data(cast.member, message, "m")
    world.mute_bot(cast.group)
    world.kick_bot(cast.group)

    waiting = await world.updates.get(0, 100, 0)

    assert faults_of("Array of Update", waiting, "updates") == []
    parsed = await bot.get_updates()
    assert [update.update_id for update in parsed] == [update["update_id"] for update in waiting]
    assert not any(update.api_kwargs for update in parsed)
    query = parsed[-3].callback_query
    assert query
    assert query.message
    assert not query.message.is_accessible
