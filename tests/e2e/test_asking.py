"""What members ask for: short answers, the text behind "show", and nothing for anybody else."""

from datetime import timedelta

import pytest

from bot.domain.regions import Region
from bot.rehearsal.chats import Chat, Topic
from bot.rehearsal.messages import Message
from bot.rehearsal.people import Person
from tests.e2e.conftest import MONDAY_DUE, Scene
from tests.e2e.sample import BRICKYARD, HARBOUR, LIGHTHOUSE, SUNDAY, TEXTS, VERSE, publish
from tests.e2e.stage import Stage

TELLING = (HARBOUR, LIGHTHOUSE, BRICKYARD, "ferry", "almanac")


@pytest.fixture
async def posted(scene: Scene) -> Scene:
    """Monday's post stands in the group."""
    scene.stage.clock.instant = MONDAY_DUE
    await scene.stage.until(lambda: scene.stage.shows(scene.group, HARBOUR))
    await scene.stage.settled()
    return scene


async def bound(scene: Scene) -> Chat:
    """The member's direct chat, which belongs to the group."""
    stage = scene.stage
    stage.world.follow(scene.member, stage.world.record.showing(HARBOUR)[0], "Open privately")
    direct = stage.world.private_chat(scene.member)
    await stage.until(lambda: stage.shows(direct, "Welcome"))
    return direct


def told(stage: Stage, chat: Chat) -> list[str]:
    """Which requests' words any message in the chat shows."""
    return [word for word in TELLING if stage.shows(chat, word)]


async def test_an_answer_is_short_and_show_brings_the_text_through_the_door(posted: Scene) -> None:
    stage = posted.stage
    said = await stage.ask(posted.member, posted.group, "/region latin")
    assert said == "Latin America · Tue 3 Mar\n1 point: 🙏 1"
    short = stage.last(posted.group)
    assert short.buttons == ["Show Latin America"]
    assert await stage.tap(posted.member, short) == ""
    await stage.until(lambda: stage.shows(posted.group, LIGHTHOUSE))
    (answer,) = stage.world.record.showing(LIGHTHOUSE)
    assert answer is short and LIGHTHOUSE not in answer.versions[0].text.text
    assert answer.protected and not answer.buttons
    assert {(answer.chat.id, answer.id)} <= await stage.known_copies()
    late = stage.world.tap_data(posted.admin, short, "show:2")
    assert "stands in this chat" in (await late.answered()).text
    assert "above" in await stage.ask(posted.member, posted.group, "/region Latin America")
    assert stage.last(posted.group).reply_to is answer
    assert len(stage.world.record.holding(LIGHTHOUSE)) == 1


async def test_a_short_answer_becomes_no_other_request_than_its_own(posted: Scene) -> None:
    stage = posted.stage
    said = await stage.ask(posted.member, posted.group, "/region latin")
    short = stage.last(posted.group)
    assert await stage.tap_data(posted.member, short, "show:3") == ""
    await stage.settled()
    (answer,) = [message for message in stage.world.record.by_bot(posted.group) if message.id > short.id]
    assert BRICKYARD in answer.text
    assert short.text == said


@pytest.mark.parametrize("question", ["/region latin", "/country peru", "/week", "/verse"])
async def test_in_a_group_the_same_answer_is_given_once_an_hour(posted: Scene, question: str) -> None:
    stage = posted.stage
    first = await stage.ask(posted.member, posted.group, question)
    standing = stage.last(posted.group)
    assert "above" in await stage.ask(posted.admin, posted.group, question)
    assert stage.last(posted.group).reply_to is standing
    stage.clock.advance(minutes=60)
    assert await stage.ask(posted.admin, posted.group, question) == first
    assert stage.last(posted.group).reply_to is not standing


