"""Invite links, and the people who asked to join."""

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.rehearsal.chats import Chat
from bot.rehearsal.people import Person

CONTACT = timedelta(minutes=5)  # how long the bot may write to someone who asked and was not answered


@dataclass(frozen=True, slots=True)
class Terms:
    """What a link says of itself. expires: unix seconds; limit: how many of those it let in may be there at once."""

    name: str = ""
    expires: int | None = None
    limit: int | None = None
    by_request: bool = False

    def as_json(self) -> dict[str, Any]:
        """The part of the ChatInviteLink object that they fill."""
        shown = {"name": self.name, "expire_date": self.expires, "member_limit": self.limit}
        return {"creates_join_request": self.by_request} | {name: value for name, value in shown.items() if value}


@dataclass(eq=False, slots=True)
class InviteLink:
    """One link into a chat. `entered`: who came in by it."""

    chat: Chat
    creator: Person
    url: str
    terms: Terms
    revoked: bool = False
    entered: list[Person] = field(default_factory=list)

    def works(self, now: datetime) -> bool:
        """Whether it still leads into the chat."""
        terms = self.terms
        expired = terms.expires is not None and terms.expires <= now.timestamp()
        inside = {person.id for person in self.entered if self.chat.member(person).present}
        return not (self.revoked or expired or (terms.limit is not None and len(inside) >= terms.limit))


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """Someone's wish to join, not answered yet. `link` is None for one who came without."""

    person: Person
    chat: Chat
    link: InviteLink | None
    asked: datetime


class Invites:
    """All links, and the requests that wait."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._links: dict[str, InviteLink] = {}
        self._waiting: dict[tuple[int, int], JoinRequest] = {}
        self._met: set[int] = set()

    def create(self, chat: Chat, creator: Person, terms: Terms) -> InviteLink:
        """A new link."""
        link = InviteLink(chat, creator, f"https://t.me/+Rehearsal{next(self._numbers):07}", terms)
        self._links[link.url] = link
        return link

    def link(self, url: str) -> InviteLink | None:
        """The link of that address."""
        return self._links.get(url)

    def shown(self, link: InviteLink, bot: Person) -> dict[str, Any]:
        """The ChatInviteLink object. The end of another administrator's link is hidden from the bot."""
        waiting = sum(request.link is link for request in self._waiting.values())
        return {
            "invite_link": link.url if link.creator is bot else link.url[:-8] + "...",
            "creator": link.creator.as_json(),
            "is_primary": False,
            "is_revoked": link.revoked,
            **link.terms.as_json(),
            **({"pending_join_request_count": waiting} if waiting else {}),
        }

    def add(self, request: JoinRequest, *, told: bool) -> None:
        """A request begins to wait. `told`: the bot hears of it, and so knows the person from now on."""
        self._waiting[request.chat.id, request.person.id] = request
        if told:
            self._met.add(request.person.id)

    def waiting(self, chat: Chat, person: Person) -> JoinRequest | None:
        """A person's request that waits."""
        return self._waiting.get((chat.id, person.id))

    def end(self, chat: Chat, person: Person) -> None:
        """A request is answered or withdrawn."""
        self._waiting.pop((chat.id, person.id), None)

    def met(self, person: Person) -> bool:
        """Whether the bot ever got a request of theirs."""
        return person.id in self._met

    def opens_chat(self, person: Person, now: datetime) -> bool:
        """Whether the bot may write to them because they asked to join: for five minutes, until they are answered."""
        waiting = (request for request in self._waiting.values() if request.person is person)
        return self.met(person) and any(now < request.asked + CONTACT for request in waiting)
