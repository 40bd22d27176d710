"""Sharing: how a link that the bot sends is handed on."""

from urllib.parse import quote

from bot.services.messenger import Button
from bot.services.words import Words


def share_button(link: str, words: Words) -> Button:
    """What opens Telegram's own page for sharing, with the link and not a word more.

    What the bot sends can't be forwarded or copied.
    """
    return Button(words.plain("button.share"), url=f"https://t.me/share/url?url={quote(link, safe='')}")
