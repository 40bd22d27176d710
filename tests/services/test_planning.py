from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.bulletin import Bulletin, Kind, Point, Request, Verse
from bot.domain.plan import Plan, window
from bot.domain.regions import Region
from bot.services.correcting import Change
from bot.services.planning import LoadError
from bot.services.retracting import Why
from bot.services.verses import Verses
from bot.settings import ROOT
from bot.store.bulletins import BulletinState
from bot.store.database import Store
from tests.clock import StandingClock
from tests.services.conftest import OPERATORS, Services
from tests.stored import MONDAY, SUNDAY, VERSE, a_bulletin, a_request, add_copy, add_group, add_post

FIVE = a_bulletin(*(a_request(f"Request {number}.") for number in range(5)))
OTHER = a_bulletin(*(a_request(f"Other {number}.") for number in range(5)))


@pytest.fixture(autouse=True)
def _on_sunday(clock: StandingClock) -> None:
    clock.instant = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def planned(store: Store) -> dict[date, str]:
    """The first point of each planned day."""
    async with store.reading() as stored:
        entries = await stored.plan.between(date.min, date.max)
        return {
            entry.date: (await stored.bulletins.request(entry.request_id)).request.points[0].text for entry in entries
        }


async def stored_bulletins(store: Store) -> dict[str, BulletinState]:
    async with store.reading() as stored:
        found = [await stored.bulletins._select()]
    return {each.requests[0].request.points[0].text: each.state for each in found[0]}


async def test_a_bulletin_is_stored_planned_and_published(services: Services) -> None:
    (loaded,) = await services.planning.load([FIVE], SUNDAY)
    days = {MONDAY + timedelta(days=number): f"Request {number}." for number in range(5)}
    assert await planned(services.store) == days
    assert [day.date for day in loaded.plan.days] == list(days)
    assert not loaded.borrowed_verse
    assert await stored_bulletins(services.store) == {"Request 0.": BulletinState.PUBLISHED}


async def test_a_draft_is_stored_and_nothing_else(services: Services) -> None:
    (loaded,) = await services.planning.load([FIVE], SUNDAY, draft=True)
    assert loaded.plan.days == ()
    assert await planned(services.store) == {}
    assert await stored_bulletins(services.store) == {"Request 0.": BulletinState.DRAFT}


async def test_a_bulletin_without_any_date_is_refused(services: Services) -> None:
    with pytest.raises(LoadError, match="--date"):
        await services.planning.load([FIVE])
    assert await stored_bulletins(services.store) == {}


async def test_a_date_of_its_own_goes_before_the_one_that_is_given(services: Services) -> None:
    (loaded,) = await services.planning.load([replace(FIVE, published_on=MONDAY)], SUNDAY)
    assert loaded.bulletin.published_on == MONDAY


@pytest.mark.parametrize("replace_days", [False, True])
async def test_the_same_bulletin_twice_is_refused(services: Services, replace_days: bool) -> None:
    await services.planning.load([FIVE], SUNDAY)
    before = await planned(services.store)
    with pytest.raises(LoadError, match="loaded before, for 02 Mar to 08 Mar 2026"):
        await services.planning.load([FIVE], SUNDAY, replace=replace_days)
    assert await planned(services.store) == before


async def test_days_of_another_bulletin_are_refused_and_named(services: Services) -> None:
    await services.planning.load([FIVE], SUNDAY)
    before = await planned(services.store)
    with pytest.raises(LoadError, match=r"Mon 02 Mar, .*Fri 06 Mar.*--replace"):
        await services.planning.load([OTHER], SUNDAY)
    assert await planned(services.store) == before
    assert await stored_bulletins(services.store) == {"Request 0.": BulletinState.PUBLISHED}


