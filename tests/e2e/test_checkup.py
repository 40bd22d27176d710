"""/checkup, and what a group's admins are told when something gets worse."""

from datetime import timedelta

from bot.rehearsal.chats import Chat
from tests.e2e.conftest import MONDAY_DUE, Scene
from tests.e2e.sample import HARBOUR
from tests.e2e.stage import Stage

HOUR = timedelta(hours=1)


def make_safe(group: Chat) -> None:
    """What an owner can do."""
    group.members_may_invite = False
    group.auto_delete_seconds = 604_800
    group.protected = True


async def checked_up(scene: Scene) -> str:
    """What /checkup answers in a group that it finds public, which is told so too, before it or after it."""
    already = len(scene.stage.world.record.by_bot(scene.group))
    await scene.stage.ask(scene.admin, scene.group, "/checkup")
    since = scene.stage.world.record.by_bot(scene.group)[already:]
    (answer,) = [message.text for message in since if "How this group keeps its requests safe" in message.text]
    return answer


async def test_an_admin_sees_what_each_thing_means_and_how_to_change_it(scene: Scene) -> None:
    scene.group.visible_history = True
    found = await scene.stage.ask(scene.admin, scene.group, "/checkup")
    for sentence in (
        "✓ Private",
        "✗ Any member may add others",
        "switch off “Add members”",
        "✗ Newcomers see everything",
        "✗ What members write about the requests stays",
        "✗ What members write here can be forwarded",
        "✓ I am an admin",
        "✓ I may invite",
    ):
        assert sentence in found
    make_safe(scene.group)
    scene.group.visible_history = False
    found = await scene.stage.ask(scene.admin, scene.group, "/checkup")
    assert "✗" not in found
    assert "? Whether every invite link needs" in found


async def test_a_bot_that_is_no_admin_says_what_it_cannot_see(scene: Scene) -> None:
    scene.stage.world.demote(scene.stage.world.bot, scene.group)
    found = await scene.stage.ask(scene.admin, scene.group, "/checkup")
    assert "? Whether newcomers see older messages" in found
    assert "✗ I am no admin" in found
    assert "✗ I may not invite" in found


async def test_a_public_group_is_told_so(scene: Scene) -> None:
    scene.stage.world.make_public(scene.group, "open_harbour")
    assert "✗ Not private: it has a public link" in await checked_up(scene)


async def test_where_who_asks_needs_an_admins_word_it_says_so(scene: Scene) -> None:
    scene.stage.world.make_public(scene.group, "open_harbour")  # of a private group Telegram doesn't tell it
    scene.group.join_by_request = True
    found = await checked_up(scene)
    assert "✓ Who asks to join needs an admin’s word" in found
    assert "Whether every invite link" not in found


async def test_of_a_basic_group_it_says_what_newcomers_still_see(scene: Scene) -> None:
    stage, admin = scene.stage, scene.stage.world.person("Carol")
    group = await stage.subscribed("Ferry prayer", admin, kind="group")
    found = await stage.ask(admin, group, "/checkup")
    assert "✗ Newcomers may see the last hundred messages" in found
    assert "makes it a supergroup" in found
    assert "Newcomers don’t see" not in found
    upgraded = stage.world.upgrade(group)
    await stage.handled()
    found = await stage.ask(admin, upgraded, "/checkup")
    assert "✓ Newcomers don’t see" in found
    assert "hundred" not in found


async def test_in_a_forum_it_is_seen_whether_the_bot_may_write(scene: Scene) -> None:
    scene.group.forum = True
    assert "✓ I may write in the topic" in await scene.stage.ask(scene.admin, scene.group, "/checkup")
    topic = scene.stage.world.topic(scene.group, "Talk")
    scene.stage.world.promote(scene.stage.world.bot, scene.group, without=["can_manage_topics"])
    scene.stage.world.close_topic(scene.group)
    scene.stage.world.say(scene.admin, scene.group, "/checkup", topic=topic)
    await scene.stage.until(lambda: scene.stage.shows(scene.group, "closed to me"))


