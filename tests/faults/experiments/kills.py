"""1, 2: killed at every step, and at random times over a month."""

from datetime import UTC, datetime, time, timedelta
from random import Random

from bot.domain.post import PostState
from bot.schedule import USUAL
from tests.faults.child import Kill
from tests.faults.judge import Ledger, judge
from tests.faults.outcome import Outcome, played
from tests.faults.place import Place
from tests.faults.trial import MONDAY, SELDOM, Hour, Trial, trial

BEFORE_DUE = datetime(2026, 3, 2, 6, 59, tzinfo=UTC)
DUE = BEFORE_DUE + timedelta(minutes=1)
LATER = DUE + timedelta(minutes=10)
SOON, SOON_WITH_AN_OPEN_IN_FLIGHT = 30.0, 100.0


async def killed_at_every_point(seed: int, tries: int, place: Place) -> Outcome:
    """SIGKILL before and after every stored step and every call of a post's life: each point `tries` times."""
    total = Outcome(tries=0)
    for parts in (1, 3):
        points = await points_of_a_life(place, parts)
        total.expect(len(points) >= 2 * (5 + 2 * parts), f"a life has too few points: {points}")
        at_each = [(number, parts, point) for point in points for number in range(tries if parts == 1 else 1)]
        total.add(await played(at_each, lambda each: _killed_at(place, *each)))
    return total


async def points_of_a_life(place: Place, parts: int) -> list[str]:
    """The names of all points that an undisturbed life passes."""
    async with (
        trial(place, BEFORE_DUE, Hour(), parts=parts, rhythm=USUAL) as played_on,
        played_on.life(named=True) as life,
    ):
        assert await life.until(LATER)
        return played_on.points.read_text().splitlines()


async def _killed_at(place: Place, number: int, parts: int, point: str) -> Outcome:
    # Every other time a moment after the point, in the middle of what follows it.
    linger = 0.0005 * number if number % 2 else 0.0
    async with trial(place, BEFORE_DUE, Hour(), parts=parts, rhythm=USUAL) as played_on:
        await played_on.lived(LATER, Kill(name=point, linger=linger))
        restarted = played_on.clock.moment()
        in_flight = await opens_in_flight(played_on)
        survived = await played_on.lived(LATER + timedelta(hours=1))
        outcome = await judge(played_on, all_posted=True, since=restarted)
    outcome.expect(survived, "it didn't live on after the restart")
    outcome.expect(outcome.stray <= in_flight, f"{outcome.stray} bare verses stand beside the post")
    return outcome.recovered_within(SOON_WITH_AN_OPEN_IN_FLIGHT if in_flight else SOON)


async def opens_in_flight(played_on: Trial) -> int:
    """Of how many opens the ledger says that they began, and nothing more."""
    ledger = await Ledger.of(played_on)
    return sum(post.state is PostState.OPENING for post in ledger.posts.values())


ZONES = (
    "Africa/Nairobi",
    "America/Guatemala",
    "America/Los_Angeles",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Asia/Manila",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Apia",
    "Pacific/Honolulu",
    "UTC",
)
# In these thirty days the clocks change in five of the zones.
MONTH, GROUPS, COLD = 30, 50, 20


async def killed_at_random(seed: int, tries: int, place: Place) -> Outcome:
    """`tries` kills, spread at random over 30 simulated days with 50 groups in 12 zones; every 20th start is cold."""
    random = Random(f"{seed} kills {place.kind}")
    days = MONTH if tries >= MONTH else 2
    groups = GROUPS if tries >= MONTH else 12
    at = [time(random.choice((6, 7)), random.choice((0, 0, 30))) for _ in range(groups)]
    hours = [Hour(ZONES[number % len(ZONES)], each) for number, each in enumerate(at)]
    start = datetime.combine(MONDAY, time(), UTC)
    end = start + timedelta(days=days)
    kills = sorted(start + random.random() * (end - start) for _ in range(tries))
    async with trial(place, start, *hours, days=days + 2, rhythm=SELDOM) as played_on:
        for number, instant in enumerate(kills):
            kill = Kill(since=instant, passing=random.randrange(30), linger=random.choice((0, 0, 0.001, 0.004)))
            await played_on.lived(end, kill, cold=number % COLD == COLD - 1)
        survived = await played_on.lived(end + timedelta(hours=1))
        outcome = await judge(played_on)
    outcome.expect(survived, "it didn't live on after the last restart")
    outcome.tries = tries
    return outcome
