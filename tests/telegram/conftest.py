"""What the handlers work with, on a real database and with a messenger that only writes down what it is asked."""

import pytest

from bot.store.database import Store
from bot.telegram.vigil import Vigil
from tests.clock import StandingClock
from tests.services.conftest import OPERATORS, Services, joined
from tests.services.recorder import Recorder
from tests.texts import LANGUAGES


@pytest.fixture
def migrated_database(sqlite_database: str) -> str:
    """SQLite alone: that both kinds of database keep their word is tested with the store."""
    return sqlite_database


@pytest.fixture
def services(store: Store, clock: StandingClock) -> Services:
    """The services."""
    return joined(store, clock)


@pytest.fixture
def recorder(services: Services) -> Recorder:
    """What the services asked of Telegram."""
    return services.recorder


@pytest.fixture
def vigil(services: Services) -> Vigil:
    """The services, as handlers get them."""
    return Vigil(
        messenger=services.recorder,
        languages=LANGUAGES,
        pace=services.recorder.pace,
        groups=services.groups,
        onboarding=services.onboarding,
        asking=services.asking,
        atlas=services.atlas,
        replying=services.replying,
        overseeing=services.overseeing,
        people=services.people,
        posting=services.posting,
        previewing=services.previewing,
        praying=services.praying,
        mine=services.mine,
        reminding=services.reminding,
        forgetting=services.forgetting,
        retracting=services.retracting,
        round=services.round,
        checkup=services.checkup,
        inviting=services.inviting,
        greeting=services.greeting,
        telling=services.telling,
        operators=OPERATORS,
    )
