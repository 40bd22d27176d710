"""Whether a point asks for prayer, gives praise, or both."""

import re

from bot.domain.bulletin import Kind

_GOD = r"(?:god|the lord|our lord|lord|jesus|christ|the father|him)\b"

# "We have been praying" and "thank you for praying" ask nothing.
_PRAYER = re.compile(
    rf"(?<!been )(?<!for )\bpraying\b|\bpray\b|\bask(?:ing)? (?:that |for |of )?{_GOD}|\bintercede\b"
    r"|\b(?:ask(?:ing)? for|appreciate|need|covet|request) your (?:continued |faithful )?prayers\b"
    r"|\bprayers? (?:is|are) needed\b|\bin your (?:thoughts and )?prayers\b"
    r"|\b(?:lift|lifting|remember|hold) [^.!?]{0,80}\bin prayer\b",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    rf"\bprais(?:e|ing) (?:and (?:thank|thanks|thanking|glory) )?(?:be |to )*{_GOD}"
    rf"|(?:^|[.!?:] ?)(?:we |please )?praise\b|\bthank(?:s|ing)? (?:be )?(?:to )?{_GOD}"
    r"|\bgiv(?:e|ing) thanks\b|\bgrateful to (?:god|the lord)\b|\brejoic(?:e|ing)\b|\bglory to god\b"
    r"|\bhallelujah\b|\balleluia\b|\bthanks be to god\b|\bgod be praised\b|\bbless the lord\b"
    r"|\bgiv(?:e|ing) (?:god|him|the lord) (?:all )?(?:the )?(?:praise|glory|thanks)\b",
    re.IGNORECASE,
)
_GRATITUDE = re.compile(r"\b(?:grateful|thankful|celebrat\w+)\b", re.IGNORECASE)

# A sentence that begins by asking its reader to pray or to praise: no office's address and no greeting does.
_SOFTLY = r"(?:please|also|and|finally|specifically|especially|let us|let's|we|continue|to|keep|join us in)"
_INVITATION = re.compile(
    rf"(?:^|[.!?:;]['\"”’)]?\s?)(?:{_SOFTLY}[, ]{{1,2}}){{0,6}}"
    r"(?:(?:pray|praying|praise|praising|intercede|thank god|thank the lord)\b|giv(?:e|ing) thanks\b"
    r"|ask(?:ing)? (?:that |for )?(?:god|the lord)\b)",
    re.IGNORECASE,
)

_OF_PRAYER = re.compile(r"\b(?:pray|prais)", re.IGNORECASE)


def kind(text: str) -> Kind | None:
    """Return what a point asks of its readers; None where no word of it says."""
    prayer = _PRAYER.search(text)
    praise = _PRAISE.search(text)
    if prayer:
        return Kind.MIXED if praise else Kind.PRAYER
    return Kind.PRAISE if praise or _GRATITUDE.search(text) else None


def invites(text: str) -> bool:
    """Tell whether a sentence of the text begins by inviting its readers to pray or to praise."""
    return _INVITATION.search(text) is not None


def speaks_of_prayer(text: str) -> bool:
    """Tell whether a text has a word of prayer or praise in it."""
    return _OF_PRAYER.search(text) is not None
