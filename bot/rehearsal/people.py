"""Invented people, and the bot."""

from dataclasses import dataclass
from typing import Any

GROUP_ANONYMOUS_BOT = 1087968824  # every anonymous admin's messages come from this user
CHANNEL_BOT = 136817688  # and those in a channel's name from this one


@dataclass(eq=False, slots=True)
class Person:
    """Someone with a Telegram account.

    ours: the bot that this server serves. started: has written to it, so that it may write back.
    """

    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = "en"
    is_bot: bool = False
    ours: bool = False
    started: bool = False
    blocked_bot: bool = False
    deactivated: bool = False

    def as_json(self) -> dict[str, Any]:
        """The User object as others' messages carry it."""
        user: dict[str, Any] = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            user["username"] = self.username
        if self.language_code and not self.is_bot:
            user["language_code"] = self.language_code
        return user

    def as_me(self) -> dict[str, Any]:
        """The User object of getMe."""
        return self.as_json() | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_guest_queries": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": False,
            "allows_users_to_create_topics": False,
            "can_manage_bots": False,
            "supports_join_request_queries": False,
        }


def anonymous_admin() -> Person:
    """The user in whose name anonymous admins write."""
    return Person(GROUP_ANONYMOUS_BOT, "Group", "GroupAnonymousBot", is_bot=True)


def channel_speaker() -> Person:
    """The user in whose name channels write in groups."""
    return Person(CHANNEL_BOT, "Channel", "Channel_Bot", is_bot=True)
