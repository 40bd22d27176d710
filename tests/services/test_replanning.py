from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.regions import Region
from bot.services.replanning import Change, ReplanError
from bot.store.bulletins import StoredBulletin
from tests.clock import StandingClock
from tests.services.conftest import Services
from tests.stored import MONDAY, SUNDAY, a_bulletin, a_request, add_group, add_post

TUESDAY, WEDNESDAY, FRIDAY, SATURDAY = (MONDAY + timedelta(days=number) for number in (1, 2, 4, 5))
REGIONS = list(Region)  # Monday to Friday
AFRICA, LATIN, *_, GLOBAL = REGIONS


@pytest.fixture(autouse=True)
async def _week(services: Services, clock: StandingClock) -> StoredBulletin:
    clock.instant = datetime(2026, 3, 1, 12, tzinfo=UTC)
    requests = [a_request("Pray.", "Praise God.", region=region) for region in REGIONS]
    (loaded,) = await services.planning.load([a_bulletin(*requests)], SUNDAY)
    return loaded.bulletin


async def plan(services: Services) -> dict[date, Region]:
    async with services.store.reading() as stored:
        entries = await stored.plan.between(date.min, date.max)
        return {each.date: (await stored.bulletins.request(each.request_id)).request.region for each in entries}


async def reason(services: Services, day: date) -> str | None:
    async with services.store.reading() as stored:
        entry = await stored.plan.on(day)
        assert entry is not None
        assert entry.points == (0, 1)
        return entry.reason


async def posted(services: Services, day: date) -> None:
    await add_post(services.store, await add_group(services.store), None, day=day)


async def test_a_region_moves_to_a_free_day(services: Services) -> None:
    assert await services.replanning.move("global", SATURDAY) == [Change(GLOBAL, FRIDAY, SATURDAY)]
    days = await plan(services)
    assert (days.get(FRIDAY), days[SATURDAY], len(days)) == (None, GLOBAL, 5)
    assert await reason(services, SATURDAY) == "moved from Friday to Saturday by an editor"


async def test_a_region_that_was_left_out_as_it_was_loaded_cannot_be_planned(
    services: Services, _week: StoredBulletin
) -> None:
    async with services.store.writing() as stored:
        (request,) = [each for each in _week.requests if each.request.region is GLOBAL]
        await stored.plan.clear({FRIDAY})
        await stored.bulletins.forget(request.id)
    with pytest.raises(ReplanError):
        await services.replanning.move("global", SATURDAY)


async def test_two_regions_change_places(services: Services) -> None:
    changes = await services.replanning.swap("Global", "latin")
    assert changes == [Change(GLOBAL, FRIDAY, TUESDAY), Change(LATIN, TUESDAY, FRIDAY)]
    days = await plan(services)
    assert (days[TUESDAY], days[FRIDAY], len(days)) == (GLOBAL, LATIN, 5)
    assert await reason(services, TUESDAY) == "moved from Friday to Tuesday by an editor"


async def test_a_skipped_day_has_no_request_until_one_moves_there(services: Services) -> None:
    assert await services.replanning.skip(MONDAY) == [Change(AFRICA, MONDAY, None)]
    assert MONDAY not in await plan(services)
    assert await services.replanning.move("Africa", MONDAY) == [Change(AFRICA, None, MONDAY)]
    assert await reason(services, MONDAY) == "put on Monday by an editor"


async def test_a_region_on_hold_has_no_day(services: Services) -> None:
    assert await services.replanning.hold("Latin") == [Change(LATIN, TUESDAY, None)]
    assert LATIN not in (await plan(services)).values()
    with pytest.raises(ReplanError, match="no day that can still be changed"):
        await services.replanning.hold("Latin")


async def test_days_that_are_posted_or_past_cannot_be_changed(services: Services, clock: StandingClock) -> None:
    before = await plan(services)
    await posted(services, MONDAY)
    for refused in (
        services.replanning.skip(MONDAY),
        services.replanning.hold("Africa"),
        services.replanning.move("Africa", SATURDAY),
        services.replanning.move("Global", MONDAY),
        services.replanning.swap("Africa", "Global"),
    ):
        with pytest.raises(ReplanError, match=r"posted|already|no day that can"):
            await refused
    clock.instant = datetime(2026, 3, 4, 12, tzinfo=UTC)
    with pytest.raises(ReplanError, match="Tue 03 Mar 2026 is past"):
        await services.replanning.skip(TUESDAY)
    with pytest.raises(ReplanError, match="had its day on Tue 03 Mar 2026"):
        await services.replanning.move("Latin", SATURDAY)
    assert await plan(services) == before


async def test_wrong_input_gets_a_sentence_and_changes_nothing(services: Services) -> None:
    before = await plan(services)
    for refused, sentence in (
        (services.replanning.move("Global", TUESDAY), "Tue 03 Mar 2026 has Latin America already"),
        (services.replanning.move("Global", SUNDAY + timedelta(days=30)), "No published bulletin"),
        (services.replanning.move("Atlantis", SATURDAY), "“Atlantis” is no region"),
        (services.replanning.hold("Globel"), "Did you mean: Global"),
        (services.replanning.swap("Global", "global"), "name two regions"),
        (services.replanning.skip(SATURDAY), "Nothing is planned for Sat 07 Mar 2026"),
    ):
        with pytest.raises(ReplanError, match=sentence):
            await refused
    assert await plan(services) == before


async def test_a_region_with_several_days_is_not_moved_as_a_whole(services: Services) -> None:
    requests = a_request("One.", "Two.")
    await services.planning.load([a_bulletin(requests, on=SUNDAY + timedelta(days=7))])
    await services.replanning.hold("Global")
    with pytest.raises(ReplanError, match="several days"):
        await services.replanning.move("Global", SATURDAY + timedelta(days=7))
    assert len(await services.replanning.hold("Global")) == 2
