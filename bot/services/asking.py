"""Asking: what a member may see, and an answer that goes through the door."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.chat import why_not_private
from bot.domain.group import Group, GroupState
from bot.domain.post import UNDER_WAY, Post, PostState
from bot.domain.regions import Region
from bot.services.matching import meant
from bot.services.messenger import Messenger
from bot.services.pacing import Pace
from bot.services.publishing import Door
from bot.services.reminding import follow
from bot.store.bulletins import StoredBulletin, StoredRequest
from bot.store.database import Store
from bot.store.plan import PlanEntry

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


class Asking:
    """Finds what is asked for in the running window, and answers with text through the door alone."""

    def __init__(
        self,
        store: Store,
        door: Door,
        messenger: Messenger,
        pace: Pace,
        names: Mapping[str, Region],
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._door, self._messenger, self._pace = store, door, messenger, pace
        self._names, self._now = names, now

    def region_meant(self, text: str) -> tuple[Region | None, list[Region]]:
        """The region that a person's words name, or the ones that come near."""
        return meant(text, self._names)

    def today(self, group: Group) -> date:
        """The group's local date."""
        return self._now().astimezone(group.zone).date()

    async def running(self, group: Group) -> list[StoredBulletin]:
        """The published bulletins whose window has the group's local date, the newest first."""
        async with self._store.reading() as stored:
            return list(await stored.bulletins.running(self.today(group)))

    async def request_of(self, group: Group, region: Region) -> StoredRequest | None:
        """The running window's request of this region."""
        requests = [request for bulletin in await self.running(group) for request in bulletin.requests]
        return next((each for each in requests if each.request.region is region and not each.is_gone), None)

    async def entry_of_today(self, group: Group) -> PlanEntry | None:
        """What is planned for the group's local date."""
        async with self._store.reading() as stored:
            return await stored.plan.on(self.today(group))

    async def next_date_of(self, group: Group, request_id: int) -> date | None:
        """When this request's next day comes, today included."""
        today = self.today(group)
        async with self._store.reading() as stored:
            entries = await stored.plan.between(today, date.max)
        return next((entry.date for entry in entries if entry.request_id == request_id), None)

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

    async def answer(
        self,
        group: Group,
        chat_id: int,
        request: StoredRequest,
        points: tuple[int, ...] = (),
        topic_id: int | None = None,
    ) -> Answer:
        """Give a request's text (or some of its points) in a chat, once: what stands there is pointed at instead.

        `topic_id` is where in a forum it was asked for.
        """
        points = points or tuple(range(len(request.request.points)))
        async with self._store.reading() as stored:
            standing = await stored.posts.standing(chat_id, request.id, points)
        if standing is not None:
            return Answer(Outcome.STANDS, standing.message_id)
        if chat_id == group.chat_id and await self._comes_today(group, request.id):
            return Answer(Outcome.COMES)
        async with self._store.writing() as stored:
            # Whoever asks while the same answer is under way gets that one.
            under_way = await stored.posts.answer_under_way(chat_id, request.id, points)
            post_id = under_way or await stored.posts.add(
                group_id=group.id,
                chat_id=chat_id,
                request_id=request.id,
                points=points,
                local_date=None,
                due_at=self._now(),
                topic_id=topic_id,
            )
        assert post_id is not None  # noqa: S101 (only a second post for one date is refused)
        post = await self._soon(post_id)
        if post is None:
            return Answer(Outcome.WAITS)
        if post.state is PostState.REVEALED:
            return Answer(Outcome.GIVEN)
        return Answer(Outcome.WAITS) if post.state in UNDER_WAY else Answer(Outcome.REFUSED, reason=post.reason)

    async def _soon(self, post_id: int) -> Post | None:
        """Carry an answer, and wait a little for it: where a chat is held back it comes later, without us."""
        carrying = asyncio.ensure_future(self._door.carry(post_id))
        carrying.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        done, _ = await asyncio.wait({carrying}, timeout=PATIENCE_SECONDS)
        return carrying.result() if done else None

    async def _comes_today(self, group: Group, request_id: int) -> bool:
        """Whether the request is on its way into the group as its post of today, or still due today."""
        post = await self.post_of_today(group)
        if post is not None:
            return post.request_id == request_id and post.state in UNDER_WAY
        entry = await self.entry_of_today(group)
        return (
            group.state is GroupState.ACTIVE
            and group.next_due_at is not None
            and entry is not None
            and entry.request_id == request_id
            and group.next_due_at.astimezone(group.zone).date() == entry.date
        )

    # A person's direct chat.

    async def bind(self, user_id: int, token: str) -> Group | None:
        """Join a person's direct chat to the group whose start token this is, if the person is a member there now."""
        group_id = self._store.key.token_group(token)
        if group_id is None:
            return None
        async with self._store.reading() as stored:
            try:
                group = await stored.groups.get(group_id)
            except LookupError:
                return None
        if not group.is_served:
            return None
        await self._pace.turn(None, calls=2)
        if why_not_private(await self._messenger.chat(group.chat_id)):
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
            await stored.reminders.remove(user_id)
            return await stored.bindings.unbind(user_id)

    async def group_of(self, user_id: int) -> Group | None:
        """The group of a person's direct chat, if Telegram says that the person is still a member."""
        async with self._store.reading() as stored:
            group_id = await stored.bindings.group_of(user_id)
            group = await stored.groups.get(group_id) if group_id is not None else None
        if group is None or not group.is_served:
            return None
        await self._pace.turn(None)
        return group if await self._messenger.is_member(group.chat_id, user_id) else None
