"""Forgetting: what is stored of a member goes, when that person asks for it. An editor's role isn't a member's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.store.database import Store


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many there were: messages with requests in the direct chat, bindings, reminders and marks."""

    messages: int
    bindings: int
    reminders: int
    marks: int


class Forgetting:
    """Forgets people, also those who are members no more."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    async def forget(self, user_id: int) -> Forgotten:
        """Let what stands in the direct chat become tombstones, and delete the rest at once.

        An answer that is under way is refused: its chat is bound no more.
        """
        async with self._store.writing() as stored:
            return Forgotten(
                messages=await stored.copies.retire_direct(user_id, self._now()),
                bindings=int(await stored.bindings.unbind(user_id)),
                reminders=int(await stored.reminders.remove(user_id)),
                marks=await stored.marks.remove_all(user_id),
            )
