from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.act import Act
from bot.store.database import Store
from bot.store.key import person_code
from bot.store.tables import journal
from tests.stored import CHAT, NOW, a_bulletin, add_group, publish

AMINA = 77001122


async def test_acts_come_back_newest_last_with_a_code_for_the_person(store: Store) -> None:
    group = await add_group(store)
    request = (await publish(store, a_bulletin())).requests[0]
    async with store.writing() as stored:
        await stored.journal.add(Act.APPROVE, NOW, AMINA, group_id=group.id)
        await stored.journal.add(Act.RETRACT, NOW + timedelta(hours=1), request_id=request.id)
        entries = await stored.journal.last(5)
        assert [(each.act, each.group_id, each.request_id) for each in entries] == [
            (Act.APPROVE, group.id, None),
            (Act.RETRACT, None, request.id),
        ]
        assert [each.person for each in entries] == [person_code(store.key.person(AMINA)), None]
        assert await stored.journal.last(1) == entries[1:]
        await stored.journal.forget(NOW + timedelta(hours=1))
        assert await stored.journal.last(5) == entries[1:]


async def test_the_newest_act_on_a_group_is_known(store: Store) -> None:
    group, other = await add_group(store), await add_group(store, CHAT - 1)
    async with store.writing() as stored:
        for act, of in ((Act.APPROVE, group), (Act.SUSPEND, group), (Act.APPROVE, other)):
            await stored.journal.add(act, NOW, AMINA, group_id=of.id)
        assert await stored.journal.last_on(group.id) is Act.SUSPEND
        assert await stored.journal.last_on(other.id) is Act.APPROVE
        assert await stored.journal.last_on(other.id + 1) is None


async def test_an_act_that_is_rolled_back_leaves_no_trace(store: Store) -> None:
    with pytest.raises(LookupError):
        async with store.writing() as stored:
            await stored.journal.add(Act.SKIP, NOW, AMINA)
            await stored.groups.get(99)
    async with store.engine.connect() as connection:
        assert (await connection.execute(select(journal))).all() == []
