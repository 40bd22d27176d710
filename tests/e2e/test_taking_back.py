"""Taking back, over HTTP. The rehearsal server's record is the judge: no text stands where it can be reached."""

from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from bot.domain.post import PostState
from bot.domain.regions import Region
from bot.rehearsal.faults import FOREVER, Fault, Reply, delay_request, drop_reply, fail, too_many
from bot.rehearsal.messages import Message
from bot.services.correcting import Correcting
from bot.services.telling import GATHERED
from tests.e2e.conftest import MONDAY_DUE, Scene, privately
from tests.e2e.sample import BRICKYARD, HARBOUR, LIGHTHOUSE, SUNDAY, bulletin, publish
from tests.e2e.stage import Stage
from tests.stored import MONDAY

WITHDRAWN = "Withdrawn, to protect"
PUT_AWAY = "This request was put away."


async def posted(scene: Scene) -> None:
    """The first post stands."""
    scene.stage.clock.instant = MONDAY_DUE
    await scene.stage.until(lambda: scene.stage.shows(scene.group, HARBOUR))
    await scene.stage.settled()


async def retract(stage: Stage, choice: str = "Africa", why: str = "danger") -> None:
    """The operator takes a request back, from the command to the reason."""
    direct = stage.world.private_chat(stage.operator)
    before = len(stage.world.record.by_bot(direct))
    stage.world.say(stage.operator, None, "/retract")

    # Notices may come into the same chat between the command and its question.
    def questions() -> list[tuple[Message, str]]:
        new = stage.world.record.by_bot(direct)[before:]
        return [(each, button) for each in new for button in each.buttons if choice in button]

    await stage.until(lambda: bool(questions()))
    question, request = questions()[0]
    await stage.tap(stage.operator, question, request)
    await stage.until(lambda: "Why?" in question.text)
    await stage.tap(stage.operator, question, next(each for each in question.buttons if why in each))


def receipt(stage: Stage) -> str:
    """What the receipt says now."""
    found = stage.world.record.showing("Messages changed:", stage.world.private_chat(stage.operator))
    return found[-1].text if found else ""


def edits(stage: Stage) -> Counter[int | str | None]:
    """How often texts were edited in each chat."""
    return Counter(call.chat_id for call in stage.world.record.calls_of("editMessageText"))


async def test_posts_and_answers_alike_become_tombstones_and_the_receipt_says_when_it_is_done(scene: Scene) -> None:
    stage = scene.stage
    other = await stage.subscribed("Mill prayer", stage.world.person("Carol"))
    await posted(scene)
    await stage.until(lambda: stage.shows(other, HARBOUR))
    (post,) = stage.world.record.showing(HARBOUR, scene.group)
    await stage.tap(scene.member, post)
    stage.world.follow(scene.member, post, "Open privately")
    direct = stage.world.private_chat(scene.member)
    await stage.until(lambda: stage.shows(direct, "Harbour prayer"))
    assert HARBOUR in await stage.shown(scene.member, None, "/today")
    await retract(stage)
    await stage.until(lambda: "3 of 3" in receipt(stage))
    assert not stage.world.record.showing(HARBOUR)
    assert WITHDRAWN in post.text and "1 prayed" in post.text and not post.buttons
    assert len(stage.world.record.holding(HARBOUR)) == 3
    chats = (scene.group.id, other.id, direct.id)
    for minutes in (1, 9, 50):
        before = edits(stage)
        stage.clock.advance(minutes=minutes)
        await stage.until(lambda before=before: all(edits(stage)[each] > before[each] for each in chats))  # type: ignore[misc]
        await stage.settled()  # when it is written next is stored after the call
    await stage.until(lambda: "Done." in receipt(stage))
    assert "too old" in await stage.tap_data(scene.member, post, "pray:1")
    assert await stage.outcome(scene.group) == (PostState.WITHDRAWN, "retracted")


async def test_only_editors_may_retract(scene: Scene) -> None:
    await posted(scene)
    said = await scene.stage.ask(scene.admin, None, "/retract")
    assert "don’t know" in said
    (post,) = scene.stage.world.record.showing(HARBOUR)
    assert "Only an editor" in await scene.stage.tap_data(scene.admin, post, "retract:1:danger")
    assert scene.stage.shows(scene.group, HARBOUR)


async def test_a_request_that_was_taken_back_before_its_day_is_not_posted(scene: Scene) -> None:
    await retract(scene.stage)
    scene.stage.clock.instant = MONDAY_DUE
    await scene.stage.settled()
    assert await scene.stage.outcome(scene.group) == (PostState.SKIPPED, "retracted")
    operator = scene.stage.world.private_chat(scene.stage.operator)
    assert not scene.stage.world.record.showing("A request was not posted", operator), "that is what they wanted"
    assert not scene.stage.world.record.holding(HARBOUR)


