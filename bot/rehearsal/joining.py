"""How people come into chats and go: by links, by asking, added and removed."""

from typing import Any

from bot.rehearsal.chats import Chat, Kind
from bot.rehearsal.invites import InviteLink, JoinRequest, Terms
from bot.rehearsal.members import Member, Status
from bot.rehearsal.people import Person
from bot.rehearsal.state import State
from bot.rehearsal.topics import Topics

INVITING = "can_invite_users"


class Joining(Topics):
    """Acts of those who come and go, and of the admins who let them in. Channels have no service messages."""

    def join(self, person: Person, chat: Chat) -> None:
        """A person joins, without any link."""
        enter(self, person, chat, by=person)

    def leave(self, person: Person, chat: Chat) -> None:
        """A person leaves."""
        self.set_member(chat, Member(person, Status.LEFT), by=person)
        self.service(chat, person, left_chat_member=person.as_json())

    def remove(self, person: Person, chat: Chat, by: Person | None = None) -> None:
        """An admin (the owner, if none is named) removes and bans a person."""
        by = by or self.owner(chat)
        self.set_member(chat, Member(person, Status.KICKED), by=by)
        self.service(chat, by, left_chat_member=person.as_json())

    def invite_link(
        self,
        chat: Chat,
        by: Person,
        *,
        name: str = "",
        expires: int | None = None,
        limit: int | None = None,
        by_request: bool = False,
    ) -> str:
        """The address of a new link that an admin made. No update tells the bot."""
        if not chat.may(by, INVITING):
            raise ValueError(f"{by.first_name} may not invite to {chat.title}")
        return self.invites.create(chat, by, Terms(name, expires, limit, by_request)).url

    def revoke_link(self, url: str, by: Person) -> None:
        """An admin revokes a link in Telegram's own list, the bot's too. No update tells the bot."""
        link = self.invites.link(url)
        if link is None or not link.chat.may(by, INVITING):
            raise ValueError(f"{by.first_name} has no link {url} to revoke")
        link.revoked = True

    def follow_invite(self, person: Person, url: str) -> None:
        """A person opens an invite link: they join, or ask to where the link wants it."""
        link = self.invites.link(url)
        if link is None or not link.works(self.clock()):
            raise ValueError(f"the link {url} has expired")
        _check_outside(person, link.chat)
        if link.terms.by_request:
            self._ask(JoinRequest(person, link.chat, link, self.clock()))
        else:
            enter(self, person, link.chat, by=person, link=link)

    def ask_to_join(self, person: Person, chat: Chat) -> None:
        """A person asks to join without a link, as a chat that can be found lets them (`join_by_request`)."""
        if not chat.join_by_request:
            raise ValueError(f"{chat.title} takes no requests to join")
        _check_outside(person, chat)
        self._ask(JoinRequest(person, chat, None, self.clock()))

    def withdraw_request(self, person: Person, chat: Chat) -> None:
        """A person takes the request back. No update tells the bot."""
        self.invites.end(chat, person)

    def answer_request(self, person: Person, chat: Chat, by: Person, *, approve: bool = True) -> None:
        """An admin answers a request by hand, before the bot does."""
        request = self.invites.waiting(chat, person)
        if request is None or not chat.may(by, INVITING):
            raise ValueError(f"{by.first_name} has no request of {person.first_name} to answer in {chat.title}")
        settle(self, request, by, approve=approve)

    def _ask(self, request: JoinRequest) -> None:
        told = request.chat.may(self.bot, INVITING) and "chat_join_request" in self.updates.allowed
        self.invites.add(request, told=told)
        if not told:
            return
        body = {
            "chat": request.chat.as_json(),
            "from": request.person.as_json(),
            "user_chat_id": request.person.id,
            "date": int(request.asked.timestamp()),
        }
        if request.link:
            body["invite_link"] = self.invites.shown(request.link, self.bot)
        self.updates.put("chat_join_request", body)


def settle(state: State, request: JoinRequest, by: Person, *, approve: bool) -> None:
    """Answers a request."""
    state.invites.end(request.chat, request.person)
    if approve:
        enter(state, request.person, request.chat, by=by, link=request.link, asked=True)


def enter(
    state: State, person: Person, chat: Chat, *, by: Person, link: InviteLink | None = None, asked: bool = False
) -> None:
    """Makes a person a member and tells of it. `asked`: they were let in after a request."""
    if chat.member(person).status is Status.KICKED:
        raise ValueError(f"{person.first_name} was removed from {chat.title}")
    state.invites.end(chat, person)
    told: dict[str, Any] = {}
    if link:
        link.entered.append(person)
        told["invite_link"] = state.invites.shown(link, state.bot)
    elif asked:
        told["via_join_request"] = True  # for requests without a link only
    state.set_member(chat, Member(person, Status.MEMBER), by=by, **told)
    if chat.kind is not Kind.CHANNEL:
        state.service(chat, person, new_chat_members=[person.as_json()])


def _check_outside(person: Person, chat: Chat) -> None:
    member = chat.member(person)
    if member.present or member.status is Status.KICKED:
        raise ValueError(f"{person.first_name} can't join {chat.title}: {member.status}")
