"""Who is spoken to in which language, and who may change it."""

from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest

from bot.rehearsal.chats import Chat
from bot.rehearsal.people import Person
from bot.settings import TEXTS
from tests.clock import StandingClock
from tests.e2e.conftest import MONDAY_DUE, Scene
from tests.e2e.sample import HARBOUR, LIGHTHOUSE, VERSE, publish
from tests.e2e.stage import Stage, on_stage
from tests.texts import LANGUAGES, WORDS

SPANISH = LANGUAGES.of("es")


def speaking(stage: Stage, name: str, code: str | None) -> Person:
    """Somebody whose Telegram speaks this language."""
    person = stage.world.person(name)
    person.language_code = code
    return person


@pytest.fixture
async def plaza(stage: Stage) -> tuple[Chat, Person, Person]:
    """A group with a Spanish admin and an English member; Monday's post stands there."""
    await publish(stage.app.store, stage.clock)
    inez, brian = speaking(stage, "Inez", "es-MX"), speaking(stage, "Brian", "en")
    group = await stage.subscribed("Plaza prayer", inez, brian)
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(group, HARBOUR))
    await stage.settled()
    return group, inez, brian


async def test_a_group_begins_with_the_language_of_whoever_added_the_bot(stage: Stage) -> None:
    group = await stage.approved("Plaza prayer", speaking(stage, "Inez", "es-MX"))
    assert stage.shows(group, SPANISH.html("group.is.pending"))
    assert stage.shows(group, SPANISH.html("group.is.approved"))


@pytest.mark.parametrize("code", [None, "eo"])
async def test_a_language_we_do_not_speak_becomes_the_default(stage: Stage, code: str | None) -> None:
    group = await stage.approved("Harbour prayer", speaking(stage, "Amina", code))
    assert stage.shows(group, WORDS.html("group.is.approved"))


async def test_a_public_group_is_told_why_in_the_language_of_whoever_added_the_bot(stage: Stage) -> None:
    inez = speaking(stage, "Inez", "es")
    group = stage.world.group("Open plaza", admins=[inez])
    stage.world.make_public(group, "open_plaza")
    stage.world.add_bot(group, by=inez)
    await stage.until(lambda: stage.shows(group, SPANISH.html("group.why_left.public")))


async def test_a_post_speaks_its_groups_language_and_its_request_stays_as_written(
    stage: Stage, plaza: tuple[Chat, Person, Person]
) -> None:
    (post,) = stage.world.record.showing(HARBOUR)
    assert "Please pray for the invented harbour team" in post.text
    assert VERSE.text in post.text
    assert VERSE.reference in post.text
    assert "África y Europa" in post.text
    assert "que esto quede en este chat" in post.text
    assert post.buttons == [SPANISH.plain("button.prayed", count=0), SPANISH.plain("button.privately")]


async def test_a_tap_is_answered_in_the_language_of_whoever_tapped(
    stage: Stage, plaza: tuple[Chat, Person, Person]
) -> None:
    _, inez, brian = plaza
    (post,) = stage.world.record.showing(HARBOUR)
    assert await stage.tap(brian, post) == WORDS.plain("tap.counted", count=1)
    assert await stage.tap(inez, post) == SPANISH.plain("tap.counted", count=2)
    await stage.until(lambda: post.buttons[0] == SPANISH.plain("button.prayed", count=2))


async def test_commands_in_a_group_are_answered_in_its_language_whoever_asks(
    stage: Stage, plaza: tuple[Chat, Person, Person]
) -> None:
    group, inez, brian = plaza
    assert "Esta semana" in await stage.ask(brian, group, "/week")
    assert "✓ lun, 2 mar · África y Europa" in stage.last(group).text
    assert await stage.ask(brian, group, "/pause") == SPANISH.html("group.admins_only")
    assert "lun–vie" in await stage.ask(inez, group, "/settings")
    assert "Idioma: español" in stage.last(group).text
    assert LIGHTHOUSE in await stage.shown(brian, group, "/region américa latina")


async def test_a_direct_chat_speaks_the_persons_language_and_an_answer_the_groups(
    stage: Stage, plaza: tuple[Chat, Person, Person]
) -> None:
    _, _, brian = plaza
    (post,) = stage.world.record.showing(HARBOUR)
    stage.world.follow(brian, post, SPANISH.plain("button.privately"))
    direct = stage.world.private_chat(brian)
    await stage.until(lambda: stage.shows(direct, "Welcome. Here you can read the requests of “Plaza prayer”"))
    assert "This week" in await stage.ask(brian, None, "/week")
    assert LIGHTHOUSE in await stage.shown(brian, None, "/region latin")
    assert "América Latina" in stage.last(direct).text
    brian.language_code = "es"
    assert "Esta semana" in await stage.ask(brian, None, "/week")
    assert await stage.ask(brian, None, "/nonsense") == SPANISH.html("usage.unknown")