@pytest.mark.parametrize("method", ["getChat", "sendMessage", "editMessageText"])
async def test_a_retraction_while_a_call_of_the_post_is_on_its_way_leaves_no_text(scene: Scene, method: str) -> None:
    stage = scene.stage
    held = stage.server.faults.add(delay_request(), method=method, chat=scene.group, times=1)
    stage.clock.instant = MONDAY_DUE
    stage.app.schedule.wake()
    await held.met()
    await retract(stage)
    held.off()
    await stage.settled()
    await stage.until(lambda: "still being changed" not in receipt(stage) and bool(receipt(stage)))
    assert not stage.world.record.showing(HARBOUR)
    state, reason = await stage.outcome(scene.group)
    assert state in (PostState.WITHDRAWN, PostState.SKIPPED)
    assert reason == "retracted"


@pytest.mark.parametrize("status", [400, 403])
async def test_an_edit_that_telegram_refuses_after_the_retraction_changes_nothing_of_it(
    scene: Scene, status: int
) -> None:
    stage = scene.stage
    refusal = Fault("refused late", before=FOREVER, acts=False, reply=Reply.ERROR, status=status)
    held = stage.server.faults.add(refusal, method="editMessageText", chat=scene.group, times=1)
    stage.clock.instant = MONDAY_DUE
    stage.app.schedule.wake()
    await held.met()
    await retract(stage)
    await stage.until(lambda: bool(receipt(stage)))
    held.release()
    await stage.settled()
    assert await stage.outcome(scene.group) == (PostState.WITHDRAWN, "retracted")
    async with stage.app.store.reading() as stored:
        assert not await stored.notices.untold(of=GATHERED)
    assert not stage.shows(stage.world.private_chat(stage.operator), "was not posted")


async def test_an_edit_that_lands_after_its_client_gave_up_is_found_within_the_hour(scene: Scene) -> None:
    stage = scene.stage
    held = stage.server.faults.add(delay_request(), method="editMessageText", chat=scene.group, times=1)
    stage.clock.instant = MONDAY_DUE
    stage.app.schedule.wake()
    await held.met()
    await retract(stage)
    await stage.until(lambda: "1 of 1" in receipt(stage))
    # The bot has gone on; the request that was under way arrives only now.
    held.off()
    await stage.until(lambda: len(stage.world.record.holding(HARBOUR)) == 1)
    stage.clock.advance(minutes=1)
    await stage.until(lambda: not stage.world.record.showing(HARBOUR))


@pytest.mark.parametrize("fault", [drop_reply(), fail(502, acts=False), too_many(1)], ids=["lost", "502", "429"])
async def test_a_tombstone_that_is_disturbed_is_written_again(scene: Scene, fault: Fault) -> None:
    stage = scene.stage
    await posted(scene)
    met = stage.server.faults.add(fault, method="editMessageText", chat=scene.group, times=1)
    await retract(stage)
    await met.met()
    await stage.settled()
    stage.clock.advance(seconds=6)
    await stage.until(lambda: "1 of 1" in receipt(stage))
    assert not stage.world.record.showing(HARBOUR)


async def test_the_receipt_names_the_groups_that_can_not_be_reached_and_why(scene: Scene) -> None:
    stage = scene.stage
    others = [await stage.subscribed(title, stage.world.person(title), kind="group") for title in ("Mill", "Bakery")]
    await posted(scene)
    await stage.until(lambda: all(stage.shows(each, HARBOUR) for each in others))
    await stage.settled()
    stage.world.kick_bot(scene.group)
    stage.world.switches.edits_to_upgraded = False
    stage.world.upgrade(others[0])
    await stage.settled()
    await retract(stage)
    await stage.until(lambda: "1 of 3" in receipt(stage) and "still being" not in receipt(stage))
    assert "“Harbour prayer”: 1 (I was removed or blocked there)." in receipt(stage)
    assert "“Mill”: 1 (the group became a supergroup" in receipt(stage)
    assert not stage.shows(others[1], HARBOUR)


async def test_back_in_a_group_it_takes_back_what_it_could_not_reach(scene: Scene) -> None:
    stage = scene.stage
    await posted(scene)
    stage.world.kick_bot(scene.group)
    await retract(stage)
    await stage.until(lambda: "0 of 1" in receipt(stage) and "still being" not in receipt(stage))
    assert stage.shows(scene.group, HARBOUR)
    stage.world.add_bot(scene.group, by=scene.admin, admin=True)
    await stage.until(lambda: stage.shows(scene.group, WITHDRAWN))
    assert not stage.shows(scene.group, HARBOUR)