async def test_a_replacing_bulletin_takes_the_days_that_no_group_has_posted(
    services: Services, clock: StandingClock
) -> None:
    await services.planning.load([FIVE], SUNDAY)
    clock.instant = datetime(2026, 3, 3, 12, tzinfo=UTC)
    group = await add_group(services.store)
    for number in (0, 1):
        await add_post(services.store, group, None, day=MONDAY + timedelta(days=number))
    (loaded,) = await services.planning.load([OTHER], SUNDAY, replace=True)
    days = await planned(services.store)
    assert [days[MONDAY + timedelta(days=number)] for number in range(7)] == [
        "Request 0.", "Request 1.", "Other 0.", "Other 1.", "Other 2.", "Other 3.", "Other 4.",
    ]  # fmt: skip
    assert loaded.plan.left_over == ()
    states = await stored_bulletins(services.store)
    assert states == {"Request 0.": BulletinState.SUPERSEDED, "Other 0.": BulletinState.PUBLISHED}


async def test_a_bulletin_that_keeps_days_outside_the_replacing_one_stays_published(services: Services) -> None:
    await services.planning.load([FIVE], SUNDAY)
    await services.planning.load([OTHER], SUNDAY + timedelta(days=3), replace=True)
    states = await stored_bulletins(services.store)
    assert states == {"Request 0.": BulletinState.PUBLISHED, "Other 0.": BulletinState.PUBLISHED}
    days = await planned(services.store)
    assert days[MONDAY] == "Request 0."


async def test_in_the_middle_of_its_window_the_days_that_remain_are_taken(
    services: Services, clock: StandingClock
) -> None:
    clock.instant = datetime(2026, 3, 5, 12, tzinfo=UTC)
    (loaded,) = await services.planning.load([FIVE], SUNDAY)
    assert sorted(await planned(services.store)) == [MONDAY + timedelta(days=number) for number in (3, 4, 5, 6)]
    assert [left.request for left in loaded.plan.left_over] == [4]


async def test_a_window_that_is_past_is_kept_unplanned(services: Services, clock: StandingClock) -> None:
    clock.instant = datetime(2026, 3, 9, tzinfo=UTC)
    (loaded,) = await services.planning.load([FIVE], SUNDAY)
    assert loaded.plan == Plan(())
    assert await planned(services.store) == {}
    assert await stored_bulletins(services.store) == {"Request 0.": BulletinState.PUBLISHED}


async def test_an_archive_gives_each_bulletin_its_own_window(services: Services) -> None:
    newer = replace(OTHER, published_on=SUNDAY + timedelta(days=7))
    loaded = await services.planning.load([newer, replace(FIVE, published_on=SUNDAY)])
    assert [each.bulletin.published_on for each in loaded] == [SUNDAY, SUNDAY + timedelta(days=7)]
    days = await planned(services.store)
    assert (days[MONDAY], days[MONDAY + timedelta(days=7)]) == ("Request 0.", "Other 0.")


async def test_of_a_file_all_bulletins_are_stored_or_none(services: Services) -> None:
    both = [replace(FIVE, published_on=SUNDAY), replace(OTHER, published_on=SUNDAY)]
    with pytest.raises(LoadError):
        await services.planning.load(both)
    assert await stored_bulletins(services.store) == {}
    assert await planned(services.store) == {}


async def test_a_bulletin_without_a_verse_borrows_the_weeks(services: Services) -> None:
    (loaded,) = await services.planning.load([replace(FIVE, verse=None)], SUNDAY)
    assert loaded.borrowed_verse
    assert loaded.bulletin.verse == Verses.load(ROOT / "data" / "verses.yaml").of_week(SUNDAY)


def test_each_week_has_its_verse_in_turn() -> None:
    three = [Verse(str(number), "Amos 5:24") for number in range(3)]
    verses = Verses(three)
    taken = [verses.of_week(SUNDAY + timedelta(days=7 * week)) for week in range(6)]
    assert taken[:3] == taken[3:]
    assert {each.text for each in taken} == {"0", "1", "2"}
    assert verses.of_week(SUNDAY) == verses.of_week(SUNDAY + timedelta(days=6))


