"""Overseeing: what operators see of the groups, and what they do with one beyond approving it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.act import Act
from bot.domain.group import APPROVED_STATES, Group, GroupState
from bot.domain.post import Post
from bot.services.ledger import end_due
from bot.store.database import Store

_LEFT = (GroupState.DECLINED, GroupState.GONE)


@dataclass(frozen=True, slots=True)
class Standing:
    """A group, and the newest post that its ledger speaks of."""

    group: Group
    last: Post | None


class Overseeing:
    """Suspends, releases and removes groups. What a group must be told of it is told by `GroupCare.announce`."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    async def standings(self) -> list[Standing]:
        """Every group that the bot is in and has not to leave, by its title."""
        async with self._store.reading() as stored:
            newest = await stored.posts.newest()
            groups = [each for each in await stored.groups.all() if each.state not in _LEFT]
        ordered = sorted(groups, key=lambda each: (each.title.casefold(), each.id))
        return [Standing(each, newest.get(each.id)) for each in ordered]

    async def standing(self, group_id: int) -> Standing | None:
        """One of them by its group's id."""
        return next((each for each in await self.standings() if each.group.id == group_id), None)

    async def suspend(self, group_id: int, by: int) -> bool:
        """Nothing more is shown to the group until it is released; False if it isn't one that could be shown anything.

        What stands there stays.
        """
        return await self._move(group_id, GroupState.HELD, APPROVED_STATES, Act.SUSPEND, by)

    async def release(self, group_id: int, by: int) -> bool:
        """A suspended group's admin may begin again; False if it wasn't suspended by an operator."""
        return await self._move(group_id, GroupState.APPROVED, (GroupState.HELD,), Act.RELEASE, by)

    async def remove(self, group_id: int, by: int) -> bool:
        """Tell the group, put away what stands there, and leave when both are done; False if that was done before."""
        states = (*APPROVED_STATES, GroupState.HELD)
        return await self._move(group_id, GroupState.DECLINED, states, Act.REMOVE, by)

    async def _move(
        self, group_id: int, state: GroupState, expected: tuple[GroupState, ...], act: Act, by: int
    ) -> bool:
        now = self._now()
        async with self._store.writing() as stored:
            if not await stored.groups.move(group_id, state, expected):
                return False
            await end_due(stored, group_id, now)
            if state is GroupState.DECLINED:
                await stored.copies.retire_group(group_id, now)
            await stored.journal.add(act, now, by, group_id=group_id)
            return True
