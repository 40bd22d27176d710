"""Replying to a person, at Telegram's pace."""

import logging
from dataclasses import replace
from functools import partial

from bot.services.messenger import MessageLostError, MessengerError, Outgoing
from bot.telegram.asked import Asked
from bot.telegram.vigil import Vigil

log = logging.getLogger(__name__)


async def reply(vigil: Vigil, asked: Asked, outgoing: Outgoing) -> int | None:
    """Send an answer to where it was asked, without a sound in groups; its message id.

    One that can't be sent soon is only logged: None. MessageLostError: what it points at was deleted.
    """
    message = replace(outgoing, silent=not asked.direct, thread_id=asked.thread_id)
    try:
        await vigil.pace.turn(asked.chat_id)
        message_id = await vigil.messenger.send(asked.chat_id, message)
    except MessageLostError:
        raise
    except MessengerError as error:
        log.info("a reply was not sent: %s", type(error).__name__)
        return None
    if outgoing.sets_up and asked.group is not None:
        await vigil.groups.set_up_by(asked.group, message_id)
    return message_id


async def say_once(vigil: Vigil, asked: Asked, outgoing: Outgoing, heading: str = "") -> Outgoing | None:
    """Say it in a group, unless it was said there within the hour and stands: that is pointed at.

    What is still to be replied, if anything: in a direct chat, where nobody else is disturbed, the answer itself.
    `heading` is HTML for whoever asks now: it stands above either, and makes no other answer of what it stands above.
    """
    answer = _under(heading, outgoing)
    if asked.direct:
        return answer
    say = partial(reply, vigil, asked, answer)
    while True:
        standing = await vigil.replying.once(asked.chat_id, asked.thread_id, outgoing.html, say)
        above = Outgoing(asked.words.html("ask.stands"), reply_to=standing)
        if standing is None or await points(vigil, asked, above, heading):
            return None


async def points(vigil: Vigil, asked: Asked, outgoing: Outgoing, heading: str = "") -> bool:
    """Reply with a word that points at a message; False if that was deleted. Then it isn't pointed at again."""
    try:
        await reply(vigil, asked, _under(heading, outgoing))
    except MessageLostError:
        if outgoing.reply_to is not None:
            await vigil.replying.missing(asked.chat_id, outgoing.reply_to)
        return False
    return True


def _under(heading: str, outgoing: Outgoing) -> Outgoing:
    return replace(outgoing, html=f"{heading}\n\n{outgoing.html}") if heading else outgoing
