"""Joining a private group: the link, the covenant, who is let in and by whom, and the greeting."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.rehearsal.chats import Chat
from bot.rehearsal.messages import Message
from bot.rehearsal.people import Person
from bot.rehearsal.server import RehearsalServer
from bot.rehearsal.world import World
from bot.services.messenger import NotNowError
from tests.clock import StandingClock
from tests.e2e.conftest import Scene, go_public, release, suspend
from tests.e2e.sample import HARBOUR, publish
from tests.e2e.stage import TOKEN, Stage, bot_running
from tests.stored import everything, stored_anywhere
from tests.texts import WORDS

SOON, DAY = timedelta(minutes=5), timedelta(hours=24)
TOO_OLD = "too old"
NO_REQUESTS = "I let nobody in while no requests come here"


async def link(scene: Scene, who_decides: str = "open") -> str:
    """The group's own link."""
    await scene.stage.ask(scene.admin, scene.group, f"/invite {who_decides}")
    said = await scene.stage.ask(scene.admin, scene.group, "/invite")
    found = re.search(r"https://t\.me/\+\w+", said)
    assert found, said
    return found[0]


async def unsubscribe(scene: Scene) -> None:
    await scene.stage.ask(scene.admin, scene.group, "/unsubscribe")


async def pause(scene: Scene) -> None:
    await scene.stage.ask(scene.admin, scene.group, "/pause")


async def hold_and_release(scene: Scene) -> None:
    await suspend(scene)
    await release(scene)


async def asks(scene: Scene, url: str, name: str = "Carol", language: str = "en") -> tuple[Person, Message]:
    """Somebody who opened the link, and the covenant that they were shown."""
    stage = scene.stage
    person = stage.world.person(name, language=language)
    stage.world.follow_invite(person, url)
    direct = stage.world.private_chat(person)
    await stage.until(lambda: bool(stage.world.record.by_bot(direct)))
    return person, stage.last(direct)


async def asked_about(scene: Scene) -> tuple[Person, Message]:
    """Somebody who agreed, and the question to the admins."""
    person, covenant = await asks(scene, await link(scene, "ask"))
    await scene.stage.tap(person, covenant, "I agree")
    await scene.stage.until(lambda: scene.stage.shows(scene.group, "asks to come in"))
    return person, scene.stage.last(scene.group)


def inside(person: Person, chat: Chat) -> bool:
    return chat.member(person).present


async def test_the_link_is_handed_on_by_a_button_that_holds_nothing_else(posted: Scene) -> None:
    url = await link(posted)
    assert posted.stage.last(posted.group).keyboard == [
        [{"text": WORDS.plain("button.share"), "url": f"https://t.me/share/url?url={quote(url, safe='')}"}]
    ]


async def test_who_agrees_to_the_covenant_is_let_in(scene: Scene) -> None:
    stage = scene.stage
    person, covenant = await asks(scene, await link(scene))
    assert "Harbour prayer" in covenant.text
    assert "people in danger: they stay here" in covenant.text
    assert not inside(person, scene.group)
    await stage.tap(person, covenant, "I agree")
    assert inside(person, scene.group)
    assert "welcome to “Harbour prayer”" in covenant.text
    assert covenant.buttons == []


async def test_the_covenant_is_in_the_language_of_who_asks(scene: Scene) -> None:
    person, covenant = await asks(scene, await link(scene), "Lucía", "es")
    assert "personas en peligro" in covenant.text
    await scene.stage.tap(person, covenant, "Acepto")
    assert inside(person, scene.group)


async def test_where_admins_are_asked_one_of_them_decides(scene: Scene) -> None:
    stage = scene.stage
    person, question = await asked_about(scene)
    assert person.first_name not in question.text
    assert "admins of “Harbour prayer” are being asked" in stage.last(stage.world.private_chat(person)).text
    assert not inside(person, scene.group)
    assert "Only an admin" in await stage.tap(scene.member, question, "Let in")
    assert not inside(person, scene.group)
    await stage.tap(scene.admin, question, "Let in")
    assert inside(person, scene.group)
    assert "was let in" in question.text
    assert question.buttons == []


