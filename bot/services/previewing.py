"""A preview: a group's next request in an admin's direct chat, as it will look in the group."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.group import Group
from bot.services.asking import Answer, Asking, Brief, Outcome
from bot.services.messenger import Messenger
from bot.store.database import Store

_LOOK_AHEAD = timedelta(days=13)


@dataclass(frozen=True, slots=True)
class Preview:
    """Which day's request was shown, and what became of that."""

    day: date
    answer: Answer


class Previewing:
    """Shows previews: they are answers, and go through the door."""

    def __init__(self, store: Store, asking: Asking, messenger: Messenger, now: Callable[[], datetime]) -> None:
        self._store, self._asking, self._messenger, self._now = store, asking, messenger, now

    async def show(self, group: Group, user_id: int) -> Preview | None:
        """Show the next request that the group has still to get; None while there is none."""
        today = self._now().astimezone(group.zone).date()
        async with self._store.reading() as stored:
            posted = await stored.groups.posted_dates(group.id)
            for entry in await stored.plan.between(today, today + _LOOK_AHEAD):
                request = await stored.bulletins.request(entry.request_id)
                if entry.date.weekday() in group.weekdays and entry.date not in posted and not request.is_gone:
                    break
            else:
                return None
            if await stored.bindings.group_of(user_id) != group.id:
                return Preview(entry.date, Answer(Outcome.REFUSED, reason="not_bound"))
        return Preview(entry.date, await self._asking.answer(group, user_id, Brief(request, entry.points, entry.date)))

    def link(self, group: Group) -> str:
        """What opens the direct chat and joins it to the group."""
        return self._messenger.start_link(self._store.key.group_token(group.id))
