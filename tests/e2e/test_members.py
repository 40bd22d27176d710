"""What members do: pray, ask, and read privately."""

from textwrap import wrap

import pytest

from bot.services.words import Words
from tests.e2e.conftest import MONDAY_DUE, Scene, posted_in_a_basic_group
from tests.e2e.sample import BRICKYARD, HARBOUR, LIGHTHOUSE, publish
from tests.e2e.stage import Stage
from tests.texts import LANGUAGES, WORDS

# What a phone shows at once: so many lines of so many characters.
ONE_SCREEN, A_LINE = 30, 45


async def test_prayed_counts_once_by_button_or_command(posted: Scene) -> None:
    stage = posted.stage
    (post,) = stage.world.record.showing(HARBOUR)
    assert "first to pray" in await stage.tap(posted.member, post)
    assert "counted already" in await stage.tap(posted.member, post)
    assert "counted already" in await stage.ask(posted.member, posted.group, "/prayed")
    assert "2 have prayed" in await stage.ask(posted.admin, posted.group, "/prayed")
    await stage.until(lambda: post.buttons[0].endswith("2"))
    assert HARBOUR in post.text
    assert len(post.versions) <= 4, "the count is edited alone and gathered"


async def test_a_tap_that_is_too_old_to_be_answered_counts_all_the_same(posted: Scene) -> None:
    stage = posted.stage
    (post,) = stage.world.record.showing(HARBOUR)
    stage.world.callbacks.life = 0
    tap = stage.world.tap(posted.member, post)
    await stage.until(lambda: post.buttons[0].endswith("1"))
    await stage.settled()
    assert tap.answer is None
    answered = stage.world.record.calls_of("answerCallbackQuery")[-1]
    assert answered.error is not None
    assert "too old" in answered.error[1]


async def test_a_forged_tap_for_another_groups_post_counts_nothing(posted: Scene) -> None:
    stage = posted.stage
    other = await stage.subscribed("Lighthouse prayer", posted.admin)
    forged = stage.world.tap_data(posted.admin, stage.last(other), "pray:1")
    assert "too old" in (await forged.answered()).text
    async with stage.app.store.reading() as stored:
        (post,) = await stored.posts.recent(MONDAY_DUE)
    assert post.prayed == 0


async def test_region_by_button_and_near_miss(posted: Scene) -> None:
    stage = posted.stage
    assert "Which region" in await stage.ask(posted.member, posted.group, "/region")
    assert len(stage.last(posted.group).buttons) == 5
    assert "Did you mean" in await stage.ask(posted.member, posted.group, "/region souht asia")
    assert "South Asia" in stage.last(posted.group).buttons
    await stage.tap(posted.member, stage.last(posted.group), "South Asia")
    await stage.until(lambda: "Show South Asia" in stage.last(posted.group).buttons)
    await stage.tap(posted.member, stage.last(posted.group))
    await stage.until(lambda: stage.shows(posted.group, BRICKYARD))


async def test_todays_request_is_not_given_before_its_hour_nor_twice_after(scene: Scene) -> None:
    stage = scene.stage
    stage.clock.instant = MONDAY_DUE.replace(hour=5)
    assert "comes here at 07:30" in await stage.ask(scene.member, scene.group, "/today")
    assert "above" in await stage.ask(scene.member, scene.group, "/region africa")
    assert not stage.world.record.holding(HARBOUR)
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(scene.group, HARBOUR))
    await stage.settled()
    assert "above" in await stage.ask(scene.member, scene.group, "/today")
    assert len(stage.world.record.holding(HARBOUR)) == 1


async def test_week_and_verse_show_no_word_of_a_request(posted: Scene) -> None:
    stage = posted.stage
    week = await stage.ask(posted.member, posted.group, "/week")
    assert "✓ Mon 2 Mar · Africa & Europe" in week
    assert "· Fri 6 Mar · Global" in week
    assert HARBOUR not in week
    assert "Amos 5:24" in await stage.ask(posted.member, posted.group, "/verse")


async def test_open_privately_gives_text_only_while_the_person_is_a_member(posted: Scene) -> None:
    stage, member = posted.stage, posted.member
    (post,) = stage.world.record.showing(HARBOUR)
    direct = stage.world.private_chat(member)
    assert "tap “Open privately”" in await stage.ask(member, None, "/today")
    stage.world.follow(member, post, "Open privately")
    await stage.until(lambda: stage.shows(direct, "Harbour prayer"))
    assert HARBOUR in await stage.shown(member, None, "/today")
    assert LIGHTHOUSE in await stage.shown(member, None, "/region latin")
    assert "counted" in await stage.ask(member, None, "/prayed") or "first" in stage.last(direct).text
    stage.world.leave(member, posted.group)
    assert "Open privately" in await stage.ask(member, None, "/region south")
    assert not stage.world.record.showing(BRICKYARD)
    for message in stage.world.record.holding(HARBOUR) + stage.world.record.holding(LIGHTHOUSE):
        assert (message.chat.id, message.id) in await stage.known_copies()


