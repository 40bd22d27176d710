from datetime import time
from zoneinfo import ZoneInfo

import pytest

from bot.domain.group import Group, GroupState
from bot.domain.weekdays import WORKING_DAYS


@pytest.mark.parametrize("state", GroupState)
def test_only_members_of_a_subscribed_group_may_ask(state: GroupState) -> None:
    group = Group(1, -1, "Harbour", state, None, ZoneInfo("UTC"), time(7), WORKING_DAYS, None)
    assert group.is_served == (state in {GroupState.ACTIVE, GroupState.PAUSED})