async def test_a_verse_stays_as_written_whoever_asks(stage: Stage, plaza: tuple[Chat, Person, Person]) -> None:
    group, inez, _ = plaza
    assert VERSE.text in await stage.ask(inez, group, "/verse")


async def test_adding_a_language_is_adding_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one whose code has digits."""
    folder = tmp_path / "texts"
    copytree(TEXTS, folder)
    own = SPANISH.plain("usage.unknown"), "Ese comando no lo conozco. /help muestra lo que entiendo."
    spanish = (TEXTS / "es.yaml").read_text("utf-8")
    (folder / "es-419.yaml").write_text(spanish.replace(*own), "utf-8")
    monkeypatch.setattr("bot.app.TEXTS", folder)
    clock = StandingClock(MONDAY_DUE - timedelta(days=1))
    async with on_stage(f"sqlite:///{tmp_path}/vigil.db", clock) as stage:
        brian = speaking(stage, "Brian", "es-419")
        group = await stage.subscribed("Harbour prayer", speaking(stage, "Amina", "en"), brian)
        stage.world.promote(brian, group)
        assert await stage.ask(brian, None, "/nonsense") == own[1]
        await stage.ask(brian, group, "/settings")
        settings = stage.last(group)
        await stage.tap(brian, settings, "Language")
        offered = [button["callback_data"] for row in settings.keyboard for button in row]
        assert {"set:language:en", "set:language:es", "set:language:es-419"} <= set(offered)
        assert await stage.tap_data(brian, settings, "set:language:es-419") == ""
        assert "Este grupo" in settings.text
        assert await stage.ask(brian, group, "/nonsense@vigil_rehearsal_bot") == own[1]
        assert "/language es-419" in await stage.ask(brian, group, "/language klingon")


async def test_a_tombstone_speaks_its_groups_language(stage: Stage, plaza: tuple[Chat, Person, Person]) -> None:
    group, inez, _ = plaza
    await stage.ask(inez, group, "/unsubscribe")
    await stage.until(lambda: stage.shows(group, "Esta petición se quitó."))
    assert not stage.world.record.showing(HARBOUR)


async def test_an_admin_chooses_the_groups_language(scene: Scene) -> None:
    stage, group = scene.stage, scene.group
    said = await stage.ask(scene.admin, group, "/language es")
    assert said.startswith("Cambiado: Idioma: español.") and said.endswith(SPANISH.html("group.language_changed"))
    assert await stage.ask(scene.admin, group, "/pause") == SPANISH.html("group.paused")
    said = await stage.ask(scene.admin, group, "/language en")
    assert said.startswith("Changed: Language: English.") and said.endswith(WORDS.html("group.language_changed"))
    assert "Language: English" in await stage.ask(scene.admin, group, "/settings")


@pytest.mark.parametrize("text", ["", " klingon", " ../es", " es en"])
async def test_a_language_we_do_not_speak_is_answered_with_those_we_do(scene: Scene, text: str) -> None:
    answer = await scene.stage.ask(scene.admin, scene.group, f"/language{text}")
    assert "/language en — English\n/language es — español" in answer
    assert "Language: English" in await scene.stage.ask(scene.admin, scene.group, "/settings")


async def test_only_an_admin_chooses_the_groups_language(scene: Scene) -> None:
    stage, group = scene.stage, scene.group
    assert await stage.ask(scene.member, group, "/language es") == WORDS.html("group.admins_only")
    assert "works in your group" in await stage.ask(scene.member, None, "/language es")
    stage.world.promote(scene.member, group, anonymous=True)
    said = await stage.ask(scene.member, group, "/language es")
    assert said.startswith("Cambiado: Idioma: español.") and said.endswith(SPANISH.html("group.language_changed"))


async def test_a_language_changed_under_a_standing_post_counts_from_the_next_one(scene: Scene) -> None:
    stage, group = scene.stage, scene.group
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(group, HARBOUR))
    await stage.settled()
    await stage.ask(scene.admin, group, "/language es")
    assert WORDS.plain("post.keep")[3:30] in stage.world.record.showing(HARBOUR)[0].text
    stage.clock.instant += timedelta(days=1)
    await stage.until(lambda: stage.shows(group, LIGHTHOUSE))
    assert "que esto quede en este chat" in stage.world.record.showing(LIGHTHOUSE)[0].text


async def test_each_language_has_its_menus(stage: Stage) -> None:
    menus = stage.world.commands.menus
    for scope in ("all_private_chats", "all_group_chats", "all_chat_administrators"):
        names = {code: [each["command"] for each in menus[scope, code]] for code in ("", "en", "es")}
        assert names[""] == names["en"] == names["es"]
        assert menus[scope, ""] == menus[scope, "en"] != menus[scope, "es"]
