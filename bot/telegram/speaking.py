"""Replying to a person, at Telegram's pace."""

import logging
from dataclasses import replace

from bot.services.messenger import MessengerError, Outgoing
from bot.telegram.asked import Asked
from bot.telegram.vigil import Vigil

log = logging.getLogger(__name__)

# Few updates are handled at a time: one busy chat must not keep the others waiting.
PATIENCE_SECONDS = 5.0


async def reply(vigil: Vigil, asked: Asked, outgoing: Outgoing) -> None:
    """Send an answer to where it was asked, without a sound in groups. One that can't be sent soon is only logged."""
    message = replace(outgoing, silent=not asked.direct, thread_id=asked.thread_id)
    try:
        await vigil.pace.turn(asked.chat_id, at_most=PATIENCE_SECONDS)
        await vigil.messenger.send(asked.chat_id, message)
    except MessengerError as error:
        log.info("a reply was not sent: %s", type(error).__name__)
