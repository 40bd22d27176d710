"""The services on a real database, with a messenger that only writes down what it is asked."""

from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

import pytest

from bot.domain.regions import Region
from bot.domain.weekdays import WORKING_DAYS
from bot.loader.profile import load_profile
from bot.services.admission import Admission
from bot.services.asking import Asking
from bot.services.atlas import Atlas
from bot.services.checkup import Checkup
from bot.services.correcting import Correcting
from bot.services.digest import Digest, DigestRules
from bot.services.ending import DoorRules
from bot.services.forgetting import Forgetting
from bot.services.greeting import Greeting, GreetingRules
from bot.services.groups import GroupCare
from bot.services.inviting import Inviting
from bot.services.leaving import Leaving
from bot.services.marks import Praying
from bot.services.mine import Mine
from bot.services.onboarding import GroupDefaults, Onboarding, Patience
from bot.services.overseeing import Overseeing
from bot.services.passing import Passing
from bot.services.people import People
from bot.services.planning import Planning
from bot.services.posting import Posting
from bot.services.previewing import Previewing
from bot.services.publishing import Door
from bot.services.receipts import Receipts
from bot.services.reminding import Reminding
from bot.services.replanning import Replanning
from bot.services.replying import Replying
from bot.services.retiring import Retention, Retiring
from bot.services.retracting import Retracting
from bot.services.rewriting import Rewriting
from bot.services.rounds import Round
from bot.services.telling import Telling
from bot.services.verses import Verses
from bot.services.words import Words
from bot.settings import CONFIG, VERSES
from bot.store.database import Store
from tests.clock import StandingClock
from tests.services.recorder import Recorder
from tests.texts import LANGUAGES, WORDS

OPERATORS = (501, 502)


@dataclass
class Services:
    """What the composition root would join."""

    store: Store
    recorder: Recorder
    words: Words
    door: Door
    posting: Posting
    planning: Planning
    replanning: Replanning
    praying: Praying
    mine: Mine
    reminding: Reminding
    forgetting: Forgetting
    groups: GroupCare
    overseeing: Overseeing
    people: People
    telling: Telling
    digest: Digest
    asking: Asking
    atlas: Atlas
    replying: Replying
    onboarding: Onboarding
    previewing: Previewing
    passing: Passing
    correcting: Correcting
    rewriting: Rewriting
    round: Round
    retracting: Retracting
    retiring: Retiring
    receipts: Receipts
    leaving: Leaving
    checkup: Checkup
    inviting: Inviting
    greeting: Greeting

    async def post_all(self) -> None:
        """Wake the posting job, and wait for what it began."""
        await self.posting.wake()
        while self.posting.busy:
            await self.posting.finish(60)


def joined(store: Store, clock: StandingClock, recorder: Recorder | None = None) -> Services:
    """The services on this store."""
    recorder = recorder or Recorder()
    words, rules = WORDS, DoorRules()
    defaults = GroupDefaults(ZoneInfo("Africa/Nairobi"), time(7), WORKING_DAYS)
    pace = recorder.pace
    checkup = Checkup(store, recorder, LANGUAGES, pace, clock.now)
    telling = Telling(store, recorder, words, pace, OPERATORS)
    admission = Admission(store, recorder, pace)
    verses = Verses.load(VERSES)
    door = Door(store, recorder, LANGUAGES, pace, rules, admission, verses, clock.now)
    asking = Asking(store, door, recorder, pace, clock.now)
    return Services(
        store=store,
        recorder=recorder,
        words=words,
        door=door,
        posting=Posting(store, door, rules, clock.now),
        planning=Planning(store, verses, WORKING_DAYS, clock.now),
        replanning=Replanning(store, {str(region): region for region in Region}, clock.now),
        praying=Praying(store, door, pace, Retention().marks, clock.now),
        mine=Mine(store, Retention().marks, clock.now),
        reminding=Reminding(store, recorder, LANGUAGES, pace, rules.late, clock.now),
        forgetting=Forgetting(store, clock.now),
        overseeing=Overseeing(store, clock.now),
        people=People(store, OPERATORS, clock.now),
        groups=GroupCare(store, recorder, LANGUAGES, pace, rules.late, clock.now),
        onboarding=Onboarding(store, recorder, LANGUAGES, pace, defaults, Patience(), clock.now),
        telling=telling,
        digest=Digest(
            store, telling, words, DigestRules(time(18), ZoneInfo("Africa/Nairobi"), WORKING_DAYS), clock.now
        ),
        atlas=Atlas.of(load_profile(CONFIG / "bulletins" / "ijm.yaml"), LANGUAGES),
        replying=Replying(store, clock.now),
        asking=asking,
        previewing=Previewing(store, asking, recorder, clock.now),
        passing=Passing(store, recorder, pace, clock.now),
        correcting=Correcting(store, clock.now),
        rewriting=Rewriting(store, door, pace, admission, clock.now),
        round=Round(store, recorder, checkup, pace, clock.now),
        retracting=Retracting(store, clock.now),
        retiring=Retiring(store, Retention(), clock.now),
        receipts=Receipts(store, recorder, words, pace),
        leaving=Leaving(store, recorder, clock.now),
        checkup=checkup,
        inviting=Inviting(store, recorder, LANGUAGES, pace, clock.now),
        greeting=Greeting(store, recorder, LANGUAGES, pace, GreetingRules(), clock.now),
    )


@pytest.fixture
def migrated_database(sqlite_database: str) -> str:
    """SQLite alone: that both kinds of database keep their word is tested with the store."""
    return sqlite_database


@pytest.fixture
def services(store: Store, clock: StandingClock) -> Services:
    """The services on a store."""
    return joined(store, clock)


@pytest.fixture
def recorder(services: Services) -> Recorder:
    """What the services asked of Telegram."""
    return services.recorder
