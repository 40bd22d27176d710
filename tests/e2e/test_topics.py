"""Where in a forum the day's message goes, and what an admin is shown of it before."""

import re
from datetime import timedelta

import pytest

from bot.domain.group import QuietDay
from bot.domain.post import PostState
from bot.rehearsal.chats import Topic
from tests.e2e.conftest import MONDAY_DUE, Scene
from tests.e2e.sample import HARBOUR, LIGHTHOUSE, VERSE
from tests.texts import WORDS


@pytest.fixture
async def prayer(scene: Scene) -> Topic:
    """A forum's topic into which the posts go."""
    scene.group.forum = True
    topic = scene.stage.world.topic(scene.group, "Prayer")
    scene.stage.world.say(scene.admin, scene.group, "/topic here", topic=topic)
    await scene.stage.until(lambda: scene.stage.shows(scene.group, "in their topic"))
    await scene.stage.settled()
    return topic


async def posted(scene: Scene, text: str, day: int = 0) -> None:
    """Wait until the post with this text stands, that many days after Monday."""
    scene.stage.clock.instant = MONDAY_DUE + timedelta(days=day)
    await scene.stage.until(lambda: scene.stage.shows(scene.group, text))
    await scene.stage.settled()


async def test_posts_go_into_the_topic_and_back_to_general(scene: Scene, prayer: Topic) -> None:
    stage = scene.stage
    assert stage.last(scene.group).thread_id == prayer.id, "answered where it was asked"
    await posted(scene, HARBOUR)
    assert stage.world.record.showing(HARBOUR)[0].thread_id == prayer.id
    stage.world.say(scene.admin, scene.group, "/topic general", topic=prayer)
    await stage.until(lambda: stage.shows(scene.group, "Topic: in General"))
    await posted(scene, LIGHTHOUSE, 1)
    assert stage.world.record.showing(LIGHTHOUSE)[0].thread_id is None


async def test_only_an_admin_chooses_the_topic(scene: Scene, prayer: Topic) -> None:
    stage, world = scene.stage, scene.stage.world
    assert "Only an admin" in await stage.ask(scene.member, scene.group, "/topic general")
    assert "/topic here" in await stage.ask(scene.admin, scene.group, "/topic there")
    group = await stage.app.groups.by_chat(scene.group.id)
    assert group is not None
    assert group.topic_id == prayer.id
    other = world.topic(scene.group, "Other")
    world.say(scene.admin, scene.group, "/settings", topic=other)
    await stage.until(lambda: stage.shows(scene.group, "State: subscribed"))
    (message,) = world.record.showing("State: subscribed", scene.group)
    assert message.thread_id == other.id
    for button in ("Topic", "This topic"):
        await stage.tap(scene.admin, message, button)
    assert "Topic: in their topic" in message.text
    group = await stage.app.groups.by_chat(scene.group.id)
    assert group is not None
    assert group.topic_id == other.id


@pytest.mark.parametrize(("act", "reason"), [("close_topic", "topic_closed"), ("delete_topic", "topic_gone")])
async def test_a_topic_that_cannot_be_written_to_is_told_in_general_once(
    scene: Scene, prayer: Topic, act: str, reason: str
) -> None:
    stage, world = scene.stage, scene.stage.world
    world.promote(world.bot, scene.group, without=["can_manage_topics"])  # who may write in a closed topic otherwise
    getattr(world, act)(scene.group, prayer)
    told = WORDS.html(f"group.{reason}")
    for day in (0, 1):
        stage.clock.instant = MONDAY_DUE + timedelta(days=day)
        await stage.settled()
        await stage.until(lambda: stage.shows(scene.group, told))
        assert await stage.outcome(scene.group) == (PostState.REFUSED, reason)
    (message,) = world.record.showing(told)
    assert message.thread_id is None
    assert not world.record.holding(HARBOUR)
    await stage.ask(scene.admin, scene.group, "/topic general")
    await posted(scene, "brickyard", 2)


@pytest.mark.parametrize("act", ["close_topic", "delete_topic"])
async def test_what_is_no_post_comes_in_general_while_the_topic_cannot_be_written_to(
    scene: Scene, prayer: Topic, act: str
) -> None:
    stage, world, group = scene.stage, scene.stage.world, scene.group
    await stage.ask(scene.admin, group, "/checkup")
    await stage.ask(scene.admin, group, "/invite")
    (url,) = re.findall(r"https://t\.me/\+\w+", stage.last(group).text)
    world.promote(world.bot, group, without=["can_manage_topics"])  # who may write in a closed topic otherwise
    getattr(world, act)(group, prayer)
    await stage.app.round.soon(group.id)  # no update tells of a deleted topic: its hourly look comes now
    await stage.until(lambda: stage.shows(group, "is closed to me"))
    newcomer, member = world.person("Carol"), world.person("David")
    world.follow_invite(newcomer, url)
    await stage.until(lambda: stage.shows(world.private_chat(newcomer), "they stay here"))
    await stage.tap(newcomer, stage.last(world.private_chat(newcomer)), "I agree")
    world.join(member, group)
    await stage.handled()
    stage.clock.advance(minutes=5)
    await stage.until(lambda: stage.shows(group, "Welcome to all"))
    await stage.app.schedule.stop(10)
    for _ in range(2):
        await stage.app.round.soon(group.id)
        await stage.app.round.look()
    for text in ("is closed to me", "asks to come in", "Welcome to all"):
        (message,) = world.record.showing(text, group)
        assert message.thread_id is None