async def test_the_coming_weeks_are_whole_with_what_is_posted_late_or_without_a_day(
    services: Services, clock: StandingClock
) -> None:
    clock.instant = datetime(2026, 3, 4, 12, tzinfo=UTC)
    texts = ["Pray on March 5.", "Pray.", "Pray on March 5 for the other.", "Pray.", "Pray."]
    regions = list(Region)
    await services.planning.load(
        [a_bulletin(*(a_request(text, region=region) for text, region in zip(texts, regions, strict=True)))], SUNDAY
    )
    group = await add_group(services.store)
    await add_post(services.store, group, None, day=MONDAY + timedelta(days=2))
    (week,) = await services.planning.weeks()
    assert [day.date for day in week.days] == list(window(SUNDAY))
    assert [day.entry is not None for day in week.days] == [False, False, True, True, True, True, True]
    assert [day.posted for day in week.days] == [False, False, True, False, False, False, False]
    assert (week.late, week.without_a_day) == ((), ())
    await services.replanning.hold("South Asia")
    (week,) = await services.planning.weeks()
    assert week.late == ((Region.SOUTH_ASIA, "5 March"),)
    assert week.without_a_day == (Region.SOUTH_ASIA,)
    clock.instant = datetime(2026, 3, 9, 12, tzinfo=UTC)
    assert await services.planning.weeks() == []


async def test_a_request_that_names_a_day_has_its_own_before_and_the_plan_keeps_the_reason(services: Services) -> None:
    texts = ["Pray.", "Praise God.", "Pray for the fair tomorrow.", "Pray on March 3 for the choir."]
    (loaded,) = await services.planning.load([a_bulletin(*(a_request(text) for text in texts))], SUNDAY)
    days = await planned(services.store)
    assert (days[MONDAY], days[MONDAY + timedelta(days=1)]) == (texts[2], texts[3])
    async with services.store.reading() as stored:
        entry = await stored.plan.on(MONDAY)
    assert entry is not None
    assert entry.reason == "moved from Wednesday to Monday: names 2 March"
    assert loaded.plan.late == ()
    assert [each.request.dates[0].text for each in loaded.bulletin.requests[2:]] == ["tomorrow", "March 3"]


async def test_an_undated_bulletin_is_recognised_also_under_another_date(services: Services) -> None:
    bulletin = a_bulletin(a_request("Pray for the fair tomorrow."))
    await services.planning.load([bulletin], SUNDAY)
    with pytest.raises(LoadError, match="loaded before"):
        await services.planning.load([bulletin], MONDAY)


async def test_a_week_half_taken_over_has_no_warning_for_regions_of_the_newer_bulletin(services: Services) -> None:
    week = [a_request(f"Pray {number}.", region=region) for number, region in enumerate(Region)]
    other = [a_request(f"Other {number}.", region=region) for number, region in enumerate(Region)]
    await services.planning.load([a_bulletin(*week)], SUNDAY)
    await services.planning.load([a_bulletin(*other)], SUNDAY + timedelta(days=3), replace=True)
    older, newer = await services.planning.weeks()
    assert [day.date for day in older.days if day.entry] == [MONDAY + timedelta(days=number) for number in range(2 + 1)]
    assert older.without_a_day == newer.without_a_day == ()


WEEK = a_bulletin(a_request("Pray for rain."), a_request("Pray for Amina.", region=Region.SOUTH_ASIA))
MENDED = a_bulletin(a_request("Pray for rain, soon."), *WEEK.requests[1:])
NEXT_WEEK = SUNDAY + timedelta(days=7)


async def take_back(services: Services, region: Region) -> None:
    (choice,) = [each for each in await services.retracting.choices(14) if each.region is region and not each.is_gone]
    assert await services.retracting.retract(choice.request_id, Why.DANGER, None)


async def texts(services: Services) -> set[str]:
    """All that is stored of requests that can be shown."""
    async with services.store.reading() as stored:
        bulletins = await stored.bulletins.overlapping(date.min, date.max)
    return {point.text for each in bulletins for request in each.requests for point in request.request.points}


