"""The door, with everything that can happen to a call. The rehearsal server's record is the judge."""

from datetime import timedelta

import pytest

from bot.domain.post import PostState
from bot.domain.regions import Region
from bot.rehearsal.faults import Fault, cut_off, delay_reply, drop_reply, extra_field, fail, html, refuse, too_many
from tests.e2e.conftest import MONDAY_DUE, Scene
from tests.e2e.sample import HARBOUR, LIGHTHOUSE, publish
from tests.e2e.stage import Stage


async def judge(stage: Stage, text: str = HARBOUR) -> None:
    """The request stands once, and never in a message that the ledger doesn't know."""
    assert len(stage.world.record.showing(text)) == 1
    assert {(each.chat.id, each.id) for each in stage.world.record.holding(text)} <= await stage.known_copies()


DISTURBANCES = {
    "reply lost": drop_reply(),
    "body cut off": cut_off(),
    "connection broken before": refuse(),
    "done, but answered 502": fail(502, acts=True),
    "not done, and answered 500": fail(500, acts=False),
    "a page instead of JSON": html(504, acts=True),
    "a field nobody knows": extra_field(),
    "asked for patience": too_many(1),
}


async def in_the_digest(stage: Stage, words: str) -> None:
    """Wait for the operators' digest of Monday, which says this."""
    stage.clock.instant = MONDAY_DUE.replace(hour=18, minute=0)
    await stage.until(lambda: stage.shows(stage.world.private_chat(stage.operator), words))


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText", "getChat"])
@pytest.mark.parametrize("fault", DISTURBANCES.values(), ids=list(DISTURBANCES))
async def test_a_disturbed_call_neither_doubles_nor_loses_the_request(scene: Scene, method: str, fault: Fault) -> None:
    stage = scene.stage
    before = len(stage.world.record.by_bot(scene.group))
    planned = stage.server.faults.add(fault, method=method, chat=scene.group, times=1)
    stage.clock.instant = MONDAY_DUE
    stage.app.schedule.wake()
    await planned.met()
    await stage.settled()
    # Long enough for an open whose outcome is unknown, and for the patience that was asked for.
    stage.clock.advance(seconds=61)
    await stage.until(lambda: stage.shows(scene.group, HARBOUR))
    await stage.settled()
    await judge(stage)
    bare = len(stage.world.record.by_bot(scene.group)) - before - 1
    assert bare <= (1 if method == "sendMessage" else 0)


async def test_a_request_is_shown_whole_protected_and_escaped(scene: Scene) -> None:
    stage = scene.stage
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(scene.group, HARBOUR))
    (post,) = stage.world.record.showing(HARBOUR)
    assert "Amos 5:24" in post.versions[0].text.text
    assert HARBOUR not in post.versions[0].text.text
    assert "harbour team & its <first> hearing" in post.text
    assert post.protected
    assert post.buttons == ["🙏 I prayed · 0", "Open privately"]
    await stage.settled()
    await judge(stage)


async def test_a_long_request_goes_in_parts_and_only_the_first_has_the_button(stage: Stage) -> None:
    points = [f"{name}: " + "pray for the invented harbour. " * 100 for name in ("Zero", "One", "Two")]
    await publish(stage.app.store, stage.clock, {Region.GLOBAL: points, Region.SOUTH_ASIA: ("Short.",)})
    group = await stage.subscribed("Harbour prayer", stage.world.person("Amina"))
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(group, "Two:"))
    parts = [message for message in stage.world.record.by_bot(group) if message.ever_held(HARBOUR)]
    assert len(parts) == 3
    assert [bool(part.buttons) for part in parts] == [True, False, False]
    assert ["Zero:" in parts[0].text, "One:" in parts[1].text, "Two:" in parts[2].text] == [True, True, True]
    assert "2/3" in parts[1].versions[0].text.text


async def test_a_tap_while_opening_makes_the_tapped_message_the_posts_own(scene: Scene) -> None:
    stage = scene.stage
    before = len(stage.world.record.calls_of("sendMessage", scene.group))
    lost = stage.server.faults.add(drop_reply(), method="sendMessage", chat=scene.group, times=1)
    stage.clock.instant = MONDAY_DUE
    stage.app.schedule.wake()
    await lost.met()
    await stage.settled()
    bare = stage.last(scene.group)
    await stage.tap(scene.member, bare)
    await stage.until(lambda: HARBOUR in bare.text)
    await stage.settled()
    assert bare.buttons[0].endswith("1")
    assert len(stage.world.record.calls_of("sendMessage", scene.group)) == before + 1
    await judge(stage)


async def test_a_tap_on_a_stray_verse_counts_and_removes_it(scene: Scene) -> None:
    stage = scene.stage
    lost = stage.server.faults.add(drop_reply(), method="sendMessage", chat=scene.group, times=1)
    stage.clock.instant = MONDAY_DUE
    stage.app.schedule.wake()
    await lost.met()
    await stage.settled()
    stray = stage.last(scene.group)
    stage.clock.advance(seconds=61)
    await stage.until(lambda: stage.shows(scene.group, HARBOUR))
    assert "first to pray" in await stage.tap(scene.member, stray)
    await stage.until(lambda: stray.deleted is not None)
    (post,) = stage.world.record.showing(HARBOUR)
    await stage.until(lambda: post.buttons[0].endswith("1"))
    await judge(stage)


