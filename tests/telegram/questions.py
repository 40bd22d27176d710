"""Commands as handlers get them."""

from bot.domain.group import Group
from bot.telegram.asked import Asked
from tests.stored import CHAT
from tests.texts import WORDS

AMINA = 71


def question(text: str = "", group: Group | None = None, *, direct: bool = False, user_id: int | None = AMINA) -> Asked:
    """A command with this text behind its name."""
    chat_id = AMINA if direct else group.chat_id if group else CHAT
    return Asked(chat_id, 5, None, direct, user_id, user_id is None, text, WORDS, group)
