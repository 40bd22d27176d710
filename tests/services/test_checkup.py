"""The checkup: what a group's admins are told, and how often."""

from dataclasses import replace

import pytest

from bot.domain.chat import Chat, ChatType, Rights
from bot.domain.checkup import Finding, Verdict, examine
from bot.domain.group import Group, GroupState
from bot.services.checkup import lines
from bot.services.messenger import ChatClosedError, MessengerError, NotNowError, UnknownOutcomeError
from bot.services.words import Words
from tests.services.conftest import Services
from tests.services.recorder import Recorder
from tests.stored import CHAT, add_group, the_group
from tests.texts import LANGUAGES

SAFE = Chat(CHAT, ChatType.SUPERGROUP, members_add=False, joins_by_request=True, deletes_itself=True, is_protected=True)
OPEN = replace(SAFE, members_add=True)
FORUM = replace(SAFE, is_forum=True)


async def look(services: Services, group: Group, chat: Chat) -> list[str]:
    """What the group is told after a look at it."""
    before = len(services.recorder.texts(CHAT))
    await services.checkup.look(await the_group(services.store, group.id), chat)
    return services.recorder.texts(CHAT)[before:]


async def test_what_got_worse_is_told_once_with_how_to_change_it(services: Services) -> None:
    group = await add_group(services.store)
    assert await look(services, group, SAFE) == []
    (told,) = await look(services, group, OPEN)
    assert "Any member may add others" in told
    assert "switch off “Add members”" in told
    assert "delete themselves" not in told
    assert await look(services, group, OPEN) == []
    (told,) = await look(services, group, replace(OPEN, deletes_itself=False))
    assert "stays here for good" in told
    assert "Any member may add others" not in told


async def test_what_was_mended_is_told_again_when_it_comes_back(services: Services) -> None:
    group = await add_group(services.store)
    for chat in (SAFE, OPEN, SAFE):
        await look(services, group, chat)
    assert await look(services, group, OPEN) != []


async def test_how_a_group_stood_at_the_first_look_is_no_change(services: Services) -> None:
    group = await add_group(services.store)
    assert await look(services, group, OPEN) == []
    assert await look(services, group, OPEN) == []


async def test_what_an_admin_was_shown_is_not_told(services: Services, recorder: Recorder) -> None:
    group = await add_group(services.store)
    await look(services, group, SAFE)
    recorder.chats[CHAT] = OPEN
    found = await services.checkup.show(await the_group(services.store, group.id))
    assert Finding("adding", Verdict.BAD) in found
    assert await look(services, group, OPEN) == []


async def test_who_came_by_an_open_link_is_told_once_until_an_admin_has_seen_it(services: Services) -> None:
    group = await add_group(services.store)
    private = replace(SAFE, joins_by_request=False)
    await services.checkup.came_freely(CHAT)
    assert await look(services, group, private) == [], "nothing is told of how it stood at the first look"
    for _ in range(2):
        await services.checkup.came_freely(CHAT)
        (told,) = await look(services, group, private)
        assert "by an invite link that needs no admin’s approval" in told
        await services.checkup.came_freely(CHAT)
        assert await look(services, group, private) == []
        found = await services.checkup.show(await the_group(services.store, group.id))
        assert Finding("approval", Verdict.BAD) in found
    found = await services.checkup.show(await the_group(services.store, group.id))
    assert Finding("approval", Verdict.UNKNOWN) in found
    await services.checkup.came_freely(CHAT - 1)


async def test_who_came_by_an_open_link_is_told_when_it_can_be(services: Services, recorder: Recorder) -> None:
    group = await add_group(services.store)
    await look(services, group, SAFE)
    await services.checkup.came_freely(CHAT)
    recorder.fails_send = ChatClosedError("muted")
    assert await look(services, group, SAFE) == []
    recorder.fails_send = None
    assert len(await look(services, group, SAFE)) == 1