@pytest.mark.parametrize("question", ["/today", "/region africa"])
async def test_a_deleted_post_is_pointed_at_no_more_and_its_text_can_be_had_again(posted: Scene, question: str) -> None:
    stage = posted.stage
    (post,) = stage.world.record.showing(HARBOUR, posted.group)
    copies = await stage.known_copies()
    stage.world.delete(post)
    said = await stage.ask(posted.member, posted.group, question)
    short = stage.last(posted.group)
    assert (said, short.reply_to) == ("Africa & Europe · Mon 2 Mar\n1 point: 🙏 1", None)
    await stage.tap(posted.member, short)
    await stage.until(lambda: HARBOUR in short.text)
    await stage.settled()
    assert "above ↑" in await stage.ask(posted.member, posted.group, question)
    assert stage.last(posted.group).reply_to is short
    assert copies < await stage.known_copies(), "what was deleted stays on the ledger"
    # Should it stand in spite of what Telegram said, it is taken back like any other.
    before = len(stage.world.record.calls_of("editMessageText", posted.group))
    await stage.ask(posted.admin, posted.group, "/unsubscribe")
    await stage.until(lambda: not stage.shows(posted.group, HARBOUR))
    await stage.settled()
    edited = stage.world.record.calls_of("editMessageText", posted.group)[before:]
    assert {call.params["message_id"] for call in edited} >= {post.id, short.id}


async def test_whoever_taps_for_a_deleted_text_asks_once_more_and_has_it(posted: Scene) -> None:
    stage = posted.stage
    await stage.ask(posted.member, posted.group, "/region latin")
    older = stage.last(posted.group)
    stage.clock.advance(hours=1)
    await stage.shown(posted.member, posted.group, "/region latin")
    stage.world.delete(stage.last(posted.group))
    assert "Ask once more" in await stage.tap(posted.member, older)
    assert "Latin America" in await stage.ask(posted.member, posted.group, "/region latin")
    assert await stage.tap(posted.member, older) == ""
    await stage.until(lambda: LIGHTHOUSE in older.text)


async def test_a_deleted_text_can_be_had_again_in_a_direct_chat(posted: Scene) -> None:
    stage = posted.stage
    direct = await bound(posted)
    await stage.shown(posted.member, None, "/region africa")
    stage.world.delete(stage.last(direct))
    assert HARBOUR in await stage.shown(posted.member, None, "/region africa")


@pytest.mark.parametrize("question", ["/region latin", "/country peru", "/week", "/verse"])
async def test_a_deleted_answer_is_given_anew_within_the_hour(posted: Scene, question: str) -> None:
    stage = posted.stage
    first = await stage.ask(posted.member, posted.group, question)
    stage.world.delete(stage.last(posted.group))
    assert await stage.ask(posted.admin, posted.group, question) == first
    standing = stage.last(posted.group)
    assert standing.reply_to is None
    assert "above" in await stage.ask(posted.member, posted.group, question)
    assert stage.last(posted.group).reply_to is standing


async def test_a_short_answer_that_became_a_tombstone_is_pointed_at_no_more(posted: Scene) -> None:
    stage = posted.stage
    await stage.shown(posted.member, posted.group, "/region latin")
    await stage.ask(posted.admin, posted.group, "/unsubscribe")
    await stage.until(lambda: not stage.shows(posted.group, LIGHTHOUSE))
    await stage.ask(posted.admin, posted.group, "/subscribe")
    assert "Latin America · Tue 3 Mar" in await stage.ask(posted.member, posted.group, "/region latin")
    assert stage.last(posted.group).buttons == ["Show Latin America"]


@pytest.mark.parametrize("first", ["/region latin", "/country peru"])
async def test_a_region_asked_for_by_its_countries_is_answered_once_an_hour_too(posted: Scene, first: str) -> None:
    stage = posted.stage
    assert "Latin America · Tue 3 Mar" in await stage.ask(posted.member, posted.group, first)
    standing = stage.last(posted.group)
    for question in ("/country chile", "/country bolivia"):
        said = await stage.ask(posted.member, posted.group, question)
        assert said.startswith("No request of this week names ") and said.endswith("\n\nYou find it above ↑")
        assert stage.last(posted.group).reply_to is standing and not stage.last(posted.group).buttons
    assert await stage.ask(posted.member, posted.group, "/region latin") == "You find it above ↑"
    assert stage.last(posted.group).reply_to is standing