async def test_back_in_a_group_that_telegram_does_not_tell_of_it_takes_back_all_the_same_and_asks_later(
    scene: Scene,
) -> None:
    stage = scene.stage
    await posted(scene)
    stage.world.kick_bot(scene.group)
    await retract(stage)
    await stage.until(lambda: "0 of 1" in receipt(stage) and "still being" not in receipt(stage))
    direct = stage.world.private_chat(stage.operator)
    questions = len(stage.world.record.showing("Approve it?", direct))
    silent = stage.server.faults.add(fail(502), method="getChat", chat=scene.group)
    stage.world.add_bot(scene.group, by=scene.admin, admin=True)
    await stage.until(lambda: stage.shows(scene.group, WITHDRAWN))
    await silent.met()
    await stage.settled()
    assert len(stage.world.record.showing("Approve it?", direct)) == questions
    silent.off()
    stage.clock.advance(seconds=10)
    await stage.until(lambda: len(stage.world.record.showing("Approve it?", direct)) == questions + 1)


async def test_an_upgraded_groups_old_messages_are_taken_back_under_their_old_id(stage: Stage) -> None:
    await publish(stage.app.store, stage.clock)
    group = await stage.subscribed("Mill", stage.world.person("Amina"), kind="group")
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(group, HARBOUR))
    await stage.settled()
    stage.world.upgrade(group)
    await stage.settled()
    await retract(stage)
    await stage.until(lambda: "1 of 1" in receipt(stage))
    assert not stage.world.record.showing(HARBOUR)


async def test_weeks_later_its_messages_are_put_away(scene: Scene) -> None:
    stage = scene.stage
    await posted(scene)
    stage.clock.advance(days=15)
    await stage.settled()
    assert stage.shows(scene.group, HARBOUR)
    stage.clock.advance(days=6)
    await stage.until(lambda: stage.shows(scene.group, PUT_AWAY))
    await stage.until(lambda: not stage.world.record.showing(HARBOUR))
    async with stage.app.store.reading() as stored:
        (bulletin,) = await stored.bulletins._select()
    assert all(request.is_gone for request in bulletin.requests)


async def test_what_an_unsubscribed_group_had_is_put_away_without_a_word_of_its_time(scene: Scene) -> None:
    stage = scene.stage
    await posted(scene)
    (post,) = stage.world.record.showing(HARBOUR, scene.group)
    stage.clock.advance(hours=1)
    await stage.ask(scene.admin, scene.group, "/unsubscribe")
    await stage.until(lambda: not stage.shows(scene.group, HARBOUR))
    assert post.text == "This request was put away."


async def test_a_group_that_went_public_keeps_nothing_and_is_left_when_it_adds_the_bot_again(scene: Scene) -> None:
    stage = scene.stage
    await posted(scene)
    stage.world.make_public(scene.group, "harbour_prayer")
    stage.clock.instant = MONDAY_DUE.replace(day=MONDAY.day + 1)
    await stage.until(lambda: not stage.shows(scene.group, HARBOUR))
    await stage.settled()
    # The day's post finds it out, or the round that asks for groups which hold a request, whichever comes first.
    assert await stage.outcome(scene.group) in ((PostState.REFUSED, "public"), (PostState.REFUSED, "group_suspended"))
    stage.world.kick_bot(scene.group)
    stage.world.add_bot(scene.group, by=scene.admin)
    await stage.until(lambda: not scene.group.member(stage.world.bot).present)


async def test_unsubscribing_puts_away_what_stands(scene: Scene) -> None:
    stage = scene.stage
    await posted(scene)
    assert BRICKYARD in await stage.shown(scene.member, scene.group, "/region south asia")
    await stage.ask(scene.admin, scene.group, "/unsubscribe")
    await stage.until(lambda: not stage.shows(scene.group, BRICKYARD) and not stage.shows(scene.group, HARBOUR))


MENDED = "mended"


async def corrected(stage: Stage) -> None:
    """An editor loads Monday's request with other words."""
    words = {Region.AFRICA_EUROPE: (f"Please pray for the {MENDED} {HARBOUR}.",)}
    await Correcting(stage.app.store, stage.clock.now).correct(bulletin(words), SUNDAY)


async def unsubscribed(scene: Scene) -> None:
    """By the group's admin."""
    await scene.stage.ask(scene.admin, scene.group, "/unsubscribe")


async def weeks_went_by(scene: Scene) -> None:
    """Until the request's text is kept no longer."""
    scene.stage.clock.advance(days=21)


