"""Who asks to join: what is shown to them, who decides, and what forged data can do (nothing)."""

import asyncio

import pytest

from bot.domain.group import Group, GroupState
from bot.services.inviting import Entry
from bot.services.messenger import (
    ChatClosedError,
    InviteLostError,
    MessengerError,
    NoRightError,
    NotNowError,
    OurMistakeError,
)
from tests.services.conftest import Services
from tests.services.recorder import Recorder
from tests.stored import CHAT, NOW, add_group, everything, the_group
from tests.texts import WORDS

CAROL, DAVID = 77001122, 77001133
COVENANT = 1001  # the first message that the recorder is asked to send


async def asked(services: Services, user_id: int = CAROL, link: str = "https://t.me/+harbour1") -> None:
    """Somebody opens the link."""
    await services.inviting.asked(CHAT, link, user_id, user_id, WORDS)


def token(services: Services, user_id: int) -> tuple[int, str]:
    """What stands in the button of the covenant that they were shown."""
    message = next(message for to, message in services.recorder.sent if to == user_id)
    action, number, token = (message.buttons[0][0].data or "").split(":")
    assert action == "agree"
    return int(number), token


async def agreed(services: Services, user_id: int = CAROL, shown_to: int = CAROL) -> Entry | None:
    """Somebody taps "I agree" with the data that was given to another, or to themselves."""
    return await services.inviting.agreed(*token(services, shown_to), user_id, COVENANT, WORDS)


@pytest.fixture
async def group(services: Services) -> Group:
    """A group with a link, that lets in whoever agrees."""
    group = await add_group(services.store)
    await services.inviting.link(group)
    await services.inviting.set_asks_admin(group, asks=False)
    return await the_group(services.store, group.id)


async def test_the_same_link_is_given_until_it_is_ended(services: Services, recorder: Recorder, group: Group) -> None:
    first = await services.inviting.link(group)
    assert (first.link, recorder.links) == ("https://t.me/+harbour1", ["https://t.me/+harbour1"])
    ended = await services.inviting.end(group)
    assert ended is not None
    assert recorder.revoked == [ended.link] == [first.link]
    assert await services.inviting.end(group) is None
    assert (await services.inviting.link(group)).link == "https://t.me/+harbour2"


async def test_a_link_that_an_admin_revoked_by_hand_is_ended_too(
    services: Services, recorder: Recorder, group: Group
) -> None:
    recorder.fails[CHAT] = InviteLostError()
    assert await services.inviting.end(group) is not None
    recorder.fails.clear()
    assert (await services.inviting.link(group)).link == "https://t.me/+harbour2"


async def test_a_link_that_an_admin_revoked_by_hand_gives_way_to_a_new_one(
    services: Services, recorder: Recorder, group: Group
) -> None:
    recorder.revoked.append((await services.inviting.link(group)).link)
    assert (await services.inviting.link(group)).link == "https://t.me/+harbour2"
    assert recorder.links == ["https://t.me/+harbour1", "https://t.me/+harbour2"]
    await asked(services)
    assert recorder.sent == []


async def test_a_link_is_not_given_without_the_right(services: Services, recorder: Recorder, group: Group) -> None:
    recorder.fails[CHAT] = NoRightError()
    with pytest.raises(NoRightError):
        await services.inviting.link(group)
    recorder.fails.clear()
    assert (await services.inviting.link(group)).link == "https://t.me/+harbour1"


async def test_without_the_right_nothing_is_stored(services: Services, recorder: Recorder) -> None:
    group = await add_group(services.store)
    recorder.fails[CHAT] = NoRightError()
    with pytest.raises(NoRightError):
        await services.inviting.link(group)
    recorder.fails.clear()
    await services.inviting.link(group)
    recorder.fails[CHAT] = NoRightError()
    with pytest.raises(NoRightError):
        await services.inviting.end(group)
    async with services.store.reading() as stored:
        assert await stored.invites.live(group.id) is not None


async def test_of_two_admins_at_once_one_link_stays(services: Services, recorder: Recorder) -> None:
    group = await add_group(services.store)
    made = recorder.create_link

    async def slowly(chat_id: int) -> str:
        """While the first is on its way the second one is made and stored."""
        link = await made(chat_id)
        recorder.create_link = made  # type: ignore[method-assign]
        await services.inviting.link(group)
        return link

    recorder.create_link = slowly  # type: ignore[method-assign]
    assert (await services.inviting.link(group)).link == "https://t.me/+harbour2"
    assert recorder.revoked == ["https://t.me/+harbour1"]


async def test_who_agrees_is_let_in(services: Services, recorder: Recorder, group: Group) -> None:
    await asked(services)
    (covenant,) = recorder.texts(CAROL)
    assert "they stay here" in covenant
    assert group.title in covenant
    assert recorder.decided == []
    assert await agreed(services) is Entry.IN
    assert recorder.decided == [(CHAT, CAROL, "in")]
    assert "welcome" in recorder.edited[-1][2].html


async def test_where_an_admin_is_asked_agreeing_lets_nobody_in(
    services: Services, recorder: Recorder, group: Group
) -> None:
    await services.inviting.set_asks_admin(group, asks=True)
    await asked(services)
    assert [await agreed(services) for _ in range(3)] == [Entry.ASKED] * 3
    assert recorder.decided == []
    (question,) = recorder.texts(CHAT)
    assert "asks to come in" in question
    assert str(CAROL) not in question