async def test_where_the_admins_cannot_be_asked_now_nobody_is_told_that_they_are(scene: Scene) -> None:
    person, covenant = await asks(scene, await link(scene, "ask"))
    scene.stage.app.pace.hold(scene.group.id, NotNowError(300, demanded=True))
    assert await scene.stage.tap(person, covenant, "I agree") == WORDS.plain("tap.later")
    assert [version.text.text for version in covenant.versions] == [covenant.text]
    assert covenant.buttons == ["I agree"]


async def test_who_is_declined_stays_outside(scene: Scene) -> None:
    person, question = await asked_about(scene)
    await scene.stage.tap(scene.admin, question, "Decline")
    assert not inside(person, scene.group)
    assert "did not let in" in question.text
    assert scene.stage.world.invites.waiting(scene.group, person) is None


async def test_a_question_goes_after_a_day(scene: Scene) -> None:
    _, question = await asked_about(scene)
    scene.stage.clock.instant += DAY
    await scene.stage.until(lambda: question.deleted is not None)


async def test_where_several_wait_the_question_says_where_to_decide(scene: Scene) -> None:
    stage = scene.stage
    _, first = await asked_about(scene)
    person, covenant = await asks(scene, await link(scene, "ask"), "David")
    await stage.tap(person, covenant, "I agree")
    await stage.until(lambda: len(stage.world.record.showing("asks to come in", scene.group)) == 2)
    second = stage.last(scene.group)
    assert first.text == second.text, "nobody is named"
    assert "If several wait" in second.text


@pytest.mark.parametrize(
    ("end", "told"), [(suspend, "have suspended this group"), (go_public, NO_REQUESTS), (unsubscribe, NO_REQUESTS)]
)
async def test_a_group_that_is_not_served_any_more_shows_no_covenant_and_lets_nobody_in(
    scene: Scene, end: Callable[[Scene], Awaitable[None]], told: str
) -> None:
    stage, world = scene.stage, scene.stage.world
    waiting, question = await asked_about(scene)
    url = await link(scene)
    agreeing, covenant = await asks(scene, url, "David")
    await end(scene)
    asking = world.person("Esther")
    world.follow_invite(asking, url)
    await stage.handled()
    assert not world.record.by_bot(world.private_chat(asking))
    assert NO_REQUESTS in await stage.tap(agreeing, covenant, "I agree")
    assert told in await stage.tap(scene.admin, question, "Let in")
    for person in (waiting, agreeing, asking):
        assert not inside(person, scene.group)
        assert world.invites.waiting(scene.group, person) is not None


async def test_until_an_admin_says_otherwise_admins_are_asked(scene: Scene) -> None:
    assert "waits for an admin’s word" in await scene.stage.ask(scene.admin, scene.group, "/invite")


async def test_only_the_groups_own_admins_make_and_end_links(scene: Scene) -> None:
    stage, world = scene.stage, scene.stage.world
    anonymous, guest, former, stranger = (world.person(name) for name in ("Noor", "Tomás", "Lucía", "Wanjiru"))
    world.group("Lighthouse", admins=[guest])
    for person in (anonymous, guest, former):
        world.join(person, scene.group)
    world.promote(anonymous, scene.group, anonymous=True)
    world.leave(former, scene.group)
    await stage.handled()
    for command in ("/invite", "/invite off", "/invite open"):
        for person in (scene.member, guest):
            assert "Only an admin" in await stage.ask(person, scene.group, command)
        for person in (former, stranger):
            assert "works in your group" in await stage.ask(person, None, command)
    assert world.invites.link("https://t.me/+Rehearsal0000001") is None
    assert "https://t.me/+" in await stage.ask(anonymous, scene.group, "/invite")


async def test_a_link_that_was_ended_leads_nowhere(scene: Scene) -> None:
    stage = scene.stage
    first = await link(scene)
    person, covenant = await asks(scene, first)
    assert "leads nowhere" in await stage.ask(scene.admin, scene.group, "/invite off")
    with pytest.raises(ValueError, match="expired"):
        stage.world.follow_invite(stage.world.person("David"), first)
    assert TOO_OLD in await stage.tap(person, covenant, "I agree")
    assert not inside(person, scene.group)
    assert "no link to end" in await stage.ask(scene.admin, scene.group, "/invite off")
    assert await link(scene) != first


