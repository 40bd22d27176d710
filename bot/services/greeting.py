"""Greeting: all who joined a group within a few minutes are greeted in one message, which is removed after a while."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.group import Group
from bot.services.messenger import Button, Messenger, MessengerError, MovedError, NotNowError, Outgoing
from bot.services.pacing import Pace
from bot.services.saying import say
from bot.services.upgrading import upgrade
from bot.services.words import Languages
from bot.store.database import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GreetingRules:
    """How long newcomers are gathered, and how long their greeting stands."""

    gather: timedelta = timedelta(minutes=5)
    stands: timedelta = timedelta(hours=24)


class Greeting:
    """Knows that somebody joined, and neither who nor how many."""

    def __init__(
        self,
        store: Store,
        messenger: Messenger,
        languages: Languages,
        pace: Pace,
        rules: GreetingRules,
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._messenger, self._languages, self._pace = store, messenger, languages, pace
        self._rules, self._now = rules, now

    async def joined(self, chat_id: int) -> None:
        """Somebody has joined this chat. Hearing of it twice is the same as once."""
        async with self._store.writing() as stored:
            group = await stored.groups.by_chat(chat_id)
            if group is not None and group.is_served:
                await stored.greetings.plan(group.id, self._now() + self._rules.gather)

    async def sweep(self) -> None:
        """Greet where it is time. A busy group is greeted in a later sweep."""
        async with self._store.reading() as stored:
            due = [await stored.groups.get(group_id) for group_id in await stored.greetings.due(self._now())]
        for group in due:
            try:
                await self._greet(group)
            except NotNowError:
                continue
            except MovedError as error:
                async with self._store.writing() as stored:
                    await upgrade(stored, group.chat_id, error.chat_id, self._now())
                continue
            except MessengerError as error:
                # It may stand or not: a second one would be noise.
                log.info("group %s: newcomers were not greeted: %s", group.id, type(error).__name__)
            async with self._store.writing() as stored:
                await stored.greetings.done(group.id)

    async def _greet(self, group: Group) -> None:
        if not group.is_served:
            return
        words = self._languages.of(group.language)
        link = self._messenger.start_link(self._store.key.group_token(group.id))
        html = words.html("joining.greeting", covenant="{covenant}").replace(
            "{covenant}", words.html("joining.covenant")
        )
        outgoing = Outgoing(html, ((Button(words.plain("button.privately"), url=link),),), silent=True)
        removed_at = self._now() + self._rules.stands
        message_id = await say(self._messenger, self._pace, group, outgoing)
        async with self._store.writing() as stored:
            await stored.passing.add(group.chat_id, message_id, removed_at)
