"""Who may do what, and where: asked of Telegram at the moment of a command or a tap, and nowhere else."""

from dataclasses import replace
from enum import Enum, StrEnum, auto

from telegram import Message
from telegram.ext import filters

from bot.domain.group import APPROVED_STATES, Group, GroupState
from bot.services.messenger import MessengerError
from bot.telegram.asked import Asked
from bot.telegram.vigil import Vigil

_UNAPPROVED = (GroupState.PENDING, GroupState.DECLINED)


class Who(StrEnum):
    """Who may send a command or tap a button. Operators may do all that editors may."""

    ANYONE = "anyone"
    READER = "whoever sees the message"  # it says itself where it belongs, and its handler asks that
    MEMBER = "members of an approved group"
    ADMIN = "admins of the group"
    EDITOR = "editors"
    OPERATOR = "operators"


class Where(StrEnum):
    """Where a command or button is understood."""

    GROUP = "in the group"
    DIRECT = "in a direct chat"
    BOTH = "in the group and in a direct chat"
    DESK = "in a direct chat and in the operators’ group"


class Refusal(Enum):
    """Why something isn't let through."""

    ELSEWHERE = auto()  # it is understood, but not here
    NOT_OPERATOR = auto()
    OPEN_DESK = auto()  # the operators' group is one that strangers can join or look into
    NOT_EDITOR = auto()
    NOT_ADMIN = auto()
    NOT_BOUND = auto()  # a direct chat that belongs to no group, or not any more
    RESTING = auto()  # a direct chat whose group gets no requests just now
    UNKNOWN_GROUP = auto()
    NOT_APPROVED = auto()  # the group gets no word, but to its admins
    NOT_SUBSCRIBED = auto()
    HELD = auto()  # an operator suspended the group: its admins change nothing there


class AdminsUnknownError(MessengerError):
    """Telegram doesn't say just now who a chat's admins are."""


class _FirstHand(filters.MessageFilter):
    """A message that a person, or a group's anonymous admin, wrote as it stands here."""

    def filter(self, message: Message) -> bool:
        """Nothing forwarded, by another bot, or in a channel's name."""
        if message.forward_origin or message.via_bot:
            return False
        if message.sender_chat:
            return message.sender_chat.id == message.chat_id
        return message.from_user is not None and not message.from_user.is_bot


# Any other command does nothing; an edited one asks nothing again.
FIRST_HAND = filters.UpdateType.MESSAGE & _FirstHand(name="first hand")


async def placed(vigil: Vigil, asked: Asked) -> Asked:
    """The question with the group in whose chat it was asked, to be answered in that group's language."""
    group = None if asked.direct else await vigil.groups.by_chat(asked.chat_id)
    return replace(asked, group=group, words=vigil.languages.of(group.language)) if group else asked


async def admit(vigil: Vigil, who: Who, where: Where, asked: Asked) -> Asked | Refusal:
    """What was `placed`, let through with its group: the chat's own, or the one that a direct chat belongs to.

    Raises MessengerError where Telegram can't be asked.
    """
    if who is Who.OPERATOR and not is_operator(vigil, asked):
        return Refusal.NOT_OPERATOR
    if who is Who.EDITOR and not await is_editor(vigil, asked):
        return Refusal.NOT_EDITOR
    if not understood(vigil, where, asked):
        return Refusal.ELSEWHERE
    if who in (Who.EDITOR, Who.OPERATOR) and at_desk(vigil, asked):
        # Everybody there is an operator: anybody would be one.
        return asked if await vigil.telling.is_private(asked.chat_id) else Refusal.OPEN_DESK
    if who in (Who.READER, Who.EDITOR, Who.OPERATOR):
        return asked
    if asked.direct:
        return await _admit_directly(vigil, who, asked)
    if at_desk(vigil, asked):
        return asked if who is Who.ANYONE else Refusal.ELSEWHERE
    return await _admit_to_group(vigil, who, asked)


def understood(vigil: Vigil, where: Where, asked: Asked) -> bool:
    """Whether this is such a place. The operators' group is a desk, and no group of its own."""
    match where:
        case Where.GROUP:
            return not asked.direct and not at_desk(vigil, asked)
        case Where.DIRECT:
            return asked.direct
        case Where.BOTH:
            return True
        case Where.DESK:
            return asked.direct or at_desk(vigil, asked)


def is_operator(vigil: Vigil, asked: Asked) -> bool:
    """Whether an operator asks; everybody in the operators' group is one there."""
    return asked.user_id in vigil.operators or asked.chat_id in vigil.operators


async def is_editor(vigil: Vigil, asked: Asked) -> bool:
    """Whether an editor asks, by a role that holds at this moment; operators are editors."""
    return is_operator(vigil, asked) or (asked.user_id is not None and await vigil.people.is_editor(asked.user_id))


def at_desk(vigil: Vigil, asked: Asked) -> bool:
    """Whether this is the operators' group: a desk, where no requests are shown."""
    return not asked.direct and asked.chat_id in vigil.operators


async def _admit_directly(vigil: Vigil, who: Who, asked: Asked) -> Asked | Refusal:
    if who is Who.ANYONE:
        return asked
    if asked.user_id is None:
        return Refusal.NOT_BOUND
    group = await vigil.asking.group_of(asked.user_id)
    if group is None:
        return Refusal.RESTING if await vigil.asking.rests(asked.user_id) else Refusal.NOT_BOUND
    return await _admit_to_group(vigil, who, replace(asked, group=group))


async def _admit_to_group(vigil: Vigil, who: Who, asked: Asked) -> Asked | Refusal:
    group = asked.group
    if group is None or group.state is GroupState.GONE:
        return Refusal.UNKNOWN_GROUP
    if who is Who.ADMIN:
        if await is_admin(vigil, asked):
            return Refusal.HELD if group.state is GroupState.HELD else asked
        return Refusal.NOT_APPROVED if group.state in _UNAPPROVED else Refusal.NOT_ADMIN
    if group.is_served or (who is Who.ANYONE and await _may_hear(vigil, group, asked)):
        return asked
    return Refusal.NOT_SUBSCRIBED if group.state is GroupState.APPROVED else Refusal.NOT_APPROVED


async def _may_hear(vigil: Vigil, group: Group, asked: Asked) -> bool:
    """Whether what is there for anyone is answered in a group that gets no requests: before it is approved, and while
    it is suspended, to its admins.
    """
    if group.state in (GroupState.PENDING, GroupState.SUSPENDED):
        return await is_admin(vigil, asked)
    return group.state is GroupState.APPROVED


def may_be_told(vigil: Vigil, asked: Asked) -> bool:
    """Whether a word is right here whoever asked: until a group is approved, it gets none but for its admins."""
    if asked.direct or at_desk(vigil, asked):
        return True
    return asked.group is not None and asked.group.state in APPROVED_STATES


async def is_admin(vigil: Vigil, asked: Asked) -> bool:
    """Whether an admin of the chat asks in it. Raises AdminsUnknownError where Telegram can't be asked."""
    if asked.anonymous_admin or asked.user_id is None:
        return asked.anonymous_admin
    chat_id = asked.group.chat_id if asked.group else asked.chat_id
    try:
        return await vigil.messenger.is_admin(chat_id, asked.user_id)
    except MessengerError as error:
        raise AdminsUnknownError from error