async def test_a_stranger_with_the_link_gets_nothing(posted: Scene) -> None:
    stage, stranger = posted.stage, posted.stage.world.person("Stranger")
    link = posted.stage.world.record.showing(HARBOUR)[0].keyboard[1][0]["url"]
    stage.world.open_link(stranger, link)
    direct = stage.world.private_chat(stranger)
    await stage.until(lambda: stage.shows(direct, "member there"))
    for command in ("/today", "/region global", "/week", "/prayed"):
        assert "Open privately" in await stage.ask(stranger, None, command)
    assert "start" not in await stage.ask(stranger, None, "/start AAAAAAAAAAEAAAAAAAAAAAAAAAA")
    assert len(stage.world.record.holding(HARBOUR)) == 1


async def test_stop_ends_the_direct_chat(posted: Scene) -> None:
    stage, member = posted.stage, posted.member
    stage.world.follow(member, stage.world.record.showing(HARBOUR)[0], "Open privately")
    await stage.until(lambda: stage.shows(stage.world.private_chat(member), "Welcome"))
    assert "no requests here any more" in await stage.ask(member, None, "/stop")
    assert "Open privately" in await stage.ask(member, None, "/today")


async def test_help_lists_what_is_understood_here(stage: Stage) -> None:
    await publish(stage.app.store, stage.clock)
    admin = stage.world.person("Amina")
    group = await stage.subscribed("Harbour prayer", admin)
    assert "/subscribe — begin" in await stage.ask(admin, group, "/help")
    assert "/subscribe" not in await stage.ask(admin, None, "/help")
    member = stage.world.person("Brian")
    stage.world.join(member, group)
    assert "/subscribe" not in await stage.ask(member, group, "/help")
    assert "/today — today’s request" in stage.last(group).text
    stage.world.promote(member, group, anonymous=True)
    assert "/subscribe — begin" in await stage.ask(member, group, "/help")
    assert "no names" in await stage.ask(admin, None, "/privacy")
    assert "/help" in await stage.ask(admin, None, "/nonsense")


@pytest.mark.parametrize("words", list(LANGUAGES), ids=lambda words: words.code)
async def test_help_and_privacy_fit_on_one_screen(stage: Stage, words: Words) -> None:
    admin, member = (stage.world.person(name, language=words.code) for name in ("Amina", "Brian"))
    group = await stage.subscribed("Harbour prayer", admin, member)
    places = ((admin, group), (member, group), (member, None), (stage.operator, None))
    for command in ("/help", "/privacy"):
        for person, chat in places:
            said = await stage.ask(person, chat, command)
            shown = [each for line in said.split("\n") for each in wrap(line, A_LINE)]
            assert len(shown) <= ONE_SCREEN, (person.first_name, said)


async def test_a_tap_on_a_post_of_before_the_upgrade_counts(stage: Stage) -> None:
    group, admin = await posted_in_a_basic_group(stage)
    (post,) = stage.world.record.showing(HARBOUR)
    stage.world.upgrade(group)
    await stage.settled()
    assert "first to pray" in await stage.tap(admin, post)
    await stage.until(lambda: post.buttons[0].endswith("1"))


async def test_in_a_group_that_became_public_nobody_reads_privately(posted: Scene) -> None:
    stage, stranger = posted.stage, posted.stage.world.person("Stranger")
    link = stage.world.record.showing(HARBOUR)[0].keyboard[1][0]["url"]
    stage.world.follow(posted.member, stage.world.record.showing(HARBOUR)[0], "Open privately")
    await stage.until(lambda: stage.shows(stage.world.private_chat(posted.member), "Welcome"))
    await stage.ask(posted.member, None, "/region latin")
    short = stage.last(stage.world.private_chat(posted.member))
    stage.world.make_public(posted.group, "harbour")
    assert "can’t show it" in await stage.tap(posted.member, short)
    stage.world.join(stranger, posted.group)
    stage.world.open_link(stranger, link)
    # The tap has suspended the group, and with it what its members read privately.
    await stage.until(lambda: stage.shows(stage.world.private_chat(stranger), WORDS.html("direct.resting")))
    await stage.settled()
    assert await stage.ask(posted.member, None, "/region latin") == WORDS.html("direct.resting")
    assert not stage.world.record.holding(LIGHTHOUSE)


async def test_two_who_ask_and_tap_at_once_get_one_answer(posted: Scene) -> None:
    stage = posted.stage
    stage.world.say(posted.member, posted.group, "/region latin")
    stage.world.say(posted.admin, posted.group, "/region latin")
    await stage.until(lambda: stage.shows(posted.group, "1 point"))
    await stage.settled()
    (short,) = stage.world.record.showing("1 point", posted.group)
    taps = [stage.world.tap(person, short) for person in (posted.member, posted.admin)]
    await stage.until(lambda: all(tap.answer for tap in taps))
    await stage.settled()
    assert len(stage.world.record.holding(LIGHTHOUSE)) == 1
