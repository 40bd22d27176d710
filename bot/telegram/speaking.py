"""Replying to a person, at Telegram's pace."""

import logging
from dataclasses import replace
from functools import partial

from bot.services.messenger import MessengerError, Outgoing
from bot.services.pacing import SOON_SECONDS
from bot.telegram.asked import Asked
from bot.telegram.vigil import Vigil

log = logging.getLogger(__name__)


async def reply(vigil: Vigil, asked: Asked, outgoing: Outgoing) -> int | None:
    """Send an answer to where it was asked, without a sound in groups; its message id.

    One that can't be sent soon is only logged: None.
    """
    message = replace(outgoing, silent=not asked.direct, thread_id=asked.thread_id)
    try:
        await vigil.pace.turn(asked.chat_id, at_most=SOON_SECONDS)
        message_id = await vigil.messenger.send(asked.chat_id, message)
    except MessengerError as error:
        log.info("a reply was not sent: %s", type(error).__name__)
        return None
    if outgoing.sets_up and asked.group is not None:
        await vigil.groups.set_up_by(asked.group, message_id)
    return message_id


async def say_once(vigil: Vigil, asked: Asked, outgoing: Outgoing, heading: str = "") -> Outgoing | None:
    """Say it in a group, unless it was said there within the hour; what is still to be replied, if anything.

    That is a word that points at what stands; in a direct chat, where nobody else is disturbed, the answer itself.
    `heading` is HTML for whoever asks now: it stands above either, and makes no other answer of what it stands above.
    """
    answer = _under(heading, outgoing)
    if asked.direct or outgoing.reply_to is not None:
        return answer
    say = partial(reply, vigil, asked, answer)
    standing = await vigil.replying.once(asked.chat_id, asked.thread_id, outgoing.html, say)
    return _under(heading, Outgoing(asked.words.html("ask.stands"), reply_to=standing)) if standing else None


def _under(heading: str, outgoing: Outgoing) -> Outgoing:
    return replace(outgoing, html=f"{heading}\n\n{outgoing.html}") if heading else outgoing
