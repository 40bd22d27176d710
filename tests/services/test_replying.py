from bot.services.replying import FRESH
from tests.clock import StandingClock
from tests.services.conftest import Services
from tests.stored import CHAT


class Said:
    """Gives the messages that were sent, one after the other."""

    def __init__(self) -> None:
        self.count = 0

    async def __call__(self) -> int:
        """One more message; their ids count from 1."""
        self.count += 1
        return self.count


async def test_the_same_is_said_once_an_hour_in_each_topic(services: Services, clock: StandingClock) -> None:
    once, say = services.replying.once, Said()
    assert await once(CHAT, None, "This week", say) is None
    assert await once(CHAT, None, "This week", say) == 1
    assert await once(CHAT, 7, "This week", say) is None
    assert await once(CHAT - 1, None, "This week", say) is None
    assert await once(CHAT, None, "Another week", say) is None
    clock.advance(seconds=FRESH.total_seconds() - 1)
    assert await once(CHAT, None, "This week", say) == 1
    clock.advance(seconds=1)
    assert await once(CHAT, None, "This week", say) is None
    assert say.count == 5


async def test_while_it_is_on_its_way_nobody_says_it_again(services: Services) -> None:
    again = Said()

    async def say() -> int:
        assert await services.replying.once(CHAT, None, "This week", again) is None
        return 9

    assert await services.replying.once(CHAT, None, "This week", say) is None
    assert again.count == 0
    assert await services.replying.once(CHAT, None, "This week", again) == 9


async def test_what_could_not_be_said_may_be_tried_again(services: Services, clock: StandingClock) -> None:
    async def fail() -> None:
        return None

    say = Said()
    assert await services.replying.once(CHAT, None, "This week", fail) is None
    assert await services.replying.once(CHAT, None, "This week", say) is None
    assert say.count == 1


async def test_a_reply_that_was_cut_off_stands_in_nobodys_way_for_long(
    services: Services, clock: StandingClock
) -> None:
    async with services.store.writing() as stored:
        assert await stored.replies.begin(CHAT, None, "This week", clock.now(), FRESH)
    say = Said()
    await services.replying.once(CHAT, None, "This week", say)
    assert say.count == 0
    clock.advance(minutes=1)
    await services.replying.once(CHAT, None, "This week", say)
    assert say.count == 1
