"""Praying in every way, one's own days, and being forgotten: who may, who may not, and what is stored of it."""

from datetime import timedelta
from pathlib import Path

from bot.domain.post import Post
from bot.domain.regions import Region
from bot.rehearsal.chats import Chat
from bot.rehearsal.messages import Message
from bot.rehearsal.people import Person
from tests.e2e.conftest import MONDAY_DUE, Scene, privately, stored
from tests.e2e.sample import HARBOUR, LIGHTHOUSE, publish
from tests.e2e.stage import Stage
from tests.stored import everything, stored_anywhere
from tests.texts import WORDS


def post_of(scene: Scene, text: str = HARBOUR) -> Message:
    (post,) = scene.stage.world.record.showing(text, scene.group)
    return post


async def ledger(stage: Stage) -> list[Post]:
    """Every post of a group, oldest first."""
    async with stage.app.store.reading() as stored:
        return [post for post in await stored.posts.recent(MONDAY_DUE - timedelta(days=1)) if not post.is_answer]


async def counts(scene: Scene, count: int, text: str = HARBOUR) -> None:
    """The button under the post shows the count, and it stays."""
    await scene.stage.settled()
    await scene.stage.until(lambda: post_of(scene, text).buttons[0] == f"🙏 I prayed · {count}")


async def tuesday(scene: Scene) -> None:
    """Tuesday's post stands in the group too."""
    scene.stage.clock.instant = MONDAY_DUE + timedelta(days=1)
    await scene.stage.until(lambda: scene.stage.shows(scene.group, LIGHTHOUSE))
    await scene.stage.settled()


def reaction(message: Message, **who: object) -> dict[str, object]:
    """An update as Telegram sends it of a 🙏, from whomever."""
    new = [{"type": "emoji", "emoji": "🙏"}]
    chat = message.chat.as_json()
    return {"chat": chat, "message_id": message.id, "date": 0, "old_reaction": [], "new_reaction": new, **who}


# Reactions.


async def test_a_reaction_counts_once_with_tap_and_command_and_is_not_taken_back(posted: Scene) -> None:
    stage, post = posted.stage, post_of(posted)
    stage.world.react(posted.member, post)
    await counts(posted, 1)
    assert "counted already" in await stage.tap(posted.member, post)
    assert "counted already" in await stage.ask(posted.member, posted.group, "/prayed")
    stage.world.unreact(posted.member, post)
    stage.world.react(posted.member, post)
    stage.world.react(posted.admin, post)
    await counts(posted, 2)


async def test_any_part_of_the_post_can_be_reacted_to_and_any_other_message_not(stage: Stage) -> None:
    point = " ".join(f"Please pray for the invented harbour team in hearing {number}." for number in range(120))
    texts = dict.fromkeys(Region, (point,))
    await publish(stage.app.store, stage.clock, texts)
    admin, member = stage.world.person("Amina"), stage.world.person("Brian")
    group = await stage.subscribed("Harbour prayer", admin, member)
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(group, "hearing 119"))
    await stage.settled()
    first, *others = stage.world.record.showing(HARBOUR, group)
    assert others
    stage.world.react(member, others[-1])
    await stage.until(lambda: first.buttons[0].endswith("1"))
    stage.world.react(admin, stage.world.say(admin, group, "Good morning"))
    for command in ("/week", "/region latin"):
        await stage.ask(admin, group, command)
        stage.world.react(admin, stage.last(group))
    assert "Thank you. 2 have prayed with" in await stage.ask(admin, group, "/prayed"), "not counted before"


async def test_only_a_folded_hands_by_a_known_person_counts(posted: Scene) -> None:
    stage, post = posted.stage, post_of(posted)
    stage.world.react(posted.member, post, "🔥")
    stage.world.promote(posted.admin, posted.group, anonymous=True)
    stage.world.react(posted.admin, post)
    bot = stage.world.other_bot("Echo", "echo_bot")
    for who in ({"user": bot.as_json()}, {"actor_chat": {"id": -1009, "type": "channel", "title": "Channel"}}):
        stage.world.updates.put("message_reaction", reaction(post, **who))
    stage.world.react(posted.member, post)
    await counts(posted, 1)


