"""Joining a group: its admins' link, the covenant's button, and an admin's decision."""

from bot.domain.group import APPROVED_STATES, Group
from bot.services.inviting import Entry
from bot.services.messenger import NoRightError, Outgoing
from bot.telegram.asked import Asked
from bot.telegram.changing import not_served_told
from bot.telegram.sharing import share_button
from bot.telegram.tap import Tap
from bot.telegram.vigil import Vigil


async def invite(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """The group's invite link; ended with "off". "ask" and "open" say who lets in those who agreed to the covenant.

    A link works for as long as it isn't ended, whether posts come or not.
    """
    group, wish = asked.group, asked.text.lower()
    if group is None or not (group.is_served or (wish == "off" and group.state in APPROVED_STATES)):
        return not_served_told(asked)
    try:
        match wish:
            case "":
                return await _link(vigil, asked, group)
            case "off":
                return await _end(vigil, asked, group)
            case "ask" | "open" as who:
                await vigil.inviting.set_asks_admin(group, asks=who == "ask")
                return Outgoing(asked.words.html("invite.asks_now" if who == "ask" else "invite.opens_now"))
    except NoRightError:
        return Outgoing(asked.words.html("invite.no_right"))
    return Outgoing(asked.words.html("usage.invite"))


async def _link(vigil: Vigil, asked: Asked, group: Group) -> Outgoing:
    live = await vigil.inviting.link(group)
    key = "invite.asks" if group.asks_admin else "invite.opens"
    share = share_button(live.link, asked.words)
    return Outgoing(asked.words.html(key, link=live.link, count=live.uses), ((share,),))


async def _end(vigil: Vigil, asked: Asked, group: Group) -> Outgoing:
    ended = await vigil.inviting.end(group)
    if ended is None:
        return Outgoing(asked.words.html("invite.none"))
    return Outgoing(asked.words.html("invite.ended", count=ended.uses))


async def agree(vigil: Vigil, tap: Tap) -> str | None:
    """Whoever asked to join agrees to the covenant."""
    number, _, token = tap.about.partition(":")
    entry = await vigil.inviting.agreed(int(number), token, tap.user_id, tap.message_id, tap.words)
    return _refusal(tap, entry)


async def let_in(vigil: Vigil, tap: Tap) -> str | None:
    """An admin lets somebody in who agreed."""
    return await _decide(vigil, tap, let_in=True)


async def turn_away(vigil: Vigil, tap: Tap) -> str | None:
    """An admin doesn't."""
    return await _decide(vigil, tap, let_in=False)


async def _decide(vigil: Vigil, tap: Tap, *, let_in: bool) -> str | None:
    invite_id, _, user_id = tap.about.partition(":")
    # A forged decision would stand written in whatever message it names.
    if tap.group is None or not tap.asked.true_button:
        return tap.words.plain("tap.unknown")
    if not tap.group.is_served:
        return tap.words.plain("tap.join_resting")
    ids = tap.message_id, int(invite_id), int(user_id)
    entry = await vigil.inviting.decided(tap.group, *ids, let_in=let_in)
    return _refusal(tap, entry)


def _refusal(tap: Tap, entry: Entry | None) -> str | None:
    """What is said where the message doesn't say it already."""
    match entry:
        case None:
            return tap.words.plain("tap.unknown")
        case Entry.LOST:
            return tap.words.plain("tap.join_lost")
        case Entry.POWERLESS:
            return tap.words.plain("tap.join_powerless")
        case Entry.RESTING:
            return tap.words.plain("tap.join_resting")
    return None
