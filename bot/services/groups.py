"""A group's care: subscribed, paused, its times and wishes; and what it is told of what others decided."""

import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.chat import why_not_private
from bot.domain.group import APPROVED_STATES, SERVED, Group, GroupState
from bot.domain.weekdays import Weekdays
from bot.services.admission import look_at_once
from bot.services.ending import forget_troubles
from bot.services.leaving import depart
from bot.services.ledger import begin_due
from bot.services.messenger import REMOVED, ChatClosedError, Messenger, MessengerError, MovedError, Outgoing
from bot.services.pacing import Pace
from bot.services.passing import REMOVED_AFTER
from bot.services.posting import plan_next
from bot.services.reminding import replan
from bot.services.saying import say
from bot.services.screens import View, first, view_of
from bot.services.upgrading import upgrade
from bot.services.words import Languages, Words
from bot.store.database import Store
from bot.store.notices import Notice

log = logging.getLogger(__name__)

SUBSCRIBED_STATES = (GroupState.ACTIVE, GroupState.PAUSED, GroupState.SUSPENDED)
_ONCE_APPROVED = (*APPROVED_STATES, GroupState.HELD)
_SET_UP_IN = (GroupState.PENDING, GroupState.APPROVED)
# What the operators are told of as the reason why nothing is posted in a group, as keys of the texts.
SUSPENDING = (
    "public", "location", "linked", "community", "channel", "no_group", "no_access", "not_found", "muted",
    "topic_closed",
)  # fmt: skip
# Where the bot is, and may not write just now, it tries again after this: no update says that it may.
_SILENT_FOR = timedelta(hours=1)


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
        late: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        """`late`: what is due for longer is posted no more."""
        self._store, self._messenger, self._languages, self._pace = store, messenger, languages, pace
        self._late, self._now = late, now
        # What a chat couldn't be told, and when that is tried again. Forgotten by a restart, which tries it at once.
        self._silent: dict[int, tuple[GroupState, datetime]] = {}

    async def upgraded(self, old_chat_id: int, new_chat_id: int) -> None:
        """A group became a supergroup: the same group, under another id."""
        async with self._store.writing() as stored:
            await upgrade(stored, old_chat_id, new_chat_id, self._now())

    async def by_chat(self, chat_id: int) -> Group | None:
        """The group of this chat."""
        async with self._store.reading() as stored:
            return await stored.groups.by_chat(chat_id)

    async def all(self) -> list[Group]:
        """Every group."""
        async with self._store.reading() as stored:
            return list(await stored.groups.all())

    async def subscribe(self, group: Group) -> Group:
        """Posts begin, or go on. Asks Telegram first; raises NotPrivateError or a MessengerError."""
        await self._pace.question()
        reason = why_not_private(await self._messenger.chat(group.chat_id))
        if reason:
            await look_at_once(self._store, group, self._now())
            raise NotPrivateError(reason)
        async with self._store.writing() as stored:
            if await stored.groups.move(group.id, GroupState.ACTIVE, APPROVED_STATES):
                await stored.groups.told(group.id, GroupState.ACTIVE)
                await stored.groups.wish(group.id, paused_until=None)
                # What is due at this very moment has its post too.
                await begin_due(stored, await stored.groups.get(group.id), self._late, self._now())
                await plan_next(stored, group.id, self._now())
                await stored.passing.done(group.chat_id, self._now() + REMOVED_AFTER)
                await stored.copies.try_again(group.chat_id, self._now())
                for why in SUSPENDING:
                    await stored.notices.forget(f"suspended:{group.id}:{why}")
            return await stored.groups.get(group.id)

    async def set_up_by(self, group: Group, message_id: int) -> None:
        """The group, as it was before, was answered in this message by which it is set up.

        Before posts begin that is chatter, and soon after it too: who sets up by commands sends some of them then.
        """
        now = self._now()
        removed_at = now + REMOVED_AFTER
        async with self._store.writing() as stored:
            if group.state in _SET_UP_IN or await stored.passing.ends(group.chat_id, now, removed_at):
                await stored.passing.add(group.chat_id, message_id, removed_at)

    async def pause(self, group: Group, until: date | None = None) -> Group:
        """No posts until it is resumed, or until that local date, which has its post again if it is the group's day.

        A group that isn't served stays as it is: what ended or suspended it may have come in between.
        """
        return await self._rest(group, GroupState.PAUSED, SERVED, until)

    async def end_pauses(self) -> None:
        """Pauses whose last day is over end. When the group is due was planned when it paused."""
        async with self._store.writing() as stored:
            for group in await stored.groups.paused_up_to(self._now().date() + timedelta(days=1)):
                if group.paused_until and group.paused_until <= self._now().astimezone(group.zone).date():
                    await stored.groups.end_pause(group)

    async def unsubscribe(self, group: Group) -> None:
        """No posts any more, and what stands of them is put away; the approval stays."""
        await self._rest(group, GroupState.APPROVED, APPROVED_STATES)

    async def _rest(
        self, group: Group, state: GroupState, expected: Sequence[GroupState], until: date | None = None
    ) -> Group:
        async with self._store.writing() as stored:
            await begin_due(stored, await stored.groups.take_up(group.id), self._late, self._now())
            if await stored.groups.move(group.id, state, expected):
                await stored.groups.told(group.id, state)
                await stored.groups.wish(group.id, paused_until=until)
                await stored.groups.set_next_due(group.id, None)
                if until is not None:
                    await plan_next(stored, group.id, self._now())
            # The group before what stands in it, as whoever suspends or removes it does: or both wait for each other.
            if state is GroupState.APPROVED:
                await stored.copies.retire_group(group.id, self._now())
            return await stored.groups.get(group.id)

    async def set_times(
        self, group: Group, *, zone: ZoneInfo | None = None, at: time | None = None, weekdays: Weekdays | None = None
    ) -> Group:
        """Change when the post comes. A local date that has its post never gets a second one."""
        async with self._store.writing() as stored:
            # Read again: another command may have changed something since this one was admitted.
            group = await stored.groups.take_up(group.id)
            # What is due at this very moment was promised by the times as they are.
            await begin_due(stored, group, self._late, self._now())
            times = zone or group.zone, group.at if at is None else at, weekdays or group.weekdays
            await stored.groups.set_times(group.id, *times)
            if group.state is GroupState.ACTIVE or group.paused_until is not None:
                await plan_next(stored, group.id, self._now())
            changed = await stored.groups.get(group.id)
            if changed.zone != group.zone:
                await replan(stored, changed, self._now())
            return changed

    async def set_language(self, group: Group, words: Words) -> Group:
        """Speak this language in the group from now on."""
        return await self.wish(group, language=words.code)

    async def wish(self, group: Group, **wishes: object) -> Group:
        """Change what else the group may wish, see `Groups.wish`. Posts that are made already keep their topic."""
        async with self._store.writing() as stored:
            await stored.groups.wish(group.id, **wishes)
            if "numbers" in wishes:
                await stored.posts.show_anew(group.id)
            if "topic_id" in wishes:
                await forget_troubles(stored, group.id)
            changed = await stored.groups.get(group.id)
        if "topic_id" in wishes:
            self.may_differ(group.chat_id)
        return changed

    async def view(self, group: Group, note: str = "", *, in_forum: bool = False) -> View:
        """What a screen shows of the group as it is now. `in_forum`: its chat has topics, as Telegram said just now."""
        async with self._store.reading() as stored:
            now = await stored.groups.get(group.id)
            return await view_of(stored, now, self._languages, self._now(), note, in_forum=in_forum)

    async def setup_message(self, group: Group) -> int | None:
        """The message by whose buttons the group is being set up; None before there is one, and when it is done."""
        if not group.state is group.told is GroupState.APPROVED:
            return None
        async with self._store.reading() as stored:
            return await stored.passing.newest(group.chat_id)

    async def shows_text(self, group: Group) -> bool:
        """Whether a request may stand in the group, or in a direct chat of one of its members."""
        async with self._store.reading() as stored:
            return await stored.copies.holds_text(group.id)

    async def shows_post(self, chat_id: int, message_id: int) -> bool:
        """Whether the message is a copy, so that nothing else may be written over it."""
        async with self._store.reading() as stored:
            return await stored.posts.copy_at(chat_id, message_id) is not None

    def today(self, group: Group) -> date:
        """The group's local date."""
        return self._now().astimezone(group.zone).date()

    async def missed_days(self, group: Group) -> list[date]:
        """Planned dates of the coming two weeks that the group's weekdays leave out."""
        today = self.today(group)
        async with self._store.reading() as stored:
            plan = await stored.plan.between(today, today + timedelta(days=13))
        return [entry.date for entry in plan if entry.date.weekday() not in group.weekdays]

    async def announce(self) -> None:
        """Tell every group whose state changed without its asking. What can't be told now is told later."""
        for group in await self.untold():
            try:
                await self._announce(group)
            except MovedError as error:
                await self.upgraded(group.chat_id, error.chat_id)
            except ChatClosedError as error:
                if error.reason in REMOVED or group.state is GroupState.DECLINED:  # the bot is out, or goes
                    await self._told(group)
                    await look_at_once(self._store, group, self._now())
                else:
                    await self._unheard(group, error.reason)
            except MessengerError as error:
                log.warning("group %s could not be told that it is %s: %s", group.id, group.state, error)
        await self._announce_notices()

    async def untold(self) -> list[Group]:
        """Every group that is to be told now that its state changed."""
        async with self._store.reading() as stored:
            return [group for group in await stored.groups.untold() if not self._is_silent(group)]

    async def _unheard(self, group: Group, reason: str) -> None:
        """Nothing can be said there for now. That it is approved somebody else must tell its admins."""
        self._silent[group.chat_id] = group.state, self._now() + _SILENT_FOR
        if group.state is GroupState.APPROVED:
            async with self._store.writing() as stored:
                about = f"suspended:{group.id}:{reason}"
                await stored.notices.add(Notice(about, "operator.suspended", group.id, reason))

    def may_differ(self, chat_id: int) -> None:
        """What the bot may do in this chat was changed: what couldn't be told there is tried at once."""
        self._silent.pop(chat_id, None)

    def _is_silent(self, group: Group) -> bool:
        state, until = self._silent.get(group.chat_id, (None, None))
        return state is group.state and until is not None and self._now() < until

    async def _announce_notices(self) -> None:
        """Say in General what ails a group's posts."""
        async with self._store.reading() as stored:
            untold = await stored.notices.untold_to_groups()
            groups = {each.about: await stored.groups.get(each.group_id) for each in untold if each.group_id}
        for notice in untold:
            group = groups[notice.about]
            try:
                await self._pace.turn(group.chat_id)
                text = self._languages.of(group.language).html(notice.text_key)
                await self._messenger.send(group.chat_id, Outgoing(text))
            except MovedError as error:
                await self.upgraded(group.chat_id, error.chat_id)
                continue
            except ChatClosedError:
                pass  # not even there: the operators read of it in the digest
            except MessengerError as error:
                log.warning("group %s could not be told of its topic: %s", group.id, type(error).__name__)
                continue
            async with self._store.writing() as stored:
                await stored.notices.told(notice.about)

    async def _announce(self, group: Group) -> None:
        if group.state not in (*SERVED, GroupState.GONE):
            text = self._change_told(group)
            setup = group.state is GroupState.APPROVED
            message = await self._setup_begins(group) if setup else Outgoing(text)
            message_id = await say(self._messenger, self._pace, group, message)
            await self._told(group, message_id if setup or group.state is GroupState.PENDING else None)
            return
        await self._told(group)

    async def _setup_begins(self, group: Group) -> Outgoing:
        await self._pace.question()
        chat = await self._messenger.chat(group.chat_id)
        return first(await self.view(group, in_forum=chat.is_forum))

    def _change_told(self, group: Group) -> str:
        words = self._languages.of(group.language)
        if group.state is GroupState.DECLINED and group.told in _ONCE_APPROVED:
            return words.html("group.removed")
        return words.html(f"group.is.{group.state}")

    async def _told(self, group: Group, chatter: int | None = None) -> None:
        """Remember it; `chatter` is the message's id, if it is to be removed when set-up is done."""
        async with self._store.writing() as stored:
            if chatter is not None:
                await stored.passing.add(group.chat_id, chatter)
            if group.state is GroupState.DECLINED:
                # It may have added the bot anew while it was told, and wait for the operators again.
                now = await stored.groups.take_up(group.id)
                if now.state is GroupState.DECLINED:
                    await depart(stored, now.chat_id, self._now())
            await stored.groups.told(group.id, group.state)
