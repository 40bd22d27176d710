"""Counts of a hundred groups in which people tap without end, on a loop whose time jumps, and a real database."""

import asyncio
import itertools
from dataclasses import dataclass, field

import pytest
from sqlalchemy import update

from bot.domain.post import CopyState, PostState
from bot.services.messenger import Buttons
from bot.services.pacing import Lane, Limits, Pace
from bot.store.database import Store, database_url, make_engine
from bot.store.key import Key
from bot.store.tables import posts
from tests.clock import StandingClock
from tests.services.conftest import Services, joined
from tests.services.recorder import Recorder
from tests.stepping import play
from tests.stored import CHAT, add_copy, add_group, add_post

GROUPS, TAPS, TAPS_APART = 100, 40, 0.5
LAST_TAP = TAPS * TAPS_APART
THERE_AND_BACK = 0.1


@dataclass
class Slow(Recorder):
    """Telegram, that takes its time, and shows what it was told last."""

    shows: dict[int, str] = field(default_factory=dict)
    edits: dict[int, list[float]] = field(default_factory=dict)

    async def edit_buttons(self, chat_id: int, message_id: int, buttons: Buttons) -> None:
        async with self.pace.call(chat_id):
            await asyncio.sleep(THERE_AND_BACK)
            self.shows[chat_id] = buttons[0][0].text
            self.edits.setdefault(chat_id, []).append(asyncio.get_running_loop().time())


async def tapped(store: Store) -> None:
    """Somebody prays in every group, again and again, until the last one has."""
    for _ in range(TAPS):
        # By the store, so that nobody ever waits for this one's end as for another process, by a clock that stands.
        async with store.writing() as stored:
            await stored.posts._connection.execute(update(posts).values(prayed=posts.c.prayed + 1))
        await asyncio.sleep(TAPS_APART)


async def asked(pace: Pace) -> None:
    """Ten answers a second in other chats."""
    for number in itertools.count():
        await pace.turn(1 + number, Lane.ANSWER)
        async with pace.call(1 + number):
            await asyncio.sleep(THERE_AND_BACK)
        await asyncio.sleep(THERE_AND_BACK)


async def swept(services: Services, until: float) -> None:
    """As the schedule does it: each second, if the last sweep is over."""
    loop = asyncio.get_running_loop()
    while loop.time() < until:
        began = loop.time()
        await services.praying.show_counts()
        await asyncio.sleep(max(0.0, began + 1 - loop.time()))


async def hundred_groups(store: Store) -> None:
    """Each with a post that can be prayed with."""
    for number in range(GROUPS):
        group = await add_group(store, CHAT - number)
        post = await add_post(store, group, None, state=PostState.REVEALED)
        await add_copy(store, post, 10, CopyState.REVEALED)


@pytest.mark.no_cover
def test_every_count_is_right_soon_after_the_last_tap_and_no_group_has_many_edits(
    sqlite_database: str, key: Key
) -> None:
    engine = make_engine(database_url(sqlite_database))
    recorder = Slow()

    async def main() -> None:
        loop = asyncio.get_running_loop()
        store = Store(engine, key)
        await store.admit_key()
        await hundred_groups(store)
        recorder.pace = Pace(Limits(), loop.time)
        services = joined(store, StandingClock(), recorder)
        started = loop.time()
        others = asyncio.ensure_future(asked(recorder.pace))
        await asyncio.gather(tapped(store), swept(services, started + LAST_TAP + 15))
        others.cancel()
        await store.close()

    play(main(), busy=lambda: engine.pool.checkedout() > 0)  # type: ignore[attr-defined]
    assert len(recorder.shows) == GROUPS
    assert {text.split()[-1] for text in recorder.shows.values()} == {str(TAPS)}
    for times in recorder.edits.values():
        assert all(after - before >= 7.5 for before, after in itertools.pairwise(times))
        assert len(times) >= 2, "nobody waits for the end alone"
