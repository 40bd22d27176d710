"""What operators do with groups and people, and what nobody else does."""

from itertools import product
from pathlib import Path
from urllib.parse import unquote

import pytest

from bot.domain.act import Act
from bot.domain.group import GroupState
from bot.rehearsal.chats import Chat
from bot.rehearsal.messages import Message
from bot.rehearsal.people import Person
from bot.services.people import LINK_HOLDS
from bot.store.key import person_code
from tests.e2e.conftest import MONDAY_DUE, Scene, suspend
from tests.e2e.host import Host
from tests.e2e.sample import HARBOUR, TEXTS
from tests.e2e.stage import Stage
from tests.texts import WORDS


async def the_card(stage: Stage, title: str) -> Message:
    """The message in which the operator sees a group."""
    await stage.ask(stage.operator, None, "/groups")
    card = stage.last(stage.world.private_chat(stage.operator))
    await stage.tap(stage.operator, card, title)
    await stage.until(lambda: "State:" in card.text)
    return card


async def the_link(stage: Stage) -> str:
    """A link that makes an editor, as the operator's button hands it on."""
    direct = stage.world.private_chat(stage.operator)
    await stage.ask(stage.operator, None, "/people")
    before = len(stage.world.record.by_bot(direct))
    await stage.tap(stage.operator, stage.last(direct), "Add an editor")
    await stage.until(lambda: len(stage.world.record.by_bot(direct)) > before)
    shared = str(stage.last(direct).keyboard[0][0]["url"])
    assert shared.startswith("https://t.me/share/url?url=https%3A%2F%2Ft.me%2F")
    return unquote(shared.partition("url=")[2])


async def opened(stage: Stage, person: Person, link: str) -> str:
    """Somebody opens a link; what the bot says."""
    direct = stage.world.private_chat(person)
    before = len(stage.world.record.by_bot(direct))
    stage.world.open_link(person, link)
    await stage.until(lambda: len(stage.world.record.by_bot(direct)) > before)
    return stage.last(direct).text


async def state(stage: Stage) -> GroupState:
    """Where the first group stands."""
    return (await stage.app.groups.all())[0].state


async def acts(stage: Stage) -> list[tuple[str | None, Act]]:
    """Who did what, by the journal, beside what the scene began with."""
    async with stage.app.store.reading() as stored:
        return [(each.person, each.act) for each in await stored.journal.last(50)][2:]


async def test_groups_are_seen_with_their_next_and_last_post(scene: Scene) -> None:
    stage = scene.stage
    said = await stage.ask(stage.operator, None, "/groups")
    assert "Harbour prayer · subscribed\nNext: Mon 2 Mar 07:30\nLast: none" in said
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(scene.group, HARBOUR))
    await stage.settled()
    await stage.tap(scene.member, stage.world.record.showing(HARBOUR)[0])
    card = await the_card(stage, "Harbour prayer")
    assert "Next: Tue 3 Mar 07:30\nLast: Mon 2 Mar, posted, 1 prayed" in card.text
    assert card.buttons == ["Suspend", "Remove …", "All groups"]
    stage.world.make_public(scene.group, "harbour")
    stage.clock.advance(days=1)
    await stage.until(lambda: stage.shows(scene.group, "not private any more"))
    await stage.settled()
    await stage.tap(stage.operator, card, "All groups")
    await stage.until(lambda: "· suspended" in card.text)
    assert "Last: Tue 3 Mar, not posted: " in card.text


async def waiting(stage: Stage, title: str, admin: Person) -> Chat:
    """A group that waits for the operators."""
    group = stage.world.group(title, admins=[admin])
    stage.world.add_bot(group, by=admin, admin=True)
    await stage.until(lambda: stage.shows(group, WORDS.html("group.is.pending")))
    return group


async def test_a_group_that_waits_is_decided_about_on_its_card_which_then_shows_how_it_stands(stage: Stage) -> None:
    admin = stage.world.person("Amina")
    harbour, mill = [await waiting(stage, title, admin) for title in ("Harbour prayer", "Mill prayer")]
    card = await the_card(stage, "Harbour prayer")
    assert "State: waits for approval" in card.text
    assert card.buttons == ["Approve", "Decline", "All groups"]
    assert await stage.tap(stage.operator, card, "Approve") == "Approved."
    await stage.until(lambda: "State: approved, not subscribed" in card.text)
    assert card.buttons == ["Suspend", "Remove …", "All groups"]
    await stage.until(lambda: stage.shows(harbour, "group is approved"))
    assert await stage.tap_data(stage.operator, card, "decline:1:card") == WORDS.plain("tap.decided")
    await stage.tap(stage.operator, card, "All groups")
    await stage.until(lambda: "Mill prayer" in card.buttons)
    await stage.tap(stage.operator, card, "Mill prayer")
    await stage.until(lambda: "Decline" in card.buttons)
    assert await stage.tap(stage.operator, card, "Decline") == "Declined."
    await stage.until(lambda: card.buttons == ["Harbour prayer"])
    await stage.until(lambda: stage.shows(mill, "not approved, so I leave"))


