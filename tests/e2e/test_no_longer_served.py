"""A group that was suspended, unsubscribed or left: its members get nothing more, in their direct chats either."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.domain.group import GroupState
from bot.rehearsal.faults import too_many
from bot.services.leaving import Leaving
from tests.e2e.conftest import (
    Scene,
    go_public,
    posted_in_a_basic_group,
    privately,
    release,
    suspend,
    tapped,
)
from tests.e2e.sample import HARBOUR, LIGHTHOUSE
from tests.e2e.stage import Stage
from tests.texts import WORDS

End = Callable[[Scene], Awaitable[None]]


async def by_the_operator(scene: Scene, *buttons: str) -> None:
    """The operator taps these buttons of the group's card."""
    stage = scene.stage
    await stage.ask(stage.operator, None, "/groups")
    card = stage.last(stage.world.private_chat(stage.operator))
    for button in ("Harbour prayer", *buttons):
        await stage.until(lambda button=button: any(each.startswith(button) for each in card.buttons))  # type: ignore[misc]
        await stage.tap(stage.operator, card, button)


async def suspended(scene: Scene) -> None:
    """By an operator."""
    await by_the_operator(scene, "Suspend")


async def removed(scene: Scene) -> None:
    """By an operator: the bot leaves."""
    await by_the_operator(scene, "Remove …", "Put all away and leave")


async def unsubscribed(scene: Scene) -> None:
    """By the group's admin."""
    await scene.stage.ask(scene.admin, scene.group, "/unsubscribe")


async def gone_public(scene: Scene) -> None:
    """Found out on the next day."""
    scene.stage.world.make_public(scene.group, "harbour")
    scene.stage.clock.instant += timedelta(days=1)
    await scene.stage.until(lambda: scene.stage.shows(scene.group, "not private any more"))


async def thrown_out(scene: Scene) -> None:
    """The bot, by the group's admin."""
    scene.stage.world.kick_bot(scene.group, by=scene.admin)


async def declined(scene: Scene) -> None:
    """When the bot was thrown out and added again."""
    stage = scene.stage
    asked = stage.world.private_chat(stage.operator)
    stage.world.kick_bot(scene.group, by=scene.admin)
    await stage.settled()
    stage.world.add_bot(scene.group, by=scene.admin, admin=True)
    await stage.until(lambda: "Decline" in stage.last(asked).buttons)
    await stage.tap(stage.operator, stage.last(asked), "Decline")


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (suspended, "direct.resting"),
        (unsubscribed, "direct.resting"),
        (gone_public, "direct.resting"),
        (removed, "direct.not_bound"),
        (thrown_out, "direct.not_bound"),
        (declined, "direct.not_bound"),
    ],
)
async def test_its_members_are_refused_in_direct_chats_by_command_and_by_an_old_button(
    posted: Scene, end: End, told: str
) -> None:
    stage, member = posted.stage, posted.member
    await privately(posted, member)
    direct = stage.world.private_chat(member)
    await stage.ask(member, None, "/region latin")
    short = stage.last(direct)
    assert short.buttons == ["Show Latin America"]
    await end(posted)
    await stage.settled()
    (group,) = await stage.app.groups.all()
    assert group.state is not GroupState.ACTIVE
    for command in ("/today", "/region latin", "/country peru", "/week", "/verse", "/prayed", "/mine", "/remind 20:30"):
        assert await stage.ask(member, None, command) == WORDS.html(told), command
    said = WORDS.plain(told.replace("direct.", "tap."))
    assert await stage.tap(member, short) == said
    for data in ("region:GLOBAL", "pray:1", "undo:1", "mine:2026-03"):
        assert await stage.tap_data(member, short, data) == said, data
    await stage.settled()
    assert not stage.world.record.holding(LIGHTHOUSE)
    assert not stage.shows(direct, HARBOUR)


async def test_a_button_in_a_direct_chat_says_what_the_bot_lacks_that_is_no_admin_any_more(posted: Scene) -> None:
    stage, member = posted.stage, posted.member
    await privately(posted, member)
    await stage.ask(member, None, "/region latin")
    short = stage.last(stage.world.private_chat(member))
    stage.world.demote(stage.world.bot, posted.group)
    assert await stage.tap(member, short) == WORDS.plain("tap.not_bound")
    stage.world.promote(stage.world.bot, posted.group)
    assert await stage.tap(member, short) == ""
    await stage.until(lambda: LIGHTHOUSE in short.text)


@pytest.mark.parametrize(
    ("end", "told"), [(suspended, "direct.resting"), (unsubscribed, "direct.resting"), (removed, "direct.not_bound")]
)
async def test_who_first_follows_its_link_then_hears_why_nothing_is_shown(posted: Scene, end: End, told: str) -> None:
    stage, stranger = posted.stage, posted.stage.world.person("Wanjiru")
    (post,) = stage.world.record.showing(HARBOUR, posted.group)
    url = next(button["url"] for row in post.keyboard for button in row if "url" in button)
    token = url.partition("start=")[2]
    await end(posted)
    await stage.settled()
    assert await stage.ask(posted.member, None, f"/start {token}") == WORDS.html(told)
    assert await stage.ask(stranger, None, f"/start {token}") == WORDS.html("direct.not_bound")


