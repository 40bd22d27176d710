"""A group that was made public: as soon as the bot says so to anybody, what stands there is withdrawn."""

from collections.abc import Awaitable, Callable

import pytest

from bot.domain.group import GroupState
from tests.e2e.conftest import Scene, privately, stored
from tests.e2e.sample import HARBOUR
from tests.e2e.test_joining import asks, inside, link
from tests.texts import WORDS

Learns = Callable[[Scene], Awaitable[None]]


@pytest.fixture
async def seen(posted: Scene) -> Scene:
    """The group was found private after its post: no look is due in the hour to come."""
    posted.stage.clock.advance(minutes=2)
    await posted.stage.app.round.look()
    return posted


def make_public(scene: Scene) -> None:
    """Anybody can read the group, and no update says so."""
    scene.stage.world.make_public(scene.group, "harbour")


async def withdrawn(scene: Scene) -> None:
    """No time goes by until nothing can be read there any more, and the group is told."""
    stage = scene.stage
    await stage.until(lambda: not stage.shows(scene.group, HARBOUR))
    await stage.until(lambda: stage.shows(scene.group, WORDS.plain("group.is.suspended")))
    assert (await stored(stage, scene.group)).state is GroupState.SUSPENDED


async def by_checkup(scene: Scene) -> None:
    """An admin looks how safe the group is."""
    await scene.stage.ask(scene.admin, scene.group, "/checkup")


async def by_subscribe(scene: Scene) -> None:
    """An admin begins anew."""
    await scene.stage.ask(scene.admin, scene.group, "/subscribe")


@pytest.mark.parametrize(
    ("learns", "said"), [(by_checkup, "✗ Not private: it has a public link"), (by_subscribe, "has a public link")]
)
async def test_what_the_bot_says_of_a_public_group_it_acts_on_at_once(seen: Scene, learns: Learns, said: str) -> None:
    make_public(seen)
    await learns(seen)
    assert seen.stage.shows(seen.group, said)  # the word that it is suspended may have come after it
    await withdrawn(seen)


async def test_who_opens_a_direct_chat_from_a_public_group_gets_none_and_its_text_goes(seen: Scene) -> None:
    stage, (post,) = seen.stage, seen.stage.world.record.showing(HARBOUR, seen.group)
    make_public(seen)
    stage.world.follow(seen.member, post, "Open privately")
    await withdrawn(seen)
    assert not stage.shows(stage.world.private_chat(seen.member), "Welcome")


async def test_answers_in_direct_chats_of_a_group_that_is_found_public_go_too(seen: Scene) -> None:
    stage = seen.stage
    await privately(seen, seen.member)
    direct = stage.world.private_chat(seen.member)
    assert HARBOUR in await stage.shown(seen.member, None, "/today")
    make_public(seen)
    await by_checkup(seen)
    await stage.until(lambda: not stage.shows(direct, HARBOUR))


async def test_once_a_group_is_found_public_the_covenant_lets_nobody_in(seen: Scene) -> None:
    stage = seen.stage
    person, covenant = await asks(seen, await link(seen, "open"))
    make_public(seen)
    await by_checkup(seen)
    await withdrawn(seen)
    await stage.tap(person, covenant, "I agree")
    assert not inside(person, seen.group)
