"""People with roles: editors, whom operators invite by a link that works once."""

import base64
import os
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.domain.act import Act
from bot.store.database import Store
from bot.store.roles import Holder, Role

LINK_HOLDS = timedelta(hours=24)
# A start parameter that begins like this is a role's; a group's never does.
_TOKEN_BEGINS = "role-"  # noqa: S105
_TOKEN_BYTES = 24


def is_role_token(text: str) -> bool:
    """Whether a start parameter is meant to give a role."""
    return text.startswith(_TOKEN_BEGINS)


class People:
    """Knows who is an editor, and makes and ends it. `operators` are the settings', who are editors too."""

    def __init__(
        self,
        store: Store,
        operators: Sequence[int],
        now: Callable[[], datetime],
        randomness: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._store, self._operators, self._now, self._randomness = store, operators, now, randomness

    async def is_editor(self, user_id: int) -> bool:
        """Whether the person may do what editors do, by the settings or by a role."""
        if user_id in self._operators:
            return True
        async with self._store.reading() as stored:
            return await stored.roles.has(user_id, Role.EDITOR)

    async def editors(self) -> Sequence[Holder]:
        """Everybody who is an editor by a role, the first of them first."""
        async with self._store.reading() as stored:
            return await stored.roles.holders(Role.EDITOR)

    async def invite(self, by: int) -> str:
        """A start parameter that makes whoever brings it first an editor, for `LINK_HOLDS`."""
        token = _TOKEN_BEGINS + base64.urlsafe_b64encode(self._randomness(_TOKEN_BYTES)).decode()
        now = self._now()
        async with self._store.writing() as stored:
            await stored.roles.add_link(token, Role.EDITOR, now + LINK_HOLDS)
            await stored.journal.add(Act.INVITE_EDITOR, now, by)
        return token

    async def accept(self, user_id: int, token: str) -> bool:
        """Whether the person is an editor now. Somebody who is one already leaves the link to somebody else."""
        now = self._now()
        async with self._store.writing() as stored:
            if user_id in self._operators or await stored.roles.has(user_id, Role.EDITOR):
                return True
            role = await stored.roles.use_link(token, now)
            if role is None:
                # It may be this very person's other tap that has used it.
                return await stored.roles.has(user_id, Role.EDITOR)
            await stored.roles.give(user_id, role, now.date())
            await stored.journal.add(Act.BECOME_EDITOR, now, user_id)
            return True

    async def remove(self, code: str, by: int) -> Holder | None:
        """End the role of the editor with this code; who it was, None if there is none."""
        async with self._store.writing() as stored:
            holder = next((each for each in await stored.roles.holders(Role.EDITOR) if each.code == code), None)
            if holder is not None:
                await stored.roles.take(holder.chat_id)
                await stored.journal.add(Act.REMOVE_EDITOR, self._now(), by, other=holder.chat_id)
            return holder
