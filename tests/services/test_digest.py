"""The digest comes at 18:00 in Nairobi (15:00 UTC), as tests/services/conftest.py joins it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.services.digest import not_posted
from bot.services.messenger import OurMistakeError
from tests.clock import StandingClock
from tests.services.conftest import OPERATORS, Services
from tests.stored import CHAT, LONG_TITLE, MONDAY, NOW, SUNDAY, a_bulletin, add_group, publish

EVENING = datetime(2026, 3, 2, 15, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


async def swept(services: Services, clock: StandingClock, instant: datetime) -> list[str]:
    """What the first operator has been told by the sweeps up to this instant."""
    clock.instant = instant
    await services.telling.reachable()
    for _ in range(2):
        await services.telling.tell()
        await services.digest.sweep()
    return [message.html for chat_id, message in services.recorder.sent if chat_id == OPERATORS[0]]


async def late_in(services: Services, clock: StandingClock, groups: int) -> None:
    """Monday's post was missed in so many groups; Tuesday is planned."""
    await publish(services.store, a_bulletin(), [(MONDAY, 0), (TUESDAY, 0)])
    for number in range(groups):
        await add_group(services.store, CHAT - number, title=f"Harbour {number}")
    clock.instant = NOW + timedelta(hours=7)
    await services.post_all()


async def test_what_was_not_posted_is_told_in_one_message_at_its_hour(services: Services, clock: StandingClock) -> None:
    await late_in(services, clock, groups=3)
    assert await swept(services, clock, EVENING - timedelta(seconds=1)) == []
    (digest,) = await swept(services, clock, EVENING)
    assert "Mon 2 Mar" in digest
    assert all(f"Harbour {number}" in digest for number in range(3))
    assert services.words.plain("reason.late") in digest
    assert await swept(services, clock, EVENING + timedelta(hours=5)) == [digest]


async def test_many_groups_are_counted_not_listed(services: Services, clock: StandingClock) -> None:
    await late_in(services, clock, groups=40)
    (digest,) = await swept(services, clock, EVENING)
    assert services.words.plain("digest.more", count=35) in digest
    assert digest.count("Harbour") == 5


async def test_a_digest_of_more_than_a_message_holds_is_cut_and_comes_once(
    services: Services, clock: StandingClock
) -> None:
    groups = [await add_group(services.store, CHAT - number, title=f"{number} {LONG_TITLE}") for number in range(5)]
    async with services.store.writing() as stored:
        for day in range(12):
            for group in groups:
                about, missed = day * len(groups) + group.id, SUNDAY - timedelta(days=day)
                await stored.notices.add(not_posted(about, group.id, missed, "late")[0])
    (digest,) = await swept(services, clock, EVENING)
    days = digest.count(services.words.plain("reason.late"))
    assert 3 < days < 12
    left_out = services.words.html("digest.left_out", count=12 - days)
    assert digest.splitlines()[-2:] == [left_out, services.words.html("digest.unplanned", date="Tue 3 Mar")]
    assert await swept(services, clock, EVENING + timedelta(hours=1)) == [digest], "what it leaves out is told too"


async def test_a_day_on_which_all_went_well_has_no_digest(services: Services, clock: StandingClock) -> None:
    await publish(services.store, a_bulletin(), [(MONDAY, 0), (TUESDAY, 0)])
    await add_group(services.store)
    clock.instant = NOW
    await services.post_all()
    assert await swept(services, clock, EVENING) == []


async def test_what_reaches_nobody_comes_once_somebody_can_be_reached(services: Services, clock: StandingClock) -> None:
    await late_in(services, clock, groups=1)
    for operator in OPERATORS:
        services.recorder.fails[operator] = OurMistakeError("refused")
    assert await swept(services, clock, EVENING) == []
    services.recorder.fails.clear()
    assert len(await swept(services, clock, EVENING + timedelta(hours=1))) == 1


async def test_a_digest_that_was_missed_comes_when_the_bot_is_back(services: Services, clock: StandingClock) -> None:
    await swept(services, clock, EVENING - timedelta(days=1))
    await late_in(services, clock, groups=1)
    (digest,) = await swept(services, clock, EVENING + timedelta(hours=14))
    assert "Mon 2 Mar" in digest
    assert len(await swept(services, clock, EVENING + timedelta(hours=15))) == 1


async def test_what_ends_after_the_digest_stands_in_the_next_one(services: Services, clock: StandingClock) -> None:
    await late_in(services, clock, groups=1)
    (first,) = await swept(services, clock, EVENING)
    clock.instant = NOW + timedelta(days=1, hours=9)
    await services.post_all()
    first_again, second = await swept(services, clock, EVENING + timedelta(days=1))
    assert first_again == first
    assert "Tue 3 Mar" in second
    assert "Mon 2 Mar" not in second


@pytest.mark.parametrize(("day", "told"), [(date(2026, 3, 2), True), (date(2026, 3, 1), False)])
async def test_nothing_planned_is_worth_a_word_on_planning_days_only(
    services: Services, clock: StandingClock, day: date, *, told: bool
) -> None:
    due = datetime(day.year, day.month, day.day, 7, tzinfo=UTC)
    await publish(services.store, a_bulletin(), [(day + timedelta(days=1), 0)])
    await add_group(services.store, next_due=due)
    clock.instant = due
    await services.post_all()
    digests = await swept(services, clock, due + timedelta(hours=8))
    assert any(services.words.plain("reason.nothing_planned") in each for each in digests) is told


@pytest.mark.parametrize("planned", [False, True])
async def test_before_a_week_without_a_bulletin_the_operators_are_told_how_to_load_one(
    services: Services, clock: StandingClock, *, planned: bool
) -> None:
    await add_group(services.store, next_due=None)
    await publish(services.store, a_bulletin(), [(MONDAY, 0)] if planned else [])
    told = await swept(services, clock, EVENING - timedelta(days=1))
    assert any("Mon 2 Mar" in each and "vigil bulletin load" in each for each in told) is not planned


async def test_what_needs_a_person_is_told_at_once_and_once(services: Services, clock: StandingClock) -> None:
    await publish(services.store, a_bulletin(), [(MONDAY, 0), (TUESDAY, 0)])
    for number in range(2):
        await add_group(services.store, CHAT - number)
        services.recorder.fails[CHAT - number] = OurMistakeError("refused")
    clock.instant = NOW
    await services.post_all()
    (at_once,) = await swept(services, clock, NOW)
    assert services.words.plain("reason.our_mistake") in at_once
    assert len(await swept(services, clock, EVENING)) == 2
