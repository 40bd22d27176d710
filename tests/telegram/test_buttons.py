from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.group import GroupState
from bot.domain.post import CopyState, Post, PostState
from bot.domain.regions import Region
from bot.services.messenger import ChatClosedError
from bot.telegram.asked import Asked
from bot.telegram.buttons import ACTIONS, answer_tap
from bot.telegram.vigil import Vigil
from tests.services.conftest import OPERATORS, Services
from tests.services.recorder import Recorder
from tests.stored import (
    CHAT,
    MONDAY,
    a_bulletin,
    a_request,
    add_copy,
    add_group,
    add_post,
    everything,
    publish,
    the_group,
    the_post,
)
from tests.texts import WORDS

AMINA, STRANGE_CHAT, PENDING_CHAT = 71, CHAT - 1, CHAT - 2


@dataclass
class Place:
    """A group with a post in message 10, and one that waits."""

    post: Post
    waiting: int


@pytest.fixture
async def place(services: Services) -> Place:
    bulletin = await publish(services.store, a_bulletin(a_request("Secret.", region=Region.GLOBAL)))
    group = await add_group(services.store)
    post = await add_post(services.store, group, bulletin.requests[0].id, state=PostState.REVEALED, day=MONDAY)
    await add_copy(services.store, post, 10, CopyState.REVEALED)
    waiting = await add_group(services.store, PENDING_CHAT, state=GroupState.PENDING, next_due=None)
    return Place(post, waiting.id)


def a_tap(chat_id: int, message_id: int, user_id: int, data: str) -> Asked:
    """A tap as it reaches us."""
    return Asked(chat_id, message_id, None, chat_id > 0, user_id, False, data, WORDS)


actions = st.sampled_from([*(action.name for action in ACTIONS), "PRAY", "pray ", "", "revoke"])
abouts = st.one_of(
    st.integers(-3, 5).map(str),
    st.integers(10**17, 10**30).map(str),
    st.sampled_from([*Region.__members__, *Region, "1e1", "１", "٣", "0x1", "+1", "1:1", "NaN", "²", "__class__"]),
    st.text(max_size=20),
)
data = st.builds("{}:{}".format, actions, abouts) | st.text(max_size=64)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data, st.sampled_from([STRANGE_CHAT, PENDING_CHAT, AMINA]), st.sampled_from([10, 11, 2**31]))
async def test_a_tap_from_elsewhere_changes_nothing_whatever_it_says(
    vigil: Vigil, services: Services, place: Place, said: str, chat_id: int, message_id: int
) -> None:
    before = await everything(services.store)
    answer = await answer_tap(vigil, a_tap(chat_id, message_id, AMINA, said))
    assert answer in {
        WORDS.plain(f"tap.{refused}") for refused in ("unknown", "not_bound", "not_operator", "not_editor")
    }
    assert await everything(services.store) == before
    assert services.recorder.calls == []


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data)
async def test_forged_data_in_the_group_itself_counts_nothing_that_no_button_says(
    vigil: Vigil, services: Services, place: Place, said: str
) -> None:
    if said in {f"pray:{place.post.id}", *(f"region:{name}" for name in Region.__members__)}:
        return
    before = await everything(services.store)
    await answer_tap(vigil, a_tap(CHAT, 10, AMINA, said))
    assert await everything(services.store) == before
    assert set(services.recorder.calls) <= {"is_admin"}


async def test_a_tap_counts_once_and_says_so(vigil: Vigil, services: Services, place: Place) -> None:
    tap = a_tap(CHAT, 10, AMINA, f"pray:{place.post.id}")
    assert await answer_tap(vigil, tap) == WORDS.plain("tap.counted", count=1)
    assert await answer_tap(vigil, tap) == WORDS.plain("tap.again")
    assert (await the_post(services.store, place.post.id)).prayed == 1


@pytest.mark.parametrize(("word", "state"), [("approve", GroupState.APPROVED), ("decline", GroupState.DECLINED)])
async def test_an_operators_decision_is_stored_and_its_buttons_go(
    vigil: Vigil, services: Services, recorder: Recorder, place: Place, word: str, state: GroupState
) -> None:
    tap = a_tap(OPERATORS[0], 3, OPERATORS[0], f"{word}:{place.waiting}")
    assert await answer_tap(vigil, tap) == WORDS.plain("tap.approved" if word == "approve" else "tap.declined")
    assert (await the_group(services.store, place.waiting)).state is state
    assert recorder.buttons == [(OPERATORS[0], 3, ())]
    assert await answer_tap(vigil, tap) == WORDS.plain("tap.decided")


async def test_a_decision_stands_though_its_buttons_cannot_be_taken_away(
    vigil: Vigil, services: Services, recorder: Recorder, place: Place
) -> None:
    recorder.fails[OPERATORS[0]] = ChatClosedError("no_access")
    await answer_tap(vigil, a_tap(OPERATORS[0], 3, OPERATORS[0], f"approve:{place.waiting}"))
    assert (await the_group(services.store, place.waiting)).state is GroupState.APPROVED


async def test_a_regions_button_gives_its_request_through_the_door(
    vigil: Vigil, recorder: Recorder, place: Place
) -> None:
    assert await answer_tap(vigil, a_tap(CHAT, 50, AMINA, "region:SOUTH_ASIA")) is None
    assert recorder.texts(CHAT) == [WORDS.html("ask.region_none", region="South Asia")]
    assert not any("Secret." in text for text in recorder.texts(CHAT))


def test_every_button_stands_once_in_the_table_and_its_handler_says_what_it_does() -> None:
    names = [action.name for action in ACTIONS]
    assert len(set(names)) == len(names)
    assert all(action.handle.__doc__ for action in ACTIONS)
