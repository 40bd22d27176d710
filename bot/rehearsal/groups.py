"""Groups, supergroups and channels: how they are made and changed, and what becomes of the bot in them."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.rehearsal.chats import Chat, Kind
from bot.rehearsal.members import ADMIN_RIGHTS, USUAL_RIGHTS, Member, Status
from bot.rehearsal.people import Person, anonymous_admin
from bot.rehearsal.state import State


class Groups(State):
    """Acts of owners and admins. Facts that no update tells (location, linked_chat_id ...) are set on the Chat."""

    def group(
        self,
        title: str,
        members: Sequence[Person] = (),
        admins: Sequence[Person] = (),
        *,
        kind: str = "supergroup",
        forum: bool = False,
    ) -> Chat:
        """A private "group", "supergroup" or "channel", without the bot. The first admin owns it (or someone new)."""
        chat = self.new_chat(Kind(kind), title)
        chat.forum = forum
        owner, *others = admins or [self.person(f"Owner of {title}")]
        chat.members[owner.id] = Member(owner, Status.CREATOR)
        chat.members |= {p.id: Member(p, Status.ADMINISTRATOR) for p in others}
        chat.members |= {p.id: Member(p, Status.MEMBER) for p in members if p.id not in chat.members}
        return chat

    def owner(self, chat: Chat) -> Person:
        """Who owns a group."""
        return next(member.person for member in chat.members.values() if member.status is Status.CREATOR)

    def promote(self, person: Person, chat: Chat, *, anonymous: bool = False, without: Collection[str] = ()) -> None:
        """Makes a person (or the bot) an admin, or changes one. The owner stays the owner.

        anonymous: writes in the group's name. without: the rights (can_invite_users ...) that are not given.
        """
        status = Status.CREATOR if chat.member(person).status is Status.CREATOR else Status.ADMINISTRATOR
        new = Member(person, status, anonymous=anonymous, rights=_all_but(without))
        self.set_member(chat, new, by=self.owner(chat))

    def demote(self, person: Person, chat: Chat) -> None:
        """Makes an admin (or the bot) a plain member again."""
        self.set_member(chat, Member(person, Status.MEMBER), by=self.owner(chat))

    def add_bot(self, chat: Chat, by: Person, *, admin: bool = False, without: Collection[str] = ()) -> None:
        """Adds the bot, perhaps as an admin `without` some rights. In a channel it can only be an admin."""
        status = Status.ADMINISTRATOR if admin or chat.kind is Kind.CHANNEL else Status.MEMBER
        self.set_member(chat, Member(self.bot, status, rights=_all_but(without)), by=by)
        if chat.kind is not Kind.CHANNEL:
            self.service(chat, by, new_chat_members=[self.bot.as_json()])

    def kick_bot(self, chat: Chat, by: Person | None = None) -> None:
        """Removes the bot."""
        self.set_member(chat, Member(self.bot, Status.KICKED), by=by or self.owner(chat))

    def mute_bot(self, chat: Chat) -> None:
        """Takes away the bot's right to write: "have no rights to send a message"."""
        self.set_member(chat, Member(self.bot, Status.RESTRICTED), by=self.owner(chat))

    def unmute_bot(self, chat: Chat) -> None:
        """Gives it back."""
        self.demote(self.bot, chat)

    def make_public(self, chat: Chat, username: str) -> None:
        """Gives a supergroup or channel a public name. No update tells the bot."""
        if chat.kind in (Kind.GROUP, Kind.PRIVATE):
            raise ValueError("only a supergroup or channel can be public; upgrade the group first")
        chat.username = username

    def make_private(self, chat: Chat) -> None:
        """Takes away all that made it public."""
        chat.username = chat.location = chat.linked_chat_id = chat.community = None
        chat.active_usernames = []

    def set_auto_delete(self, chat: Chat, seconds: int | None) -> None:
        """Sets after how long messages vanish (None: never). A service message tells; the vanishing isn't acted out."""
        chat.auto_delete_seconds = seconds
        changed = {"message_auto_delete_time": seconds or 0}
        self.service(chat, self.owner(chat), message_auto_delete_timer_changed=changed)

    def upgrade(self, group: Chat) -> Chat:
        """Turns a group into a supergroup: a new chat and id, the same people. The old messages stay behind."""
        if group.kind is not Kind.GROUP or group.upgraded_to:
            raise ValueError("only a group can be upgraded, and only once")
        chat = self.new_chat(Kind.SUPERGROUP, group.title)
        chat.members = {key: replace(member) for key, member in group.members.items()}
        group.upgraded_to = chat
        owner = self.owner(chat)
        self.service(group, owner, migrate_to_chat_id=chat.id)
        self.service(chat, anonymous_admin(), sender_chat=chat, migrate_from_chat_id=group.id)
        return chat

    def delete_group(self, group: Chat) -> None:
        """The owner deletes a group."""
        group.deleted = True


def _all_but(rights: Collection[str]) -> frozenset[str]:
    if unknown := set(rights) - set(ADMIN_RIGHTS):
        raise ValueError(f"unknown rights: {sorted(unknown)}; known: {ADMIN_RIGHTS}")
    return USUAL_RIGHTS - set(rights)
