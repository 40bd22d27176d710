"""Reminding: one quiet word a day to whoever wants it and hasn't prayed yet."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.domain.due import due_instant, next_due
from bot.domain.group import Group
from bot.domain.post import Post, PostState
from bot.domain.weekdays import EVERY_DAY
from bot.services.messenger import Button, ChatClosedError, Messenger, MessengerError, NotNowError, Outgoing
from bot.services.pacing import PATIENCE_SECONDS, Lane, Pace
from bot.services.words import Languages
from bot.store.database import Store, Transaction
from bot.store.reminders import Reminder

log = logging.getLogger(__name__)

# So many are looked at in a sweep, a few seconds' worth of calls. The others wait in the database.
MOST_AT_ONCE = 60
# Whether the person is a member.
_QUESTIONS = 1


@dataclass(frozen=True, slots=True)
class _Word:
    """What a person is told; `is_last`: the reminder ends with it."""

    message: Outgoing
    is_last: bool = False


class Reminding:
    """Keeps people's reminders, and sends those that are due: each at most once a local date, whatever is killed."""

    def __init__(
        self,
        store: Store,
        messenger: Messenger,
        languages: Languages,
        pace: Pace,
        late: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        """`late` is how long after its time a reminder may still be sent, on the same local date."""
        self._store, self._messenger, self._languages, self._pace = store, messenger, languages, pace
        self._late, self._now = late, now

    async def begin(self, group: Group, user_id: int, at: time) -> bool:
        """Remind a member at this local time of the group from now on.

        False, and nothing is changed, if the request hasn't come by then.
        """
        if is_too_early(at, group):
            return False
        async with self._store.writing() as stored:
            before = await stored.reminders.take_up(user_id)
            reminder = Reminder(user_id, group.id, at, self._now(), before.reminded_on if before else None)
            await stored.reminders.put(replace(reminder, next_at=_next_at(reminder, group, self._now())))
        return True

    async def end(self, user_id: int) -> bool:
        """Remind no more; False if nobody was to be reminded."""
        async with self._store.writing() as stored:
            return await stored.reminders.remove(user_id)

    async def of(self, user_id: int) -> Reminder | None:
        """The person's reminder."""
        async with self._store.reading() as stored:
            return await stored.reminders.get(user_id)

    async def remind(self) -> None:
        """Send what is due and wanted. Whoever has left the group, or can't be written to, isn't reminded any more."""
        async with self._store.reading() as stored:
            due = await stored.reminders.due(self._now(), MOST_AT_ONCE)
        await asyncio.gather(*map(self._remind, due))

    async def _remind(self, reminder: Reminder) -> None:
        async with self._store.reading() as stored:
            group = await stored.groups.get(reminder.group_id)
            wanted = await self._word(stored, reminder, group) is not None
        if not wanted:
            await self._not_today(reminder, group)
            return
        try:
            await self._pace.turn(reminder.user_id, Lane.REMINDER, questions=_QUESTIONS, at_most=PATIENCE_SECONDS)
            member = await self._messenger.is_member(group.chat_id, reminder.user_id)
        except NotNowError as error:
            self._pace.give_back(reminder.user_id)
            await self._again(reminder, reminder.reminded_on, error)
        except MessengerError as error:
            self._pace.give_back(reminder.user_id)
            log.info("group %s could not be asked for a member: %s", group.id, type(error).__name__)
            await self._not_today(reminder, group)
        else:
            if member:
                await self._send(reminder)
                return
            self._pace.give_back(reminder.user_id)
            await self.end(reminder.user_id)

    async def _send(self, reminder: Reminder) -> None:
        """The date is taken before the message goes out: killed in between, it has none rather than two."""
        async with self._store.writing() as stored:
            # Read again: while Telegram was asked the person may have prayed, or the reminder or the group changed.
            group = await stored.groups.get(reminder.group_id)
            word = await self._word(stored, reminder, group)
            sent = replace(reminder, reminded_on=self._now().astimezone(group.zone).date())
            sent = replace(sent, next_at=_next_at(sent, group, self._now()))
            claimed = word is not None and await stored.reminders.move(reminder, sent.next_at, sent.reminded_on)
        if word is None or not claimed:
            self._pace.give_back(reminder.user_id)
            return
        try:
            await self._messenger.send(reminder.user_id, word.message)
        except NotNowError as error:
            await self._again(sent, reminder.reminded_on, error)
        except ChatClosedError:
            await self.end(reminder.user_id)  # blocked, or gone from Telegram
        except MessengerError as error:
            log.info("a reminder was perhaps not sent: %s", type(error).__name__)
        else:
            if word.is_last:
                await self._end_as_sent(sent)

    async def _end_as_sent(self, sent: Reminder) -> None:
        """End it, unless the person has chosen another hour meanwhile."""
        async with self._store.writing() as stored:
            if await stored.reminders.move(sent, sent.next_at, sent.reminded_on):
                await stored.reminders.remove(sent.user_id)

    async def _word(self, stored: Transaction, reminder: Reminder, group: Group) -> _Word | None:
        """What the person is to be told at this moment."""
        words = self._languages.of(group.language)
        post = await self._post(stored, reminder, group)
        if post is not None:
            prayed = Button(words.plain("button.pray"), data=f"pray:{post.id}")
            return _Word(Outgoing(words.html("remind.word", title=group.title), ((prayed,),), silent=True))
        if group.is_served and is_too_early(reminder.at, group):
            # The group's hour was changed: a reminder that would never come again says so, and ends.
            hours = {"at": words.clock(group.at), "later": words.clock(later_than(group.at))}
            return _Word(
                Outgoing(words.html("remind.overtaken", title=group.title, **hours), silent=True), is_last=True
            )
        return None

    async def _post(self, stored: Transaction, reminder: Reminder, group: Group) -> Post | None:
        """The post to be reminded of at this moment."""
        now = self._now()
        today = now.astimezone(group.zone).date()
        due = due_instant(today, reminder.at, group.zone)
        if not group.is_served or reminder.reminded_on == today or due is None or not due <= now <= due + self._late:
            return None
        post = await stored.posts.on_date(group.id, today)
        if post is None or post.state is not PostState.REVEALED:
            return None
        return None if await stored.marks.of(reminder.user_id, [post.id]) else post

    async def _not_today(self, reminder: Reminder, group: Group) -> None:
        async with self._store.writing() as stored:
            await stored.reminders.move(reminder, _next_at(reminder, group, self._now()), reminder.reminded_on)

    async def _again(self, stands: Reminder, reminded_on: date | None, error: NotNowError) -> None:
        """Nothing was sent, for certain, so today isn't taken yet."""
        async with self._store.writing() as stored:
            await stored.reminders.move(stands, self._now() + timedelta(seconds=error.seconds), reminded_on)


def is_too_early(at: time, group: Group) -> bool:
    """Whether at this hour the day's request hasn't come yet."""
    return at <= group.at


def later_than(at: time) -> time:
    """An hour for a reminder of what comes at this one: an hour after it, or the day's last minute."""
    return at.replace(hour=at.hour + 1) if at.hour < 23 else time(23, 59)


async def replan(stored: Transaction, group: Group, now: datetime) -> None:
    """The group has another time zone: its members' local times are other instants."""
    for each in await stored.reminders.of_group(group.id):
        await stored.reminders.move(each, _next_at(each, group, now), each.reminded_on)


async def follow(stored: Transaction, user_id: int, group: Group, now: datetime) -> None:
    """The person's direct chat belongs to this group now, and with it the reminder."""
    reminder = await stored.reminders.take_up(user_id)
    if reminder is not None and reminder.group_id != group.id:
        moved = replace(reminder, group_id=group.id, next_at=_next_at(reminder, group, now))
        await stored.reminders.put(moved)


def _next_at(reminder: Reminder, group: Group, now: datetime) -> datetime:
    """When the reminder comes next: never again on a local date that has had one."""
    taken = () if reminder.reminded_on is None else (reminder.reminded_on,)
    _, instant = next_due(now, reminder.at, group.zone, EVERY_DAY, taken)
    return instant
