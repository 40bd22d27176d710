"""The texts that the bot speaks in, and the commands that they name."""

import re
from collections.abc import Iterator

from bot.services.words import Languages
from bot.settings import TEXTS

LANGUAGES = Languages.load(TEXTS, "en")
WORDS = LANGUAGES.default

# What of a sentence belongs to the command that it names: words for people follow it.
BEHIND = {
    "time": r"[\d:]+",
    "timezone": r"[\w/]+",
    "days": r"[\w,-]+\w",
    "pause": r"\d{4}-\d\d-\d\d|\d+ \w+",
    "topic": "here|general",
    "language": r"\w\w(?= —|$)",
    "invite": "off|ask|open",
    "remind": r"[\d:]+|off",
    "region": r"\w+",
    "country": r"\w+",
}


def examples(text: str) -> Iterator[str]:
    """The commands that a text names, with what stands behind them."""
    for name, rest in re.findall(r"(?<![\w<])/([a-z]+)(?=(?: ([^\n]*))?)", text):
        behind = re.match(BEHIND.get(name, "(?!)"), rest)
        yield f"/{name} {behind[0]}" if behind else f"/{name}"
