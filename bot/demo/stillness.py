"""When nothing is due or under way any more, so that the clock may step."""

import asyncio
from datetime import datetime

from bot.demo.stage import DemoError, Stage
from bot.services.telling import GATHERED

# Far above what any machine needs: it only ends a demo that would hang.
PATIENCE_SECONDS = 60.0
TICK_SECONDS = 0.005


async def still(stage: Stage) -> None:
    """Wait until it is still: nobody speaks, and the bot has done all that can be done at this instant.

    Raises DemoError where that doesn't come about.
    """
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            stage.app.schedule.wake()
            while not await _is_still(stage):  # noqa: ASYNC110 (a database tells nobody that it changed)
                await asyncio.sleep(TICK_SECONDS)
    except TimeoutError:
        doing = await what_is_left(stage) or "its calls or updates"
        raise DemoError(f"The bot was not done with {doing} after {PATIENCE_SECONDS:g} seconds.") from None


async def _is_still(stage: Stage) -> bool:
    """Server, handlers, posts, database: in this order, and the first three again, for one leads to the other."""
    app = stage.app
    await stage.server.until_quiet()
    # An update is confirmed when the bot asks for the next; its handler may be at work much longer.
    await app.polling.application.update_queue.join()
    if app.posting.busy or app.rewriting.busy or await what_is_left(stage):
        return False
    handled = not app.polling.application.update_queue.qsize()
    return stage.server.quiet and handled and not (app.posting.busy or app.rewriting.busy)


async def what_is_left(stage: Stage) -> str | None:
    """What the database says is still to be done at this instant."""
    now = stage.clock.now()
    async with stage.app.store.reading() as stored:
        if await stored.groups.due(now):
            return "a due post"
        if await stored.posts.actionable(now, 1):
            return "a post under way"
        if await stored.copies.due(now, 1):
            return "a copy that has to be changed"
        if await stored.posts.miscounted():
            return "a count that has to be shown"
        if await stored.notices.untold(but=GATHERED):
            return "a word to the operator"
    return "a word to a group" if await stage.app.groups.untold() else None


async def next_instants(stage: Stage) -> tuple[datetime | None, datetime | None]:
    """The earliest due instant of a group, and the earliest to which a post is held back."""
    async with stage.app.store.reading() as stored:
        return await stored.groups.earliest_due(), await stored.posts.next_action(stage.clock.now())