@pytest.mark.parametrize("ends", [unsubscribed, weeks_went_by])
async def test_what_could_not_be_corrected_is_put_away_in_its_time(
    scene: Scene, ends: Callable[[Scene], Awaitable[None]]
) -> None:
    stage = scene.stage
    await posted(scene)
    await corrected(stage)
    refusal = Fault("refused", acts=False, reply=Reply.ERROR, status=400)
    met = stage.server.faults.add(refusal, method="editMessageText", chat=scene.group, times=1)
    await stage.until(lambda: met.taken == 1)
    await stage.settled()
    assert stage.shows(scene.group, HARBOUR) and not stage.shows(scene.group, MENDED)
    await ends(scene)
    await stage.until(lambda: stage.shows(scene.group, PUT_AWAY))
    await stage.until(lambda: not stage.world.record.showing(HARBOUR))


async def test_where_new_words_may_not_be_shown_the_old_ones_go_and_no_button_comes_back(scene: Scene) -> None:
    stage = scene.stage
    await posted(scene)
    (post,) = stage.world.record.showing(HARBOUR, scene.group)
    await stage.ask(scene.admin, scene.group, "/pause")
    await corrected(stage)
    await stage.until(lambda: "was corrected since" in post.text)
    await stage.settled()
    stage.world.say(scene.member, scene.group, "/prayed")
    await stage.settled()
    await stage.app.praying.show_counts()
    assert not post.buttons
    assert not post.ever_held(MENDED)
    assert await stage.outcome(scene.group) == (PostState.RETIRED, None)


async def unsubscribed_and_back(scene: Scene) -> None:
    """The group's admin ends the posts and begins them again."""
    await scene.stage.ask(scene.admin, scene.group, "/unsubscribe")
    await scene.stage.until(lambda: scene.stage.shows(scene.group, PUT_AWAY))
    assert "Done" in await scene.stage.ask(scene.admin, scene.group, "/subscribe")


async def public_and_back(scene: Scene) -> None:
    """The round finds the group public; made private, it goes on."""
    scene.stage.world.make_public(scene.group, "harbour")
    await scene.stage.app.round.soon(scene.group.id)
    await scene.stage.until(lambda: scene.stage.shows(scene.group, WITHDRAWN))
    await scene.stage.until(lambda: scene.stage.shows(scene.group, "not private any more"))
    scene.stage.world.make_private(scene.group)
    assert "Welcome back" in await scene.stage.ask(scene.admin, scene.group, "/resume")


@pytest.mark.parametrize("goes", [unsubscribed_and_back, public_and_back])
async def test_what_is_put_away_while_its_reveal_waits_is_not_revealed_when_the_group_goes_on(
    scene: Scene, goes: Callable[[Scene], Awaitable[None]]
) -> None:
    stage = scene.stage
    held = stage.server.faults.add(too_many(1), method="editMessageText", chat=scene.group, times=1)
    stage.clock.instant = MONDAY_DUE
    stage.app.schedule.wake()
    await held.met()
    await stage.settled()
    await goes(scene)
    stage.clock.advance(seconds=2)
    await stage.settled()
    await stage.app.rewriting.wake()
    assert not stage.world.record.holding(HARBOUR)
    assert await stage.outcome(scene.group) == (PostState.SKIPPED, "put_away")
    stage.clock.instant = MONDAY_DUE.replace(hour=18, minute=0)
    await stage.until(lambda: stage.shows(stage.world.private_chat(stage.operator), "put away while"))


async def test_who_is_forgotten_while_an_answer_waits_gets_a_new_one_when_asking_again(scene: Scene) -> None:
    stage, member = scene.stage, scene.member
    await posted(scene)
    await privately(scene, member)
    direct, (post,) = stage.world.private_chat(member), stage.world.record.showing(HARBOUR, scene.group)
    await stage.ask(member, None, "/region latin")
    short = stage.last(direct)
    held = stage.server.faults.add(too_many(1), method="editMessageText", chat=direct, times=1)
    await stage.tap(member, short)
    await held.met()
    await stage.settled()
    await stage.ask(member, None, "/forgetme")
    await stage.tap(member, stage.last(direct), "Forget me")
    await stage.until(lambda: PUT_AWAY in short.text)
    await stage.settled()
    stage.world.follow(member, post, "Open privately")
    await stage.until(lambda: len(stage.world.record.showing("Welcome", direct)) == 2)
    assert LIGHTHOUSE in await stage.shown(member, None, "/region latin")
    assert not short.ever_held(LIGHTHOUSE)
    stage.clock.advance(seconds=2)
    await stage.settled()
    assert not short.ever_held(LIGHTHOUSE)
