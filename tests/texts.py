"""The texts that the bot speaks in."""

from bot.services.words import Languages
from bot.settings import TEXTS

LANGUAGES = Languages.load(TEXTS, "en")
WORDS = LANGUAGES.default
