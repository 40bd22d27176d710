"""Chats, who is in them, and what can be seen of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.rehearsal.members import ADMINS, MANAGING, SENDING, Member, Status
from bot.rehearsal.people import Person


class Kind(StrEnum):
    """A chat's type, as the Bot API spells it."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


@dataclass(eq=False, slots=True)
class Topic:
    """A forum topic. Its id is that of the message that created it."""

    id: int
    name: str
    closed: bool = False


@dataclass(eq=False, slots=True)
class Chat:
    """A private chat, group, supergroup or channel. Change it through the World, so that the bot is told."""

    id: int
    kind: Kind
    title: str = ""
    person: Person | None = None  # the other side of a private chat
    members: dict[int, Member] = field(default_factory=dict)
    username: str | None = None
    active_usernames: list[str] = field(default_factory=list)
    location: str | None = None
    linked_chat_id: int | None = None
    community: str | None = None
    description: str | None = None
    auto_delete_seconds: int | None = None
    join_by_request: bool = False
    protected: bool = False
    visible_history: bool = False
    members_may_write: bool = True
    members_may_invite: bool = True
    forum: bool = False
    general_closed: bool = False
    topics: dict[int, Topic] = field(default_factory=dict)
    upgraded_to: "Chat | None" = None
    deleted: bool = False

    def member(self, person: Person) -> Member:
        """A person's standing here; "left" for one who never was here."""
        return self.members.get(person.id) or Member(person, Status.LEFT)

    def present(self) -> Iterator[Member]:
        """Who is in the chat now."""
        return (member for member in self.members.values() if member.present)

    def admins(self) -> Iterator[Member]:
        """Owner and administrators."""
        return (member for member in self.members.values() if member.status in ADMINS)

    def is_admin(self, person: Person) -> bool:
        """Whether a person is owner or administrator here."""
        return self.member(person).status in ADMINS

    def may(self, person: Person, right: str) -> bool:
        """Whether a person is owner here, or an administrator with that right."""
        return self.member(person).may(right)

    def closed(self, topic_id: int | None) -> bool:
        """Whether a topic of a forum (None: General) is closed."""
        return self.forum and (self.topics[topic_id].closed if topic_id else self.general_closed)

    def as_json(self) -> dict[str, Any]:
        """The Chat object that messages carry."""
        said: dict[str, Any] = {"id": self.id, "type": self.kind.value}
        if self.person:
            said["first_name"] = self.person.first_name
            if self.person.username:
                said["username"] = self.person.username
            return said
        said["title"] = self.title
        if self.username:
            said["username"] = self.username
        if self.forum:
            said["is_forum"] = True
        return said

    def as_full(self, bot: Person) -> dict[str, Any]:
        """The ChatFullInfo object of getChat, as this bot sees it: some of it is told to admins only."""
        said = self.as_json() | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(
                ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
                False,
            ),
        }
        if self.kind in (Kind.GROUP, Kind.SUPERGROUP):
            rights = dict.fromkeys(SENDING, self.members_may_write)
            said["permissions"] = (
                rights | dict.fromkeys(MANAGING, False) | {"can_invite_users": self.members_may_invite}
            )
        said |= {name: value for name, value in self._facts() if value}
        if self.visible_history and self.is_admin(bot):
            said["has_visible_history"] = True
        return said

    def _facts(self) -> Iterator[tuple[str, Any]]:
        """What getChat shows only where it is set."""
        usernames = [self.username] if self.username else []
        yield "active_usernames", usernames + self.active_usernames
        yield "location", self.location and _place(self.location)
        yield "linked_chat_id", self.linked_chat_id
        yield "community", self.community and {"id": 1, "name": self.community}
        yield "description", self.description
        yield "message_auto_delete_time", self.auto_delete_seconds
        yield "join_by_request", self.join_by_request
        yield "has_protected_content", self.protected


def _place(address: str) -> dict[str, Any]:
    return {"location": {"latitude": 0.5, "longitude": 0.5}, "address": address}