async def test_a_country_that_one_request_names_is_no_second_answer_on_its_region(stage: Stage) -> None:
    texts = {Region.AFRICA_EUROPE: ("A harbour.",), Region.GLOBAL: ("Kenya and its almanac.",)}
    await publish(stage.app.store, stage.clock, texts, countries={Region.GLOBAL: "KE"})
    admin = stage.world.person("Amina")
    group = await stage.subscribed("Harbour prayer", admin)
    stage.clock.instant = MONDAY_DUE - timedelta(hours=3)
    await stage.ask(admin, group, "/region global")
    standing = stage.last(group)
    assert "Kenya is named in:\n\nYou find it above" in await stage.ask(admin, group, "/country kenya")
    assert stage.last(group).reply_to is standing


async def test_a_country_whose_request_stands_is_pointed_at_and_nothing_is_said_twice(stage: Stage) -> None:
    texts = {Region.AFRICA_EUROPE: (f"Kenya: {HARBOUR}.",), Region.GLOBAL: ("Kenya and its almanac.",)}
    await publish(stage.app.store, stage.clock, texts, countries={Region.AFRICA_EUROPE: "KE", Region.GLOBAL: "KE"})
    admin = stage.world.person("Amina")
    group = await stage.subscribed("Harbour prayer", admin)
    stage.clock.instant = MONDAY_DUE
    await stage.until(lambda: stage.shows(group, HARBOUR))
    await stage.settled()
    (post,) = stage.world.record.showing(HARBOUR, group)
    before = len(stage.world.record.by_bot(group))
    answers = []
    for asked in (1, 2):
        stage.world.say(admin, group, "/country kenya")
        await stage.until(lambda asked=asked: len(stage.world.record.by_bot(group)) == before + 2 * asked)  # type: ignore[misc]
        await stage.settled()
        answers.append(stage.world.record.by_bot(group)[-2:])
    (pointing, short), (again, above) = answers
    assert pointing.text == again.text == "This week Kenya is named in:\n\nYou find it above ↑"
    assert pointing.reply_to is again.reply_to is post
    assert short.text.startswith("Global · Tue 3 Mar") and short.buttons == ["Show Global"]
    assert (above.text, above.reply_to, above.buttons) == ("You find it above ↑", short, [])


@pytest.fixture
async def forum(stage: Stage) -> tuple[Chat, Person]:
    """A subscribed group with topics, some hours before its first post, and a member."""
    await publish(stage.app.store, stage.clock)
    admin, member = stage.world.person("Amina"), stage.world.person("Brian")
    forum = stage.world.group("Harbour forum", members=[member], admins=[admin], forum=True)
    stage.world.add_bot(forum, by=admin, admin=True)
    asked = stage.world.private_chat(stage.operator)
    await stage.until(lambda: stage.shows(asked, "Harbour forum"))
    await stage.tap(stage.operator, stage.world.record.showing("Harbour forum", asked)[-1], "Approve")
    await stage.until(lambda: stage.shows(forum, "/subscribe"))
    await stage.ask(admin, forum, "/subscribe")
    stage.clock.instant = MONDAY_DUE - timedelta(hours=3)
    return forum, member


async def asked_in(stage: Stage, member: Person, forum: Chat, topic: Topic | None, said: str) -> Message:
    """What a member is answered, who asks in a topic."""
    before = len(stage.world.record.by_bot(forum))
    stage.world.say(member, forum, said, topic=topic)
    await stage.until(lambda: len(stage.world.record.by_bot(forum)) > before)
    return stage.last(forum)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/region latin", "Latin America · Tue 3 Mar"),
        ("/region", "Which region?"),
        ("/country peru", "No request of this week names Peru."),
        ("/country", "Which country?"),
        ("/week", "This week"),
        ("/verse", VERSE.text),
        ("/today", "comes here at 07:00"),
        ("/prayed", "No request has come"),
        ("/help", "What I understand"),
    ],
)
async def test_an_answer_comes_in_the_topic_of_whoever_asked(
    stage: Stage, forum: tuple[Chat, Person], said: str, answer: str
) -> None:
    chat, member = forum
    for topic in (stage.world.topic(chat, "Prayer"), stage.world.topic(chat, "Choir"), None):
        message = await asked_in(stage, member, chat, topic, said)
        assert answer in message.text
        assert (message.thread_id if message.in_topic else None) == (topic.id if topic else None)


