"""Transactions side by side on PostgreSQL: one comes in the middle of another, for certain and without sleeps."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from sqlalchemy import event, text
from sqlalchemy.util import await_only

from bot.store.database import Store

_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@asynccontextmanager
async def overtaken(store: Store, after: str, by: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """The first statement in here with `after` in it is followed by `by`: to its end, or until a lock holds it up.

    Held up, it goes on when what is in here has committed; at the end both have happened. Raises what `by` raises.
    """
    engine = store.engine.sync_engine
    coming: list[asyncio.Future[object]] = []

    async def come() -> None:
        async with store.engine.connect() as watching:
            while not coming[0].done() and not (await watching.execute(_WAITING)).scalar_one():
                await watching.rollback()

    def executed(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not coming and after in " ".join(statement.split()):
            coming.append(asyncio.ensure_future(by()))
            await_only(come())

    event.listen(engine, "after_cursor_execute", executed)
    try:
        yield
        assert coming, "no statement like that"
        await coming[0]
    finally:
        event.remove(engine, "after_cursor_execute", executed)
