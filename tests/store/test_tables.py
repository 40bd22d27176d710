from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError, StatementError

from bot.store.database import Store
from bot.store.tables import marks
from tests.stored import CHAT, add_group, the_group

offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


async def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    group = await add_group(store)
    with pytest.raises(StatementError, match="time zone"):
        async with store.writing() as stored:
            await stored.groups.set_next_due(group.id, datetime(2026, 3, 2, 7))  # noqa: DTZ001 (a naive one is the point)
    assert await the_group(store, group.id) == group


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=offsets))  # noqa: DTZ001 (bounds are naive)
async def test_an_instant_comes_back_as_the_same_instant_in_utc(store: Store, instant: datetime) -> None:
    async with store.writing() as stored:
        group = await stored.groups.by_chat(CHAT)
    group = group or await add_group(store)
    async with store.writing() as stored:
        await stored.groups.set_next_due(group.id, instant)
    found = (await the_group(store, group.id)).next_due_at
    assert found == instant
    assert found is not None
    assert found.tzinfo is UTC


async def test_what_belongs_to_nothing_is_refused(store: Store) -> None:
    with pytest.raises(IntegrityError):
        async with store.engine.begin() as connection:
            await connection.execute(insert(marks).values(post_id=999, mark=b"x" * 32))
    async with store.engine.connect() as connection:
        assert (await connection.execute(select(marks))).all() == []
