"""What people do for themselves in their direct chats: look at their own days, be reminded, be forgotten."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict

from bot.domain.group import Group
from bot.domain.hours import parse_hour
from bot.domain.month import Month
from bot.services.messenger import Button, MessengerError, Outgoing
from bot.services.mine import Days
from bot.services.reminding import is_too_early, later_than
from bot.services.words import Words
from bot.telegram import calendar
from bot.telegram.asked import Asked
from bot.telegram.tap import Tap
from bot.telegram.vigil import Vigil


async def mine(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """This month's own days."""
    if asked.group is None or asked.user_id is None:
        return None
    return calendar.page(await vigil.mine.days(asked.group, asked.user_id), asked.words)


async def remind(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """Be reminded at an hour, or no more; without either, how it stands."""
    group, user_id, words = asked.group, asked.user_id, asked.words
    if group is None or user_id is None:
        return None
    if asked.text.lower() == "off":
        ended = await vigil.reminding.end(user_id)
        return Outgoing(words.html("remind.ended" if ended else "remind.none"))
    if asked.text:
        try:
            begun = await vigil.reminding.begin(group, user_id, parse_hour(asked.text))
        except ValueError:
            return Outgoing(words.html("usage.remind"))
        if not begun:
            return Outgoing(_too_early(group, words))
    reminder = await vigil.reminding.of(user_id)
    if reminder is None:
        return Outgoing(words.html("remind.none"))
    if is_too_early(reminder.at, group):
        return Outgoing(_too_early(group, words))
    return Outgoing(words.html("remind.at", at=words.clock(reminder.at), zone=group.zone.key))


def _too_early(group: Group, words: Words) -> str:
    later = words.clock(later_than(group.at))
    return words.html("remind.too_early", at=words.clock(group.at), zone=group.zone.key, later=later)


async def forgetme(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """Say what will go, and ask."""
    forget = Button(asked.words.plain("button.forget"), data="forget:me")
    stay = Button(asked.words.plain("button.stay"), data="forget:nothing")
    keys = ["forget.sure"]
    if asked.user_id is not None and await vigil.people.is_editor(asked.user_id):
        keys.append("forget.editor")
    return Outgoing("\n\n".join(map(asked.words.html, keys)), ((forget,), (stay,)))


async def turn_page(vigil: Vigil, tap: Tap) -> str | None:
    """Another month of own days."""
    return await _show_days(vigil, tap, calendar.page)


async def choose_slip(vigil: Vigil, tap: Tap) -> str | None:
    """A month's days that can be undone."""
    return await _show_days(vigil, tap, calendar.slips)


async def _show_days(vigil: Vigil, tap: Tap, shown: Callable[[Days, Words], Outgoing]) -> str | None:
    if tap.group is None:
        return None
    days = await vigil.mine.days(tap.group, tap.user_id, Month.parse(tap.about))
    await vigil.messenger.edit(tap.chat_id, tap.message_id, shown(days, tap.words))
    return None


async def undo(vigil: Vigil, tap: Tap) -> str | None:
    """A day was a slip: its mark is taken off."""
    day = await vigil.mine.undo(tap.group, tap.user_id, int(tap.about)) if tap.group else None
    if tap.group is None or day is None:
        return tap.words.plain("tap.unmarked")
    days = await vigil.mine.days(tap.group, tap.user_id, Month.of(day))
    await _put(vigil, tap, calendar.page(days, tap.words))
    return tap.words.plain("tap.undone")


async def choose_forgetting(vigil: Vigil, tap: Tap) -> str | None:
    """Forget the person, and say how much of what there was; or change nothing."""
    if tap.about == "nothing":
        await _put(vigil, tap, Outgoing(tap.words.html("forget.kept")))
        return None
    gone = await vigil.forgetting.forget(tap.user_id)
    await _put(vigil, tap, Outgoing(tap.words.html("forget.done", **asdict(gone))))
    return None


async def _put(vigil: Vigil, tap: Tap, outgoing: Outgoing) -> None:
    """Write it in place of the message with the button. What was done is stored, whether that succeeds or not."""
    with suppress(MessengerError):
        await vigil.messenger.edit(tap.chat_id, tap.message_id, outgoing)