async def test_nobody_but_an_operator_decides_on_a_card(stage: Stage) -> None:
    admin, editor = stage.world.person("Amina"), stage.world.person("Editor")
    group = await waiting(stage, "Harbour prayer", admin)
    await opened(stage, editor, await the_link(stage))
    for person, chat in ((admin, group), (editor, stage.world.private_chat(editor))):
        for data in ("approve:1:card", "decline:1:card"):
            assert await stage.tap_data(person, stage.last(chat), data) == WORDS.plain("tap.not_operator")
    assert await state(stage) is GroupState.PENDING


async def test_a_suspended_group_is_silent_until_an_operator_lets_it_go_on(scene: Scene) -> None:
    stage = scene.stage
    card = await the_card(stage, "Harbour prayer")
    assert await stage.tap(stage.operator, card, "Suspend") == "Done."
    await stage.until(lambda: "suspended by an operator" in card.text)
    await stage.until(lambda: stage.shows(scene.group, "have suspended this group"))
    stage.clock.instant = MONDAY_DUE
    await stage.settled()
    assert not stage.world.record.holding(HARBOUR)
    assert "have suspended this group" in await stage.ask(scene.admin, scene.group, "/resume")
    assert await stage.tap(stage.operator, card, "Release") == "Done."
    await stage.until(lambda: "Suspend" in card.buttons)
    # The first of them may be removed by now, as what was said during set-up.
    said = stage.world.record.by_bot
    await stage.until(lambda: sum("group is approved" in each.text for each in said(scene.group)) == 2)
    assert "Done" in await stage.ask(scene.admin, scene.group, "/subscribe")
    operator = person_code(stage.app.store.key.person(stage.operator.id))
    assert (await acts(stage)) == [(operator, Act.SUSPEND), (operator, Act.RELEASE)]


async def test_in_a_group_that_an_operator_suspended_its_admins_may_only_have_put_away_what_stands(
    scene: Scene,
) -> None:
    stage, group = scene.stage, scene.group
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(group, HARBOUR))
    await stage.settled()
    await stage.ask(scene.admin, group, "/settings")
    screen = stage.last(group)
    await suspend(scene)
    before = (await stage.app.groups.all())[0]
    for command in ("settings", "time 08:00", "timezone Africa/Nairobi", "days mon", "topic here", "language es",
                    "pause", "resume", "subscribe", "checkup", "invite", "invite off", "preview"):  # fmt: skip
        assert await stage.ask(scene.admin, group, f"/{command}") == WORDS.html("group.is.held"), command
    for data in ("set:hour:3", "set:show:main", "set:resume", "setup:begin", "set:now"):
        assert await stage.tap_data(scene.admin, screen, data) == WORDS.plain("tap.held"), data
    assert await stage.ask(scene.member, group, "/unsubscribe") == WORDS.html("group.admins_only")
    assert stage.shows(group, HARBOUR)
    assert (await stage.app.groups.all())[0] == before
    assert await stage.ask(scene.admin, group, "/unsubscribe") == WORDS.html("group.put_away")
    await stage.until(lambda: not stage.shows(group, HARBOUR))
    assert await state(stage) is GroupState.HELD


async def test_a_removed_group_is_asked_for_first_then_put_away_and_left(scene: Scene) -> None:
    stage = scene.stage
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(scene.group, HARBOUR))
    await stage.settled()
    card = await the_card(stage, "Harbour prayer")
    await stage.tap(stage.operator, card, "Remove …")
    await stage.until(lambda: "Remove “Harbour prayer”?" in card.text)
    await stage.tap(stage.operator, card, "Keep the group")
    await stage.until(lambda: "State:" in card.text)
    assert await state(stage) is GroupState.ACTIVE
    await stage.tap(stage.operator, card, "Remove …")
    await stage.until(lambda: "Put all away and leave" in card.buttons)
    assert await stage.tap(stage.operator, card, "Put all away and leave") == "Done."
    await stage.until(lambda: not scene.group.member(stage.world.bot).present)
    assert not stage.world.record.showing(HARBOUR)
    assert stage.shows(scene.group, WORDS.html("group.removed"))
    assert not stage.shows(scene.group, "not approved")
    assert "No group has added me" in card.text
    assert "No group has added me" in await stage.ask(stage.operator, None, "/groups")