async def test_a_text_is_shown_in_the_topic_of_whoever_asked(stage: Stage, forum: tuple[Chat, Person]) -> None:
    chat, member = forum
    choir = stage.world.topic(chat, "Choir")
    for said, button, text in (("/region latin", "Show", LIGHTHOUSE), ("/region", "South Asia", "South Asia")):
        await stage.tap(member, await asked_in(stage, member, chat, choir, said), button)
        await stage.until(lambda text=text: stage.shows(chat, text))  # type: ignore[misc]
        await stage.settled()
        assert stage.world.record.showing(text, chat)[-1].thread_id == choir.id


async def test_todays_request_is_short_in_a_direct_chat_too(posted: Scene) -> None:
    stage = posted.stage
    direct = await bound(posted)
    assert "Africa & Europe · Mon 2 Mar" in await stage.ask(posted.member, None, "/today")
    short = stage.last(direct)
    assert told(stage, direct) == []
    await stage.tap(posted.member, short)
    await stage.until(lambda: stage.shows(direct, HARBOUR))
    assert "above" in await stage.ask(posted.member, None, "/today")


async def test_a_country_is_answered_by_the_requests_that_name_it_or_by_its_region(stage: Stage) -> None:
    texts = {Region.AFRICA_EUROPE: ("A harbour in Kenya.",), Region.GLOBAL: ("Kenya and its almanac.", "Two.")}
    await publish(stage.app.store, stage.clock, texts, countries={Region.AFRICA_EUROPE: "KE", Region.GLOBAL: "KE"})
    admin = stage.world.person("Amina")
    group = await stage.subscribed("Harbour prayer", admin)
    stage.clock.instant = MONDAY_DUE - timedelta(hours=3)
    before = len(stage.world.record.by_bot(group))
    stage.world.say(admin, group, "/country kenya")
    await stage.until(lambda: len(stage.world.record.by_bot(group)) == before + 2)
    first, second = stage.world.record.by_bot(group)[before:]
    assert first.text == "This week Kenya is named in:\n\nIt is today’s request and comes here at 07:30."
    assert second.text == "Global · Tue 3 Mar\n2 points: 🙏 2"
    assert (first.buttons, second.buttons) == ([], ["Show Global"])
    await stage.tap(admin, second, "Show Global")
    await stage.until(lambda: stage.shows(group, "almanac"))
    assert "No request of this week names Uganda" in (said := await stage.ask(admin, group, "/country uganda"))
    assert said.endswith("You find it above ↑") and stage.last(group).reply_to is first
    assert "none is planned" in await stage.ask(admin, group, "/country peru")
    assert "No request of this week names United States." in await stage.ask(admin, group, "/country usa")
    assert "Did you mean" in await stage.ask(admin, group, "/country kenja")
    assert stage.last(group).buttons == ["Kenya"]
    stage.world.tap(admin, stage.last(group))
    await stage.until(lambda: stage.last(group).text == "You find it above ↑")
    assert stage.last(group).reply_to is second
    assert "/country kenya" in await stage.ask(admin, group, "/country")
    assert "don’t know the country “???”" in await stage.ask(admin, group, "/country ???")


async def test_a_region_without_a_request_says_when_its_next_one_comes(stage: Stage) -> None:
    await publish(
        stage.app.store, stage.clock, {Region.GLOBAL: ("The almanac.",), Region.SOUTH_ASIA: ("A brickyard.",)}
    )
    admin = stage.world.person("Amina")
    group = await stage.subscribed("Harbour prayer", admin)
    stage.clock.instant = MONDAY_DUE - timedelta(hours=3)
    assert "none is planned yet" in await stage.ask(admin, group, "/region latin")
    assert "Peru.\n\nThis week has no request for Latin America" in await stage.ask(admin, group, "/country peru")
    coming = {Region.ASIA_PACIFIC: ("A ferry.",), Region.LATIN_AMERICA: ("A lighthouse.",)}
    await publish(stage.app.store, stage.clock, coming, on=SUNDAY + timedelta(days=7))
    assert "next one comes on Tue 10 Mar" in await stage.ask(admin, group, "/region latin")