async def test_a_question_that_was_not_asked_can_be_asked_again(
    services: Services, recorder: Recorder, group: Group
) -> None:
    await services.inviting.set_asks_admin(group, asks=True)
    await asked(services)
    recorder.fails[CHAT] = ChatClosedError("muted")
    with pytest.raises(MessengerError):
        await agreed(services)
    assert recorder.edited[-1][2].buttons
    recorder.fails.clear()
    assert await agreed(services) is Entry.ASKED
    assert len(recorder.texts(CHAT)) == 1


async def test_a_chat_that_is_held_back_holds_up_nobody(services: Services, recorder: Recorder, group: Group) -> None:
    recorder.pace.hold(CAROL, NotNowError(300, demanded=True))
    # The bound only ends a test that would hang for the whole 300 s.
    async with asyncio.timeout(60):
        with pytest.raises(NotNowError):
            await asked(services)
    await asked(services, DAVID)
    assert (recorder.texts(CAROL), len(recorder.texts(DAVID))) == ([], 1)


async def test_requests_by_other_links_are_left_to_the_admins(
    services: Services, recorder: Recorder, group: Group
) -> None:
    await asked(services, link="https://t.me/+Somebodys...")
    live = await services.inviting.end(group)
    assert live is not None
    await asked(services, link=live.link)
    assert recorder.sent == []


async def test_what_one_person_was_shown_lets_no_other_in(services: Services, recorder: Recorder, group: Group) -> None:
    await asked(services)
    assert await agreed(services, DAVID, shown_to=CAROL) is None
    number, secret = token(services, CAROL)
    for forged in (
        (number + 1, secret),
        (number, ""),
        (number, "A" * 16),
        (number, services.store.key.join_token(number, DAVID)),
    ):
        assert await services.inviting.agreed(*forged, CAROL, COVENANT, WORDS) is None
    assert recorder.decided == []


async def test_after_the_link_was_ended_agreeing_does_nothing(
    services: Services, recorder: Recorder, group: Group
) -> None:
    await asked(services)
    await services.inviting.end(group)
    assert await agreed(services) is None
    assert recorder.decided == []


@pytest.mark.parametrize("state", [GroupState.SUSPENDED, GroupState.GONE, GroupState.PENDING])
async def test_nobody_is_let_into_a_group_that_is_not_served(
    services: Services, recorder: Recorder, group: Group, state: GroupState
) -> None:
    await asked(services)
    async with services.store.writing() as stored:
        await stored.groups.move(group.id, state)
    assert await agreed(services) is Entry.RESTING
    await asked(services, DAVID)
    assert (recorder.decided, recorder.texts(DAVID)) == ([], [])


@pytest.mark.parametrize(("error", "entry"), [(InviteLostError(), Entry.LOST), (NoRightError(), Entry.POWERLESS)])
async def test_what_telegram_refuses_is_known(
    services: Services, recorder: Recorder, group: Group, error: MessengerError, entry: Entry
) -> None:
    await asked(services)
    recorder.fails[CHAT] = error
    assert await agreed(services) is entry
    recorder.fails.clear()
    live, question = await services.inviting.link(group), await asked_in_the_group(services)
    recorder.fails[CHAT] = error
    assert await services.inviting.decided(group, question, live.id, CAROL, let_in=False) is entry


async def asked_in_the_group(services: Services) -> int:
    """The message in which the admins are asked about somebody."""
    async with services.store.writing() as stored:
        await stored.passing.add(CHAT, 5001, NOW)
    return 5001


async def test_an_admin_decides_for_their_own_group_alone_and_where_it_was_asked(
    services: Services, recorder: Recorder, group: Group
) -> None:
    ferry = await add_group(services.store, CHAT - 1)
    live, question = await services.inviting.link(group), await asked_in_the_group(services)
    for forged in ((ferry, question, live.id), (group, question, live.id + 1), (group, question + 1, live.id)):
        assert await services.inviting.decided(*forged, CAROL, let_in=True) is None
    assert (recorder.decided, recorder.edited) == ([], [])
    assert await services.inviting.decided(group, question, live.id, CAROL, let_in=False) is Entry.DECLINED
    assert await services.inviting.decided(group, question, live.id, DAVID, let_in=True) is Entry.IN
    assert recorder.decided == [(CHAT, CAROL, "away"), (CHAT, DAVID, "in")]
    assert [message.buttons for _, _, message in recorder.edited] == [(), ()]


async def test_whoever_comes_by_the_link_is_counted_and_nobody_else(services: Services, group: Group) -> None:
    live = await services.inviting.link(group)
    for link in (live.link, "https://t.me/+Somebodys...", live.link):
        await services.inviting.came_by(CHAT, link)
    await services.inviting.came_by(CHAT - 1, live.link)
    assert (await services.inviting.link(group)).uses == 2


async def test_who_asked_is_stored_nowhere(services: Services, group: Group) -> None:
    await services.inviting.set_asks_admin(group, asks=True)
    await asked(services)
    await agreed(services)
    assert str(CAROL) not in repr(await everything(services.store))


async def test_an_unknown_mistake_is_not_swallowed(services: Services, recorder: Recorder, group: Group) -> None:
    await asked(services)
    recorder.fails[CHAT] = OurMistakeError("user_channels_too_much")
    with pytest.raises(OurMistakeError):
        await agreed(services)
