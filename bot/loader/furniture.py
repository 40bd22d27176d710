"""What a page, a mail or a chat brings along that is no text of a bulletin: addresses, captions, links, counters."""

import re

from bot.loader.daywords import WEEKDAY
from bot.loader.kinds import speaks_of_prayer

_ADDRESS = re.compile(
    r"^©|[\w.+-]@[\w-]{1,64}\.\w|https?://|\bwww\.|(?<!\w)\+?\(?\d{2,4}\)?[ .-]?\d{3}[ .-]\d{3,4}\b"
    r"|(?<!\w)(?:\+\d{1,3} ?|\(?0)\d{1,4}\)?(?:[ .-]\d{3,4}){2}\b"  # "Tel: 020 7946 0018"
    r"|\b[Tt]ext [A-Z]{3,20} to \d"  # "Text PRAY to 55501"
)
_SIGN = re.compile(r"[©@/\d]")  # one of these, or "www.", is in each
_LONGEST = 120
_LONGEST_PAGE = 90
_LONGEST_WITH_ADDRESS = 400
_LINK = re.compile(r"\[[^\[\]]{0,200}\]\([^()\s]{0,500}\)")
_FOOTNOTE = re.compile(r"\*+ ?[^*]*\b(?:names?|pseudonyms?|identit(?:y|ies))\b", re.IGNORECASE)
_CAPTION = re.compile(
    r"\[?(?:image|photo|picture|pictured|video|caption|banner)s?(?: (?:above|below|left|right))? ?[:\]]"
    r"|(?:\w+ )?(?:image|photo|picture|slide) \d+ (?:of|/) \d+$",
    re.IGNORECASE,
)
_PAGE = re.compile(
    r"[-–—]? ?page \d+(?: (?:of|/) \d+)? ?[-–—]?|[-–—] ?\d+ ?[-–—]|\d+ ?/ ?\d+"
    r"|[^.!?]{1,60} (?:[|·•–—-] ?)?page \d+ (?:of|/) \d+",
    re.IGNORECASE,
)
_HEADER = re.compile(r"(?:From|To|Cc|Bcc|Sent|Reply-To|Attachments?|Importance): |On \w[^:]{5,60}\d:\d\d.* wrote:$")
_COUNTED = frozenset(
    ("like", "likes", "comment", "comments", "share", "shares", "view", "views", "reply", "replies", "reaction",
     "reactions", "seen", "by", "d", "h", "w", "m", "k", "ago", "days", "hours", "minutes")
)  # fmt: skip
_NETWORKS = frozenset(
    ("facebook", "twitter", "x", "instagram", "youtube", "linkedin", "whatsapp", "telegram", "pinterest", "tiktok",
     "vimeo", "email", "print", "share", "tweet", "follow", "us", "on")
)  # fmt: skip
_BETWEEN_LINKS = re.compile(r" [|·•] ")
_FEWEST_LINKS = 3  # "Share: Facebook | Twitter", "Home | About | Give"
_COUNTERS = re.compile(r"[^\W\d_]+|\d+")
_LONGEST_COUNTERS = 60
# "Home > Pray > Archive"
_TRAIL = re.compile(r"[^.!?:>›»]{1,40}(?: [>›»] [^.!?:>›»]{1,40}){1,6}$")
_BESIDE = re.compile(r"(?:previous|next|older|newer) (?:post|article|entry|page|story): ", re.IGNORECASE)
_REACTIONS = re.compile(r"(?::[\w+-]{1,30}: ?\d{0,4} ?)+")
_NAME = r"[^\W\d_][\w.'’-]{0,30}(?: [^\W\d_][\w.'’-]{0,30}){0,3}"
_SENT_DAY = rf"(?:(?:{WEEKDAY}|today|yesterday)(?: at)?|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}),? "
_TIME = r"\d{1,2}:\d\d"
# A name needs more beside it than a time: "Isaiah 1:17" is none of a message.
_STAMP = re.compile(
    rf"{_NAME}, \[{_SENT_DAY}{_TIME}\]|(?:{_NAME},? )?{_SENT_DAY}{_TIME}(?: ?[ap]m)?|(?:{_NAME},? )?{_TIME} ?[ap]m"
    rf"|{_TIME}",
    re.IGNORECASE,
)
_BEGINNINGS = (
    (_FOOTNOTE, "a footnote"),
    (_CAPTION, "a caption"),
    (_HEADER, "a mail's header"),
    (_TRAIL, "where a page stands on its site"),
)


