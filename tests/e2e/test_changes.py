"""Every change by an admin, by button and by command, is told: what it changed, and when the next post comes."""

from datetime import timedelta

import pytest

from tests.e2e.conftest import MONDAY_DUE, Scene

MONDAY = "The next request comes on Mon 2 Mar at 07:30 (UTC)."
SPANISH_MONDAY = "La próxima petición llega el lun, 2 mar a las 07:30 (UTC)."
RESUMED = "No request comes until a group admin sends /resume."


async def told(scene: Scene, *buttons: str, zone: str = "") -> str:
    """What the settings say above themselves after these buttons, and after a city's name in reply to them."""
    stage = scene.stage
    scene.group.forum = "Topic" in buttons
    await stage.ask(scene.admin, scene.group, "/settings")
    message = stage.last(scene.group)
    for button in buttons:
        await stage.tap(scene.admin, message, button)
    if zone:
        stage.world.say(scene.admin, scene.group, zone, reply_to=message)
        await stage.settled()
    return message.text.partition("\n\n")[0]


@pytest.mark.parametrize(
    ("buttons", "zone", "what", "comes"),
    [
        (["Hour", "06:30"], "", "Hour: 06:30", "The next request comes on Mon 2 Mar at 06:30 (UTC)."),
        (["Hour", ":45"], "", "Hour: 07:45", "The next request comes on Mon 2 Mar at 07:45 (UTC)."),
        (["Time zone"], "Mombasa", "Time zone: Africa/Nairobi", MONDAY.replace("UTC", "Africa/Nairobi")),
        (["Days", "✓ Wed"], "", "Days: Mon–Tue, Thu–Fri", MONDAY),
        (["Topic", "General"], "", "Topic: in General", MONDAY),
        (["Without sound"], "", "Without sound", MONDAY),
        (["Without sound", "With sound"], "", "With sound", MONDAY),
        (["Hide numbers"], "", "Hide numbers", MONDAY),
        (["Hide numbers", "Show numbers"], "", "Show numbers", MONDAY),
        (["Quiet days: a verse"], "", "Quiet days: a verse", MONDAY),
        (["Quiet days: a verse", "Quiet days: nothing"], "", "Quiet days: nothing", MONDAY),
        (["Pause", "Until Sun 8 Mar"], "", "paused", "The next request comes on Mon 9 Mar at 07:30 (UTC)."),
        (["Pause", "Until /resume"], "", "paused", RESUMED),
        (["Pause", "Until /resume", "Resume"], "", "subscribed", MONDAY),
    ],
)
async def test_a_button_says_what_it_changed_and_when_the_next_post_comes(
    scene: Scene, buttons: list[str], zone: str, what: str, comes: str
) -> None:
    said = await told(scene, *buttons, zone=zone)
    assert said.partition("\n")[0] == f"Changed: {what}. {comes}"


async def test_a_button_for_another_language_says_so_in_that_language(scene: Scene) -> None:
    assert await told(scene, "Language", "español") == f"Cambiado: Idioma: español. {SPANISH_MONDAY}"


@pytest.mark.parametrize(
    ("command", "what", "comes"),
    [
        ("/time 06:35", "Hour: 06:35", "The next request comes on Mon 2 Mar at 06:35 (UTC)."),
        ("/timezone Africa/Nairobi", "Time zone: Africa/Nairobi", MONDAY.replace("UTC", "Africa/Nairobi")),
        ("/days tue,wed", "Days: Tue–Wed", "The next request comes on Tue 3 Mar at 07:30 (UTC)."),
        ("/topic general", "Topic: in General", MONDAY),
        ("/language en", "Language: English", MONDAY),
    ],
)
async def test_a_command_says_it_in_the_same_words(scene: Scene, command: str, what: str, comes: str) -> None:
    said = await scene.stage.ask(scene.admin, scene.group, command)
    assert said.partition("\n")[0] == f"Changed: {what}. {comes}"


@pytest.mark.parametrize(
    ("pause", "comes"),
    [("/pause", RESUMED), ("/pause 11 Mar", "The next request comes on Wed 11 Mar at 06:30 (UTC).")],
)
async def test_what_is_changed_in_a_pause_says_when_it_ends(scene: Scene, pause: str, comes: str) -> None:
    await scene.stage.ask(scene.admin, scene.group, pause)
    assert await scene.stage.ask(scene.admin, scene.group, "/time 06:30") == f"Changed: Hour: 06:30. {comes}"
    assert await told(scene, "Hour", "05:30") == f"Changed: Hour: 05:30. {comes.replace('06:30', '05:30')}"


async def test_what_is_changed_while_a_group_is_suspended_promises_no_day(scene: Scene) -> None:
    stage = scene.stage
    stage.world.make_public(scene.group, "harbour")
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(scene.group, "not private any more"))
    stage.clock.advance(hours=1)
    await stage.settled()
    assert await stage.ask(scene.admin, scene.group, "/time 06:30") == f"Changed: Hour: 06:30. {RESUMED}"


async def test_what_is_changed_before_posting_begins_says_so(scene: Scene) -> None:
    stage, carol = scene.stage, scene.stage.world.person("Carol")
    group = await stage.approved("Lighthouse prayer", carol)
    stage.clock.instant += timedelta(hours=1)
    said = await stage.ask(carol, group, "/time 06:30")
    assert said == "Changed: Hour: 06:30. It counts as soon as posting begins here."
