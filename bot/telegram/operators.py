"""Buttons for operators: a group that waits is decided about."""

from contextlib import suppress

from bot.services.messenger import MessengerError
from bot.telegram.overseeing import show_anew
from bot.telegram.tap import Tap
from bot.telegram.vigil import Vigil


async def approve(vigil: Vigil, tap: Tap) -> str | None:
    """Let a group begin."""
    return await _decide(vigil, tap, approve=True)


async def decline(vigil: Vigil, tap: Tap) -> str | None:
    """Let the bot leave a group."""
    return await _decide(vigil, tap, approve=False)


async def _decide(vigil: Vigil, tap: Tap, *, approve: bool) -> str:
    number, _, on_card = tap.about.partition(":")
    decided = await vigil.onboarding.decide(int(number), approve=approve, by=tap.user_id)
    if on_card:
        await show_anew(vigil, tap)
    else:
        # The decision is stored; buttons that stay say "decided before".
        with suppress(MessengerError):
            await vigil.messenger.edit_buttons(tap.chat_id, tap.message_id, ())
    if not decided:
        return tap.words.plain("tap.decided")
    return tap.words.plain("tap.approved" if approve else "tap.declined")
