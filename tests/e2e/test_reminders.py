"""A quiet word to those who wished for it and haven't prayed: to whom it comes, to whom not, and never twice."""

from datetime import UTC, datetime, timedelta

from bot.rehearsal.people import Person
from tests.e2e.conftest import MONDAY_DUE, Scene, privately, suspend
from tests.e2e.sample import HARBOUR
from tests.e2e.stage import Stage, bot_running
from tests.texts import WORDS

DUE = datetime(2026, 3, 2, 20, 30, tzinfo=UTC)
WORD = "Today’s request stands in"


def words(stage: Stage, person: Person) -> int:
    """How often the person was reminded."""
    return len(stage.world.record.holding(WORD, stage.world.private_chat(person)))


async def swept(stage: Stage) -> None:
    """Reminders were looked at, after everything else came to rest."""
    await stage.settled()
    await stage.app.reminding.remind()
    await stage.settled()


async def evening(scene: Scene, *people: Person, at: str = "20:30") -> None:
    """These people wish to be reminded, and the time has come."""
    await privately(scene, *people)
    for person in people:
        assert f"At {at} (UTC)" in await scene.stage.ask(person, None, f"/remind {at}")
    scene.stage.clock.instant = DUE


async def test_who_has_not_prayed_hears_a_quiet_word_once_with_a_button_that_counts(posted: Scene) -> None:
    stage, member = posted.stage, posted.member
    await evening(posted, member, posted.admin)
    stage.clock.instant = DUE - timedelta(minutes=1)
    await stage.tap(posted.admin, stage.world.record.showing(HARBOUR, posted.group)[0])
    await swept(stage)
    assert words(stage, member) == 0
    stage.clock.instant = DUE
    await stage.until(lambda: words(stage, member) == 1)
    for _ in range(3):
        await swept(stage)
    assert (words(stage, member), words(stage, posted.admin)) == (1, 0)
    said = stage.last(stage.world.private_chat(member))
    assert "Harbour prayer" in said.text
    assert HARBOUR not in said.text
    sent = stage.world.record.calls_of("sendMessage", stage.world.private_chat(member))[-1]
    assert sent.params["disable_notification"] is True
    assert said.buttons == ["🙏 I prayed"]
    assert "2 of you have prayed" in await stage.tap(member, said)
    assert "counted already" in await stage.tap(member, said)
    (post,) = stage.world.record.showing(HARBOUR, posted.group)
    await stage.until(lambda: post.buttons[0].endswith("2"))


async def test_how_it_stands_and_off(posted: Scene) -> None:
    stage, member = posted.stage, posted.member
    await privately(posted, member)
    assert "I don’t remind you" in await stage.ask(member, None, "/remind")
    assert "I don’t remind you" in await stage.ask(member, None, "/remind off")
    for wrong in ("soon", "25:00", "20.30"):
        assert "like /remind 20:30" in await stage.ask(member, None, f"/remind {wrong}")
    assert "At 20:30 (UTC)" in await stage.ask(member, None, "/remind 20:30")
    assert "At 20:30 (UTC)" in await stage.ask(member, None, "/remind")
    assert "any more" in await stage.ask(member, None, "/remind OFF")
    stage.clock.instant = DUE
    await swept(stage)
    assert words(stage, member) == 0


async def test_nobody_who_does_not_belong_is_reminded(posted: Scene) -> None:
    stage, member, stranger = posted.stage, posted.member, posted.stage.world.person("Stranger")
    assert "Open privately" in await stage.ask(stranger, None, "/remind 20:30")
    await evening(posted, member)
    stage.world.leave(member, posted.group)
    await swept(stage)
    assert words(stage, member) == words(stage, stranger) == 0
    stage.world.join(member, posted.group)
    assert "I don’t remind you" in await stage.ask(member, None, "/remind"), "who leaves isn't remembered"


async def test_the_button_of_a_word_counts_nothing_for_a_former_member(posted: Scene) -> None:
    stage, member = posted.stage, posted.member
    await evening(posted, member)
    await stage.until(lambda: words(stage, member) == 1)
    await stage.settled()
    said = stage.last(stage.world.private_chat(member))
    stage.world.leave(member, posted.group)
    assert await stage.tap(member, said) == WORDS.plain("tap.not_bound")
    (post,) = stage.world.record.showing(HARBOUR, posted.group)
    assert post.buttons[0].endswith("0")


async def test_a_forged_button_in_a_direct_chat_reaches_no_other_group(posted: Scene) -> None:
    stage, stranger = posted.stage, posted.stage.world.person("Stranger")
    await privately(posted, posted.member)
    standing = stage.last(stage.world.private_chat(posted.member))
    await stage.ask(stranger, None, "/help")
    theirs = stage.last(stage.world.private_chat(stranger))
    assert await stage.tap_data(stranger, theirs, "pray:1") == WORDS.plain("tap.not_bound")
    assert "too old" in await stage.tap_data(posted.member, standing, "pray:999")


