"""What people do for themselves in their direct chats: look at their own days, be reminded, be forgotten."""

from bot.domain.hours import parse_hour
from bot.services.messenger import Button, Outgoing
from bot.services.words import Words
from bot.telegram import calendar
from bot.telegram.asked import Asked
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
            await vigil.reminding.begin(group, user_id, parse_hour(asked.text))
        except ValueError:
            return Outgoing(words.html("usage.remind"))
    reminder = await vigil.reminding.of(user_id)
    if reminder is None:
        return Outgoing(words.html("remind.none"))
    return Outgoing(words.html("remind.at", at=words.clock(reminder.at), zone=group.zone.key))


async def forgetme(_vigil: Vigil, asked: Asked) -> Outgoing | None:
    """Say what will go, and ask."""
    forget = Button(asked.words.plain("button.forget"), data="forget:me")
    stay = Button(asked.words.plain("button.stay"), data="forget:nothing")
    return Outgoing(asked.words.html("forget.sure"), ((forget,), (stay,)))


async def forgotten(vigil: Vigil, user_id: int, words: Words) -> Outgoing:
    """Forget the person; what there was."""
    gone = await vigil.forgetting.forget(user_id)
    return Outgoing(
        words.html(
            "forget.done",
            marks=gone.marks,
            reminders=gone.reminders,
            bindings=gone.bindings,
            messages=gone.messages,
        )
    )