@pytest.mark.parametrize(("again", "on"), [(MENDED, SUNDAY), (WEEK, NEXT_WEEK)])
async def test_what_was_taken_back_is_left_out_when_its_bulletin_is_loaded_again(
    services: Services, again: Bulletin, on: date
) -> None:
    await services.planning.load([WEEK], SUNDAY)
    await take_back(services, Region.SOUTH_ASIA)
    (loaded,) = await services.planning.load([again], on, replace=True)
    assert loaded.left_out == (Region.SOUTH_ASIA,)
    assert list((await planned(services.store)).values()) == [again.requests[0].points[0].text]
    assert "Pray for Amina." not in await texts(services)
    (week,) = await services.planning.weeks(21)
    assert week.without_a_day == (), "it isn't said to be reached by /region"
    changes = await services.correcting.correct(again, on)
    assert [each.change for each in changes] == [Change.SAME, Change.GONE]
    assert "Pray for Amina." not in await texts(services)
    (moved,) = await services.planning.load([again], NEXT_WEEK + timedelta(days=7), replace=True)
    assert moved.left_out == (Region.SOUTH_ASIA,), "it is remembered with the content, too"


async def test_a_week_that_shares_a_day_with_what_was_taken_back_leaves_it_out(services: Services) -> None:
    await services.planning.load([WEEK], SUNDAY)
    await take_back(services, Region.SOUTH_ASIA)
    (loaded,) = await services.planning.load([MENDED], NEXT_WEEK - timedelta(days=1), draft=True)
    assert loaded.left_out == (Region.SOUTH_ASIA,)


async def test_a_draft_of_what_was_taken_back_meanwhile_is_published_without_it(services: Services) -> None:
    await services.planning.load([WEEK], SUNDAY)
    await services.planning.load([MENDED], SUNDAY, draft=True)
    await take_back(services, Region.SOUTH_ASIA)
    (loaded,) = await services.planning.load([MENDED], SUNDAY, replace=True)
    assert loaded.left_out == (Region.SOUTH_ASIA,)


async def test_what_was_taken_back_is_loaded_all_the_same_where_that_is_meant(services: Services) -> None:
    await services.planning.load([WEEK], SUNDAY)
    await take_back(services, Region.SOUTH_ASIA)
    await services.planning.load([MENDED], SUNDAY, replace=True)
    (loaded,) = await services.planning.load([MENDED], SUNDAY, replace=True, with_retracted=True)
    assert loaded.left_out == ()
    assert list((await planned(services.store)).values()) == ["Pray for rain, soon.", "Pray for Amina."]


async def test_a_bulletin_of_which_all_was_taken_back_is_refused(services: Services) -> None:
    only = a_bulletin(a_request("Pray for Amina."))
    await services.planning.load([only], SUNDAY)
    await take_back(services, Region.GLOBAL)
    with pytest.raises(LoadError, match=r"all of it was taken back in these days: Global.*--with-retracted"):
        await services.planning.load([a_bulletin(a_request("Pray for Amina!"))], SUNDAY, replace=True)


async def test_a_region_that_was_taken_back_in_another_week_is_loaded(services: Services) -> None:
    await services.planning.load([WEEK], SUNDAY)
    await take_back(services, Region.SOUTH_ASIA)
    (loaded,) = await services.planning.load([MENDED], NEXT_WEEK)
    assert loaded.left_out == ()


AMINA_ELSEWHERE = a_bulletin(WEEK.requests[0], a_request("Pray for Amina.", region=Region.LATIN_AMERICA))
AMINA_SAFER = a_bulletin(WEEK.requests[0], a_request("Pray for somebody.", region=Region.SOUTH_ASIA))


