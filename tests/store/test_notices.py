import asyncio

from bot.store.database import Store
from bot.store.notices import Notice
from tests.stored import add_group


async def test_a_notice_is_told_once_however_often_it_comes(store: Store) -> None:
    notice = Notice("suspended:1:public", "operator.suspended", (await add_group(store)).id, "public")

    async def add() -> None:
        async with store.writing() as stored:
            await stored.notices.add(notice)

    async def untold() -> list[Notice]:
        async with store.reading() as stored:
            return list(await stored.notices.untold())

    await asyncio.gather(*(add() for _ in range(6)))
    assert await untold() == [notice]
    async with store.writing() as stored:
        await stored.notices.told(notice.about)
    await add()
    assert await untold() == []
    async with store.writing() as stored:
        await stored.notices.forget(notice.about)
    await add()
    assert await untold() == [notice]


async def test_telling_one_notice_leaves_the_others(store: Store) -> None:
    async with store.writing() as stored:
        for about in ("b", "a"):
            await stored.notices.add(Notice(about, "operator.skipped"))
        await stored.notices.told("b")
        assert [each.about for each in await stored.notices.untold()] == ["a"]
