"""How a group begins: its admin adds the bot, the operator approves it, the admin subscribes and sets the hour."""

from datetime import timedelta

from bot.demo.cast import Group
from bot.demo.screen import Screen
from bot.demo.speeches import speeches
from bot.demo.stage import Stage
from bot.demo.stillness import still
from bot.demo.tempo import Tempo


async def join(group: Group, stage: Stage, screen: Screen, tempo: Tempo) -> None:
    """Take one group the whole way. Raises DemoError where the bot gets stuck."""
    world, place = stage.world, group.place
    # As an admin: else Telegram doesn't tell the bot who is a member or an admin there.
    world.add_bot(group.chat, by=group.admin, admin=True)
    screen.did(group.local, place.name, place.admin, f"adds the bot to “{place.title}”")
    await still(stage)
    await tempo.line_read()
    asked = world.record.showing(place.title, world.private_chat(stage.operator))
    world.tap(stage.operator, asked[-1], "Approve")
    screen.did(group.local, place.name, f"{stage.operator.first_name}, the operator,", "is asked, and taps Approve")
    await still(stage)
    await tempo.line_read()
    await command(group, stage, "/subscribe", f"/timezone {place.zone}", f"/time {place.at:%H:%M}")
    screen.said(group.local, place.name, place.admin, f"/subscribe, /timezone {place.zone}, /time {place.at:%H:%M}")
    screen.answered(speeches(world.record, group.chat)[-1].text)
    await tempo.heading_read()


async def command(group: Group, stage: Stage, *commands: str) -> None:
    """The admin sends commands, one a minute."""
    for text in commands:
        stage.clock.step([stage.clock.now() + timedelta(minutes=1)])
        stage.world.say(group.admin, group.chat, text)
        await still(stage)
