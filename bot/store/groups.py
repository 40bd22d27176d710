"""Groups as stored."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, case, delete, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.group import SUBSCRIBED, Group, GroupState, QuietDay
from bot.domain.weekdays import Weekdays
from bot.store.key import Key
from bot.store.tables import bindings, copies, groups, marks, passing, posts, reminders

_A_DAY = timedelta(days=1)
# What each post asks for several times is made once: to make a statement costs as much as to execute it.
_IN_ORDER = select(groups).order_by(groups.c.id)
_GROUP = select(groups).where(groups.c.id == bindparam("group_id"))
_GROUP_TO_WRITE = _GROUP.with_for_update(key_share=True)
_GROUP_OF_CHAT = select(groups).where(groups.c.chat_id == bindparam("chat_id"))
_GROUP_BOUND_TO = select(groups).join(bindings).where(bindings.c.person == bindparam("person"))
_DUE = groups.c.state.in_(SUBSCRIBED) & (groups.c.next_due_at <= bindparam("now"))
_DUE_TO_WRITE = _IN_ORDER.where(_DUE).with_for_update(key_share=True)
_EARLIEST_DUE = (
    select(groups.c.next_due_at)
    .where(groups.c.state.in_(SUBSCRIBED), groups.c.next_due_at.is_not(None))
    .order_by(groups.c.next_due_at)
    .limit(1)
)
_TO_LOOK_AT = (
    select(groups).where(groups.c.look_at <= bindparam("now")).order_by(groups.c.look_at).limit(bindparam("most"))
)
# Their values are given with the statement.
_CHANGED = update(groups).where(groups.c.id == bindparam("of_group"))
_LOOK_SOONER = _CHANGED.where(
    or_(groups.c.look_at.is_(None), groups.c.look_at > bindparam("at_latest"), groups.c.look_at <= bindparam("now"))
)
_LOOKED = _CHANGED.where(groups.c.look_at == bindparam("was_due"))


class Groups:
    """Queries on groups, within one transaction."""

    def __init__(self, connection: AsyncConnection, key: Key) -> None:
        self._connection = connection
        self._key = key

    async def add(
        self,
        chat_id: int,
        title: str,
        zone: ZoneInfo,
        at: time,
        weekdays: Weekdays,
        language: str | None = None,
        *,
        silent: bool = False,
    ) -> Group:
        """A new group that waits for an operator; the chat's own, if it has become known in this very moment."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(groups).values(
            chat_id=chat_id,
            sealed_title=self._key.seal(title, "title"),
            state=GroupState.PENDING,
            zone=zone,
            at=at,
            weekdays=tuple(sorted(weekdays)),
            language=language,
            silent=silent,
        )
        await self._connection.execute(statement.on_conflict_do_nothing())
        (group,) = await self._select(groups.c.chat_id == chat_id)
        return group

    async def get(self, group_id: int) -> Group:
        """The group with this id. Raises LookupError."""
        row = (await self._connection.execute(_GROUP, {"group_id": group_id})).one_or_none()
        if row is None:
            raise LookupError(f"no group {group_id}")
        return self._group(row)

    async def take_up(self, group_id: int) -> Group:
        """The same; until this transaction ends nobody else changes the group, or takes it up. Raises LookupError."""
        row = (await self._connection.execute(_GROUP_TO_WRITE, {"group_id": group_id})).one_or_none()
        if row is None:
            raise LookupError(f"no group {group_id}")
        return self._group(row)

    async def take_up_chat(self, chat_id: int) -> Group | None:
        """The group whose chat this is; nobody else changes or forgets it until this transaction ends."""
        held = _GROUP_OF_CHAT.with_for_update(key_share=True)
        row = (await self._connection.execute(held, {"chat_id": chat_id})).one_or_none()
        return None if row is None else self._group(row)

    async def by_chat(self, chat_id: int) -> Group | None:
        """The group whose chat this is."""
        row = (await self._connection.execute(_GROUP_OF_CHAT, {"chat_id": chat_id})).one_or_none()
        return None if row is None else self._group(row)

    async def bound_to(self, user_id: int) -> Group | None:
        """The group that a person's direct chat belongs to."""
        row = (await self._connection.execute(_GROUP_BOUND_TO, {"person": self._key.person(user_id)})).one_or_none()
        return None if row is None else self._group(row)

    async def all(self) -> Sequence[Group]:
        """Every group, oldest first."""
        return await self._select()

    async def due(self, now: datetime) -> Sequence[Group]:
        """Groups whose due instant has come; nobody changes them until this transaction ends."""
        return [self._group(row) for row in await self._connection.execute(_DUE_TO_WRITE, {"now": now})]

    async def earliest_due(self) -> datetime | None:
        """The next instant at which a group is due."""
        earliest: datetime | None = (await self._connection.execute(_EARLIEST_DUE)).scalar_one_or_none()
        return earliest

    async def untold(self) -> Sequence[Group]:
        """Groups whose state has changed since they were last told."""
        return await self._select(groups.c.told.is_distinct_from(groups.c.state))

    async def move(self, group_id: int, state: GroupState, expected: Sequence[GroupState] = tuple(GroupState)) -> bool:
        """Change the state; False if it was none of the expected ones."""
        statement = update(groups).where(groups.c.id == group_id, groups.c.state.in_(expected)).values(state=state)
        return (await self._connection.execute(statement)).rowcount == 1

    async def told(self, group_id: int, state: GroupState) -> None:
        """Remember that the group was told of this state."""
        await self._change(group_id, told=state)

    async def set_times(self, group_id: int, zone: ZoneInfo, at: time, weekdays: Weekdays) -> None:
        """When the group wants its post."""
        await self._change(group_id, zone=zone, at=at, weekdays=tuple(sorted(weekdays)))

    async def wish(self, group_id: int, **settings: object) -> None:
        """What else the group wishes: `language`, `topic_id`, `silent`, `quiet_day`, `numbers`, `paused_until`."""
        await self._change(group_id, **settings)

    async def asked(self, group_id: int, at: datetime, user_id: int | None) -> None:
        """Somebody added the bot then, and the operators are asked; `user_id` is None where Telegram hides who.

        From then on it waits, and the day is counted in which every further time is one more.
        """
        fresh = or_(groups.c.added_at.is_(None), groups.c.added_at <= at - _A_DAY)
        person = None if user_id is None else self._key.person(user_id)
        statement = _CHANGED.values(
            asks=case((fresh, 1), else_=groups.c.asks + 1),
            added_at=at,
            added_by=person,
            gone_at=None,
        )
        await self._connection.execute(statement, {"of_group": group_id})

    async def came_back(self, group_id: int) -> None:
        """The bot is in the chat again, for which the operators were asked before: it still waits for them."""
        await self._change(group_id, state=GroupState.PENDING, gone_at=None)

    async def note_gone(self, at: datetime) -> None:
        """From here on count how long ago the bot was removed, where that isn't counted yet."""
        gone = (groups.c.state == GroupState.GONE) & groups.c.gone_at.is_(None)
        await self._connection.execute(update(groups).where(gone).values(gone_at=at))

    async def asks(self, since: datetime, chat_id: int, user_id: int | None) -> int:
        """How often the operators were asked since then for this chat, or for any that this person added.

        All whom Telegram hides are one person.
        """
        person = None if user_id is None else self._key.person(user_id)
        mine = or_(groups.c.chat_id == chat_id, groups.c.added_by.is_not_distinct_from(person))
        counted = select(func.coalesce(func.sum(groups.c.asks), 0)).where(mine, groups.c.added_at > since)
        return int((await self._connection.execute(counted)).scalar_one())

    async def waiting_since(self, before: datetime) -> Sequence[Group]:
        """Groups that were added before then and still wait for an operator."""
        return await self._select(groups.c.state == GroupState.PENDING, groups.c.added_at <= before)

    async def paused_up_to(self, day: date) -> Sequence[Group]:
        """Groups whose pause ends on this local date, or ended before it."""
        return await self._select(groups.c.state == GroupState.PAUSED, groups.c.paused_until <= day)

    async def end_pause(self, group: Group) -> None:
        """The pause ends as it was read, unless somebody has changed it since."""
        mine = (groups.c.id == group.id) & (groups.c.state == GroupState.PAUSED)
        statement = update(groups).where(mine, groups.c.paused_until == group.paused_until)
        values = {"state": GroupState.ACTIVE, "told": GroupState.ACTIVE, "paused_until": None}
        await self._connection.execute(statement.values(**values))

    async def gone_since(self, before: datetime) -> Sequence[Group]:
        """Groups from which the bot was removed before then; it doesn't come back until this transaction ends."""
        gone = select(groups).where(groups.c.state == GroupState.GONE, groups.c.gone_at <= before)
        rows = await self._connection.execute(gone.order_by(groups.c.id).with_for_update())
        return [self._group(row) for row in rows]

    async def forget(self, group_id: int) -> None:
        """Delete a group with everything that is stored of it. Bindings and notices go with its row."""
        chat_id = (await self.get(group_id)).chat_id
        await self._connection.execute(delete(passing).where(passing.c.chat_id == chat_id))
        mine = select(posts.c.id).where(posts.c.group_id == group_id)
        for table in (marks, copies):
            await self._connection.execute(delete(table).where(table.c.post_id.in_(mine)))
        await self._connection.execute(delete(posts).where(posts.c.group_id == group_id))
        await self._connection.execute(delete(groups).where(groups.c.id == group_id))

    async def set_findings(self, group_id: int, bad: frozenset[str]) -> None:
        """What was bad at this checkup."""
        await self._change(group_id, findings=",".join(sorted(bad)))

    async def set_asks_admin(self, group_id: int, *, asks: bool) -> None:
        """Whether who agreed to the covenant waits for an admin's word."""
        await self._change(group_id, asks_admin=asks)

    async def set_next_due(self, group_id: int, instant: datetime | None) -> None:
        """When the posting job must look at the group again."""
        await self._change(group_id, next_due_at=instant)

    async def look(self, group_id: int, at: datetime, now: datetime) -> None:
        """Somebody must look at the chat then, or before if that was asked for already.

        A look that is due is put off until then: it may be under way, and see nothing of what is asked for now.
        """
        asked = {"of_group": group_id, "at_latest": at, "now": now, "look_at": at}
        await self._connection.execute(_LOOK_SOONER, asked)

    async def to_look_at(self, now: datetime, most: int) -> Sequence[tuple[Group, datetime]]:
        """Groups whose chats must be looked at now, each with since when, the longest waiting first."""
        rows = await self._connection.execute(_TO_LOOK_AT, {"now": now, "most": most})
        return [(self._group(row), row.look_at) for row in rows]

    async def looked(self, group_id: int, due: datetime, again_at: datetime | None) -> None:
        """It was looked at as was `due`; again then, or not before new text stands there.

        Where another look was asked for meanwhile, that one is still to come.
        """
        looked = {"of_group": group_id, "was_due": due, "look_at": again_at}
        await self._connection.execute(_LOOKED, looked)

    async def rename(self, group_id: int, title: str) -> None:
        """The chat's title as Telegram has it now."""
        await self._change(group_id, sealed_title=self._key.seal(title, "title"))

    async def upgraded(self, old_chat_id: int, new_chat_id: int) -> int | None:
        """The chat became a supergroup: from now on it has another id. Copies keep the id they were sent to.

        The group's id if it ends by this: the chat goes on as another group then.
        """
        if self._connection.dialect.name == "postgresql":
            # The new chat may become known in this very moment, and a row that isn't there yet can't be locked.
            await self._connection.execute(text("LOCK TABLE groups IN SHARE ROW EXCLUSIVE MODE"))
        # Both at once, and locked: told twice at the same time, the group would meet itself as a stranger.
        both = select(groups).where(groups.c.chat_id.in_((old_chat_id, new_chat_id))).with_for_update()
        found = {row.chat_id: self._group(row) for row in await self._connection.execute(both.order_by(groups.c.id))}
        group, stranger = found.get(old_chat_id), found.get(new_chat_id)
        if old_chat_id == new_chat_id:
            return None
        if group is None:
            # Known before, or never: what somebody asked for under the old id meanwhile goes on under the new one.
            await self._move_posts(old_chat_id, new_chat_id)
            return None
        if stranger is not None and await self.posted_dates(stranger.id):
            # It has gone a way of its own under the new id, so that going on would post a date twice.
            await self._change(group.id, state=GroupState.GONE, told=GroupState.GONE)
            return group.id
        if stranger is not None:
            # Telegram may tell of the new chat before it tells that it is the old one: then it waits here unknown.
            await self._hand_over(stranger.id, group.id)
        await self._change(group.id, chat_id=new_chat_id)
        # What was said under the old id can't be reached any more. Was that a set-up, it begins anew under the new one.
        said = passing.c.chat_id == old_chat_id
        waiting = await self._connection.execute(select(passing).where(said, passing.c.remove_at.is_(None)).limit(1))
        if group.state is GroupState.APPROVED and waiting.first() is not None:
            await self._change(group.id, told=None)
        await self._connection.execute(delete(passing).where(said))
        await self._move_posts(old_chat_id, new_chat_id)
        return None

    async def _move_posts(self, old_chat_id: int, new_chat_id: int) -> None:
        await self._connection.execute(update(posts).where(posts.c.chat_id == old_chat_id).values(chat_id=new_chat_id))

    async def _hand_over(self, stranger_id: int, group_id: int) -> None:
        """What was stored of a chat under its new id belongs to its group; the stranger goes."""
        for table in (posts, bindings, reminders):
            statement = update(table).where(table.c.group_id == stranger_id)
            await self._connection.execute(statement.values(group_id=group_id))
        await self._connection.execute(delete(groups).where(groups.c.id == stranger_id))

    async def posted_dates(self, group_id: int) -> set[date]:
        """The local dates that already have their post."""
        statement = select(posts.c.local_date).where(posts.c.group_id == group_id, posts.c.local_date.is_not(None))
        return {day for day in (await self._connection.execute(statement)).scalars() if day is not None}

    async def _change(self, group_id: int, **values: object) -> None:
        await self._connection.execute(_CHANGED, {"of_group": group_id, **values})

    async def _select(self, *conditions: Any) -> list[Group]:
        return [self._group(row) for row in await self._connection.execute(_IN_ORDER.where(*conditions))]

    def _group(self, row: Row[Any]) -> Group:
        return Group(
            id=row.id,
            chat_id=row.chat_id,
            title=self._key.unseal(row.sealed_title, "title"),
            state=GroupState(row.state),
            told=GroupState(row.told) if row.told else None,
            zone=row.zone,
            at=row.at,
            weekdays=frozenset(row.weekdays),
            next_due_at=row.next_due_at,
            language=row.language,
            topic_id=row.topic_id,
            silent=row.silent,
            quiet_day=QuietDay(row.quiet_day),
            numbers=row.numbers,
            paused_until=row.paused_until,
            added_at=row.added_at,
            gone_at=row.gone_at,
            findings=None if row.findings is None else frozenset(filter(None, row.findings.split(","))),
            asks_admin=row.asks_admin,
        )