async def test_a_reaction_in_another_chat_counts_nothing_here(posted: Scene) -> None:
    stage = posted.stage
    other = await stage.subscribed("Lighthouse prayer", posted.admin)
    said = stage.last(other)
    said.id = post_of(posted).id
    stage.world.updates.put("message_reaction", reaction(said, user=posted.admin.as_json()))
    stage.world.react(posted.member, post_of(posted))
    await counts(posted, 1)


async def test_a_bot_that_is_no_admin_sees_no_reaction_and_counts_taps(posted: Scene) -> None:
    stage, post = posted.stage, post_of(posted)
    stage.world.demote(stage.world.bot, posted.group)
    stage.world.react(posted.member, post)
    await stage.handled()
    assert [each.prayed for each in await ledger(stage)] == [0]
    assert "first to pray" in await stage.tap(posted.member, post)
    await counts(posted, 1)


# /prayed.


async def test_prayed_is_for_today_or_for_the_post_it_replies_to(posted: Scene) -> None:
    stage, group, member = posted.stage, posted.group, posted.member
    await tuesday(posted)
    assert "first to pray" in await stage.ask(member, group, "/prayed")
    assert "first to pray" in await replied(posted, member, post_of(posted))
    assert "counted already" in await replied(posted, member, post_of(posted))
    assert "2 have prayed" in await replied(posted, posted.admin, post_of(posted))
    await counts(posted, 2)
    await counts(posted, 1, LIGHTHOUSE)


async def test_prayed_in_reply_to_anything_else_says_how_it_is_meant(posted: Scene) -> None:
    stage = posted.stage
    said = stage.world.say(posted.admin, posted.group, "Good morning")
    await stage.ask(posted.member, posted.group, "/week")
    for message in (said, stage.last(posted.group)):
        assert "/prayed alone" in await replied(posted, posted.member, message)
    await counts(posted, 0)


async def test_prayed_in_reply_to_an_answer_is_for_the_groups_post_of_that_request(posted: Scene) -> None:
    stage, group, member = posted.stage, posted.group, posted.member
    direct = stage.world.private_chat(member)
    await privately(posted, member)
    await stage.shown(member, None, "/region africa")
    monday = stage.last(direct)
    await stage.shown(member, group, "/region latin")
    coming = stage.last(group)
    assert "still to come" in await replied(posted, member, coming)
    await tuesday(posted)
    assert "first to pray" in await replied(posted, member, monday, direct)
    assert "counted already" in await replied(posted, member, post_of(posted))
    assert [each.prayed for each in await ledger(stage)] == [1, 0]
    assert "first to pray" in await replied(posted, member, coming)
    await stage.until(lambda: stage.world.record.showing(LIGHTHOUSE, group)[-1].buttons[0].endswith("1"))


async def test_prayed_in_a_direct_chat_in_reply_to_anything_else_counts_nothing(posted: Scene) -> None:
    stage, member = posted.stage, posted.member
    direct = stage.world.private_chat(member)
    await privately(posted, member)
    await stage.ask(member, None, "/region africa")
    assert "/prayed alone" in await replied(posted, member, stage.last(direct), direct)
    # What another group's answer shows belongs to that group.
    await stage.shown(member, None, "/region africa")
    answer = stage.last(direct)
    other = await stage.subscribed("Mill prayer", posted.admin, member)
    stored_group = await stored(stage, other)
    await stage.ask(member, None, f"/start {stage.app.store.key.group_token(stored_group.id)}")
    assert "/prayed alone" in await replied(posted, member, answer, direct)
    await counts(posted, 0)


