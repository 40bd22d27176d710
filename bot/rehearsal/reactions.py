"""Reactions: which emoji there are, and what the bot is told of them."""

from typing import Any

from bot.rehearsal.messages import Message
from bot.rehearsal.people import Person
from bot.rehearsal.state import State

# Those that Telegram offers, spelled as in its messages: no variation selector but within a sequence.
SEQUENCES = frozenset({"❤️‍🔥", "👨‍💻", "🤷‍♂️", "🤷‍♀️"})
EMOJI = SEQUENCES | frozenset(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓"
    "🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡"
)


def set_reaction(state: State, person: Person, message: Message, emoji: str | None) -> None:
    """Replaces a person's reaction, or takes it back (None). Only an admin bot is told, one that asked for it."""
    chat = message.chat
    old = message.reactions.pop(person.id, None)
    if emoji:
        message.reactions[person.id] = emoji
    if not chat.is_admin(state.bot) or old == emoji:
        return
    who: dict[str, Any] = {"user": person.as_json()}
    if chat.member(person).anonymous:
        who = {"actor_chat": chat.as_json()}
    body = {
        "chat": chat.as_json(),
        "message_id": message.id,
        "date": int(state.clock().timestamp()),
        "old_reaction": _reactions(old),
        "new_reaction": _reactions(emoji),
    }
    state.updates.put("message_reaction", body | who)


def _reactions(emoji: str | None) -> list[dict[str, str]]:
    return [{"type": "emoji", "emoji": emoji}] if emoji else []