async def test_a_day_on_which_the_group_gets_no_post_is_not_promised(stage: Stage) -> None:
    await publish(stage.app.store, stage.clock, {Region.GLOBAL: ("The almanac.",)})
    coming = {Region.ASIA_PACIFIC: ("A ferry.",), Region.LATIN_AMERICA: (f"A {LIGHTHOUSE}.",)}
    await publish(stage.app.store, stage.clock, coming, on=SUNDAY + timedelta(days=7))
    admin, member = stage.world.person("Amina"), stage.world.person("Brian")
    group = await stage.subscribed("Harbour prayer", admin, member)
    await stage.ask(admin, group, "/days mon")
    stage.clock.instant = MONDAY_DUE - timedelta(hours=3)
    assert "next one comes on Mon 9 Mar" in await stage.ask(member, group, "/region asia pacific")
    elsewhere = (
        "Its next one is planned for {}. The group gets no post that day, but the request can be asked for then."
    )
    assert elsewhere.format("Tue 10 Mar") in await stage.ask(member, group, "/region latin")
    await stage.ask(admin, group, "/pause")
    assert elsewhere.format("Mon 9 Mar") in await stage.ask(member, group, "/region asia pacific")
    stage.clock.advance(days=8)
    assert LIGHTHOUSE in await stage.shown(member, group, "/region latin")


async def test_whoever_does_not_belong_gets_nothing_by_command_or_forged_tap(posted: Scene) -> None:
    stage = posted.stage
    stranger, former = stage.world.person("Stranger"), stage.world.person("Former")
    other = await stage.subscribed("Mill prayer", stranger)
    stage.world.join(former, posted.group)
    stage.world.follow(former, stage.world.record.showing(HARBOUR, posted.group)[0], "Open privately")
    await stage.until(lambda: stage.shows(stage.world.private_chat(former), "Welcome"))
    await stage.ask(former, None, "/region latin")
    shown = stage.last(stage.world.private_chat(former))
    stage.world.leave(former, posted.group)
    await stage.tap(former, shown)
    stage.world.say(stranger, None, "/start")
    hers = stage.world.private_chat(stranger)
    await stage.until(lambda: bool(stage.world.record.by_bot(hers)))
    for data in ("show:2", "show:2026-03-03", "region:LATIN_AMERICA", "country:PE"):
        await stage.tap_data(stranger, stage.last(hers), data)
    for command in ("/region latin", "/country kenya", "/today", "/week", "/verse"):
        assert "Open privately" in await stage.ask(stranger, None, command)
    await stage.settled()
    assert told(stage, hers) == told(stage, stage.world.private_chat(former)) == []
    assert not stage.world.record.holding(LIGHTHOUSE)
    for data in (
        "show:99",
        "show:0",
        "show:2026-03-09",
        "show:2026-99-99",
        "show:",
        "show:2:1",
        "country:ZZ",
        "show:١",
    ):
        assert await stage.tap_data(stranger, stage.last(other), data) != ""
    assert not stage.world.record.holding(LIGHTHOUSE)


async def test_what_was_taken_back_or_is_of_another_week_is_shown_no_more(posted: Scene) -> None:
    stage = posted.stage
    shorts: list[Message] = []
    for region in ("latin", "south asia"):
        await stage.ask(posted.member, posted.group, f"/region {region}")
        shorts.append(stage.last(posted.group))
    async with stage.app.store.writing() as stored:
        await stored.bulletins.forget(2)
    assert "can’t be shown any more" in await stage.tap(posted.member, shorts[0])
    stage.clock.advance(days=7)
    assert "can’t be shown any more" in await stage.tap(posted.member, shorts[1])
    assert not stage.world.record.holding(LIGHTHOUSE) + stage.world.record.holding(BRICKYARD)


async def test_no_short_answer_holds_a_word_of_a_request(posted: Scene) -> None:
    stage = posted.stage
    direct = await bound(posted)
    for command in ("/today", "/week", "/verse", *(f"/region {region}" for region in TEXTS), "/country kenya"):
        await stage.ask(posted.member, None, command)
    assert told(stage, direct) == []
