"""Onboarding: the bot is added to a chat, the operators decide, and it is removed again."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from bot.domain.act import Act
from bot.domain.chat import Chat, why_not_private
from bot.domain.group import Group, GroupState
from bot.domain.weekdays import Weekdays
from bot.services.leaving import depart, left, question
from bot.services.messenger import Messenger, MessengerError, NotNowError, Outgoing, UnknownOutcomeError
from bot.services.pacing import Pace
from bot.services.words import Languages, Words
from bot.store.database import Store, Transaction
from bot.store.notices import Notice

log = logging.getLogger(__name__)

_A_DAY = timedelta(days=1)
# A chat isn't left before it was told why, unless that takes longer than this.
_TO_SAY_WHY = timedelta(seconds=30)
# After an answer that says nothing.
_AGAIN_AFTER = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class GroupDefaults:
    """When and how a new group gets its post, until its admin says otherwise."""

    zone: ZoneInfo
    at: time
    weekdays: Weekdays
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a group waits for the operators before it is left; how often a person may let them be asked a day."""

    unapproved: timedelta = timedelta(hours=24)
    asks_a_day: int = 3


@dataclass(frozen=True, slots=True)
class _Added:
    """The bot was added to a chat, and that isn't dealt with yet; Telegram is asked for the chat again then."""

    user_id: int | None
    language: str | None
    again_at: datetime