async def test_only_the_groups_own_admins_may_look(scene: Scene) -> None:
    stage, world = scene.stage, scene.stage.world
    anonymous, guest, stranger = (world.person(name) for name in ("Noor", "Tomás", "Wanjiru"))
    world.group("Lighthouse", admins=[guest])
    for person in (anonymous, guest):
        world.join(person, scene.group)
    world.promote(anonymous, scene.group, anonymous=True)
    await stage.settled()
    assert "✓ Private" in await stage.ask(anonymous, scene.group, "/checkup")
    for person in (scene.member, guest):
        assert "Only an admin" in await stage.ask(person, scene.group, "/checkup")
    assert "works in your group" in await stage.ask(stranger, None, "/checkup")


async def checked(scene: Scene) -> Stage:
    """A group that is as safe as can be, and whose admin has seen that; today's post stands."""
    make_safe(scene.group)
    await scene.stage.ask(scene.admin, scene.group, "/checkup")
    scene.stage.clock.instant = MONDAY_DUE
    await scene.stage.until(lambda: scene.stage.shows(scene.group, HARBOUR))
    await scene.stage.settled()
    return scene.stage


async def look(stage: Stage, later: timedelta) -> None:
    """Let the round look at every group whose time has come by then; the schedule stands still."""
    stage.clock.instant += later
    await stage.app.round.look()


async def test_what_got_worse_is_told_after_the_next_post_and_once(scene: Scene) -> None:
    stage = await checked(scene)
    await stage.app.schedule.stop(10)
    scene.group.members_may_invite = True
    told = len(stage.world.record.by_bot(scene.group))
    await look(stage, timedelta(seconds=20))
    assert "Any member may add others" in stage.last(scene.group).text
    assert "switch off “Add members”" in stage.last(scene.group).text
    for _ in range(3):
        await look(stage, HOUR)
    assert len(stage.world.record.by_bot(scene.group)) == told + 1
    scene.group.members_may_invite = False
    await look(stage, HOUR)
    scene.group.members_may_invite = True
    await look(stage, HOUR)
    assert len(stage.world.record.by_bot(scene.group)) == told + 2


async def test_who_comes_by_a_link_without_approval_is_told_once_and_seen_in_the_checkup(scene: Scene) -> None:
    stage, world, group = await checked(scene), scene.stage.world, scene.group
    await stage.app.schedule.stop(10)
    said = "by an invite link that needs no admin’s approval"
    by_request, freely = (world.invite_link(group, scene.admin, by_request=each) for each in (True, False))
    carol = world.person("Carol")
    world.follow_invite(carol, by_request)
    world.answer_request(carol, group, scene.admin)
    await stage.handled()
    await stage.app.round.look()
    assert not stage.shows(group, said)
    for name in ("David", "Esther", "Femi"):
        world.follow_invite(world.person(name), freely)
        await stage.handled()
        await stage.app.round.look()
    assert len(world.record.showing(said, group)) == 1
    assert f"✗ Somebody came in {said}" in await stage.ask(scene.admin, group, "/checkup")


async def test_a_right_taken_from_the_bot_is_told_at_once(scene: Scene) -> None:
    stage = await checked(scene)
    stage.world.promote(stage.world.bot, scene.group, without=["can_invite_users"])
    await stage.until(lambda: stage.shows(scene.group, "I may not invite people"))
    stage.world.demote(stage.world.bot, scene.group)
    await stage.until(lambda: stage.shows(scene.group, "I am no admin"))
    await stage.settled()
    assert len(stage.world.record.showing("I may not invite people", scene.group)) == 1


async def test_a_timer_that_was_switched_off_is_told_at_once(scene: Scene) -> None:
    stage = await checked(scene)
    stage.world.set_auto_delete(scene.group, None)
    await stage.until(lambda: stage.shows(scene.group, "stays here for good"))


async def test_before_a_post_only_the_chat_itself_is_asked_for(scene: Scene) -> None:
    stage, calls = scene.stage, scene.stage.world.record.calls
    before = len(calls)
    await checked(scene)
    (reveal,) = [n for n, call in enumerate(calls) if call.method == "editMessageText"]
    asked = [call.method for call in calls[before:reveal] if call.method not in ("getUpdates", "sendMessage")]
    # The first two belong to /checkup and the question who its admins are.
    assert asked.count("getChatMember") == 1
    assert asked.count("sendChatAction") == 0
    assert stage.shows(scene.group, HARBOUR)