@pytest.mark.parametrize("end", [unsubscribe, pause, go_public, hold_and_release])
async def test_a_link_can_be_ended_also_where_no_requests_come(
    scene: Scene, end: Callable[[Scene], Awaitable[None]]
) -> None:
    stage, url = scene.stage, await link(scene)
    await end(scene)
    assert "leads nowhere" in await stage.ask(scene.admin, scene.group, "/invite off")
    with pytest.raises(ValueError, match="expired"):
        stage.world.follow_invite(stage.world.person("David"), url)
    assert "no link to end" in await stage.ask(scene.admin, scene.group, "/invite off")


async def test_a_wrong_word_behind_invite_gets_what_works(scene: Scene) -> None:
    assert "/invite off" in await scene.stage.ask(scene.admin, scene.group, "/invite everybody")


async def test_a_bot_without_the_right_says_which(scene: Scene) -> None:
    stage = scene.stage
    stage.world.promote(stage.world.bot, scene.group, without=["can_invite_users"])
    assert "Invite users via link" in await stage.ask(scene.admin, scene.group, "/invite")


@pytest.mark.parametrize("admin", [True, False])
async def test_a_bot_that_lost_the_right_shows_no_link(scene: Scene, admin: bool) -> None:
    stage, bot = scene.stage, scene.stage.world.bot
    url = await link(scene)
    stage.world.demote(bot, scene.group)
    if admin:
        stage.world.promote(bot, scene.group, without=["can_invite_users"])
    assert await stage.ask(scene.admin, scene.group, "/invite") == WORDS.plain("invite.no_right")
    stage.world.promote(bot, scene.group)
    assert await link(scene) == url


async def test_a_link_that_an_admin_revoked_in_telegrams_list_gives_way_to_a_new_one(scene: Scene) -> None:
    first = await link(scene)
    scene.stage.world.revoke_link(first, by=scene.admin)
    second = await link(scene)
    assert second != first
    person, covenant = await asks(scene, second)
    await scene.stage.tap(person, covenant, "I agree")
    assert inside(person, scene.group)
    await scene.stage.handled()
    assert "so far: 1" in await scene.stage.ask(scene.admin, scene.group, "/invite")


async def test_after_an_upgrade_the_group_has_a_link_of_its_own(stage: Stage) -> None:
    await publish(stage.app.store, stage.clock)
    admin = stage.world.person("Amina")
    group = await stage.subscribed("Harbour prayer", admin, kind="group")
    first = await link(Scene(stage, group, admin, admin))
    group = stage.world.upgrade(group)
    await stage.settled()
    scene = Scene(stage, group, admin, admin)
    second = await link(scene)
    assert second != first
    person, covenant = await asks(scene, second)
    await stage.tap(person, covenant, "I agree")
    assert inside(person, group)


async def test_a_bot_that_lost_the_right_lets_nobody_in_and_says_so(scene: Scene) -> None:
    stage = scene.stage
    person, covenant = await asks(scene, await link(scene))
    stage.world.promote(stage.world.bot, scene.group, without=["can_invite_users"])
    assert "may not let anybody in" in await stage.tap(person, covenant, "I agree")
    stage.world.promote(stage.world.bot, scene.group)
    await stage.tap(person, covenant, "I agree")
    assert inside(person, scene.group)


async def test_a_request_that_was_answered_meanwhile_is_said_to_be(scene: Scene) -> None:
    stage = scene.stage
    person, covenant = await asks(scene, await link(scene))
    stage.world.answer_request(person, scene.group, scene.admin, approve=False)
    assert "No such request" in await stage.tap(person, covenant, "I agree")
    assert not inside(person, scene.group)
    person, question = await asked_about(scene)
    stage.world.answer_request(person, scene.group, scene.admin)
    assert "was let in" not in question.text
    await stage.tap(scene.admin, question, "Let in")
    assert "was let in" in question.text


