"""A group in which the bot may not write for a time: it misses its request, and hears why when it can."""

from bot.domain.group import GroupState
from tests.e2e.conftest import MONDAY_DUE, Scene, stored
from tests.e2e.sample import LIGHTHOUSE
from tests.texts import WORDS

WHY = WORDS.plain("group.is.suspended")


async def suspended(scene: Scene) -> int:
    """Monday's request is refused there, and so is the word about it; how often something was refused."""
    stage = scene.stage
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: refusals(scene) > 1)
    await stage.settled()
    assert (await stored(stage, scene.group)).state is GroupState.SUSPENDED
    return refusals(scene)


def refusals(scene: Scene) -> int:
    """How often Telegram has refused to send something there."""
    return len([call for call in scene.stage.world.record.calls_of("sendMessage", scene.group) if call.error])


async def test_a_group_that_was_locked_hears_within_an_hour_how_it_goes_on(scene: Scene) -> None:
    stage = scene.stage
    stage.world.demote(stage.world.bot, scene.group)
    await stage.settled()
    scene.group.members_may_write = False
    refused = await suspended(scene)
    stage.clock.advance(minutes=59)
    for _ in range(3):
        await stage.app.groups.announce()
    assert refusals(scene) == refused, "asked no more than once an hour"
    scene.group.members_may_write = True  # no update tells
    stage.clock.advance(minutes=1)
    await stage.until(lambda: stage.shows(scene.group, WHY))
    assert "Welcome back" in await stage.ask(scene.admin, scene.group, "/resume")
    stage.clock.instant = MONDAY_DUE.replace(day=3)
    await stage.until(lambda: stage.shows(scene.group, LIGHTHOUSE))
    assert len(stage.world.record.showing(WHY, scene.group)) == 1


async def test_a_group_that_lets_the_bot_write_again_hears_at_once_how_it_goes_on(scene: Scene) -> None:
    stage = scene.stage
    stage.world.mute_bot(scene.group)
    await stage.settled()
    await suspended(scene)
    stage.world.unmute_bot(scene.group)
    await stage.until(lambda: stage.shows(scene.group, WHY))
