"""Asking: what a member may see, and an answer that goes through the door."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.chat import why_not_private
from bot.domain.group import Group, GroupState
from bot.domain.post import UNDER_WAY, Post, PostState
from bot.domain.regions import Region
from bot.services.admission import look_at_once
from bot.services.messenger import Messenger
from bot.services.pacing import Pace
from bot.services.publishing import Door
from bot.services.reminding import follow
from bot.services.scene import Scene
from bot.store.bulletins import StoredBulletin, StoredRequest
from bot.store.database import Store, Transaction

# The bot is in it, and nothing is shown.
_RESTING = (GroupState.APPROVED, GroupState.SUSPENDED, GroupState.HELD)

# How long a person's question waits for its answer before it is told that the answer comes in a moment.
PATIENCE_SECONDS = 8.0


class Outcome(StrEnum):
    """What became of a question for a request's text."""

    GIVEN = "given"
    STANDS = "stands"  # it can be read further up in the same chat
    COMES = "comes"  # it is this group's post of today, still to come
    REFUSED = "refused"
    WAITS = "waits"  # the answer is under way: Telegram asked for patience, or can't be reached


@dataclass(frozen=True, slots=True)
class Answer:
    """An outcome, with the message that stands or the reason for a refusal."""

    outcome: Outcome
    message_id: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One planned day as a group sees it; `prayed`: somebody there has."""

    date: date
    request: StoredRequest
    points: tuple[int, ...]
    posted: bool
    prayed: bool


@dataclass(frozen=True, slots=True)
class Brief:
    """A request, or some of its points: what can be said of it without a word of its text. `day`: None without one."""

    request: StoredRequest
    points: tuple[int, ...]
    day: date | None


@dataclass(frozen=True, slots=True)
class NextDay:
    """A day for which a region is planned. `comes`: the group has a post that day, as it is set now."""

    date: date
    comes: bool


class Asking:
    """Finds what is asked for in the running window, and answers with text through the door alone."""

    def __init__(self, store: Store, door: Door, messenger: Messenger, pace: Pace, now: Callable[[], datetime]) -> None:
        self._store, self._door, self._messenger, self._pace, self._now = store, door, messenger, pace, now

    def today(self, group: Group) -> date:
        """The group's local date."""
        return self._now().astimezone(group.zone).date()

    async def running(self, group: Group) -> list[StoredBulletin]:
        """The published bulletins whose window has the group's local date, the newest first."""
        async with self._store.reading() as stored:
            return list(await stored.bulletins.running(self.today(group)))

    async def requests(self, group: Group) -> list[StoredRequest]:
        """The running window's requests, without those that were taken back; the newest bulletin's first."""
        bulletins = await self.running(group)
        return [request for bulletin in bulletins for request in bulletin.requests if not request.is_gone]

    async def request_of(self, group: Group, region: Region) -> StoredRequest | None:
        """The running window's request of this region."""
        return next((each for each in await self.requests(group) if each.request.region is region), None)

    async def requests_naming(self, group: Group, country: str) -> list[StoredRequest]:
        """The running window's requests that name a country, by its code."""
        return [each for each in await self.requests(group) if country in each.request.countries]

    async def planned_on(self, group: Group, day: date) -> Brief | None:
        """What a day of the running window brings; None for nothing, or what was taken back."""
        if not any(day in bulletin.days for bulletin in await self.running(group)):
            return None
        async with self._store.reading() as stored:
            entry = await stored.plan.on(day)
            request = await stored.bulletins.request(entry.request_id) if entry else None
        return Brief(request, entry.points, day) if entry and request and not request.is_gone else None

    async def brief(self, group: Group, request: StoredRequest) -> Brief:
        """What the whole of a request is, with its next day from today on, or else its last."""
        async with self._store.reading() as stored:
            return await _brief(stored, request, self.today(group))

    async def brief_of(self, group: Group, request_id: int) -> Brief | None:
        """The same by the request's id; None if the running window hasn't got it, or it was taken back."""
        today = self.today(group)
        async with self._store.reading() as stored:
            request = await stored.bulletins.running_request(request_id, today)
            return None if request is None or request.is_gone else await _brief(stored, request, today)

    async def next_day_of(self, group: Group, region: Region) -> NextDay | None:
        """A region's next day on which the group has posts, in whichever week; or else its next one for the others.

        None if none is planned.
        """
        days = []
        async with self._store.reading() as stored:
            for entry in await stored.plan.between(self.today(group), date.max):
                request = await stored.bulletins.request(entry.request_id)
                if request.request.region is region and not request.is_gone:
                    days.append(NextDay(entry.date, comes=group.posts_on(entry.date)))
        return next((day for day in days if day.comes), days[0] if days else None)

    async def week(self, group: Group) -> list[WeekDay]:
        """The planned days of the running window whose requests weren't taken back."""
        bulletins = await self.running(group)
        if not bulletins:
            return []
        first, last = min(each.first_day for each in bulletins), max(each.last_day for each in bulletins)
        days = []
        async with self._store.reading() as stored:
            for entry in await stored.plan.between(first, last):
                post = await stored.posts.on_date(group.id, entry.date)
                posted = post is not None and post.state is PostState.REVEALED
                request = await stored.bulletins.request(entry.request_id)
                if not request.is_gone:
                    prayed = post is not None and post.prayed > 0
                    days.append(WeekDay(entry.date, request, entry.points, posted, prayed))
        return days

    async def post_of_today(self, group: Group) -> Post | None:
        """The group's post for its local date."""
        async with self._store.reading() as stored:
            return await stored.posts.on_date(group.id, self.today(group))

    async def look(self, group: Group, chat_id: int, brief: Brief) -> Answer | None:
        """Whether the text stands in the chat already, or comes there today by itself; None if neither."""
        async with self._store.reading() as stored:
            return await self._look(stored, group, chat_id, brief)

    async def answer(
        self, group: Group, chat_id: int, brief: Brief, topic_id: int | None = None, *, short: int | None = None
    ) -> Answer:
        """Give a request's text in a chat, once: what stands there is pointed at instead.

        `topic_id` is where in a forum it was asked for; `short` a message of the bot's own there, which the text takes
        the place of if one is enough.
        """
        request, points = brief.request, brief.points
        async with self._store.writing() as stored:
            # One after another: whoever asks while the same answer is under way gets that one.
            group = await stored.groups.take_up(group.id)
            looked = await self._look(stored, group, chat_id, brief)
            if looked is not None:
                return looked
            scene = None
            under_way = await stored.posts.answer_under_way(chat_id, request.id, points)
            if under_way is None:
                new = await stored.posts.add(
                    group_id=group.id,
                    chat_id=chat_id,
                    request_id=request.id,
                    points=points,
                    local_date=None,
                    due_at=self._now(),
                    topic_id=topic_id,
                )
                assert new is not None  # noqa: S101 (only a second post for one date is refused)
                if short is not None and (scene := await self._door.adopt(stored, new, group, request, short)):
                    # Whatever becomes of the text, the short answer doesn't stand there any more.
                    await stored.replies.drop(chat_id, short)
                under_way = new.id
        post = await self._soon(under_way, scene)
        if post is None:
            return Answer(Outcome.WAITS)
        if post.state is PostState.REVEALED:
            return Answer(Outcome.GIVEN)
        return Answer(Outcome.WAITS) if post.state in UNDER_WAY else Answer(Outcome.REFUSED, reason=post.reason)

    async def _soon(self, post_id: int, scene: Scene | None) -> Post | None:
        """Carry an answer, and wait a little for it: where a chat is held back it comes later, without us."""
        carrying = asyncio.ensure_future(self._door.carry(post_id, scene))
        carrying.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        done, _ = await asyncio.wait({carrying}, timeout=PATIENCE_SECONDS)
        return carrying.result() if done else None

    async def _look(self, stored: Transaction, group: Group, chat_id: int, brief: Brief) -> Answer | None:
        standing = await stored.posts.standing(chat_id, brief.request.id, brief.points)
        if standing is not None:
            return Answer(Outcome.STANDS, standing.message_id)
        if chat_id == group.chat_id and await self._comes_today(stored, group, brief.request.id):
            return Answer(Outcome.COMES)
        return None

    async def _comes_today(self, stored: Transaction, group: Group, request_id: int) -> bool:
        """Whether the request is on its way into the group as its post of today, or still due today."""
        post = await stored.posts.on_date(group.id, self.today(group))
        if post is not None:
            return post.request_id == request_id and post.state in UNDER_WAY
        entry = await stored.plan.on(self.today(group))
        return (
            group.state is GroupState.ACTIVE
            and group.next_due_at is not None
            and entry is not None
            and entry.request_id == request_id
            and group.next_due_at.astimezone(group.zone).date() == entry.date
        )

    # A person's direct chat.

    async def bind(self, user_id: int, token: str) -> Group | None:
        """The group whose start token this is, if the person is a member there now.

        If it is served, the person's direct chat belongs to it from here on.
        """
        group_id = self._store.key.token_group(token)
        if group_id is None:
            return None
        async with self._store.reading() as stored:
            try:
                group = await stored.groups.get(group_id)
            except LookupError:
                return None
        if not group.is_served:
            return group if await self._rests(group, user_id) else None
        await self._pace.question(count=2)
        if why_not_private(await self._messenger.chat(group.chat_id)):
            await look_at_once(self._store, group, self._now())
            return None
        if not await self._messenger.is_member(group.chat_id, user_id):
            return None
        async with self._store.writing() as stored:
            await stored.bindings.bind(user_id, group.id)
            await follow(stored, user_id, group, self._now())
        return group

    async def unbind(self, user_id: int) -> bool:
        """End it, and the reminder with it; False if the direct chat belonged to no group."""
        async with self._store.writing() as stored:
            unbound = await stored.bindings.unbind(user_id)
            await stored.reminders.remove(user_id)
            return unbound

    async def group_of(self, user_id: int) -> Group | None:
        """The group of a person's direct chat, if Telegram says that the person is still a member."""
        async with self._store.reading() as stored:
            group = await stored.groups.bound_to(user_id)
        if group is None or not group.is_served:
            return None
        await self._pace.question()
        return group if await self._messenger.is_member(group.chat_id, user_id) else None

    async def rests(self, user_id: int) -> bool:
        """Whether a person's direct chat belongs to a group that they are in, and that gets no requests just now."""
        async with self._store.reading() as stored:
            group = await stored.groups.bound_to(user_id)
        return group is not None and await self._rests(group, user_id)

    async def _rests(self, group: Group, user_id: int) -> bool:
        if group.state not in _RESTING:
            return False
        await self._pace.question()
        return await self._messenger.is_member(group.chat_id, user_id)


async def _brief(stored: Transaction, request: StoredRequest, today: date) -> Brief:
    days = await stored.plan.days_of(request.id)
    day = next((day for day in days if day >= today), days[-1] if days else None)
    return Brief(request, tuple(range(len(request.request.points))), day)