@pytest.mark.parametrize("how", ["/checkup", "the round"])
async def test_who_comes_by_an_open_link_during_a_look_is_told_by_the_next(
    services: Services, recorder: Recorder, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    group = await add_group(services.store)
    await look(services, group, SAFE)

    async def rights(_chat_id: int) -> Rights:
        await services.checkup.came_freely(CHAT)
        return recorder.may

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(recorder, "rights", rights)
        if how == "/checkup":
            recorder.chats[CHAT] = OPEN
            await services.checkup.show(await the_group(services.store, group.id))
        else:
            (told,) = await look(services, group, OPEN)
            assert "Any member may add others" in told
    (told,) = await look(services, group, OPEN)
    assert "by an invite link that needs no admin’s approval" in told
    assert await look(services, group, OPEN) == []


async def test_a_right_that_the_bot_lost_is_told(services: Services, recorder: Recorder) -> None:
    group = await add_group(services.store)
    await look(services, group, SAFE)
    recorder.may = Rights(is_admin=True)
    (told,) = await look(services, group, SAFE)
    assert "/invite doesn’t work" in told


async def test_in_a_forum_it_is_tried_whether_the_bot_may_write(services: Services, recorder: Recorder) -> None:
    group = await add_group(services.store, topic_id=7)
    await look(services, group, FORUM)
    recorder.closed_topics = {7}
    (told,) = await look(services, group, FORUM)
    assert "closed to me" in told
    assert recorder.sent[-1][1].thread_id is None
    assert await look(services, group, FORUM) == []


async def test_what_could_not_be_told_is_told_when_it_can_be(services: Services, recorder: Recorder) -> None:
    group = await add_group(services.store, topic_id=7)
    await look(services, group, replace(FORUM, is_protected=False))
    recorder.closed_topics = {None, 7}
    assert await look(services, group, FORUM) == []
    assert (await the_group(services.store, group.id)).findings == frozenset(), "what was mended is known all the same"
    recorder.closed_topics = {7}
    (told,) = await look(services, group, FORUM)
    assert "closed to me" in told
    assert await look(services, group, FORUM) == []


async def test_where_the_bot_may_write_nowhere_nothing_counts_as_told(services: Services, recorder: Recorder) -> None:
    group = await add_group(services.store)
    await look(services, group, SAFE)
    recorder.fails_send = ChatClosedError("muted")
    assert await look(services, group, OPEN) == []
    recorder.fails_send = None
    assert len(await look(services, group, OPEN)) == 1


async def test_a_word_that_waits_is_told_later_and_one_that_may_stand_is_not_repeated(
    services: Services, recorder: Recorder
) -> None:
    group = await add_group(services.store)
    await look(services, group, SAFE)
    recorder.fails_send = NotNowError(30)
    with pytest.raises(MessengerError):
        await look(services, group, OPEN)
    recorder.fails_send = UnknownOutcomeError()
    assert await look(services, group, OPEN) == []
    recorder.fails_send = None
    assert await look(services, group, OPEN) == []


async def test_a_group_that_is_not_served_is_told_nothing(services: Services, recorder: Recorder) -> None:
    group = await add_group(services.store, state=GroupState.SUSPENDED)
    for chat in (SAFE, OPEN):
        assert await look(services, group, chat) == []
    assert recorder.calls == []


@pytest.mark.parametrize("words", list(LANGUAGES), ids=lambda words: words.code)
def test_every_finding_has_its_words(words: Words) -> None:
    safe = examine(SAFE, Rights(is_admin=True, may_invite=True), topic_open=True)
    bad = examine(Chat(CHAT, ChatType.SUPERGROUP, has_username=True, members_add=True), Rights(), topic_open=False)
    shows = examine(replace(SAFE, shows_history=True, members_add=None), Rights(is_admin=True))
    open_link = examine(SAFE, Rights(is_admin=True), open_link=True)
    basic = examine(replace(SAFE, type=ChatType.GROUP), Rights(is_admin=True))
    for found in (safe, bad, shows, open_link, basic):
        text = lines(found, words)
        assert "{" not in text
        assert len(text) < 3000
        assert text.count("<i>") == sum(each.verdict is not Verdict.GOOD for each in found)