async def test_an_answer_comes_in_the_topic_in_which_it_was_asked(scene: Scene, prayer: Topic) -> None:
    stage = scene.stage
    await posted(scene, HARBOUR)
    other = stage.world.topic(scene.group, "Other")
    stage.world.say(scene.member, scene.group, "/region latin", topic=other)
    await stage.until(lambda: "Show Latin America" in stage.last(scene.group).buttons)
    await stage.tap(scene.member, stage.last(scene.group))
    await stage.until(lambda: stage.shows(scene.group, LIGHTHOUSE))
    assert stage.world.record.showing(LIGHTHOUSE)[0].thread_id == other.id


async def test_a_quiet_day_brings_a_verse_without_a_sound(scene: Scene) -> None:
    stage = scene.stage
    group = await stage.app.groups.by_chat(scene.group.id)
    assert group is not None
    await stage.app.groups.wish(group, quiet_day=QuietDay.VERSE, silent=True)
    async with stage.app.store.writing() as stored:
        await stored.plan.clear([MONDAY_DUE.date()])
    await posted(scene, "Nothing new is planned")
    (message,) = stage.world.record.showing(VERSE.text)
    assert message.silent
    assert "Tue 3 Mar · Latin America" in message.text
    stage.clock.advance(hours=2)
    await stage.settled()
    assert len(stage.world.record.showing(VERSE.text)) == 1
    assert await stage.outcome(scene.group) == (PostState.SKIPPED, "nothing_planned")
    await posted(scene, LIGHTHOUSE, 1)
    assert stage.world.record.showing(LIGHTHOUSE)[0].silent


async def test_an_admin_is_shown_the_next_request_in_the_direct_chat(scene: Scene) -> None:
    stage, world = scene.stage, scene.stage.world
    assert await stage.ask(scene.admin, scene.group, "/preview") == WORDS.html("setup.preview_how")
    world.follow(scene.admin, stage.last(scene.group), "Open privately")
    direct = world.private_chat(scene.admin)
    await stage.until(lambda: stage.shows(direct, "Welcome"))
    assert "The request of Mon 2 Mar is in your direct chat" in await stage.ask(scene.admin, scene.group, "/preview")
    (shown,) = world.record.showing(HARBOUR)
    assert shown.chat is direct
    assert (shown.chat.id, shown.id) in await stage.known_copies(), "it can be taken back"
    await posted(scene, HARBOUR)
    assert "Tue 3 Mar" in await stage.ask(scene.admin, scene.group, "/preview")
    assert stage.shows(direct, LIGHTHOUSE)


async def test_an_admin_is_told_that_a_preview_needs_the_bot_to_be_one_too(scene: Scene) -> None:
    stage, world = scene.stage, scene.stage.world
    await stage.ask(scene.admin, scene.group, "/preview")
    world.follow(scene.admin, stage.last(scene.group), "Open privately")
    await stage.until(lambda: stage.shows(world.private_chat(scene.admin), "Welcome"))
    world.demote(world.bot, scene.group)
    assert await stage.ask(scene.admin, scene.group, "/preview") == WORDS.html("setup.preview_no_admin")
    assert not world.record.holding(HARBOUR)
    world.promote(world.bot, scene.group)
    assert "The request of Mon 2 Mar is in your direct chat" in await stage.ask(scene.admin, scene.group, "/preview")


async def test_no_preview_for_whoever_may_not(scene: Scene) -> None:
    stage, world = scene.stage, scene.stage.world
    assert "Only an admin" in await stage.ask(scene.member, scene.group, "/preview")
    assert "works in your group" in await stage.ask(scene.admin, None, "/preview")
    world.promote(scene.member, scene.group, anonymous=True)
    assert await stage.ask(scene.member, scene.group, "/preview") == WORDS.html("setup.preview_anonymous")
    async with stage.app.store.writing() as stored:
        await stored.plan.clear([MONDAY_DUE.date() + timedelta(days=day) for day in range(14)])
    assert await stage.ask(scene.admin, scene.group, "/preview") == WORDS.html("setup.preview_none")
    assert not world.record.holding(HARBOUR)