async def test_prayed_in_reply_to_what_was_put_away_says_so(posted: Scene) -> None:
    stage, post = posted.stage, post_of(posted)
    await stage.ask(posted.admin, posted.group, "/unsubscribe")
    await stage.until(lambda: not stage.shows(posted.group, HARBOUR))
    await stage.ask(posted.admin, posted.group, "/subscribe")
    assert "was put away" in await replied(posted, posted.member, post)
    assert [each.prayed for each in await ledger(stage)] == [0]


async def test_without_a_post_of_the_last_day_there_is_nothing_to_have_prayed_with(scene: Scene) -> None:
    stage = scene.stage
    assert "No request has come" in await stage.ask(scene.member, scene.group, "/prayed")
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(scene.group, HARBOUR))
    await stage.settled()
    stage.clock.instant = MONDAY_DUE + timedelta(hours=23)
    assert "first to pray" in await stage.ask(scene.member, scene.group, "/prayed"), "after midnight too"


async def test_an_anonymous_admin_is_told_that_nobody_can_be_counted(posted: Scene) -> None:
    posted.stage.world.promote(posted.admin, posted.group, anonymous=True)
    assert "anonymous admin" in await posted.stage.ask(posted.admin, posted.group, "/prayed")
    assert "anonymous admin" in await replied(posted, posted.admin, post_of(posted))
    await counts(posted, 0)


async def replied(scene: Scene, person: Person, message: Message, direct: Chat | None = None) -> str:
    """Say /prayed as a reply, in the group or the person's direct chat; what the bot says."""
    stage, chat = scene.stage, direct or scene.group
    before = len(stage.world.record.by_bot(chat))
    stage.world.say(person, None if direct else scene.group, "/prayed", reply_to=message)
    await stage.until(lambda: len(stage.world.record.by_bot(chat)) > before)
    await stage.settled()
    return stage.last(chat).text


# One's own days.


async def test_one_sees_ones_own_days_and_undoes_a_slip(posted: Scene) -> None:
    stage, member = posted.stage, posted.member
    await privately(posted, member, posted.admin)
    await tuesday(posted)
    await stage.tap(member, post_of(posted))
    await stage.tap(posted.admin, post_of(posted))
    await counts(posted, 2)
    assert " 2●  3○  4 " in await stage.ask(member, None, "/mine")
    page = stage.last(stage.world.private_chat(member))
    assert page.text.splitlines()[0] == "Your days in March 2026"
    assert page.buttons == ["Undo a day"]
    await stage.tap(member, page, "Undo a day")
    assert page.buttons == ["2", "Change nothing"]
    await stage.tap(member, page, "Change nothing")
    assert " 2●  3○" in page.text
    await stage.tap(member, page, "Undo a day")
    assert "one less" in await stage.tap(member, page, "2")
    assert " 2○  3○" in page.text
    assert page.buttons == []
    await counts(posted, 1)
    assert " 2●  3○" in await stage.ask(posted.admin, None, "/mine"), "nobody else's day is touched"
    assert "first to pray" not in await stage.tap(member, post_of(posted))
    await counts(posted, 2)


async def test_looking_at_ones_own_days_stores_nothing(posted: Scene) -> None:
    stage, member = posted.stage, posted.member
    await privately(posted, member)
    await stage.tap(member, post_of(posted))
    await counts(posted, 1)
    # What is stored from here on, a command or a tap has stored.
    await stage.app.schedule.stop(10)
    await stage.handled()
    stage.clock.instant = MONDAY_DUE + timedelta(days=60)
    before = await everything(stage.app.store)
    stage.world.say(member, None, "/mine")
    await stage.handled()
    page = stage.last(stage.world.private_chat(member))
    assert "May 2026" in page.text
    for button in ("April 2026", "March 2026", "Undo a day", "Change nothing"):
        await stage.tap(member, page, button)
    await stage.handled()
    assert " 2● " in page.text
    assert await everything(stage.app.store) == before


