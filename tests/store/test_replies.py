import asyncio
from datetime import timedelta

from sqlalchemy import select

from bot.store.database import Store
from bot.store.tables import replies
from tests.stored import CHAT, NOW

HOUR, WORDS = timedelta(hours=1), "Latin America on Tuesday"


async def begin(store: Store, thread_id: int | None = None, at: timedelta = timedelta()) -> bool:
    async with store.writing() as stored:
        return await stored.replies.begin(CHAT, thread_id, WORDS, NOW + at, HOUR)


async def test_of_many_who_ask_at_once_one_begins(store: Store) -> None:
    assert sorted(await asyncio.gather(*(begin(store) for _ in range(8)))) == [False] * 7 + [True]


async def test_a_reply_stands_until_it_is_old_and_its_words_are_not_stored(store: Store) -> None:
    assert await begin(store)
    async with store.writing() as stored:
        assert await stored.replies.standing(CHAT, None, WORDS) is None
        await stored.replies.ended(CHAT, None, WORDS, 10)
    assert not await begin(store, at=timedelta(minutes=59))
    async with store.reading() as stored:
        assert await stored.replies.standing(CHAT, None, WORDS) == 10
        assert await stored.replies.standing(CHAT, 3, WORDS) is None
    async with store.engine.connect() as connection:
        assert "Latin" not in repr((await connection.execute(select(replies))).all())
    assert await begin(store, at=HOUR)