@pytest.mark.parametrize("end", [suspended, unsubscribed])
async def test_who_has_left_it_or_never_was_in_it_hears_nothing_of_it(posted: Scene, end: End) -> None:
    stage, former, stranger = posted.stage, posted.member, posted.stage.world.person("Wanjiru")
    await privately(posted, former)
    stage.world.leave(former, posted.group)
    await end(posted)
    await stage.settled()
    for person in (former, stranger):
        assert await stage.ask(person, None, "/today") == WORDS.html("direct.not_bound")


NEEDS_POSTING = ("/invite", "/invite ask", "/invite open", "/pause", "/pause 24 Dec", "/preview")


async def test_admins_of_a_group_that_suspended_itself_hear_how_to_mend_it(posted: Scene) -> None:
    stage = posted.stage
    await gone_public(posted)
    await stage.settled()
    for command in NEEDS_POSTING:
        assert await stage.ask(posted.admin, posted.group, command) == WORDS.html("group.is.suspended"), command
    assert await stage.ask(posted.admin, posted.group, "/unsubscribe") == WORDS.html("group.unsubscribed")
    for command in (*NEEDS_POSTING, "/unsubscribe", "/resume"):
        assert await stage.ask(posted.admin, posted.group, command) == WORDS.html("group.not_subscribed"), command


async def test_a_suspended_group_shows_no_next_request(scene: Scene) -> None:
    stage = scene.stage
    assert "Next request: Mon 2 Mar 07:30" in await stage.ask(scene.admin, scene.group, "/settings")
    await go_public(scene)
    assert "Next request: none" in await stage.ask(scene.admin, scene.group, "/settings")
    assert "Next: none" in await stage.ask(stage.operator, None, "/groups")
    card = stage.last(stage.world.private_chat(stage.operator))
    assert "Next: none" in await tapped(stage, stage.operator, card, "Harbour prayer")


async def test_what_stands_can_be_put_away_after_an_operator_let_the_group_go_on(posted: Scene) -> None:
    stage = posted.stage
    await suspend(posted)
    await release(posted)
    assert stage.shows(posted.group, HARBOUR)
    assert await stage.ask(posted.admin, posted.group, "/unsubscribe") == WORDS.html("group.put_away")
    await stage.until(lambda: not stage.shows(posted.group, HARBOUR))
    await stage.settled()
    assert await stage.ask(posted.admin, posted.group, "/unsubscribe") == WORDS.html("group.not_subscribed")


async def test_admins_of_a_group_that_waits_hear_that_it_does(stage: Stage) -> None:
    admin = stage.world.person("Amina")
    group = stage.world.group("Harbour prayer", admins=[admin])
    stage.world.add_bot(group, by=admin, admin=True)
    await stage.until(lambda: stage.shows(group, "asked to approve"))
    for command in (*NEEDS_POSTING, "/invite off", "/unsubscribe", "/subscribe", "/resume"):
        assert await stage.ask(admin, group, command) == WORDS.html("group.not_approved"), command


@pytest.mark.parametrize(("end", "told"), [(suspended, "tap.unknown"), (unsubscribed, "tap.resting")])
async def test_an_old_button_in_the_group_shows_nothing(posted: Scene, end: End, told: str) -> None:
    stage = posted.stage
    await stage.ask(posted.member, posted.group, "/region latin")
    short = stage.last(posted.group)
    assert short.buttons == ["Show Latin America"]
    await end(posted)
    await stage.settled()
    assert await stage.tap(posted.member, short) == WORDS.plain(told)
    await stage.settled()
    assert not stage.world.record.holding(LIGHTHOUSE)


async def test_a_group_that_became_a_supergroup_is_left_when_its_older_posts_are_put_away(stage: Stage) -> None:
    group, admin = await posted_in_a_basic_group(stage)
    upgraded = stage.world.upgrade(group)
    await stage.settled()
    held = stage.server.faults.add(too_many(1), method="editMessageText", chat=group, times=1)
    await removed(Scene(stage, upgraded, admin, admin))
    await held.met()
    await stage.until(lambda: stage.shows(upgraded, WORDS.plain("group.removed")))
    await stage.settled()
    await stage.app.groups.announce()
    await Leaving(stage.app.store, stage.app.messenger, stage.clock.now).leave()
    assert upgraded.member(stage.world.bot).present
    stage.clock.advance(seconds=2)
    await stage.until(lambda: not upgraded.member(stage.world.bot).present)
    assert not stage.shows(group, HARBOUR)