@pytest.mark.parametrize(
    ("again", "on"),
    [
        (MENDED, SUNDAY),  # superseded
        (WEEK, NEXT_WEEK),  # its date was wrong
        (AMINA_ELSEWHERE, SUNDAY),  # its region was wrong
        (AMINA_SAFER, MONDAY),  # other words, and the day before stays as it is
    ],
)
@pytest.mark.parametrize("later", [False, True])
async def test_who_takes_back_one_of_two_loads_means_both(
    services: Services, again: Bulletin, on: date, later: bool
) -> None:
    loads = [await services.planning.load([each], day, replace=True) for each, day in ((WEEK, SUNDAY), (again, on))]
    chosen, other = (loads[number][0].bulletin.requests[1] for number in (later, not later))
    choice = await services.retracting.choice(chosen.id)
    assert choice is not None
    assert len(choice.along) == 1
    assert await services.retracting.retract(chosen.id, Why.DANGER, None)
    gone = {choice.request_id for choice in await services.retracting.choices(21) if choice.is_gone}
    kept = {choice.region for choice in await services.retracting.choices(21) if not choice.is_gone}
    assert (gone, kept) == ({chosen.id, other.id}, {Region.GLOBAL})
    assert not await services.retracting.retract(other.id, Why.DANGER, None), "that one is gone with it"


@pytest.mark.parametrize("on", [NEXT_WEEK, NEXT_WEEK - timedelta(days=1)])
async def test_what_is_taken_back_leaves_the_same_region_of_another_week(services: Services, on: date) -> None:
    other = a_bulletin(a_request("Pray for the mill."), a_request("Pray for Rahul.", region=Region.SOUTH_ASIA))
    loads = [await services.planning.load([each], day, replace=True) for each, day in ((WEEK, SUNDAY), (other, on))]
    await services.retracting.retract(loads[0][0].bulletin.requests[1].id, Why.DANGER, None)
    gone = [choice.request_id for choice in await services.retracting.choices(21) if choice.is_gone]
    assert gone == [loads[0][0].bulletin.requests[1].id]


async def test_a_diary_that_was_loaded_with_a_wrong_date_goes_too(services: Services) -> None:
    points = tuple(Point(f"Pray for person {day}.", Kind.PRAYER, day) for day in ("MONDAY", "TUESDAY", "WEDNESDAY"))
    diary = Bulletin(None, None, VERSE, (Request(Region.SOUTH_ASIA, "South Asia", points),))
    loads = [await services.planning.load([diary], day, replace=True) for day in (date(2026, 3, 29), SUNDAY)]
    assert await services.retracting.retract(loads[1][0].bulletin.requests[0].id, Why.DANGER, None)
    assert all(choice.is_gone for choice in await services.retracting.choices(60))


async def test_a_draft_with_the_same_words_loses_them(services: Services) -> None:
    (published,) = await services.planning.load([WEEK], SUNDAY)
    (draft,) = await services.planning.load([MENDED], NEXT_WEEK, draft=True)
    await services.retracting.retract(published.bulletin.requests[1].id, Why.DANGER, None)
    async with services.store.reading() as stored:
        kept = [(await stored.bulletins.request(each.id)).is_gone for each in draft.bulletin.requests]
    assert kept == [False, True]
    (loaded,) = await services.planning.load([MENDED], NEXT_WEEK)
    assert loaded.left_out == (Region.SOUTH_ASIA,)


async def test_what_goes_along_is_counted_before_and_told_once(services: Services) -> None:
    (first,) = await services.planning.load([WEEK], SUNDAY)
    post = await add_post(services.store, await add_group(services.store), first.bulletin.requests[1].id)
    await add_copy(services.store, post, 10)
    (second,) = await services.planning.load([MENDED], SUNDAY, replace=True)
    choice = await services.retracting.choice(second.bulletin.requests[1].id)
    assert choice is not None
    assert choice.copies == 1
    await services.retracting.retract(choice.request_id, Why.DANGER, OPERATORS[0])
    await services.receipts.show()
    (receipt,) = services.recorder.texts(OPERATORS[0])
    assert "of 1" in receipt


async def test_an_undated_bulletin_whose_time_is_over_is_used_again(services: Services, clock: StandingClock) -> None:
    await services.planning.load([WEEK], SUNDAY)
    async with services.store.writing() as stored:
        await stored.bulletins.put_away(NEXT_WEEK + timedelta(days=1))
    clock.instant = datetime(2026, 3, 8, 12, tzinfo=UTC)
    (loaded,) = await services.planning.load([WEEK], NEXT_WEEK, replace=True)
    assert loaded.left_out == ()
