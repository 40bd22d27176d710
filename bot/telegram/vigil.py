"""What the handlers work with."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.services.asking import Asking
from bot.services.atlas import Atlas
from bot.services.checkup import Checkup
from bot.services.forgetting import Forgetting
from bot.services.greeting import Greeting
from bot.services.groups import GroupCare
from bot.services.inviting import Inviting
from bot.services.marks import Praying
from bot.services.messenger import Messenger
from bot.services.mine import Mine
from bot.services.onboarding import Onboarding
from bot.services.overseeing import Overseeing
from bot.services.pacing import Pace
from bot.services.people import People
from bot.services.posting import Posting
from bot.services.previewing import Previewing
from bot.services.reminding import Reminding
from bot.services.replying import Replying
from bot.services.retracting import Retracting
from bot.services.rounds import Round
from bot.services.telling import Telling
from bot.services.words import Languages


@dataclass(frozen=True, slots=True)
class Vigil:
    """The services, as the composition root joined them. `operators` are chat ids: people, or a private group."""

    messenger: Messenger
    languages: Languages
    pace: Pace
    groups: GroupCare
    onboarding: Onboarding
    asking: Asking
    atlas: Atlas
    replying: Replying
    overseeing: Overseeing
    people: People
    praying: Praying
    mine: Mine
    reminding: Reminding
    forgetting: Forgetting
    posting: Posting
    previewing: Previewing
    retracting: Retracting
    round: Round
    checkup: Checkup
    inviting: Inviting
    greeting: Greeting
    telling: Telling
    operators: Sequence[int]
