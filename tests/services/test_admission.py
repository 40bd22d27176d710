from collections.abc import Callable

import pytest

from bot.domain.chat import Chat
from bot.domain.group import Group, GroupState
from bot.domain.post import Post, PostState
from bot.services.admission import ASKED_SECONDS, MOST_ASKED, Admission, OvertakenError, RefusedError
from bot.services.messenger import NotNowError
from bot.services.pacing import Limits, Pace
from bot.store.database import Store
from tests.services.recorder import Recorder
from tests.stored import add_group, add_post


class SlowTelegram(Recorder):
    """Each answer about a chat takes the next of these times, and something happens meanwhile."""

    def __init__(self, *seconds: float, meanwhile: Callable[[], object] | None = None) -> None:
        super().__init__()
        self.elapsed, self._seconds, self._meanwhile = 0.0, list(seconds), meanwhile

    async def chat(self, chat_id: int) -> Chat:
        """The answer, late."""
        found = await super().chat(chat_id)
        self.elapsed += self._seconds.pop(0)
        if self._meanwhile is not None:
            await self._meanwhile()  # type: ignore[misc]
        return found


@pytest.fixture
async def group(store: Store) -> Group:
    return await add_group(store)


@pytest.fixture
async def post(store: Store, group: Group) -> Post:
    return await add_post(store, group, None)


def admission(store: Store, telegram: SlowTelegram) -> Admission:
    return Admission(store, telegram, Pace(Limits(1000, 1000, 1000)), lambda: telegram.elapsed)


async def test_an_answer_that_took_more_than_a_second_is_asked_for_again(
    store: Store, post: Post, group: Group
) -> None:
    telegram = SlowTelegram(ASKED_SECONDS + 0.1, ASKED_SECONDS)
    asked = await admission(store, telegram).ask(post, group)
    assert telegram.calls == ["chat", "chat"]
    assert telegram.elapsed - asked <= ASKED_SECONDS


async def test_answers_that_never_come_in_time_let_nothing_out(store: Store, post: Post, group: Group) -> None:
    telegram = SlowTelegram(*[2.0] * 9)
    with pytest.raises(NotNowError):
        await admission(store, telegram).ask(post, group)
    assert telegram.calls == ["chat"] * MOST_ASKED


async def test_a_group_that_is_paused_while_telegram_answers_is_refused(store: Store, post: Post, group: Group) -> None:
    async def pause() -> None:
        async with store.writing() as stored:
            await stored.groups.move(post.group_id, GroupState.PAUSED)

    with pytest.raises(RefusedError, match="group_paused"):
        await admission(store, SlowTelegram(0.0, meanwhile=pause)).ask(post, group)


async def test_a_post_that_moves_on_while_telegram_answers_goes_no_further(
    store: Store, post: Post, group: Group
) -> None:
    async def withdraw() -> None:
        async with store.writing() as stored:
            await stored.posts.move(post, PostState.WITHDRAWN)

    with pytest.raises(OvertakenError):
        await admission(store, SlowTelegram(0.0, meanwhile=withdraw)).ask(post, group)