async def test_an_open_that_is_never_heard_of_ends_after_two_repeats(scene: Scene) -> None:
    stage = scene.stage
    stage.server.faults.add(drop_reply(), method="sendMessage", chat=scene.group)
    stage.clock.instant = MONDAY_DUE
    for _ in range(4):
        await stage.settled()
        stage.clock.advance(seconds=61)
    assert await stage.outcome(scene.group) == (PostState.SKIPPED, "unknown_outcome")
    await in_the_digest(stage, "three times")
    assert not stage.world.record.holding(HARBOUR)


async def test_a_public_group_gets_nothing_and_the_operators_are_told_once(scene: Scene) -> None:
    stage = scene.stage
    stage.world.make_public(scene.group, "harbour")
    stage.clock.instant = MONDAY_DUE
    operators = stage.world.private_chat(stage.operator)
    await stage.until(lambda: stage.shows(operators, "public link"))
    assert await stage.outcome(scene.group) == (PostState.REFUSED, "public")
    await stage.until(lambda: stage.shows(scene.group, "/resume"))
    stage.clock.advance(days=1)
    stage.app.schedule.wake()
    await stage.settled()
    assert len(stage.world.record.showing("public link", operators)) == 1
    assert not stage.world.record.holding(HARBOUR)
    stage.world.make_private(scene.group)
    assert "Welcome back" in await stage.ask(scene.admin, scene.group, "/resume")
    stage.clock.advance(days=1)
    await stage.until(lambda: stage.shows(scene.group, "brickyard"))


async def test_a_group_made_public_after_opening_is_never_shown_the_request(scene: Scene) -> None:
    stage = scene.stage
    held = stage.server.faults.add(delay_reply(), method="sendMessage", chat=scene.group, times=1)
    stage.clock.instant = MONDAY_DUE
    stage.app.schedule.wake()
    await held.met()
    stage.world.make_public(scene.group, "harbour")
    held.release()
    await stage.until(lambda: stage.shows(stage.world.private_chat(stage.operator), "public link"))
    await stage.settled()
    assert await stage.outcome(scene.group) == (PostState.REFUSED, "public")
    assert not stage.world.record.holding(HARBOUR)


async def test_a_muted_or_removed_bot_refuses_with_a_reason(scene: Scene) -> None:
    stage = scene.stage
    stage.world.mute_bot(scene.group)
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(stage.world.private_chat(stage.operator), "may not write"))
    assert await stage.outcome(scene.group) == (PostState.REFUSED, "muted")


async def test_a_message_deleted_before_it_was_revealed_ends_the_post(scene: Scene) -> None:
    stage = scene.stage
    held = stage.server.faults.add(delay_reply(), method="sendMessage", chat=scene.group, times=1)
    stage.clock.instant = MONDAY_DUE
    stage.app.schedule.wake()
    await held.met()
    stage.world.delete(stage.last(scene.group))
    held.release()
    await stage.settled()
    assert await stage.outcome(scene.group) == (PostState.SKIPPED, "message_lost")
    await in_the_digest(stage, "deleted before")


async def test_a_group_upgraded_before_its_hour_gets_its_post_under_the_new_id(stage: Stage) -> None:
    await publish(stage.app.store, stage.clock)
    group = await stage.subscribed("Harbour prayer", stage.world.person("Amina"), kind="group")
    upgraded = stage.world.upgrade(group)
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(upgraded, HARBOUR))
    await stage.settled()
    await judge(stage)
    stage.clock.advance(days=1)
    await stage.until(lambda: stage.shows(upgraded, LIGHTHOUSE))


async def test_too_late_is_skipped_and_told(scene: Scene) -> None:
    stage = scene.stage
    stage.clock.instant = MONDAY_DUE
    stage.clock.advance(hours=7)
    await stage.settled()
    assert await stage.outcome(scene.group) == (PostState.SKIPPED, "late")
    await in_the_digest(stage, "its time was over")
    stage.clock.instant = MONDAY_DUE + timedelta(days=1)
    await stage.until(lambda: stage.shows(scene.group, LIGHTHOUSE))
    assert not stage.world.record.holding(HARBOUR)


async def test_another_hour_on_the_same_day_brings_no_second_post(scene: Scene) -> None:
    stage = scene.stage
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(scene.group, HARBOUR))
    assert "Tue 3 Mar at 09:00" in await stage.ask(scene.admin, scene.group, "/time 09:00")
    assert "Tue 3 Mar" in await stage.ask(scene.admin, scene.group, "/timezone Pacific/Auckland")
    stage.clock.advance(hours=3)
    stage.app.schedule.wake()
    await stage.settled()
    await judge(stage)
