"""Taps on buttons: each is checked against where it was tapped and by whom, at that moment."""

from contextlib import suppress
from dataclasses import dataclass

from bot.domain.regions import Region
from bot.services.messenger import MessengerError, Outgoing
from bot.services.retracting import Why
from bot.services.words import Words
from bot.telegram.asked import Asked
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
        case "retract":
            return await _retract(vigil, tap, about)
    return tap.words.plain("tap.unknown")


async def _pray(vigil: Vigil, tap: Tap, post_id: int) -> str:
    marked = await vigil.praying.tap(post_id, tap.chat_id, tap.message_id, tap.user_id)
    if marked is None:
        return tap.words.plain("tap.unknown")
    return tap.words.plain("tap.counted", count=marked.count) if marked.new else tap.words.plain("tap.again")


async def _decide(vigil: Vigil, tap: Tap, group_id: int, *, approve: bool) -> str:
    if tap.user_id not in vigil.operators and tap.chat_id not in vigil.operators:
        return tap.words.plain("tap.not_operator")
    decided = await vigil.groups.decide(group_id, approve=approve, by=tap.user_id)
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
        begun = await vigil.retracting.retract(int(number), Why(why), tap.chat_id, tap.user_id)
        outgoing = Outgoing(tap.words.html("retract.begun" if begun else "retract.before"))
    # What was chosen is stored; the buttons would only be tapped again.
    with suppress(MessengerError):
        await vigil.messenger.edit(tap.chat_id, tap.message_id, outgoing)
    return None


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