@pytest.mark.no_cover
async def test_nobody_but_an_operator_oversees_groups_or_people(scene: Scene) -> None:
    stage, stranger = scene.stage, scene.stage.world.person("Stranger")
    editor = stage.world.person("Editor")
    await opened(stage, editor, await the_link(stage))
    mine = len(await acts(stage))
    (code,) = [each.code for each in await stage.app.vigil.people.editors()]
    forged = ["groups:0", "group:1", "suspend:1", "release:1", "remove:1", "remove:1:sure"]
    forged += ["invite_editor:", f"remove_editor:{code}", "approve:1", "decline:1", "approve:1:card", "decline:1:card"]
    for person in (scene.admin, scene.member, stranger, editor):
        for command in ("/groups", "/people"):
            assert "don’t know" in await stage.ask(person, None, command)
        chats = [stage.world.private_chat(person), *([scene.group] if scene.group.member(person).present else [])]
        for data, chat in product(forged, chats):
            assert "Only an operator" in await stage.tap_data(person, stage.last(chat), data)
    assert await state(stage) is GroupState.ACTIVE
    assert len(await acts(stage)) == mine
    assert not any("/people" in each.text for each in stage.world.record.by_bot(scene.group))


async def test_damaged_data_of_an_operator_changes_nothing(scene: Scene) -> None:
    stage = scene.stage
    direct = stage.last(stage.world.private_chat(stage.operator))
    for data in ("suspend:0", "suspend:99", "remove:99:sure", "remove:1:yes", "groups:-1", "group:x", "release:1"):
        assert await stage.tap_data(stage.operator, direct, data) != "Done."
    for data in ("remove_editor:", "remove_editor:zzzzzzzz", "remove_editor:00000000", "invite_editor:1"):
        assert await stage.tap_data(stage.operator, direct, data) != "Done."
    assert await state(stage) is GroupState.ACTIVE
    assert await acts(stage) == []


async def test_an_editor_who_wants_to_be_forgotten_is_told_what_stays(scene: Scene) -> None:
    stage, editor = scene.stage, scene.stage.world.person("Editor")
    await opened(stage, editor, await the_link(stage))
    assert "You stay an editor" in await stage.ask(editor, None, "/forgetme")
    await stage.tap(editor, stage.last(stage.world.private_chat(editor)), "Forget me")
    assert "Which request" in await stage.ask(editor, None, "/retract")
    assert "editor" not in await stage.ask(scene.member, None, "/forgetme")


async def test_an_editor_comes_by_a_link_that_works_once_and_takes_requests_back(scene: Scene) -> None:
    stage = scene.stage
    editor, second = stage.world.person("Editor"), stage.world.person("Second")
    assert "don’t know" in await stage.ask(editor, None, "/retract")
    link = await the_link(stage)
    assert "You are an editor now" in await opened(stage, editor, link)
    assert "used already" in await opened(stage, second, link)
    assert "don’t know" in await stage.ask(second, None, "/retract")
    assert "/retract" in await stage.ask(editor, None, "/help")
    assert "/groups" not in stage.last(stage.world.private_chat(editor)).text
    assert "Which request" in await stage.ask(editor, None, "/retract")
    question = stage.last(stage.world.private_chat(editor))
    await stage.tap(editor, question, "Latin America · Tue 3 Mar")
    await stage.until(lambda: "Why?" in question.text)
    assert "Only an editor" in await stage.tap_data(scene.member, stage.last(scene.group), "retract:2:danger")
    await stage.tap(editor, question, "Somebody is in danger")
    await stage.until(lambda: stage.shows(stage.world.private_chat(editor), "is taken back"))
    code = person_code(stage.app.store.key.person(editor.id))
    assert [who for who, act in await acts(stage) if act is Act.RETRACT] == [code]


