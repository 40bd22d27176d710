"""Text that asks something else of its readers than prayer: what not to share, what to give, where to sign up.

It is told by how it speaks, as no list of an organisation's own sentences is ever complete. Nothing here is asked about
a text that invites to pray.
"""

import re
from collections.abc import Set

from bot.loader.lines import holds_one

_SPREAD = (
    r"(?:shar(?:e|ed|ing)|post(?:ed|ing)?|publish(?:ed|ing)?|forward(?:ed|ing)?|cop(?:y|ied|ying)|circulat(?:e|ed|ing)"
    r"|re-?post(?:ed|ing)?|reproduc(?:e|ed|ing)|photograph(?:ed|ing)?|distribut(?:e|ed|ing)|print(?:ed|ing)?"
    r"|quot(?:e|ed|ing)|upload(?:ed|ing)?|put|pass(?:ed|ing)?|leav(?:e|ing)|display(?:ed|ing)?|disclos(?:e|ed|ing))"
)
_ONLINE = (
    r"(?:online|internet|web ?sites?|the web|web ?pages?|social (?:media|networks?)|socials|facebook|whatsapp"
    r"|public(?:ly)?)"
)
_PAPER = (
    r"(?:requests?|prayers?|points?|items?|list|sheet|letter|newsletter|bulletin|diary|e-?mail|mail|message|page|post"
    r"|updates?|stories|details|information|names|notes?|material|attachments?)"
)
_ITSELF = re.compile(
    rf"\b(?:this|these) (?:[\w-]+ )?{_PAPER}\b|\b{_PAPER} (?:above|below)\b|\b(?:above|following) {_PAPER}\b",
    re.IGNORECASE,
)
# Who forbids speaks to readers; "she was told not to post it" is told of somebody.
_FORBIDS = re.compile(
    rf"(?:(?:^|[.!?:;–—] ?)(?:(?:but|and|so|please|pls|kindly)[, ]{{1,2}}){{0,3}}|\b(?:please|pls|kindly) )"
    rf"(?:do not|don['’]t|never(?! to)|avoid|refrain from)\b[^.!?]{{0,60}}\b{_SPREAD}\b"
    rf"|\bask(?:ed)? (?:that )?(?:you )?(?:to )?not (?:to )?\b[^.!?]{{0,40}}\b{_SPREAD}\b",
    re.IGNORECASE,
)
# "Don't leave them" may be said of people, "don't forward" only of what is read.
_SPREADS_IT = re.compile(
    rf"\b(?:share|sharing|post|posting|publish\w*|forward\w*|re-?post\w*|reproduc\w+|circulat\w+|upload\w*)\b"
    rf"|\b{_SPREAD} (?:it|this|any of)\b|\b{_ONLINE}\b",
    re.IGNORECASE,
)
_KEPT_AWAY = re.compile(
    rf"\bkeep\b[^.!?]{{0,60}}\b(?:off|away from|out of) (?:the |any |all |your )?{_ONLINE}\b"
    r"|\bkeep\b[^.!?]{0,60}\bconfidential\b"
    r"|\bnot for (?:post|publ|shar|circulat|distribut|the public|the internet|print|forward)\w*",
    re.IGNORECASE,
)
_WORDS_THAT_FORBID = frozenset(("not", "don", "never", "avoid", "refrain", "keep"))  # one of these is in each

