from datetime import timedelta

import pytest

from bot.domain.act import Act
from bot.domain.group import APPROVED_STATES, Group, GroupState
from bot.domain.post import PostState
from bot.store.bulletins import StoredBulletin
from tests.clock import StandingClock
from tests.services.conftest import OPERATORS, Services
from tests.services.recorder import Recorder
from tests.stored import CHAT, MONDAY, NOW, a_bulletin, add_group, add_post, publish, the_group
from tests.texts import WORDS

OPERATOR = OPERATORS[0]


@pytest.fixture
async def bulletin(services: Services, clock: StandingClock) -> StoredBulletin:
    clock.instant = NOW
    return await publish(services.store, a_bulletin(), [(MONDAY, 0)])


@pytest.fixture
async def posted(services: Services, bulletin: StoredBulletin) -> Group:
    """A group in which Monday's request stands."""
    group = await add_group(services.store)
    await services.post_all()
    return group


async def acts(services: Services) -> list[tuple[Act, int | None]]:
    async with services.store.reading() as stored:
        return [(each.act, each.group_id) for each in await stored.journal.last(10)]


async def test_groups_are_seen_with_their_newest_post(services: Services, posted: Group) -> None:
    other = await add_group(services.store, CHAT - 1, title="almond", next_due=None)
    await add_group(services.store, CHAT - 2, state=GroupState.GONE)
    tuesday = MONDAY + timedelta(days=1)
    await add_post(services.store, other, None, day=MONDAY, state=PostState.REVEALED)
    await add_post(services.store, other, None, day=tuesday, state=PostState.SKIPPED)
    seen = await services.overseeing.standings()
    assert [each.group.title for each in seen] == ["almond", "Harbour"]
    assert [each.last and (each.last.local_date, each.last.state) for each in seen] == [
        (tuesday, PostState.SKIPPED),
        (MONDAY, PostState.REVEALED),
    ]
    assert await services.overseeing.standing(posted.id + 2) is None


async def test_a_suspended_group_gets_nothing_until_it_is_released(
    services: Services, recorder: Recorder, bulletin: StoredBulletin
) -> None:
    group = await add_group(services.store)
    assert await services.overseeing.suspend(group.id, OPERATOR)
    assert not await services.overseeing.suspend(group.id, OPERATOR)
    await services.post_all()
    await services.groups.announce()
    assert recorder.texts(CHAT) == [WORDS.html("group.is.held")]
    assert (await services.groups.subscribe(await the_group(services.store, group.id))).state is GroupState.HELD
    await services.groups.unsubscribe(group)
    assert (await the_group(services.store, group.id)).state is GroupState.HELD, "no admin of the group undoes it"
    assert await services.overseeing.release(group.id, OPERATOR)
    assert not await services.overseeing.release(group.id, OPERATOR)
    assert (await services.groups.subscribe(group)).state is GroupState.ACTIVE
    assert await acts(services) == [(Act.SUSPEND, group.id), (Act.RELEASE, group.id)]


async def test_a_post_under_way_when_its_group_is_suspended_is_refused(
    services: Services, recorder: Recorder, bulletin: StoredBulletin
) -> None:
    group = await add_group(services.store)
    post = await add_post(services.store, group, bulletin.requests[0].id)
    await services.overseeing.suspend(group.id, OPERATOR)
    ended = await services.door.carry(post.id)
    assert (ended.state, ended.reason) == (PostState.REFUSED, "group_held")
    assert recorder.sent == []


async def test_a_removed_group_is_left_once_what_stands_there_is_put_away(
    services: Services, recorder: Recorder, posted: Group
) -> None:
    assert await services.overseeing.remove(posted.id, OPERATOR)
    assert not await services.overseeing.remove(posted.id, OPERATOR)
    await services.groups.announce()
    await services.leaving.leave()
    assert recorder.left == []
    await services.rewriting.wake()
    await services.leaving.leave()
    assert recorder.left == [CHAT]
    assert recorder.edited[-1][2].html.startswith(WORDS.html("post.retired")[:10])
    assert "Pray for" not in recorder.edited[-1][2].html
    assert recorder.texts(CHAT)[-1] == WORDS.html("group.removed")
    assert await acts(services) == [(Act.REMOVE, posted.id)]


@pytest.mark.parametrize("state", GroupState)
async def test_what_may_be_done_depends_on_where_a_group_stands(services: Services, state: GroupState) -> None:
    group = await add_group(services.store, state=state)
    overseeing = services.overseeing
    assert await overseeing.release(group.id, OPERATOR) == (state is GroupState.HELD)
    async with services.store.writing() as stored:
        await stored.groups.move(group.id, state)
    assert await overseeing.suspend(group.id, OPERATOR) == (state in APPROVED_STATES)
    async with services.store.writing() as stored:
        await stored.groups.move(group.id, state)
    assert await overseeing.remove(group.id, OPERATOR) == (state in {*APPROVED_STATES, GroupState.HELD})