async def test_a_link_that_expired_or_was_forged_makes_nobody_an_editor(scene: Scene) -> None:
    stage, person = scene.stage, scene.stage.world.person("Late")
    link = await the_link(stage)
    forged = link[:-4] + ("AAAA" if not link.endswith("AAAA") else "BBBB")
    assert "used already" in await opened(stage, person, forged)
    stage.clock.advance(seconds=LINK_HOLDS.total_seconds())
    assert "used already" in await opened(stage, person, link)
    assert "don’t know" in await stage.ask(person, None, "/retract")


async def test_a_former_editor_is_told_and_may_nothing_any_more(scene: Scene) -> None:
    stage, editor = scene.stage, scene.stage.world.person("Editor")
    await opened(stage, editor, await the_link(stage))
    await stage.ask(editor, None, "/retract")
    question = stage.last(stage.world.private_chat(editor))
    said = await stage.ask(stage.operator, None, "/people")
    assert "Editor 1 ·" in said and "Editor Editor" not in said and str(editor.id) not in said
    people = stage.last(stage.world.private_chat(stage.operator))
    assert await stage.tap(stage.operator, people, "Remove editor 1") == "Done."
    await stage.until(lambda: stage.shows(stage.world.private_chat(editor), "no editor of this bot any more"))
    await stage.until(lambda: people.buttons == ["Add an editor"])
    assert "Only an editor" in await stage.tap(editor, question, "Latin America · Tue 3 Mar")
    assert "don’t know" in await stage.ask(editor, None, "/retract")


async def test_the_journal_tells_of_every_act_over_telegram_and_names_nobody(scene: Scene, tmp_path: Path) -> None:
    stage, admin = scene.stage, scene.admin
    editor, mill = stage.world.person("Ifeoma"), await waiting(stage, "Mill prayer", admin)
    desk = stage.world.private_chat(stage.operator)
    await stage.until(lambda: stage.shows(desk, "Mill prayer"))
    await stage.tap(stage.operator, stage.world.record.showing("Mill prayer", desk)[-1], "Decline")
    await stage.until(lambda: not mill.member(stage.world.bot).present)
    await opened(stage, editor, await the_link(stage))
    await stage.ask(editor, None, "/retract")
    question = stage.last(stage.world.private_chat(editor))
    await stage.tap(editor, question, "Latin America · Tue 3 Mar")
    await stage.until(lambda: "Why?" in question.text)
    await stage.tap(editor, question, "Somebody is in danger")
    await stage.until(lambda: stage.shows(stage.world.private_chat(editor), "is taken back"))
    await stage.ask(stage.operator, None, "/people")
    assert await stage.tap(stage.operator, stage.last(desk), "Remove editor 1") == "Done."
    card = await the_card(stage, "Harbour prayer")
    for button, then in (("Suspend", "Release"), ("Release", "Suspend"), ("Remove …", "Put all away and leave")):
        await stage.tap(stage.operator, card, button)
        await stage.until(lambda then=then: then in card.buttons)  # type: ignore[misc]
    assert await stage.tap(stage.operator, card, "Put all away and leave") == "Done."
    await stage.settled()
    host = Host(stage.server, f"sqlite:///{tmp_path}/vigil.db", stage.operator.id)
    status, out, err = await host.ended("journal")
    assert (status, err) == (0, "")
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in out.splitlines() if line.startswith("│")]
    operator, other = (person_code(stage.app.store.key.person(each.id)) for each in (stage.operator, editor))
    harbour = "“Harbour prayer”"
    assert [row[1:] for row in rows if row[1] != "shell"] == [
        [operator, "approve", harbour],
        [operator, "decline", "“Mill prayer”"],
        [operator, "invite editor", ""],
        [other, "become editor", ""],
        [other, "retract", "Latin America, request 2"],
        [operator, "remove editor", other],
        [operator, "suspend", harbour],
        [operator, "release", harbour],
        [operator, "remove", harbour],
    ]
    for person in (stage.operator, editor, admin, scene.member):
        assert str(person.id) not in out and person.first_name not in out
    assert not any(text in out for text in TEXTS.values()) and "invented" not in out


async def test_a_renamed_group_is_seen_by_its_new_title(scene: Scene) -> None:
    stage = scene.stage
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(scene.group, HARBOUR))
    await stage.settled()
    scene.group.title = "Quiet Tuesday"
    stage.clock.advance(hours=2)
    await stage.app.round.look()
    said = await stage.ask(stage.operator, None, "/groups")
    assert "Quiet Tuesday · subscribed" in said
    assert "Harbour prayer" not in said
