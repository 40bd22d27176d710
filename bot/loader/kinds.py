"""Whether a point asks for prayer, gives praise, or both."""

import re
from functools import lru_cache

from bot.domain.bulletin import Kind
from bot.loader.lines import caseless, holds_one

# The patterns are for caseless text: telling cases apart, they are found in half the time.
_GOD = r"(?:god|the lord|our lord|lord|jesus|christ|the father|him)\b"

_PRAYER = re.compile(
    # "We have been praying" and "thank you for praying" ask nothing; "groups that have begun to pray" tell of others.
    r"\b(?:praying\b(?<!been praying)(?<!for praying)"
    r"|pray\b(?<!begun to pray)(?<!began to pray)(?<!gathered to pray)(?<!met to pray)(?<!together to pray)"
    rf"|ask(?:ing)? (?:that |for |of )?{_GOD}|intercede\b|we (?:also )?ask (?:for|that)(?! you)\b"
    r"|(?:ask(?:ing)? for|appreciate|need|covet|request) your (?:continued |faithful )?prayers\b"
    r"|prayers? (?:is|are) needed\b|in your (?:thoughts and )?prayers\b|\bbe in prayer\b"
    r"|(?:lift|lifting|remember|hold) [^.!?]{0,80}\bin prayer\b)"
)
_PRAISE = re.compile(
    r"\b(?<!able to )(?<!learn to )(?<!begin to )"
    rf"prais(?:e|ing) (?:and (?:thank|thanks|thanking|glory) )?(?:be |to )*{_GOD}"
    rf"|(?:^|[.!?:] ?)(?:we |please )?praise\b|\bthank(?:s|ing)? (?:be )?(?:to )?{_GOD}"
    r"|\bgiv(?:e|ing) (?:thanks|praise)\b|\bgrateful to (?:god|the lord)\b|\brejoic(?:e|ing)\b|\bglory to god\b"
    r"|\b(?:god|lord|father|jesus)\b[^.!?]{0,60}\bwe (?:thank|praise|bless) you\b"
    r"|\bhallelujah\b|\balleluia\b|\bthanks be to god\b|\bgod be praised\b|\bbless the lord\b"
    r"|\bgiv(?:e|ing) (?:god|him|the lord) (?:all )?(?:the )?(?:praise|glory|thanks)\b"
    # "We're thankful for a new team. Pray ..." is both; thanks for prayers are no praise.
    r"|(?<!that )\bwe(?: are|['’]re) (?:so |very |deeply |truly |also |all ){0,2}(?:grateful|thankful|celebrating)"
    r"(?! (?:for|to) (?:you|your)\b)",
)
_GRATITUDE = re.compile(r"\b(?:grateful|thankful|celebrat\w+)\b")

# A text that a pattern fits holds one of these: looking for them first takes a tenth of the time.
_WORDS_OF_PRAYER = ("pray", "ask", "intercede")
_WORDS_OF_PRAISE = (
    "prais",
    "thank",
    "grateful",
    "rejoic",
    "glory",
    "hallelujah",
    "alleluia",
    "bless the lord",
    "celebrat",
)
_WORDS_OF_GRATITUDE = ("grateful", "thankful", "celebrat")

# A sentence that begins by asking its reader to pray or to praise: no office's address and no greeting does.
_MARK = r"(?:#{1,6} |[•●▪■◦□◆‣·➤►✓✔–—-]\ufe0f? ?|\(?\d{1,2}[.)] )?"
_SOFTLY = r"(?:please|also|and|finally|specifically|especially|let us|let's|we|continue|to|keep|join us in)"
_INVITATION = re.compile(
    rf"(?:^{_MARK}|[.!?:;]['\"”’)]?\s?)(?:{_SOFTLY}[, ]{{1,2}}){{0,6}}"
    r"(?:(?:pray|praying|praise|praising|intercede|thank god|thank the lord)\b|giv(?:e|ing) (?:thanks|praise)\b"
    r"|ask(?:ing)? (?:that |for )?(?:god|the lord)\b)",
)
_WORDS_OF_INVITATION = ("pray", "prais", "intercede", "thank", "giv", "ask")

_OF_PRAYER = re.compile(r"\b(?:pray|prais)")


# A paragraph is asked by every rule that looks at it, one after the other.
_REMEMBERED = 64


def kind(text: str) -> Kind | None:
    """Return what a point asks of its readers; None where no word of it says."""
    said = caseless(text)
    prayer = holds_one(said, _WORDS_OF_PRAYER) and _PRAYER.search(said)
    praise = holds_one(said, _WORDS_OF_PRAISE) and _PRAISE.search(said)
    if prayer:
        return Kind.MIXED if praise else Kind.PRAYER
    return Kind.PRAISE if praise or (holds_one(said, _WORDS_OF_GRATITUDE) and _GRATITUDE.search(said)) else None


@lru_cache(maxsize=_REMEMBERED)
def invites(text: str) -> bool:
    """Tell whether a sentence of the text begins by inviting its readers to pray or to praise."""
    said = caseless(text)
    return holds_one(said, _WORDS_OF_INVITATION) and _INVITATION.search(said) is not None


def speaks_of_prayer(text: str) -> bool:
    """Tell whether a text has a word of prayer or praise in it."""
    return _OF_PRAYER.search(caseless(text)) is not None
