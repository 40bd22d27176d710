"""Saying something in a group's topic, or in General where that topic is closed or gone."""

from dataclasses import replace

from bot.domain.group import Group
from bot.services.ending import TOPIC_TROUBLES
from bot.services.messenger import ChatClosedError, Messenger, Outgoing
from bot.services.pacing import Lane, Pace


async def say(messenger: Messenger, pace: Pace, group: Group, message: Outgoing, lane: Lane = Lane.ANSWER) -> int:
    """Send what isn't a post where the group's posts go; its message id. Raises MessengerError.

    A post waits for its topic; what the group's people must hear does not.
    """
    await pace.turn(group.chat_id, lane)
    try:
        return await messenger.send(group.chat_id, replace(message, thread_id=group.topic_id))
    except ChatClosedError as error:
        if group.topic_id is None or error.reason not in TOPIC_TROUBLES:
            raise
    await pace.turn(group.chat_id, lane, follows=True)
    return await messenger.send(group.chat_id, message)
