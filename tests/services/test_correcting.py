from datetime import timedelta

import pytest

from bot.domain.bulletin import Bulletin
from bot.domain.post import CopyState, Post, PostState
from bot.domain.regions import Region
from bot.services.correcting import Change
from bot.services.planning import LoadError
from bot.services.rendering import TEXT_LIMIT, length
from bot.services.retracting import Why
from tests.clock import StandingClock
from tests.services.conftest import Services
from tests.services.recorder import Recorder
from tests.stored import CHAT, MONDAY, NOW, SUNDAY, a_bulletin, a_request, add_copy, add_group, the_post

REGIONS = (Region.AFRICA_EUROPE, Region.SOUTH_ASIA, Region.GLOBAL)
WEEK = a_bulletin(*(a_request(f"Pray for {region}.", region=region) for region in REGIONS))
# No sentence twice: what people see leaves repeats out.
LONG = tuple(" ".join(f"Pray for boat {part}{number}." for number in range(200)) for part in "ABC")


@pytest.fixture(autouse=True)
def _now(clock: StandingClock) -> None:
    clock.instant = NOW - timedelta(hours=1)


@pytest.fixture
async def post(services: Services, clock: StandingClock) -> Post:
    """Monday's post, revealed in the only group."""
    await services.planning.load([WEEK], SUNDAY)
    group = await add_group(services.store)
    clock.instant = NOW
    await services.post_all()
    services.recorder.edited.clear()
    async with services.store.reading() as stored:
        found = await stored.posts.on_date(group.id, MONDAY)
    assert found is not None
    assert found.state is PostState.REVEALED
    return found


def corrected(**texts: tuple[str, ...]) -> Bulletin:
    named = {Region[name]: text for name, text in texts.items()}
    return a_bulletin(*(a_request(*named.get(each, (f"Pray for {each}.",)), region=each) for each in REGIONS))


async def test_what_changes_is_shown_with_its_days_and_nothing_is_changed(services: Services, post: Post) -> None:
    africa, south, world = await services.correcting.look(corrected(AFRICA_EUROPE=("Pray for the mill.",)), SUNDAY)
    assert (africa.region, africa.change, africa.days, africa.posted) == (REGIONS[0], Change.CHANGED, *[(MONDAY,)] * 2)
    assert (south.change, south.posted, world.change) == (Change.SAME, (), Change.SAME)
    await services.rewriting.wake()
    assert services.recorder.edited == []


async def test_what_stands_and_what_is_to_come_show_the_corrected_words(
    services: Services, recorder: Recorder, post: Post, clock: StandingClock
) -> None:
    words = {"AFRICA_EUROPE": ("Pray for the mill.", "Praise God."), "SOUTH_ASIA": ("Pray for the fair.", "And rest.")}
    await services.correcting.correct(corrected(**words), SUNDAY)
    await services.rewriting.wake()
    ((chat_id, message_id, message),) = recorder.edited
    assert (chat_id, message_id) == (CHAT, 1001)
    assert all(text in message.html for text in words["AFRICA_EUROPE"])
    recorder.edited.clear()
    clock.advance(days=1)
    await services.post_all()
    ((_, _, tuesday),) = recorder.edited
    assert all(text in tuesday.html for text in words["SOUTH_ASIA"])


async def test_the_corrected_bulletin_is_the_known_one_from_then_on(services: Services, post: Post) -> None:
    new = corrected(AFRICA_EUROPE=("Pray for the mill.",))
    await services.correcting.correct(new, SUNDAY)
    assert {each.change for each in await services.correcting.correct(new, SUNDAY)} == {Change.SAME}
    with pytest.raises(LoadError, match="loaded before"):
        await services.planning.load([new], SUNDAY)


async def test_a_region_more_is_added_without_a_day_and_one_less_stays(services: Services, post: Post) -> None:
    new = a_bulletin(a_request("Pray for the mill.", region=Region.ASIA_PACIFIC))
    found = {each.region: each.change for each in await services.correcting.correct(new, SUNDAY)}
    assert found == {**dict.fromkeys(REGIONS, Change.MISSING), Region.ASIA_PACIFIC: Change.ADDED}
    group = await services.groups.by_chat(CHAT)
    assert group is not None
    assert await services.asking.request_of(group, Region.ASIA_PACIFIC) is not None
    assert await services.asking.request_of(group, Region.GLOBAL) is not None


async def test_what_was_taken_back_is_not_brought_in_again(
    services: Services, recorder: Recorder, post: Post, clock: StandingClock
) -> None:
    assert post.request_id is not None
    await services.retracting.retract(post.request_id, Why.DANGER, None)
    found = await services.correcting.correct(corrected(AFRICA_EUROPE=("Pray for the mill.",)), SUNDAY)
    assert found[0].change is Change.GONE
    await services.rewriting.wake()
    assert [message.html for _, _, message in recorder.edited] == [services.words.html("post.withdrawn")]


async def test_more_text_than_stands_ends_with_a_word_and_less_says_so_in_a_line(
    services: Services, recorder: Recorder, post: Post
) -> None:
    await services.correcting.correct(corrected(AFRICA_EUROPE=LONG), SUNDAY)
    await services.rewriting.wake()
    ((_, _, message),) = recorder.edited
    assert message.html.endswith(services.words.html("post.more"))
    assert length(message.html) <= TEXT_LIMIT
    async with services.store.writing() as stored:
        await stored.posts.move(await the_post(services.store, post.id), PostState.REVEALED, parts=2)
    await add_copy(services.store, post, 1002, CopyState.REVEALED, 1)
    recorder.edited.clear()
    await services.correcting.correct(corrected(AFRICA_EUROPE=("Short again.",)), SUNDAY)
    await services.rewriting.wake()
    shown = {message_id: message.html for _, message_id, message in recorder.edited}
    assert "Short again." in shown[1001]
    assert shown[1002] == services.words.html("post.not_needed")


async def test_points_that_are_spread_over_days_keep_their_number(services: Services) -> None:
    one = a_bulletin(a_request("One.", "Two.", "Three."))
    await services.planning.load([one], SUNDAY)
    with pytest.raises(LoadError, match="spread over several days"):
        await services.correcting.correct(a_bulletin(a_request("One.", "Two.")), SUNDAY)
    (found,) = await services.correcting.correct(a_bulletin(a_request("One.", "Second.", "Three.")), SUNDAY)
    assert found.change is Change.CHANGED


async def test_without_a_published_bulletin_of_that_date_there_is_nothing_to_correct(services: Services) -> None:
    await services.planning.load([WEEK], SUNDAY, draft=True)
    with pytest.raises(LoadError, match="no published bulletin of 01 Mar 2026"):
        await services.correcting.look(WEEK, SUNDAY)
