"""A group's life: added, approved, subscribed, paused, suspended, gone."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.act import Act
from bot.domain.chat import Chat, why_not_private
from bot.domain.group import APPROVED_STATES, SERVED, Group, GroupState
from bot.domain.weekdays import Weekdays
from bot.services.messenger import ChatClosedError, Messenger, MessengerError, MovedError, Outgoing
from bot.services.pacing import Pace
from bot.services.posting import first_due
from bot.services.reminding import replan
from bot.services.words import Languages, Words
from bot.store.database import Store, Transaction
from bot.store.notices import Notice

log = logging.getLogger(__name__)

SUBSCRIBED_STATES = (GroupState.ACTIVE, GroupState.PAUSED, GroupState.SUSPENDED)
# What the door and Telegram's refusals suspend a group for, as keys of the texts.
SUSPENDING = (
    "public", "location", "linked", "community", "channel", "no_group", "no_access", "not_found", "muted",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GroupDefaults:
    """When a newly subscribed group gets its post, until its admin says otherwise."""

    zone: ZoneInfo
    at: time
    weekdays: Weekdays


class NotPrivateError(Exception):
    """The group can be seen by anyone. `reason` is a key of the texts."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class GroupCare:
    """What happens to groups. What a group must be told is told by `announce`, so that a kill loses no word."""

    def __init__(
        self,
        store: Store,
        messenger: Messenger,
        languages: Languages,
        pace: Pace,
        defaults: GroupDefaults,
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._messenger, self._languages, self._pace = store, messenger, languages, pace
        self._defaults, self._now = defaults, now

    async def added(self, chat_id: int, language: str | None = None) -> None:
        """The bot was added to a chat: a private group waits for the operators, anything else is told why and left.

        `language` is that of whoever added it, as Telegram names it; a new group begins with it.
        """
        await self._pace.turn(None)
        chat = await self._messenger.chat(chat_id)
        reason = why_not_private(chat)
        async with self._store.writing() as stored:
            # What could not be changed there while the bot was out can be now.
            await stored.copies.try_again(chat_id, self._now())
            if reason:
                await self._depart(stored, chat_id)
        if reason:
            await self._say(chat_id, self._languages.of(language), f"group.why_left.{reason}")
            return
        await self._ask_operators(chat, language)

    async def _depart(self, stored: Transaction, chat_id: int) -> None:
        """The chat is left as soon as nothing of a request stands there any more."""
        group = await stored.groups.by_chat(chat_id)
        if group is not None:
            await stored.copies.retire_group(group.id, self._now())
        await stored.departures.plan(chat_id, self._now())

    async def _ask_operators(self, chat: Chat, language: str | None) -> None:
        async with self._store.writing() as stored:
            await stored.departures.cancel(chat.id)
            group = await stored.groups.by_chat(chat.id)
            title = chat.title or str(chat.id)
            if group is None:
                defaults, words = self._defaults, self._languages.find(language or "")
                times = defaults.zone, defaults.at, defaults.weekdays
                group = await stored.groups.add(chat.id, title, *times, words.code if words else None)
            elif group.state in (GroupState.GONE, GroupState.DECLINED):
                await stored.groups.rename(group.id, title)
                await stored.groups.move(group.id, GroupState.PENDING)
                await stored.notices.forget(f"approve:{group.id}")
            else:
                return
            await stored.notices.add(Notice(f"approve:{group.id}", "operator.approve", group.id))

    async def removed(self, chat_id: int) -> None:
        """The bot is no longer in the chat."""
        async with self._store.writing() as stored:
            await stored.departures.cancel(chat_id)
            group = await stored.groups.by_chat(chat_id)
            if group:
                await stored.groups.move(group.id, GroupState.GONE)
                await stored.groups.told(group.id, GroupState.GONE)
                await stored.groups.set_next_due(group.id, None)
                if group.is_served:  # a suspended one was told of before
                    about = f"suspended:{group.id}:no_access"
                    await stored.notices.add(Notice(about, "operator.suspended", group.id, "no_access"))

    async def upgraded(self, old_chat_id: int, new_chat_id: int) -> None:
        """A group became a supergroup: the same group, under another id."""
        async with self._store.writing() as stored:
            await stored.groups.upgraded(old_chat_id, new_chat_id)

    async def by_chat(self, chat_id: int) -> Group | None:
        """The group of this chat."""
        async with self._store.reading() as stored:
            return await stored.groups.by_chat(chat_id)

    async def all(self) -> list[Group]:
        """Every group."""
        async with self._store.reading() as stored:
            return list(await stored.groups.all())

    async def decide(self, group_id: int, *, approve: bool, by: int | None = None) -> bool:
        """An operator's word on a waiting group; False if it doesn't wait any more. `by`: None for the shell."""
        state, act = (GroupState.APPROVED, Act.APPROVE) if approve else (GroupState.DECLINED, Act.DECLINE)
        async with self._store.writing() as stored:
            moved = await stored.groups.move(group_id, state, (GroupState.PENDING,))
            if moved:
                await stored.journal.add(act, self._now(), by, group_id=group_id)
            return moved

    async def subscribe(self, group: Group) -> Group:
        """Posts begin, or go on. Asks Telegram first; raises NotPrivateError or a MessengerError."""
        await self._pace.turn(None)
        reason = why_not_private(await self._messenger.chat(group.chat_id))
        if reason:
            raise NotPrivateError(reason)
        async with self._store.writing() as stored:
            if await stored.groups.move(group.id, GroupState.ACTIVE, APPROVED_STATES):
                await stored.groups.told(group.id, GroupState.ACTIVE)
                await self._plan_next(stored, group.id)
                await stored.copies.try_again(group.chat_id, self._now())
                for why in SUSPENDING:
                    await stored.notices.forget(f"suspended:{group.id}:{why}")
            return await stored.groups.get(group.id)

    async def pause(self, group: Group) -> None:
        """No posts until it is resumed."""
        await self._rest(group, GroupState.PAUSED)

    async def unsubscribe(self, group: Group) -> None:
        """No posts any more, and what stands of them is put away; the approval stays."""
        await self._rest(group, GroupState.APPROVED)

    async def _rest(self, group: Group, state: GroupState) -> None:
        async with self._store.writing() as stored:
            if state is GroupState.APPROVED:
                await stored.copies.retire_group(group.id, self._now())
            if await stored.groups.move(group.id, state, APPROVED_STATES):
                await stored.groups.told(group.id, state)
                await stored.groups.set_next_due(group.id, None)

    async def set_times(
        self, group: Group, *, zone: ZoneInfo | None = None, at: time | None = None, weekdays: Weekdays | None = None
    ) -> Group:
        """Change when the post comes. A local date that has its post never gets a second one."""
        async with self._store.writing() as stored:
            # Read again: another command may have changed something since this one was admitted.
            group = await stored.groups.get(group.id)
            times = zone or group.zone, group.at if at is None else at, weekdays or group.weekdays
            await stored.groups.set_times(group.id, *times)
            if group.state is GroupState.ACTIVE:
                await self._plan_next(stored, group.id)
            changed = await stored.groups.get(group.id)
            if changed.zone != group.zone:
                await replan(stored, changed, self._now())
            return changed

    async def set_language(self, group: Group, words: Words) -> None:
        """Speak this language in the group from now on."""
        async with self._store.writing() as stored:
            await stored.groups.set_language(group.id, words.code)

    async def missed_days(self, group: Group) -> list[date]:
        """Planned dates of the coming two weeks that the group's weekdays leave out."""
        today = self._now().astimezone(group.zone).date()
        async with self._store.reading() as stored:
            plan = await stored.plan.between(today, today + timedelta(days=13))
        return [entry.date for entry in plan if entry.date.weekday() not in group.weekdays]

    async def announce(self) -> None:
        """Tell every group whose state changed without its asking. What can't be told now is told later."""
        async with self._store.reading() as stored:
            untold = await stored.groups.untold()
        for group in untold:
            try:
                await self._announce(group)
            except MovedError as error:
                await self.upgraded(group.chat_id, error.chat_id)
            except ChatClosedError:
                await self._told(group)
            except MessengerError as error:
                log.warning("group %s could not be told that it is %s: %s", group.id, group.state, error)

    async def _announce(self, group: Group) -> None:
        if group.state not in (*SERVED, GroupState.GONE):
            await self._pace.turn(group.chat_id)
            text = self._languages.of(group.language).html(f"group.is.{group.state}")
            await self._messenger.send(group.chat_id, Outgoing(text))
        await self._told(group)

    async def _told(self, group: Group) -> None:
        async with self._store.writing() as stored:
            if group.state is GroupState.DECLINED:
                await self._depart(stored, group.chat_id)
            await stored.groups.told(group.id, group.state)

    async def _plan_next(self, stored: Transaction, group_id: int) -> None:
        group = await stored.groups.get(group_id)
        posted = await stored.groups.posted_dates(group_id)
        await stored.groups.set_next_due(group_id, first_due(group, posted, self._now()))

    async def _say(self, chat_id: int, words: Words, key: str) -> None:
        """Say it if we may; a channel that lets us say nothing is left all the same."""
        try:
            await self._pace.turn(chat_id)
            await self._messenger.send(chat_id, Outgoing(words.html(key)))
        except MessengerError as error:
            log.info("%s could not be said: %s", key, type(error).__name__)