async def test_requests_by_other_links_are_left_to_the_admins(scene: Scene) -> None:
    stage, world = scene.stage, scene.stage.world
    await link(scene)
    theirs, person = world.invite_link(scene.group, scene.admin, by_request=True), world.person("Carol")
    world.follow_invite(person, theirs)
    await stage.handled()
    assert not world.record.by_bot(world.private_chat(person))
    assert world.invites.waiting(scene.group, person) is not None


async def test_forged_data_lets_nobody_in(scene: Scene) -> None:
    """A stranger whose request came by another link, and an admin of another group, with whatever data they like."""
    stage, world = scene.stage, scene.stage.world
    carol, covenant = await asks(scene, await link(scene))
    genuine = covenant.keyboard[0][0]["callback_data"]
    stranger = world.person("Wanjiru")
    await stage.ask(stranger, None, "/start")
    world.follow_invite(stranger, world.invite_link(scene.group, scene.admin, by_request=True))
    elsewhere = await stage.subscribed("Lighthouse", stranger)
    direct, there = stage.last(world.private_chat(stranger)), stage.last(elsewhere)
    number = genuine.split(":")[1]
    for data in (genuine, f"agree:{number}:{'A' * 16}", "agree:1:", f"agree:{number}", f"letin:{number}:{stranger.id}"):
        for message in (direct, there):
            assert TOO_OLD in await stage.tap_data(stranger, message, data)
    for person in (stranger, carol):
        assert not inside(person, scene.group)
        assert world.invites.waiting(scene.group, person) is not None


async def test_an_admins_forged_tap_under_a_post_or_the_settings_changes_nothing(posted: Scene) -> None:
    stage, scene = posted.stage, posted
    (other,) = stage.world.record.showing(HARBOUR, scene.group)
    person, question = await asked_about(scene)
    data = question.keyboard[0][0]["callback_data"]
    await stage.ask(scene.admin, scene.group, "/settings")
    screen = stage.last(scene.group)
    before = other.text, screen.text
    for message in (other, screen):
        assert TOO_OLD in await stage.tap_data(scene.admin, message, data)
    assert TOO_OLD in await stage.tap_data(scene.admin, question, data[:-1])
    assert (other.text, screen.text) == before
    assert not inside(person, scene.group)
    assert "asks to come in" in question.text


async def test_a_members_forged_tap_with_a_posts_data_takes_no_other_message_away(posted: Scene) -> None:
    stage, group = posted.stage, posted.group
    (post,) = stage.world.record.showing(HARBOUR, group)
    genuine = post.keyboard[0][0]["callback_data"]
    _, question = await asked_about(posted)
    await stage.ask(posted.admin, group, "/invite")
    invite = stage.last(group)
    await stage.ask(posted.admin, group, "/settings")
    said = (question, invite, stage.last(group))
    # What is stored from here on, a tap has stored.
    await stage.app.schedule.stop(10)
    await stage.handled()
    before, stored = [each.versions[-1] for each in said], await everything(stage.app.store)
    for message in said:
        assert TOO_OLD in await stage.tap_data(posted.member, message, genuine)
    await stage.handled()
    assert [each.versions[-1] for each in said if each.deleted is None] == before
    assert await everything(stage.app.store) == stored
    assert post.buttons[0] == "🙏 I prayed · 0"


async def test_uses_are_counted_and_no_names_kept(scene: Scene, tmp_path: Path) -> None:
    stage = scene.stage
    url = await link(scene)
    people = []
    for name in ("Carol", "David"):
        person, covenant = await asks(scene, url, name)
        await stage.tap(person, covenant, "I agree")
        people.append(person)
    person, _ = await asks(scene, url, "Esther")
    stage.world.answer_request(person, scene.group, scene.admin)
    joined = stage.world.person("Femi")
    stage.world.join(joined, scene.group)
    await stage.handled()
    assert "so far: 3" in await stage.ask(scene.admin, scene.group, "/invite")
    waiting, _ = await asked_about(scene)
    for each in (*people, person, joined, waiting):
        assert not stored_anywhere(tmp_path, each)
    stage.clock.instant += SOON
    await stage.until(lambda: stage.shows(scene.group, "Welcome to all"))
    await stage.handled()
    for each in (*people, person, joined, waiting):
        assert not stored_anywhere(tmp_path, each)