_OFFERS = re.compile(
    r"(?:^|[.!?:;] )(?:please |kindly |to [^.!?,]{1,60}, ){0,2}"
    r"(?:donate|give (?:online|now|today|here|monthly|at)|subscribe|sign up|register|rsvp|order"
    r"|book (?:your|a|now|by|tickets?)"
    r"|download|click|tap|swipe|scan|join us (?:for|on|at|online|this|next|as we)|save the date|follow us"
    r"|watch (?:the|our|a|it)|listen to|read (?:more|on|the|our)|keep reading|learn more|find out more|contact|e-?mail"
    r"|visit (?:our|us|www|http)|call us|speak to|talk to|get in touch|write to|apply (?:now|by|here|online)|tickets?"
    r"|available (?:now|from|at)|new in our|(?:our )?next meeting|doors open)\b",
    re.IGNORECASE,
)
_WORDS_OF_OFFERS = frozenset(
    ("donate", "give", "subscribe", "sign", "register", "rsvp", "order", "book", "download", "click", "tap", "swipe",
     "scan", "join", "save", "follow", "watch", "listen", "read", "reading", "learn", "find", "contact", "e", "email",
     "visit", "call", "speak", "talk", "get", "write", "apply", "tickets", "ticket", "available", "new", "next",
     "doors")
)  # fmt: skip
# One of these is in each text that speaks to its readers.
_WORDS_OF_ADDRESS = (
    "you", "this ", "these ", "above", "below", "following", "register", "donate", "subscribe", "sign up", "download",
    "click", "join us", "contact", "mail", "visit", "ticket", "order", "book", "watch", "listen", "find out",
    "write to",
)  # fmt: skip
# With its colon it announces; "next meeting with the minister" is told.
_ANNOUNCES = re.compile(
    r"(?:our |the )?(?:next meeting|prayer meeting|save the date|reminder|announcements?|notices?|diary dates?) ?: ?\w",
    re.IGNORECASE,
)
_MEANS = re.compile(
    r"https?://|\bwww\.|@[\w-]|\bhere\b|[$£€] ?\d|\d ?[ap]\.?m\b|\bQR\b|\blink in bio\b|\b\d{3}[ .-]\d{3,4}\b",
    re.IGNORECASE,
)
_YOU = re.compile(r"\b(?:you|your|yours)\b", re.IGNORECASE)
_ASKS_READERS = re.compile(
    r"(?:if|in case) you\b|(?:would|will|could|can|did|do|have|are|were|want|interested)\b(?=[^.!?]{0,60}\byou\b)"
    r"[^.!]{0,120}\?",
    re.IGNORECASE,
)
_MEETING = re.compile(
    r"\b(?:zoom|online|livestream|every \w+day|(?:at )?noon|\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m)\b", re.IGNORECASE
)
_TO_PRAYER = re.compile(
    r", (?:please |then |also |do )?(?:pray|praise|thank (?:god|the lord)|give thanks|ask (?:that|for|god|the lord)"
    r"|intercede|rejoice)\b",
    re.IGNORECASE,
)
_TO_GOD = re.compile(r"\b(?:God|Lord|LORD|Father|Jesus|Christ|Saviour|Savior|Spirit|Amen)\b")
_QUOTED = re.compile(r"[“\"][^”\"]{0,400}[”\"]")


def forbids_sharing(text: str, said: Set[str]) -> bool:
    """Tell whether a text, which has these words, asks its readers not to spread what they read."""
    if said.isdisjoint(_WORDS_THAT_FORBID):
        return False
    if _KEPT_AWAY.search(text):
        return True
    return _FORBIDS.search(text) is not None and _SPREADS_IT.search(text) is not None


def offers(text: str, said: Set[str]) -> bool:
    """Tell whether a text, which has these words, sends its readers somewhere and says how: to a shop, a meeting."""
    if _ANNOUNCES.match(text):
        return True
    if "you" in said and _ASKS_READERS.match(text):
        return not _TO_PRAYER.search(text)
    if said.isdisjoint(_WORDS_OF_OFFERS) or not _OFFERS.search(text):
        return False
    return (_MEANS.search(text) or _YOU.search(text)) is not None and not _TO_PRAYER.search(text)


def calls_together(text: str) -> bool:
    """Tell whether a text that invites to pray does so for a time and a place: "Join us in praying on Zoom at noon"."""
    return "join us" in text.casefold() and _MEETING.search(text) is not None


def addresses_readers(text: str) -> bool:
    """Tell whether a text speaks to its readers, or of itself; what it quotes, or says to God, doesn't count."""
    folded = text.casefold()
    if not holds_one(folded, _WORDS_OF_ADDRESS) or _TO_GOD.search(text) or _TO_PRAYER.search(text):
        return False
    said = _QUOTED.sub("", text)
    return (_ITSELF.search(said) or _OFFERS.search(said) or _YOU.search(said)) is not None
