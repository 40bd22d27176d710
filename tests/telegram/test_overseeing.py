from dataclasses import replace

import pytest

from bot.domain.group import GroupState
from bot.domain.post import PostState
from bot.services.messenger import Outgoing
from bot.services.rendering import TEXT_LIMIT, length
from bot.telegram import overseeing
from bot.telegram.tap import Tap
from bot.telegram.vigil import Vigil
from tests.services.conftest import OPERATORS, Services
from tests.services.recorder import Recorder
from tests.stored import CHAT, MONDAY, add_group, add_post
from tests.telegram.questions import question
from tests.texts import WORDS

LONG = "&" * 255  # Telegram's longest title


def tap(about: str) -> Tap:
    asked = replace(question(direct=True, user_id=OPERATORS[0]), chat_id=OPERATORS[0])
    return Tap(asked, OPERATORS[0], about, WORDS)


def labels(outgoing: Outgoing) -> list[str]:
    return [button.text for row in outgoing.buttons for button in row]


async def test_many_groups_are_turned_page_by_page_and_each_page_fits(
    vigil: Vigil, services: Services, recorder: Recorder
) -> None:
    for number in range(20):
        group = await add_group(services.store, CHAT - number, title=LONG, state=GroupState.HELD)
        await add_post(services.store, group, None, state=PostState.REVEALED)
    first = await overseeing.groups(vigil, question(direct=True))
    assert first is not None
    for about in ("1", "2", "999999"):
        await overseeing.turn_page(vigil, tap(about))
    pages = [first, *(message for _, _, message in recorder.edited)]
    assert [len(labels(each)) for each in pages] == [8 + 1, 8 + 2, 4 + 1, 4 + 1]
    assert labels(first)[-1] == WORDS.plain("button.more")
    assert labels(pages[2])[-1] == WORDS.plain("button.back")
    assert max(length(each.html) for each in pages) <= TEXT_LIMIT
    shown = {button.data for each in pages for row in each.buttons for button in row if "group:" in str(button.data)}
    assert len(shown) == 20


@pytest.mark.parametrize(
    ("state", "actions"),
    [
        (GroupState.PENDING, ["approve", "decline"]),
        (GroupState.ACTIVE, ["suspend", "remove"]),
        (GroupState.SUSPENDED, ["suspend", "remove"]),
        (GroupState.HELD, ["release", "remove"]),
    ],
)
async def test_a_group_offers_what_can_be_done_with_it(
    vigil: Vigil, services: Services, recorder: Recorder, state: GroupState, actions: list[str]
) -> None:
    group = await add_group(services.store, state=state)
    await overseeing.see_group(vigil, tap(str(group.id)))
    assert labels(recorder.edited[-1][2]) == [WORDS.plain(f"button.{each}") for each in (*actions, "list")]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (PostState.REVEALED, "posted"),
        (PostState.RETIRED, "posted"),
        (PostState.WITHDRAWN, "taken back"),
        (PostState.OPENING, "on its way"),
    ],
)
async def test_what_became_of_the_last_post_is_told(
    vigil: Vigil, services: Services, state: PostState, said: str
) -> None:
    group = await add_group(services.store)
    await add_post(services.store, group, None, day=MONDAY, state=state)
    listed = await overseeing.groups(vigil, question(direct=True))
    assert listed is not None
    assert f"Last: Mon 2 Mar, {said}" in listed.html


async def test_a_group_that_is_gone_is_not_shown(vigil: Vigil, services: Services, recorder: Recorder) -> None:
    group = await add_group(services.store, state=GroupState.GONE)
    for handle in (overseeing.see_group, overseeing.remove):
        assert await handle(vigil, tap(str(group.id))) == WORDS.plain("tap.group_gone")
    assert recorder.edited == []