class Onboarding:
    """Begins and ends a group's life. What the group must be told of it, `GroupCare.announce` tells."""

    def __init__(
        self,
        store: Store,
        messenger: Messenger,
        languages: Languages,
        pace: Pace,
        defaults: GroupDefaults,
        patience: Patience,
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._messenger, self._languages, self._pace = store, messenger, languages, pace
        self._defaults, self._patience, self._now = defaults, patience, now
        # Forgotten by a restart: then whoever sends a command in the chat lets it be asked for.
        self._added: dict[int, _Added] = {}

    async def added(self, chat_id: int, user_id: int | None = None, language: str | None = None) -> None:
        """The bot was added to a chat: a private group waits for the operators, anything else is told why and left.

        `user_id` is who added it, None where Telegram hides that: all whom it hides count as one person. `language` is
        theirs, as Telegram names it: a new group begins with it. Raises a MessengerError where Telegram can't be asked
        for the chat; if it may be later, `ask_again` does it.
        """
        async with self._store.writing() as stored:
            # What could not be changed there while the bot was out can be now, whatever Telegram answers.
            await stored.copies.try_again(chat_id, self._now())
        self._added[chat_id] = _Added(user_id, language, self._now() + _AGAIN_AFTER)
        await self._take_in(chat_id, user_id, language)

    async def ask_again(self) -> None:
        """Deal with the chats for which Telegram couldn't be asked when the bot was added."""
        for chat_id, added in list(self._added.items()):
            if added.again_at > self._now():
                continue
            self._added[chat_id] = replace(added, again_at=self._now() + _AGAIN_AFTER)
            try:
                await self._take_in(chat_id, added.user_id, added.language)
            except MessengerError as error:
                log.info("a chat that the bot was added to has to wait: %s", type(error).__name__)

    async def _take_in(self, chat_id: int, user_id: int | None, language: str | None) -> None:
        try:
            await self._pace.question()
            chat = await self._messenger.chat(chat_id)
        except NotNowError as error:
            self._put_off(chat_id, timedelta(seconds=error.seconds))
            raise
        except UnknownOutcomeError:
            self._put_off(chat_id, _AGAIN_AFTER)
            raise
        except MessengerError:
            self._added.pop(chat_id, None)
            raise
        added = self._added.pop(chat_id, None)
        if added is None:
            return  # it was removed meanwhile, or somebody else has dealt with it
        try:
            await self._deal_with(chat, user_id, language)
        except SQLAlchemyError:
            self._added.setdefault(chat_id, replace(added, again_at=self._now() + _AGAIN_AFTER))
            raise

    async def _deal_with(self, chat: Chat, user_id: int | None, language: str | None) -> None:
        reason = why_not_private(chat)
        if not reason and not await self._ask_operators(chat, user_id, language):
            reason = "too_many" if user_id else "too_many_hidden"
        if reason:
            await self._leave(chat.id, self._languages.of(language), f"group.why_left.{reason}")

    def _put_off(self, chat_id: int, wait: timedelta) -> None:
        if chat_id in self._added:
            self._added[chat_id] = replace(self._added[chat_id], again_at=self._now() + wait)

    async def _leave(self, chat_id: int, words: Words, key: str) -> None:
        """Say why, and leave. Killed before it is said, the bot leaves all the same."""
        async with self._store.writing() as stored:
            await depart(stored, chat_id, self._now())
            await stored.departures.later(chat_id, self._now() + _TO_SAY_WHY)
        await self._say(chat_id, words, key)
        async with self._store.writing() as stored:
            await stored.departures.later(chat_id, self._now())

    async def _ask_operators(self, chat: Chat, user_id: int | None, language: str | None) -> bool:
        """Let the operators be asked, for each chat once a day; False if that was done too often today."""
        now = self._now()
        async with self._store.writing() as stored:
            await stored.departures.cancel(chat.id)
            group = await stored.groups.take_up_chat(chat.id)
            if group is not None and group.state not in (GroupState.GONE, GroupState.DECLINED):
                return True
            title = chat.title or str(chat.id)
            if group is not None and await self._is_still_asked(stored, group):
                await stored.groups.rename(group.id, title)
                await stored.groups.came_back(group.id)
                return True
            if await stored.groups.asks(now - _A_DAY, chat.id, user_id) >= self._patience.asks_a_day:
                return False
            if group is None:
                defaults, words = self._defaults, self._languages.find(language or "")
                times, code = (defaults.zone, defaults.at, defaults.weekdays), words.code if words else None
                group = await stored.groups.add(chat.id, title, *times, code, silent=defaults.silent)
                if group.state is not GroupState.PENDING:
                    return True  # an upgrade was told meanwhile: it is a group of ours under its new id
            else:
                await stored.groups.rename(group.id, title)
                await stored.groups.move(group.id, GroupState.PENDING)
                await stored.notices.forget(question(group.id))
            await stored.groups.asked(group.id, now, user_id)
            # Removed and added again, a group is no longer held: the operators are reminded of it.
            held = await stored.journal.last_on(group.id) is Act.SUSPEND
            text_key = "operator.approve_held" if held else "operator.approve"
            await stored.notices.add(Notice(question(group.id), text_key, group.id))
        return True

    async def _is_still_asked(self, stored: Transaction, group: Group) -> bool:
        """Whether the operators have a question of the last day for this group, whose buttons work once it is back.

        Adding and removing the bot again and again asks them nothing more.
        """
        if group.state is not GroupState.GONE or group.added_at is None or group.added_at <= self._now() - _A_DAY:
            return False
        return await stored.notices.holds(question(group.id))

    async def decide(self, group_id: int, *, approve: bool, by: int | None = None) -> bool:
        """An operator's word on a waiting group; False if it doesn't wait any more. `by`: None for the shell."""
        state, act = (GroupState.APPROVED, Act.APPROVE) if approve else (GroupState.DECLINED, Act.DECLINE)
        async with self._store.writing() as stored:
            moved = await stored.groups.move(group_id, state, (GroupState.PENDING,))
            if moved:
                await stored.journal.add(act, self._now(), by, group_id=group_id)
            else:
                # That question loses its buttons: if the bot is out and comes back, there must be another one.
                await stored.notices.forget(question(group_id))
            return moved

    async def expire(self) -> None:
        """Groups that nobody approved in time are told so and left, as if they were declined."""
        async with self._store.writing() as stored:
            for group in await stored.groups.waiting_since(self._now() - self._patience.unapproved):
                await stored.groups.move(group.id, GroupState.DECLINED, (GroupState.PENDING,))
                await stored.notices.forget(question(group.id))

    async def removed(self, chat_id: int) -> None:
        """The bot is no longer in the chat, as Telegram tells when it happens."""
        self._added.pop(chat_id, None)
        async with self._store.writing() as stored:
            await stored.departures.cancel(chat_id)
            group = await stored.groups.by_chat(chat_id)
            if group:
                await left(stored, group, self._now())

    async def _say(self, chat_id: int, words: Words, key: str) -> None:
        """Say it if we may; a channel that lets us say nothing is left all the same."""
        try:
            await self._pace.turn(chat_id)
            await self._messenger.send(chat_id, Outgoing(words.html(key)))
        except MessengerError as error:
            log.info("%s could not be said: %s", key, type(error).__name__)
