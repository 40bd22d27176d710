"""What tests put into a store: invented bulletins, groups and posts; and what they find there."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, delete, insert, select

from bot.domain.bulletin import Bulletin, Kind, Point, Request, Verse
from bot.domain.group import Group, GroupState
from bot.domain.plan import window
from bot.domain.post import Copy, CopyState, Post, PostState
from bot.domain.regions import Region
from bot.domain.weekdays import EVERY_DAY, Weekdays
from bot.rehearsal.people import Person
from bot.store.bulletins import BulletinState, StoredBulletin
from bot.store.database import Store
from bot.store.plan import PlanEntry
from bot.store.tables import metadata

SUNDAY = date(2026, 3, 1)
MONDAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
VERSE = Verse("Let justice roll on like rivers", "Amos 5:24")
CHAT = -1001000000001
# Telegram counts each dove twice.
LONG_TITLE = "Harbour prayer of the old mill " + 40 * "🕊"


def a_request(*texts: str, region: Region = Region.GLOBAL, kind: Kind = Kind.PRAYER) -> Request:
    """A request with a point for each text."""
    return Request(region, str(region), tuple(Point(text, kind) for text in texts or ("Pray for the harbour team.",)))


def a_bulletin(*requests: Request, title: str | None = None, on: date | None = None) -> Bulletin:
    """A bulletin with these requests."""
    return Bulletin(title, on, VERSE, requests or (a_request(),))


async def publish(
    store: Store, bulletin: Bulletin, plan: Sequence[tuple[date, int]] = (), on: date = SUNDAY
) -> StoredBulletin:
    """Store and publish a bulletin; `plan` gives dates to requests, counted from 0, with all their points."""
    async with store.writing() as stored:
        added = await stored.bulletins.add(bulletin, f"{bulletin} {on}", on, window(on), VERSE)
        await stored.bulletins.set_state(added.id, BulletinState.PUBLISHED)
        entries = [(day, added.requests[number]) for day, number in plan]
        await stored.plan.put(PlanEntry(day, each.id, tuple(range(len(each.request.points)))) for day, each in entries)
        return (await stored.bulletins.overlapping(window(on)[0], window(on)[-1]))[0]


async def add_group(
    store: Store,
    chat_id: int = CHAT,
    *,
    title: str = "Harbour",
    state: GroupState = GroupState.ACTIVE,
    zone: str = "UTC",
    at: time = time(7),
    weekdays: Weekdays = EVERY_DAY,
    next_due: datetime | None = NOW,
    **wishes: object,
) -> Group:
    """A group in some state; `wishes` are more of its columns."""
    async with store.writing() as stored:
        group = await stored.groups.add(chat_id, title, ZoneInfo(zone), at, weekdays)
        await stored.groups.move(group.id, state)
        await stored.groups.told(group.id, state)
        await stored.groups.set_next_due(group.id, next_due)
        if wishes:
            await stored.groups.wish(group.id, **wishes)
        return await stored.groups.get(group.id)


async def add_post(
    store: Store,
    group: Group,
    request_id: int | None,
    *,
    day: date | None = MONDAY,
    points: tuple[int, ...] = (0,),
    state: PostState = PostState.PLANNED,
    due_at: datetime | None = None,
    chat_id: int | None = None,
    topic_id: int | None = None,
) -> Post:
    """A post of the group."""
    due = due_at or NOW + timedelta(days=(day - MONDAY).days if day else 0)
    async with store.writing() as stored:
        post = await stored.posts.add(
            group_id=group.id,
            chat_id=chat_id or group.chat_id,
            request_id=request_id,
            points=points,
            local_date=day,
            due_at=due,
            topic_id=topic_id,
            state=state,
        )
        assert post is not None
        return post


async def add_copy(
    store: Store, post: Post, message_id: int, state: CopyState = CopyState.OPENED, part: int = 0
) -> Copy:
    """A message that shows the post."""
    async with store.writing() as stored:
        return await stored.posts.add_copy(Copy(post.id, part, post.chat_id, message_id, state))


async def the_post(store: Store, post_id: int) -> Post:
    """The post as it is now."""
    async with store.reading() as stored:
        post = await stored.posts.get(post_id)
    assert post is not None
    return post


async def the_group(store: Store, group_id: int) -> Group:
    """The group as it is now."""
    async with store.reading() as stored:
        return await stored.groups.get(group_id)


Rows = Mapping[str, Sequence[Row[Any]]]


async def everything(store: Store) -> Rows:
    """All rows, by table."""
    async with store.engine.connect() as connection:
        return {
            table.name: sorted((await connection.execute(select(table))).all(), key=repr)
            for table in metadata.sorted_tables
        }


def stored_anywhere(folder: Path, person: Person) -> set[str]:
    """The tables in which the person's id or name stands, as a number or in a text or bytes."""
    found = set()
    database = sqlite3.connect(folder / "vigil.db")
    for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for row in database.execute(f"SELECT * FROM {table}"):  # noqa: S608 (the names are the database's own)
            held = [bytes(each) if isinstance(each, bytes) else str(each).encode() for each in row]
            numbers = (str(person.id).encode(), person.id.to_bytes(8, "big"), person.id.to_bytes(8, "little"))
            names = (*numbers, person.first_name.encode())
            found |= {table for each in held for name in names if name in each}
    database.close()
    return found


async def put_back(store: Store, rows: Rows) -> None:
    """Make the rows what they were."""
    async with store.engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            await connection.execute(delete(table))
        for table in metadata.sorted_tables:
            if rows[table.name]:
                await connection.execute(insert(table), [dict(row._mapping) for row in rows[table.name]])


async def ledger(store: Store, group_id: int) -> list[tuple[date | None, PostState, str | None]]:
    """Local date, state and reason of each of a group's posts."""
    async with store.reading() as stored:
        return [
            (post.local_date, post.state, post.reason)
            for post in await stored.posts.recent(datetime(2000, 1, 1, tzinfo=UTC))
            if post.group_id == group_id
        ]
