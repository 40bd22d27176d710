"""Unknown commands and wrong arguments: an example that works, and in a group nothing unless the bot was asked."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.domain.regions import Region
from bot.services.words import Words
from bot.telegram.access import Where
from bot.telegram.commands import COMMANDS
from tests.clock import StandingClock
from tests.e2e.conftest import Scene, privately
from tests.e2e.sample import publish
from tests.e2e.stage import Stage, on_stage
from tests.stored import everything
from tests.texts import BEHIND, LANGUAGES, WORDS, examples

BOT = "vigil_rehearsal_bot"
ROWS = {command.name: command for command in COMMANDS}


def is_usage(text: str, words: Words) -> bool:
    """Whether an answer says that a command wasn't understood."""
    keys = [key for key in words.keys if key.startswith(("usage.", "ask.unknown", "ask.near", "ask.country_"))]
    keys = [key for key in keys if key not in ("ask.country_named", "ask.country_unnamed", "ask.country_none")]
    shapes = [re.sub(r"\\\{\w+\\\}", ".+", re.escape(form)) for key in keys for form in words.forms(key).values()]
    return any(re.fullmatch(shape, text, re.DOTALL) for shape in shapes)


@pytest.mark.parametrize("words", list(LANGUAGES), ids=lambda words: words.code)
async def test_every_example_in_the_texts_works_at_any_time_of_the_year(words: Words, tmp_path: Path) -> None:
    clock = StandingClock(datetime(2026, 12, 27, 12, tzinfo=UTC))
    async with on_stage(f"sqlite:///{tmp_path}/vigil.db", clock) as stage:
        await publish(stage.app.store, clock, on=date(2026, 12, 27))
        admin = stage.world.person("Amina", language=words.code)
        group = await stage.subscribed("Harbour prayer", admin)
        async with stage.app.store.reading() as stored:
            link = stage.app.store.key.group_token((await stored.groups.all())[0].id)
        await stage.ask(admin, None, f"/start {link}")

        async def answer(said: str) -> str:
            in_group = ROWS[said[1:].split()[0]].where is Where.GROUP
            return await stage.ask(admin, group if in_group else None, said)

        texts = [text for key in words.keys for text in words.forms(key).values() if "{first}" not in text]
        wrong = [await answer(f"/{name} nairobbi") for name, row in ROWS.items() if name in BEHIND]
        assert all(is_usage(text, words) for text in wrong), wrong
        named = {each for text in (*wrong, *texts) for each in examples(text) if "{" not in each}
        assert {"/time 07:30", "/timezone Africa/Nairobi", "/pause 2027-01-10", "/remind off"} <= named
        # Without anything behind them some of these ask back, which isn't meant by their names in a sentence.
        known = sorted(each for each in named if " " in each and each[1:].split()[0] in ROWS)
        assert {each: said for each in known if is_usage(said := await answer(each), words)} == {}


@pytest.mark.parametrize("said", ["/week next", "/prayed yesterday", "/today please", "/help me"])
async def test_a_command_that_takes_nothing_behind_it_says_so(posted: Scene, said: str) -> None:
    stage = posted.stage
    before = await everything(stage.app.store)
    name = said[1:].split()[0]
    for place in (posted.group, None):
        await privately(posted, posted.member)
        answer = await stage.ask(posted.member, place, said)
        assert answer == WORDS.html("usage.alone", name=name)
        assert list(examples(answer)) == [f"/{name}"]
    after = await everything(stage.app.store)
    assert (after["marks"], after["posts"]) == (before["marks"], before["posts"])


async def test_a_pause_is_not_ended_by_a_command_that_means_another_day(scene: Scene) -> None:
    stage = scene.stage
    await stage.ask(scene.admin, scene.group, "/pause")
    answer = await stage.ask(scene.admin, scene.group, "/resume tomorrow")
    assert answer == WORDS.html("usage.alone", name="resume")
    assert "State: paused" in await stage.ask(scene.admin, scene.group, "/settings")
    assert await stage.ask(scene.member, scene.group, "/resume tomorrow") == WORDS.html("group.admins_only")


async def test_an_unknown_command_that_names_the_bot_is_answered_in_its_group(scene: Scene) -> None:
    stage = scene.stage
    for said in (f"/foo@{BOT}", f"/foo@{BOT.upper()} bar"):
        assert await stage.ask(scene.member, scene.group, said) == WORDS.html("usage.unknown")


async def test_in_a_group_the_bot_answers_only_when_asked(posted: Scene) -> None:
    stage, group = posted.stage, posted.group
    (post,) = stage.world.record.by_bot(group)[-1:]
    before = len(stage.world.record.by_bot(group))
    for said in ("/foo", "/today@other_bot", "/foo@other_bot", f"foo@{BOT}", "/ today", "Good morning"):
        stage.world.say(posted.member, group, said)
    stage.world.say(posted.member, group, "Amen", reply_to=post)
    stage.world.forward(posted.member, stage.world.say(posted.member, None, f"/foo@{BOT}"), group)
    stage.world.edit(stage.world.say(posted.member, group, "Good morning"), f"/foo@{BOT}")
    await stage.settled()
    assert len(stage.world.record.by_bot(group)) == before


async def test_in_a_group_that_is_not_served_members_get_no_word_for_an_unknown_command(stage: Stage) -> None:
    admin, member = stage.world.person("Amina"), stage.world.person("Brian")
    waiting = stage.world.group("Lighthouse prayer", admins=[admin], members=[member])
    stage.world.add_bot(waiting, by=admin, admin=True)
    await stage.until(lambda: bool(stage.world.record.by_bot(waiting)))
    await stage.settled()
    before = len(stage.world.record.by_bot(waiting))
    stage.world.say(member, waiting, f"/foo@{BOT}")
    await stage.settled()
    assert len(stage.world.record.by_bot(waiting)) == before
    assert "don’t know that command" in await stage.ask(admin, waiting, f"/foo@{BOT}")


@pytest.mark.parametrize(
    ("said", "key"), [("/days someday", "usage.days"), ("/timezone", "usage.timezone"), ("/time", "usage.time")]
)
async def test_a_wrong_setting_changes_nothing_and_gets_an_example(scene: Scene, said: str, key: str) -> None:
    stage = scene.stage
    before = await stage.app.groups.all()
    assert await stage.ask(scene.admin, scene.group, said) == WORDS.html(key)
    assert await stage.app.groups.all() == before


async def test_a_region_that_is_none_gets_all_regions_as_buttons(scene: Scene) -> None:
    stage = scene.stage
    assert await stage.ask(scene.member, scene.group, "/region ???") == WORDS.html("ask.unknown", text="???")
    assert stage.last(scene.group).buttons == [WORDS.region(region) for region in Region]
