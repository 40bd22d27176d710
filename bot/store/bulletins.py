"""Bulletins, their requests and the plan, as stored: what people wrote is sealed."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.bulletin import Bulletin, Kind, NamedDays, Point, Request, Verse
from bot.domain.regions import Region
from bot.store.key import Key
from bot.store.tables import bulletins, plan_entries, posts, requests

# What is left of a sealed text that was deleted.
_DELETED = b""


class BulletinState(StrEnum):
    """Where a bulletin stands; only a published one is planned and asked for."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    RETIRED = "retired"


# Asked for several times a post; made once, each costs half.
_REQUEST = (
    select(requests, bulletins.c.sealed.label("bulletin_sealed"))
    .join(bulletins)
    .where(requests.c.id == bindparam("request_id"))
)
_RUNNING_REQUEST = _REQUEST.where(
    bulletins.c.state == BulletinState.PUBLISHED,
    bulletins.c.first_day <= bindparam("day"),
    bulletins.c.last_day >= bindparam("day"),
)
_REQUEST_TO_SHOW = _REQUEST.with_for_update(read=True, of=requests)
_REQUEST_TO_KEEP = select(requests.c.id).where(requests.c.id == bindparam("request_id")).with_for_update(read=True)


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """A request with its id, and the verse of its bulletin."""

    id: int
    request: Request
    verse: Verse

    @property
    def is_gone(self) -> bool:
        """Whether its text was taken back or put away: then it has a region and no points."""
        return not self.request.points


