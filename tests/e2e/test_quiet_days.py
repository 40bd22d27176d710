"""A day for which nothing is planned: a verse and the week's regions, or nothing, as an admin chose by button."""

from datetime import timedelta

from bot.domain.post import PostState
from bot.rehearsal.chats import Chat
from tests.e2e.conftest import MONDAY_DUE, Scene
from tests.e2e.sample import HARBOUR, LIGHTHOUSE, VERSE

QUIET = "Nothing new is planned"
SKIPPED = (PostState.SKIPPED, "nothing_planned")


async def nothing_planned(scene: Scene, *days: int) -> None:
    """Leave these days, counted from Monday, without a request."""
    async with scene.stage.app.store.writing() as stored:
        await stored.plan.clear([MONDAY_DUE.date() + timedelta(days=day) for day in days])


async def day_comes(scene: Scene, day: int) -> None:
    """The hour of the post comes, that many days after Monday."""
    scene.stage.clock.instant = MONDAY_DUE + timedelta(days=day)
    await scene.stage.settled()


async def choose(scene: Scene, button: str) -> None:
    """The admin taps a button of the settings."""
    await scene.stage.ask(scene.admin, scene.group, "/settings")
    await scene.stage.tap(scene.admin, scene.stage.last(scene.group), button)


def quiet_days(scene: Scene, chat: Chat | None = None) -> int:
    """How many quiet days' messages came there."""
    return len(scene.stage.world.record.showing(QUIET, chat or scene.group))


async def test_a_quiet_day_brings_what_was_chosen_by_button_and_nothing_before_that(scene: Scene) -> None:
    stage = scene.stage
    await nothing_planned(scene, 0, 1, 2)
    before = len(stage.world.record.by_bot(scene.group))
    await day_comes(scene, 0)
    assert len(stage.world.record.by_bot(scene.group)) == before
    assert await stage.outcome(scene.group) == SKIPPED
    await choose(scene, "Quiet days: a verse")
    await day_comes(scene, 1)
    await stage.until(lambda: stage.shows(scene.group, QUIET))
    (message,) = stage.world.record.showing(QUIET, scene.group)
    assert VERSE.text in message.text
    assert VERSE.reference in message.text
    assert "Thu 5 Mar · Asia Pacific\nFri 6 Mar · Global" in message.text
    await choose(scene, "Quiet days: nothing")
    before = len(stage.world.record.by_bot(scene.group))
    await day_comes(scene, 2)
    assert len(stage.world.record.by_bot(scene.group)) == before
    assert await stage.outcome(scene.group) == SKIPPED
    assert quiet_days(scene) == 1
    await day_comes(scene, 3)
    await stage.until(lambda: stage.shows(scene.group, "ferry"))


async def test_a_member_does_not_choose_what_a_quiet_day_brings(scene: Scene) -> None:
    stage = scene.stage
    await nothing_planned(scene, 0)
    await stage.ask(scene.admin, scene.group, "/settings")
    said = await stage.tap(scene.member, stage.last(scene.group), "Quiet days: a verse")
    assert said == "Only an admin of this group can do this."
    await day_comes(scene, 0)
    assert await stage.outcome(scene.group) == SKIPPED
    assert quiet_days(scene) == 0


async def test_a_group_that_strangers_can_see_gets_no_word_on_a_quiet_day(scene: Scene) -> None:
    stage = scene.stage
    other = await stage.subscribed("Lighthouse prayer", stage.world.person("Carol"))
    await nothing_planned(scene, 0)
    await choose(scene, "Quiet days: a verse")
    await stage.ask(stage.world.owner(other), other, "/settings")
    await stage.tap(stage.world.owner(other), stage.last(other), "Quiet days: a verse")
    stage.world.make_public(scene.group, "harbour_prayer")
    await day_comes(scene, 0)
    await stage.until(lambda: quiet_days(scene, other) == 1)
    await stage.until(lambda: stage.shows(scene.group, "not private any more"))
    await stage.settled()
    assert await stage.outcome(scene.group) == (PostState.REFUSED, "public")
    await day_comes(scene, 1)
    await stage.until(lambda: stage.shows(other, LIGHTHOUSE))
    assert not stage.world.record.holding(VERSE.text, scene.group)
    assert not stage.world.record.holding(HARBOUR)
