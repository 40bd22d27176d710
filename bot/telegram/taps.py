"""Taps on buttons: each is checked against where it was tapped and by whom, at that moment."""

from contextlib import suppress
from dataclasses import dataclass

from bot.domain.month import Month
from bot.domain.regions import Region
from bot.services.messenger import MessengerError, Outgoing
from bot.services.retracting import Why
from bot.services.words import Words
from bot.telegram import calendar
from bot.telegram.asked import Asked
from bot.telegram.direct import forgotten
from bot.telegram.members import answer_region
from bot.telegram.operators import ask_why
from bot.telegram.speaking import reply
from bot.telegram.vigil import Vigil


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap on a button of the message `message_id` in the chat `chat_id`. `data` is what the button was given.

    `words` are the person's own.
    """

    chat_id: int
    message_id: int
    user_id: int
    direct: bool
    data: str
    words: Words


async def answer_tap(vigil: Vigil, tap: Tap) -> str | None:
    """Do what the button says; the words that Telegram shows to whoever tapped."""
    action, _, about = tap.data.partition(":")
    match action:
        case "pray" if about.isdecimal() and len(about) < 19:
            return await _pray(vigil, tap, int(about))
        case "approve" | "decline" if about.isdecimal() and len(about) < 19:
            return await _decide(vigil, tap, int(about), approve=action == "approve")
        case "region" if about in Region.__members__:
            return await _region(vigil, tap, Region[about])
        case "mine" | "slip" if (month := Month.parse(about)) is not None:
            return await _days(vigil, tap, month, slips=action == "slip")
        case "undo" if about.isdecimal() and len(about) < 19:
            return await _undo(vigil, tap, int(about))
        case "forget" if about in ("me", "nothing"):
            return await _forget(vigil, tap, forget=about == "me")
        case "retract":
            return await _retract(vigil, tap, about)
    return tap.words.plain("tap.unknown")


async def _pray(vigil: Vigil, tap: Tap, post_id: int) -> str:
    if tap.direct:
        group = await vigil.asking.group_of(tap.user_id)
        marked = await vigil.praying.prayed(group, post_id, tap.user_id) if group else None
    else:
        marked = await vigil.praying.tap(post_id, tap.chat_id, tap.message_id, tap.user_id)
    if marked is None:
        return tap.words.plain("tap.unknown")
    if marked.count is None:
        return tap.words.plain("tap.thanks" if marked.new else "tap.again")
    return tap.words.plain("tap.counted", count=marked.count) if marked.new else tap.words.plain("tap.again")


async def _decide(vigil: Vigil, tap: Tap, group_id: int, *, approve: bool) -> str:
    if tap.user_id not in vigil.operators and tap.chat_id not in vigil.operators:
        return tap.words.plain("tap.not_operator")
    decided = await vigil.groups.decide(group_id, approve=approve)
    # The decision is stored; buttons that stay say "decided before".
    with suppress(MessengerError):
        await vigil.messenger.edit_buttons(tap.chat_id, tap.message_id, ())
    if not decided:
        return tap.words.plain("tap.decided")
    return tap.words.plain("tap.approved" if approve else "tap.declined")


async def _retract(vigil: Vigil, tap: Tap, about: str) -> str | None:
    """An operator has chosen a request, then a reason; or keeps it."""
    if not tap.direct or tap.user_id not in vigil.operators:
        return tap.words.plain("tap.not_operator")
    number, _, why = about.partition(":")
    if about == "keep":
        outgoing = Outgoing(tap.words.html("retract.kept"))
    elif not number.isdecimal() or len(number) > 18 or why not in ("", *Why):
        return tap.words.plain("tap.unknown")
    elif not why:
        outgoing = await ask_why(vigil, int(number), tap.words)
    else:
        begun = await vigil.retracting.retract(int(number), Why(why), tap.chat_id)
        outgoing = Outgoing(tap.words.html("retract.begun" if begun else "retract.before"))
    await _show(vigil, tap, outgoing)
    return None


async def _days(vigil: Vigil, tap: Tap, month: Month, *, slips: bool = False) -> str | None:
    """Another page of a person's own days, or which of them can be undone."""
    group = await vigil.asking.group_of(tap.user_id) if tap.direct else None
    if group is None:
        return tap.words.plain("tap.unknown")
    days = await vigil.mine.days(group, tap.user_id, month)
    await _show(vigil, tap, calendar.slips(days, tap.words) if slips else calendar.page(days, tap.words))
    return None


async def _undo(vigil: Vigil, tap: Tap, post_id: int) -> str | None:
    group = await vigil.asking.group_of(tap.user_id) if tap.direct else None
    if group is None:
        return tap.words.plain("tap.unknown")
    day = await vigil.mine.undo(group, tap.user_id, post_id)
    if day is None:
        return tap.words.plain("tap.unmarked")
    days = await vigil.mine.days(group, tap.user_id, Month.of(day))
    await _show(vigil, tap, calendar.page(days, tap.words))
    return tap.words.plain("tap.undone")


async def _forget(vigil: Vigil, tap: Tap, *, forget: bool) -> str | None:
    if not tap.direct:
        return tap.words.plain("tap.unknown")
    kept = Outgoing(tap.words.html("forget.kept"))
    await _show(vigil, tap, await forgotten(vigil, tap.user_id, tap.words) if forget else kept)
    return None


async def _show(vigil: Vigil, tap: Tap, outgoing: Outgoing) -> None:
    """Write it in place of the message with the button. What was done is stored, whether this can be shown or not."""
    with suppress(MessengerError):
        await vigil.messenger.edit(tap.chat_id, tap.message_id, outgoing)


async def _region(vigil: Vigil, tap: Tap, region: Region) -> str | None:
    group = await vigil.asking.group_of(tap.user_id) if tap.direct else await vigil.groups.by_chat(tap.chat_id)
    if group is None or not group.is_served:
        return tap.words.plain("tap.unknown")
    words = tap.words if tap.direct else vigil.languages.of(group.language)
    asked = Asked(tap.chat_id, tap.message_id, None, tap.direct, tap.user_id, False, "", words, group)
    outgoing = await answer_region(vigil, asked, region)
    if outgoing is not None:
        await reply(vigil, asked, outgoing)
    return None