async def test_a_day_without_a_request_is_quiet(posted: Scene) -> None:
    stage, member = posted.stage, posted.member
    await evening(posted, member)
    await stage.until(lambda: words(stage, member) == 1)
    await stage.settled()
    stage.clock.instant = DUE + timedelta(days=5)  # Saturday
    await swept(stage)
    assert words(stage, member) == 1


async def test_a_group_that_ended_its_posts_reminds_nobody(posted: Scene) -> None:
    stage = posted.stage
    await evening(posted, posted.member)
    stage.clock.instant = DUE - timedelta(minutes=1)
    await stage.ask(posted.admin, posted.group, "/unsubscribe")
    stage.clock.instant = DUE
    await swept(stage)
    assert words(stage, posted.member) == 0


async def test_a_group_that_operators_suspended_reminds_nobody(posted: Scene) -> None:
    stage, member = posted.stage, posted.member
    await evening(posted, member)
    stage.clock.instant = DUE - timedelta(minutes=1)
    await suspend(posted)
    stage.clock.instant = DUE
    await swept(stage)
    assert words(stage, member) == 0


async def test_stop_ends_the_reminder(posted: Scene) -> None:
    stage, member = posted.stage, posted.member
    await evening(posted, member)
    stage.clock.instant = DUE - timedelta(minutes=1)
    await stage.ask(member, None, "/stop")
    stage.clock.instant = DUE
    await swept(stage)
    await privately(posted, member)
    assert "I don’t remind you" in await stage.ask(member, None, "/remind")
    assert words(stage, member) == 0


async def test_whoever_blocked_the_bot_is_forgotten_with_the_reminder(posted: Scene) -> None:
    stage, member = posted.stage, posted.member
    await evening(posted, member)
    stage.clock.instant = DUE - timedelta(minutes=1)
    stage.world.block_bot(member)
    stage.clock.instant = DUE
    await swept(stage)
    # A sweep of the bot's own may be at it still.
    sent = stage.world.record.calls_of
    await stage.until(lambda: any(each.chat_id == member.id and not each.acted for each in sent("sendMessage")))
    await swept(stage)
    stage.world.unblock_bot(member)
    answers = [await stage.ask(member, None, "/remind") for _ in range(5)]
    assert "I don’t remind you" in answers[-1]
    assert words(stage, member) == 0


async def test_a_restart_and_another_hour_or_zone_bring_no_second_word(posted: Scene) -> None:
    stage, member = posted.stage, posted.member
    await evening(posted, member)
    await stage.until(lambda: words(stage, member) == 1)
    await stage.settled()
    await stage.ask(member, None, "/remind 20:31")
    await stage.ask(posted.admin, posted.group, "/timezone Europe/London")
    stage.clock.instant = DUE + timedelta(minutes=2)
    await swept(stage)
    database = stage.app.settings.database_url
    await stage.app.stop()
    async with bot_running(stage.server, database, stage.clock, stage.operator) as again:
        await again.reminding.remind()
    assert words(stage, member) == 1


async def test_no_hour_is_promised_at_which_the_request_has_not_come(posted: Scene) -> None:
    stage, member = posted.stage, posted.member
    await privately(posted, member)
    for early in ("06:30", "07:30"):
        said = await stage.ask(member, None, f"/remind {early}")
        assert said.startswith("The request comes at 07:30 (UTC)") and said.endswith("like /remind 08:30")
    assert "I don’t remind you" in await stage.ask(member, None, "/remind")
    assert "At 08:30 (UTC)" in await stage.ask(member, None, "/remind 08:30")
    stage.clock.instant = MONDAY_DUE + timedelta(hours=1)
    await stage.until(lambda: words(stage, member) == 1)


async def test_whoever_has_an_hour_that_the_groups_overtakes_is_told(posted: Scene) -> None:
    stage, member = posted.stage, posted.member
    await privately(posted, member)
    await stage.ask(member, None, "/remind 20:30")
    await stage.ask(posted.admin, posted.group, "/time 21:00")
    assert "The request comes at 21:00 (UTC)" in await stage.ask(member, None, "/remind")
    direct = stage.world.private_chat(member)
    stage.clock.instant = DUE + timedelta(days=1)
    await stage.until(lambda: stage.shows(direct, "So I don’t remind you any more"))
    await swept(stage)
    assert "I don’t remind you" in await stage.ask(member, None, "/remind")
    assert len(stage.world.record.showing("So I don’t", direct)) == 1


async def test_the_hour_is_the_groups_own(stage: Stage, scene: Scene) -> None:
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(scene.group, HARBOUR))
    await stage.settled()
    await privately(scene, scene.member)
    await stage.ask(scene.member, None, "/remind 20:30")
    await stage.ask(scene.admin, scene.group, "/timezone Africa/Nairobi")
    assert "(Africa/Nairobi)" in await stage.ask(scene.member, None, "/remind")
    stage.clock.instant = DUE - timedelta(hours=3, seconds=1)
    await swept(stage)
    assert words(stage, scene.member) == 0
    stage.clock.advance(seconds=1)
    await stage.until(lambda: words(stage, scene.member) == 1)