@dataclass(frozen=True, slots=True)
class StoredBulletin:
    """A bulletin without its notes, which are never stored. Its window is `first_day` to `last_day`."""

    id: int
    state: BulletinState
    published_on: date
    first_day: date
    last_day: date
    title: str | None
    verse: Verse
    requests: tuple[StoredRequest, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """The days of its window."""
        return tuple(
            self.first_day + timedelta(days=number) for number in range((self.last_day - self.first_day).days + 1)
        )


class Bulletins:
    """Queries on bulletins and the plan, within one transaction."""

    def __init__(self, connection: AsyncConnection, key: Key) -> None:
        self._connection = connection
        self._key = key

    async def known(self, content: str) -> StoredBulletin | None:
        """The bulletin that was made of the same content, if there is one."""
        found = await self._select(bulletins.c.fingerprint == self._key.fingerprint(content))
        return found[0] if found else None

    async def add(
        self, bulletin: Bulletin, content: str, published_on: date, window: Sequence[date], verse: Verse
    ) -> StoredBulletin:
        """Store a bulletin as a draft. `content` recognises it again; `verse` is its own, or the one taken for it."""
        sealed = json.dumps({"title": bulletin.title, "verse": asdict(verse)})
        statement = insert(bulletins).values(
            state=BulletinState.DRAFT,
            published_on=published_on,
            first_day=window[0],
            last_day=window[-1],
            fingerprint=self._key.fingerprint(content),
            sealed=self._key.seal(sealed, "bulletin"),
        )
        (bulletin_id,) = (await self._connection.execute(statement.returning(bulletins.c.id))).one()
        for request in bulletin.requests:
            await self.add_request(bulletin_id, request)
        return (await self._select(bulletins.c.id == bulletin_id))[0]

    async def add_request(self, bulletin_id: int, request: Request) -> None:
        """One more request of a bulletin, without a day."""
        sealed = self._key.seal(_to_json(request), "request")
        values = {"bulletin_id": bulletin_id, "region": request.region, "sealed": sealed}
        await self._connection.execute(insert(requests).values(values))

    async def add_gone(self, bulletin_id: int, region: Region) -> None:
        """A region whose request was taken back before: it stands there as such, without a text."""
        values = {"bulletin_id": bulletin_id, "region": region, "sealed": _DELETED}
        await self._connection.execute(insert(requests).values(values))

    async def set_state(self, bulletin_id: int, state: BulletinState) -> None:
        """Publish it, or put it aside."""
        await self._connection.execute(update(bulletins).where(bulletins.c.id == bulletin_id).values(state=state))

    async def running(self, day: date) -> Sequence[StoredBulletin]:
        """The published bulletins whose window has this day, the newest first."""
        return await self._select(
            bulletins.c.state == BulletinState.PUBLISHED, bulletins.c.first_day <= day, bulletins.c.last_day >= day
        )

    async def overlapping(self, first: date, last: date) -> Sequence[StoredBulletin]:
        """The published bulletins whose window shares a day with this one, the newest first."""
        return await self._select(
            bulletins.c.state == BulletinState.PUBLISHED, bulletins.c.first_day <= last, bulletins.c.last_day >= first
        )

    async def of_date(self, published_on: date) -> Sequence[StoredBulletin]:
        """The bulletins of this date: published ones, drafts, then superseded ones; each the newest first."""
        found = await self._select(bulletins.c.published_on == published_on)
        order = (BulletinState.PUBLISHED, BulletinState.DRAFT)
        return sorted(found, key=lambda each: order.index(each.state) if each.state in order else len(order))

    async def dates(self) -> Sequence[date]:
        """The dates of all stored bulletins, the newest first."""
        statement = select(bulletins.c.published_on).distinct().order_by(bulletins.c.published_on.desc())
        return list((await self._connection.execute(statement)).scalars())

    async def request(self, request_id: int) -> StoredRequest:
        """One request by its id. Raises LookupError."""
        return await self._one(_REQUEST, request_id)

    async def take_up(self, request_id: int) -> StoredRequest:
        """The same; nobody corrects it or takes it back until this transaction ends; whoever is at it is waited for."""
        return await self._one(_REQUEST_TO_SHOW, request_id)

    async def running_request(self, request_id: int, day: date) -> StoredRequest | None:
        """One request by its id; None unless its bulletin is published and has this day in its window."""
        row = (await self._connection.execute(_RUNNING_REQUEST, {"request_id": request_id, "day": day})).one_or_none()
        return None if row is None else self._request(row, self._opened(row.bulletin_sealed)[1])

    async def keep(self, request_id: int) -> None:
        """As `take_up`, for whoever needn't read it."""
        await self._connection.execute(_REQUEST_TO_KEEP, {"request_id": request_id})

    async def correct(self, stored: StoredRequest, request: Request) -> None:
        """Another text for a request. What showed all its points shows all of the new ones."""
        sealed = self._key.seal(_to_json(request), "request")
        await self._connection.execute(update(requests).where(_is_kept(stored.id)).values(sealed=sealed))
        every, now = (tuple(range(len(each.points))) for each in (stored.request, request))
        for table in (plan_entries, posts):
            whole = (table.c.request_id == stored.id) & (table.c.points == every)
            await self._connection.execute(update(table).where(whole).values(points=now))

    async def shown_points(self, request_id: int) -> set[tuple[int, ...]]:
        """Which points of a request its days and posts show together."""
        found: set[tuple[int, ...]] = set()
        for table in (plan_entries, posts):
            rows = await self._connection.execute(select(table.c.points).where(table.c.request_id == request_id))
            found |= set(rows.scalars())
        return found

    async def rename(self, bulletin_id: int, content: str) -> None:
        """From now on this content is recognised as the bulletin's."""
        fingerprint = self._key.fingerprint(content)
        await self._connection.execute(
            update(bulletins).where(bulletins.c.id == bulletin_id).values(fingerprint=fingerprint)
        )

    async def forget(self, request_id: int) -> bool:
        """Delete a request's text; False if it was deleted before."""
        statement = update(requests).where(_is_kept(request_id)).values(sealed=_DELETED)
        return (await self._connection.execute(statement)).rowcount == 1

    async def put_away(self, before: date) -> None:
        """Delete what people wrote of all bulletins whose window ended before this day."""
        old = (bulletins.c.last_day < before) & (bulletins.c.state != BulletinState.RETIRED)
        texts = update(requests).where(requests.c.bulletin_id.in_(select(bulletins.c.id).where(old)))
        await self._connection.execute(texts.values(sealed=_DELETED))
        await self._connection.execute(
            update(bulletins).where(old).values(state=BulletinState.RETIRED, sealed=_DELETED)
        )

    async def listed(self, first: date, last: date) -> Sequence[StoredBulletin]:
        """All but drafts whose window shares a day with this one, also what was superseded; the newest first."""
        return await self._select(
            bulletins.c.state.in_((BulletinState.PUBLISHED, BulletinState.SUPERSEDED)),
            bulletins.c.first_day <= last,
            bulletins.c.last_day >= first,
        )

    async def kept(self) -> Sequence[StoredBulletin]:
        """All of which something is left: drafts and superseded ones too."""
        return await self._select(bulletins.c.state != BulletinState.RETIRED)

    async def give_up(self, bulletin: StoredBulletin, judged: Collection[date]) -> None:
        """Put a bulletin aside so that the same content can come again. Dates that are judged keep what they showed."""
        own = [request.id for request in bulletin.requests]
        await self._connection.execute(
            delete(plan_entries).where(plan_entries.c.request_id.in_(own), plan_entries.c.date.not_in(list(judged)))
        )
        await self._connection.execute(
            update(bulletins)
            .where(bulletins.c.id == bulletin.id)
            .values(state=BulletinState.SUPERSEDED, fingerprint=self._key.fingerprint(f"given up {bulletin.id}"))
        )

    async def _one(self, statement: Select[Any], request_id: int) -> StoredRequest:
        row = (await self._connection.execute(statement, {"request_id": request_id})).one_or_none()
        if row is None:
            raise LookupError(f"no request {request_id}")
        return self._request(row, self._opened(row.bulletin_sealed)[1])

    async def _select(self, *conditions: Any) -> list[StoredBulletin]:
        statement = select(bulletins).where(*conditions).order_by(bulletins.c.first_day.desc(), bulletins.c.id.desc())
        return [await self._bulletin(row) for row in (await self._connection.execute(statement)).all()]

    async def _bulletin(self, row: Row[Any]) -> StoredBulletin:
        title, verse = self._opened(row.sealed)
        statement = select(requests).where(requests.c.bulletin_id == row.id).order_by(requests.c.id)
        return StoredBulletin(
            id=row.id,
            state=BulletinState(row.state),
            published_on=row.published_on,
            first_day=row.first_day,
            last_day=row.last_day,
            title=title,
            verse=verse,
            requests=tuple(self._request(each, verse) for each in await self._connection.execute(statement)),
        )

    def _opened(self, sealed: bytes) -> tuple[str | None, Verse]:
        if sealed == _DELETED:
            return None, Verse("", "")
        form = json.loads(self._key.unseal(sealed, "bulletin"))
        return form["title"], Verse(**form["verse"])

    def _request(self, row: Row[Any], verse: Verse) -> StoredRequest:
        region = Region(row.region)
        if row.sealed == _DELETED:
            return StoredRequest(row.id, Request(region, None, ()), verse)
        return StoredRequest(row.id, _from_json(region, self._key.unseal(row.sealed, "request")), verse)


def _is_kept(request_id: int) -> ColumnElement[bool]:
    return (requests.c.id == request_id) & (requests.c.sealed != _DELETED)


def _to_json(request: Request) -> str:
    form = asdict(request)
    del form["region"]
    return json.dumps(form, default=date.isoformat)


def _from_json(region: Region, text: str) -> Request:
    form = json.loads(text)
    return Request(
        region=region,
        heading=form["heading"],
        points=tuple(map(_point, form["points"])),
        countries=tuple(form["countries"]),
        dates=tuple(
            NamedDays(days["text"], date.fromisoformat(days["first"]), date.fromisoformat(days["last"]))
            for days in form["dates"]
        ),
    )


def _point(form: dict[str, Any]) -> Point:
    day = form.get("day")
    return Point(form["text"], Kind(form["kind"]), form.get("day_written"), date.fromisoformat(day) if day else None)
