"""What Telegram says of a chat at this moment, and whether a request may be shown there."""

from dataclasses import dataclass
from enum import StrEnum


class ChatType(StrEnum):
    """Telegram's own names."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Chat:
    """The facts of one `getChat` answer that decide who can see the chat, and those worth showing to its admins.

    `members_add`: whether plain members may add others; None if Telegram doesn't say.
    """

    id: int
    type: ChatType
    title: str | None = None
    has_username: bool = False
    has_location: bool = False
    is_linked: bool = False
    is_community: bool = False
    is_forum: bool = False
    joins_by_request: bool = False
    members_add: bool | None = None
    shows_history: bool = False
    deletes_itself: bool = False
    is_protected: bool = False


@dataclass(frozen=True, slots=True)
class Rights:
    """What the bot itself may do in a chat."""

    is_admin: bool = False
    may_invite: bool = False


def why_not_private(chat: Chat) -> str | None:
    """Why a request must not be shown in this group, as a key of the texts; None if it is a private group.

    A public group can be read and found by anyone; a linked one is the open discussion of a channel.
    """
    if chat.type not in (ChatType.GROUP, ChatType.SUPERGROUP):
        return "channel" if chat.type is ChatType.CHANNEL else "no_group"
    if chat.has_username:
        return "public"
    if chat.has_location:
        return "location"
    if chat.is_linked:
        return "linked"
    if chat.is_community:
        return "community"
    return None