def furniture(text: str) -> str | None:
    """Return the rule by which a paragraph is a page's furniture, None for text."""
    if text.startswith("[") and "](" in text and not any(map(str.isalnum, _LINK.sub("", text))):
        return "nothing but links"
    if len(text) > _LONGEST:
        return None
    if (_SIGN.search(text) or "www." in text) and _ADDRESS.search(text):
        return "an address or a copyright line"
    return next((rule for pattern, rule in _BEGINNINGS if pattern.match(text)), None) or _of_page(text)


def _of_page(text: str) -> str | None:
    if is_page_number(text):
        return "a page's number"
    if leads_elsewhere(text):
        return "a link to another page"
    if _is_tags(text):
        return "nothing but tags"
    if _are_links(text):
        return "links beside one another"
    return "a page's counters" if _counts(text) else None


def reactions(text: str) -> str | None:
    """Return the rule for a line of nothing but reactions, as ":pray: 6 :heart: 3"; None for others."""
    return "reactions of a chat" if text.startswith(":") and _REACTIONS.fullmatch(text) else None


def is_stamp(text: str) -> bool:
    """Tell whether a line says who wrote a message and when, as "Ann Lee 8:15 AM", or only when it was."""
    return len(text) <= _LONGEST_COUNTERS and ":" in text and _STAMP.fullmatch(text) is not None


def is_page_number(text: str) -> bool:
    """Tell whether a line is nothing but a page's number."""
    return len(text) <= _LONGEST_PAGE and _PAGE.fullmatch(text) is not None


def leads_elsewhere(text: str) -> bool:
    """Tell whether a line is a link to the page before or behind: "← Pray for rain", "Next post: Pray for Lima"."""
    if len(text) > _LONGEST:
        return False
    points_back = text.startswith("←") or (text.startswith("«") and "»" not in text)
    return (
        points_back or _BESIDE.match(text) is not None or text.endswith("→") or (text.endswith("»") and "«" not in text)
    )


def sends_elsewhere(text: str) -> bool:
    """Tell whether a text that isn't long holds a mail address or a link."""
    if len(text) > _LONGEST_WITH_ADDRESS or not ("@" in text or "://" in text or "www." in text):
        return False
    return _ADDRESS.search(text) is not None


def _is_tags(text: str) -> bool:
    """Tell whether a line is nothing but tags, as "#prayer #justice"; a single one may be a heading."""
    tags = text.split() if text.startswith("#") else []
    return len(tags) > 1 and all(len(tag) > 1 and tag[0] == "#" and tag[1] != "#" for tag in tags)


def _are_links(text: str) -> bool:
    """Tell whether a line is a page's links beside one another: "Home | About | Give", "Facebook Twitter E-mail"."""
    if text.endswith((".", "!", "?")):
        return False
    links = _BETWEEN_LINKS.split(text)
    if len(links) >= _FEWEST_LINKS:
        is_title = speaks_of_prayer(text) and any(" " in link for link in links)  # "Open Gate | Weekly Prayer | May"
        return not is_title and not any(f"{sign} " in text for sign in ".!?")
    said = _COUNTERS.findall(text.casefold().replace("e-mail", "email"))
    return len(said) >= _FEWEST_LINKS and all(word in _NETWORKS for word in said)


def _counts(text: str) -> bool:
    """Tell whether a line only counts what readers did, as "214 likes 6 comments", or how long ago: "2d"."""
    if len(text) > _LONGEST_COUNTERS or text.endswith((".", "!", "?")) or not any(map(str.isdecimal, text)):
        return False
    said = _COUNTERS.findall(text.casefold())
    return all(word.isdecimal() or word in _COUNTED for word in said)