async def test_one_can_turn_back_as_far_as_marks_are_kept(posted: Scene) -> None:
    stage, member = posted.stage, posted.member
    await privately(posted, member)
    await stage.tap(member, post_of(posted))
    stage.clock.instant = MONDAY_DUE + timedelta(days=60)
    assert "May 2026" in await stage.ask(member, None, "/mine")
    page = stage.last(stage.world.private_chat(member))
    assert page.buttons == ["April 2026"]
    await stage.tap(member, page, "April 2026")
    assert page.buttons == ["March 2026", "May 2026"]
    await stage.tap(member, page, "March 2026")
    assert " 2● " in page.text
    assert page.buttons == ["April 2026", "Undo a day"]
    stage.clock.instant = MONDAY_DUE + timedelta(days=63)
    await stage.app.retiring.sweep()
    await stage.tap(member, page, "Undo a day")
    assert page.buttons == ["Change nothing"]
    assert "March" not in await stage.ask(member, None, "/mine")
    assert [each.prayed for each in await ledger(stage)][:1] == [1], "the count stays"


async def test_whoever_is_no_member_sees_no_days_and_undoes_nothing(posted: Scene) -> None:
    stage, member, stranger = posted.stage, posted.member, posted.stage.world.person("Stranger")
    await privately(posted, member)
    await stage.tap(member, post_of(posted))
    await stage.ask(member, None, "/mine")
    page = stage.last(stage.world.private_chat(member))
    undo = f"undo:{(await ledger(stage))[0].id}"
    for person in (stranger, member):
        if person is member:
            stage.world.leave(member, posted.group)
        assert "Open privately" in await stage.ask(person, None, "/mine")
        standing = stage.last(stage.world.private_chat(person))
        for data in ("mine:2026-03", "slip:2026-03", undo):
            assert await stage.tap_data(person, standing, data) == WORDS.plain("tap.not_bound")
    assert await stage.tap(member, page, "Undo a day") == WORDS.plain("tap.not_bound")
    await counts(posted, 1)


async def test_own_days_are_shown_in_no_group(posted: Scene) -> None:
    stage = posted.stage
    await privately(posted, posted.admin)
    await stage.tap(posted.member, post_of(posted))
    before = len(stage.world.record.by_bot(posted.group))
    for command in ("/mine", "/forgetme", "/remind 20:30"):
        stage.world.say(posted.member, posted.group, command)
    (post,) = await ledger(stage)
    for data in ("mine:2026-03", "slip:2026-03", f"undo:{post.id}", "forget:me"):
        assert "too old" in await stage.tap_data(posted.member, post_of(posted), data)
    await stage.settled()
    assert len(stage.world.record.by_bot(posted.group)) == before
    # Forged in the direct chat it takes nobody else's mark.
    standing = stage.last(stage.world.private_chat(posted.admin))
    assert "not marked" in await stage.tap_data(posted.admin, standing, f"undo:{post.id}")
    await counts(posted, 1)


# Being forgotten.


async def test_forgetme_asks_first_and_then_leaves_nothing(posted: Scene, tmp_path: Path) -> None:
    stage, member = posted.stage, posted.member
    direct = stage.world.private_chat(member)
    await privately(posted, member)
    await stage.tap(member, post_of(posted))
    await stage.ask(posted.admin, posted.group, "/prayed")
    assert HARBOUR in await stage.shown(member, None, "/today")
    await stage.ask(member, None, "/remind 20:30")
    assert "can’t be undone" in await stage.ask(member, None, "/forgetme")
    asking = stage.last(direct)
    await stage.tap(member, asking, "Change nothing")
    assert asking.text == "Nothing was changed."
    assert asking.buttons == []
    await counts(posted, 2)
    await stage.ask(member, None, "/forgetme")
    done = stage.last(direct)
    await stage.tap(member, done, "Forget me")
    assert [line[-1] for line in done.text.splitlines()[1:]] == ["1", "1", "1", "1"]
    await counts(posted, 1)
    await stage.until(lambda: not stage.shows(direct, HARBOUR))
    assert "Open privately" in await stage.ask(member, None, "/mine")
    # When the tombstone is proven and its time has passed, no row names the person.
    for passed in (1, 9, 50, 14 * 24 * 60):
        stage.clock.advance(minutes=passed)
        await stage.app.rewriting.wake()
    await stage.app.retiring.sweep()
    assert not stored_anywhere(tmp_path, member)


