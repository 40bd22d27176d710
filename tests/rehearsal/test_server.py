import telegram

from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World


async def test_a_bot_is_added_writes_edits_and_is_tapped(
    world: World, server: RehearsalServer, bot: telegram.Bot
) -> None:
    amina, brian = world.person("Amina"), world.person("Brian")
    group = world.group("Nairobi prayer", admins=[amina], members=[brian])
    world.add_bot(group, by=amina)
    world.say(amina, group, "/time 07:30")
    world.say(brian, group, "nothing that a bot in privacy mode sees")

    updates = await bot.get_updates(timeout=1, allowed_updates=telegram.Update.ALL_TYPES)

    assert [u.to_dict().keys() - {"update_id"} for u in updates] == [{"my_chat_member"}, {"message"}, {"message"}]
    assert updates[2].message and updates[2].message.parse_entities() != {}
    chat = await bot.get_chat(group.id)
    assert chat.title == "Nairobi prayer" and not chat.username
    button = telegram.InlineKeyboardButton("I prayed", callback_data="m:1")
    sent = await bot.send_message(
        group.id, "<b>Be still</b> 🙏", parse_mode="HTML", reply_markup=telegram.InlineKeyboardMarkup([[button]])
    )
    assert sent.text == "Be still 🙏"
    assert sent.entities[0].length == 8
    tap = world.tap(brian, world.record.by_bot(group)[0], "I prayed")
    (update,) = await bot.get_updates(offset=updates[-1].update_id + 1)
    assert update.callback_query
    await update.callback_query.answer("Thank you")
    assert (await tap.answered()).text == "Thank you"
    edited = await sent.edit_text("Be still.")
    assert isinstance(edited, telegram.Message)
    assert edited.reply_markup is None
    assert [v.text.text for v in world.record.by_bot(group)[0].versions] == ["Be still 🙏", "Be still."]