async def test_all_who_join_within_minutes_are_greeted_once_and_that_goes_after_a_day(scene: Scene) -> None:
    stage, world = scene.stage, scene.stage.world
    for name in ("Carol", "David"):
        world.join(world.person(name), scene.group)
    world.promote(scene.member, scene.group)
    world.set_member(scene.group, scene.group.member(scene.stage.world.other_bot("Clock", "clock_bot")), by=scene.admin)
    await stage.handled()
    assert not stage.shows(scene.group, "Welcome to all")
    stage.clock.instant += SOON
    await stage.until(lambda: stage.shows(scene.group, "Welcome to all"))
    await stage.handled()
    (greeting,) = world.record.showing("Welcome to all", scene.group)
    assert "they stay here" in greeting.text
    assert "/today" in greeting.text
    assert "Carol" not in greeting.text
    assert greeting.buttons == ["Open privately"]
    stage.clock.instant += DAY
    await stage.until(lambda: greeting.deleted is not None)


async def test_a_bot_that_is_no_admin_greets_too(scene: Scene) -> None:
    stage, world = scene.stage, scene.stage.world
    world.demote(world.bot, scene.group)
    world.join(world.person("Carol"), scene.group)
    await stage.handled()
    stage.clock.instant += SOON
    await stage.until(lambda: stage.shows(scene.group, "Welcome to all"))


async def test_other_bots_and_the_bot_itself_are_not_greeted(scene: Scene) -> None:
    stage, world = scene.stage, scene.stage.world
    world.join(world.other_bot("Clock", "clock_bot"), scene.group)
    world.add_bot(scene.group, by=scene.admin, admin=True)
    await stage.handled()
    async with stage.app.store.reading() as stored:
        assert await stored.greetings.due(stage.clock.instant + DAY) == []


async def test_nobody_is_greeted_in_a_group_that_waits_for_approval(stage: Stage) -> None:
    world, admin = stage.world, stage.world.person("Amina")
    group = world.group("Harbour prayer", admins=[admin])
    world.add_bot(group, by=admin, admin=True)
    await stage.until(lambda: stage.shows(group, "approve"))
    world.join(world.person("Carol"), group)
    await stage.handled()
    async with stage.app.store.reading() as stored:
        assert await stored.greetings.due(stage.clock.instant + DAY) == []
    assert not world.record.holding("Welcome to all")


async def test_nobody_is_greeted_in_a_suspended_group(scene: Scene) -> None:
    stage, world = scene.stage, scene.stage.world
    world.join(world.person("Carol"), scene.group)
    await stage.handled()
    await suspend(scene)
    stage.clock.instant += SOON
    await stage.app.vigil.greeting.sweep()
    world.join(world.person("David"), scene.group)
    await stage.handled()
    async with stage.app.store.reading() as stored:
        assert await stored.greetings.due(stage.clock.instant + DAY) == []
    assert not world.record.holding("Welcome to all")


async def test_a_greeting_comes_also_when_the_bot_was_restarted(tmp_path: Path) -> None:
    clock, database = StandingClock(), f"sqlite:///{tmp_path}/vigil.db"
    world = World(clock.now)
    world.limits.off()
    operator, admin = world.person("Operator"), world.person("Amina")
    async with RehearsalServer(world, token=TOKEN) as server:
        async with bot_running(server, database, clock, operator) as app:
            stage = Stage(world, server, app, clock, operator)
            world.say(operator, None, "/start")
            await stage.until(lambda: stage.shows(world.private_chat(operator), "operator"))
            await publish(app.store, clock)
            group = await stage.subscribed("Harbour prayer", admin)
            world.join(world.person("Carol"), group)
            await stage.handled()
        clock.instant += SOON
        assert not stage.shows(group, "Welcome to all")
        async with bot_running(server, database, clock, operator) as app:
            stage = Stage(world, server, app, clock, operator)
            await stage.until(lambda: stage.shows(group, "Welcome to all"))
            await stage.handled()
    assert len(world.record.showing("Welcome to all", group)) == 1
