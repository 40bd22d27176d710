"""What someone is in a chat, and what they may do there."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.rehearsal.people import Person


class Status(StrEnum):
    """What a person is in a chat, as the Bot API spells it."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    RESTRICTED = "restricted"
    LEFT = "left"
    KICKED = "kicked"


ADMINS = frozenset({Status.CREATOR, Status.ADMINISTRATOR})

SENDING = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
)
MANAGING = ("can_edit_tag", "can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics")
ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
    "can_pin_messages",
    "can_manage_topics",
)
USUAL_RIGHTS = frozenset(ADMIN_RIGHTS) - {"can_promote_members"}


@dataclass(frozen=True, slots=True)
class Member:
    """One person's standing in one chat.

    inside: matters for a restricted one only: they may be in the chat or not. rights: an administrator's.
    """

    person: Person
    status: Status
    anonymous: bool = False
    inside: bool = True
    rights: frozenset[str] = USUAL_RIGHTS

    @property
    def present(self) -> bool:
        """Whether they are in the chat now."""
        return self.status in (*ADMINS, Status.MEMBER) or (self.status is Status.RESTRICTED and self.inside)

    def may(self, right: str) -> bool:
        """Whether they are the owner, or an administrator with that right."""
        return self.status is Status.CREATOR or (self.status is Status.ADMINISTRATOR and right in self.rights)

    def as_json(self) -> dict[str, Any]:
        """The ChatMember object."""
        said: dict[str, Any] = {"status": self.status.value, "user": self.person.as_json()}
        match self.status:
            case Status.CREATOR:
                said["is_anonymous"] = self.anonymous
            case Status.ADMINISTRATOR:
                said |= {"can_be_edited": False, "is_anonymous": self.anonymous}
                said |= {right: right in self.rights for right in ADMIN_RIGHTS}
            case Status.RESTRICTED:
                said |= {"is_member": self.inside, "until_date": 0} | dict.fromkeys((*SENDING, *MANAGING), False)
            case Status.KICKED:
                said["until_date"] = 0
        return said