async def test_a_former_member_is_forgotten_too_and_a_stranger_has_nothing(posted: Scene) -> None:
    stage, member, stranger = posted.stage, posted.member, posted.stage.world.person("Stranger")
    await privately(posted, member)
    await stage.tap(member, post_of(posted))
    assert HARBOUR in await stage.shown(member, None, "/today")
    stage.world.leave(member, posted.group)
    for person, found in ((member, ["1", "0", "1", "1"]), (stranger, ["0"] * 4)):
        await stage.ask(person, None, "/forgetme")
        done = stage.last(stage.world.private_chat(person))
        await stage.tap(person, done, "Forget me")
        assert [line[-1] for line in done.text.splitlines()[1:]] == found
    await counts(posted, 0)
    await stage.until(lambda: not stage.shows(stage.world.private_chat(member), HARBOUR))


async def test_nothing_that_is_stored_of_prayers_names_a_person(posted: Scene, tmp_path: Path) -> None:
    stage, member = posted.stage, posted.member
    await privately(posted, member)
    await stage.tap(member, post_of(posted))
    stage.world.react(posted.admin, post_of(posted))
    await stage.ask(member, None, "/remind 20:30")
    await stage.ask(member, None, "/mine")
    await stage.ask(member, None, "/prayed")
    await stage.shown(posted.admin, posted.group, "/region latin")
    await counts(posted, 2)
    for person in (member, posted.admin):
        assert not stored_anywhere(tmp_path, person)
    # Only an answer with text in a direct chat is a row with that chat's id, so that it can be taken back.
    await stage.shown(member, None, "/today")
    assert stored_anywhere(tmp_path, member) == {"posts", "copies"}


# Groups without numbers.


async def test_a_group_without_numbers_says_whether_and_never_how_many(
    posted: Scene,
) -> None:
    stage, group = posted.stage, posted.group
    await counts(posted, 0)
    await stage.ask(posted.admin, group, "/settings")
    await stage.tap(posted.admin, stage.last(group), "Hide numbers")
    await stage.until(lambda: post_of(posted).buttons[0] == "🙏 I prayed")
    await tuesday(posted)
    assert post_of(posted, LIGHTHOUSE).buttons[0] == "🙏 I prayed"
    assert "0 of 2 requests prayed for" in await stage.ask(posted.member, group, "/week")
    said = [
        await stage.tap(posted.member, post_of(posted)),
        await stage.ask(posted.member, group, "/prayed"),
        await stage.ask(posted.member, group, "/prayed"),
        await stage.tap(posted.admin, post_of(posted)),
        await stage.ask(posted.admin, group, "/today"),
    ]
    assert not [text for text in said if any(sign.isdigit() for sign in text) or "first" in text]
    await stage.until(lambda: post_of(posted).buttons[0] == "🙏 I prayed")
    week = await stage.ask(posted.member, group, "/week")
    assert week.splitlines()[-1] == "2 of 2 requests prayed for"
    await stage.ask(posted.admin, group, "/settings")
    await stage.tap(posted.admin, stage.last(group), "Show numbers")
    await counts(posted, 2)


async def test_before_the_weeks_first_post_a_group_without_numbers_hears_of_none(scene: Scene) -> None:
    stage, group = scene.stage, scene.group
    stage.clock.instant = MONDAY_DUE - timedelta(hours=1)
    await stage.ask(scene.admin, group, "/settings")
    await stage.tap(scene.admin, stage.last(group), "Hide numbers")
    week = await stage.ask(scene.member, group, "/week")
    assert week.startswith("This week")
    assert "prayed for" not in week
