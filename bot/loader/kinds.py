"""Whether a point asks for prayer, gives praise, or both."""

import re

from bot.domain.bulletin import Kind

# "We have been praying" and "thank you for praying" ask nothing.
_PRAYER = re.compile(
    r"(?<!been )(?<!for )\bpraying\b|\bpray\b|\bask(?:ing)? (?:that |for |of )?(?:god|the lord|our lord|him\b)"
    r"|\bintercede\b|\bplease (?:lift|remember|petition)\b|\blift(?:ing)? up\b[^.!?]{0,80}\bin prayer\b",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"\bprais(?:e|ing) (?:and (?:thank(?:s|ing)?|glory) )?(?:be |to |our )?(?:god|lord|the lord|jesus|christ|him|father|the father)\b"
    r"|(?:^|[.!?:] ?)(?:we |please )?praise\b|\bthank(?:s|ing)? (?:be )?(?:to )?(?:god|the lord|jesus|him)\b"
    r"|\bgiv(?:e|ing) thanks\b|\bgrateful to (?:god|the lord)\b|\brejoic(?:e|ing)\b|\bglory to god\b|\bhallelujah\b",
    re.IGNORECASE,
)
_GRATITUDE = re.compile(r"\b(?:grateful|thankful|thanks to|celebrat\w+)\b", re.IGNORECASE)

# A sentence that begins by asking its reader to pray: no address of an office and no greeting does.
_INVITATION = re.compile(
    r"(?:^|[.!?:;]['\"”’)]?\s?)(?:(?:please|also|and|finally|specifically|especially|let us|let's|we|continue|to|keep|join us in)[, ]+){0,6}"
    r"(?:pray(?:ing)?\b|prais(?:e|ing)\b|give thanks|giving thanks|thank god|thank the lord|ask (?:that |for )?(?:god|the lord)|intercede\b)",
    re.IGNORECASE,
)


def kind(text: str) -> Kind:
    """Return what a point asks of its readers; one that says neither is a matter of prayer."""
    prayer = _PRAYER.search(text)
    praise = _PRAISE.search(text)
    if prayer and praise:
        return Kind.MIXED
    if praise or (not prayer and _GRATITUDE.search(text)):
        return Kind.PRAISE
    return Kind.PRAYER


def invites(text: str) -> bool:
    """Tell whether a sentence of the text invites its readers to pray or to praise."""
    return _INVITATION.search(text) is not None
