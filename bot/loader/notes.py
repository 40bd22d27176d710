"""Text that is set aside and never posted: what the profile says, addresses and copyright lines."""

import re
from dataclasses import dataclass

from bot.loader import countries
from bot.loader.kinds import invites
from bot.loader.lines import fold
from bot.loader.profile import Profile

_ADDRESS = re.compile(r"^©|[\w.+-]@[\w-]{1,64}\.\w|https?://|\bwww\.|(?<!\w)\+?\(?\d{2,4}\)?[ .-]?\d{3}[ .-]\d{3,4}\b")
_SIGN = re.compile(r"[©@/\d]")  # one of these, or "www.", is in each
_LONGEST_ADDRESS = 120
_FOOTNOTE = re.compile(r"\*+ ?[^*]*\b(?:names?|pseudonyms?|identit(?:y|ies))\b", re.IGNORECASE)
_OF_NAMES = re.compile(r"\b(?:pseudonyms?|names?|changed)\b", re.IGNORECASE)
_LONGEST_OF_NAMES = 15  # words of a footnote on names; a paragraph may mention one
_CAPTION = re.compile(r"\[?(?:image|photo|picture|video|caption|banner)s? ?[:\]]", re.IGNORECASE)
_HEADER = re.compile(r"(?:From|To|Cc|Bcc|Sent|Reply-To|Attachments?|Importance): ")
_OFFICE = re.compile(r"\boffices?\b", re.IGNORECASE)
_OFFICES_ARE = re.compile(r"\b(?:headquarter(?:s|ed)|HQ|offices?)\b[^.!?]{0,40} in\b")
_OURS = re.compile(r"\b(?:we|our|us)\b", re.IGNORECASE)  # who tells of work, not where offices are
_FEWEST_OFFICES = 3  # countries that a list of offices names
_LONGEST_LIST = 400
_FORBIDS = re.compile(
    r"\b(?:don['’]t|do not|never|not to|refrain|avoid|instead of|rather than)\b[^.!?]{0,60}"
    r"\b(?:online|internet|web|website|social media|facebook|publicly|post|posting|publish|share|sharing|forward)\b",
    re.IGNORECASE,
)
_WORDS_THAT_FORBID = ("don", "not", "never", "refrain", "avoid", "instead", "rather")  # one of these is in each
_NOTE_LIKE = re.compile(
    r"\b(?:offices?|headquarter(?:s|ed)|HQ|online|internet|web ?sites?|facebook|social media|confidential\w*"
    r"|sensitiv\w+|forward(?:ing)? (?:this|these)|shar(?:e|ing) (?:this|these)|post(?:ed|ing)?|publish\w*|e-?mails?"
    r"|subscri\w+|thank you(?! (?:god|lord|jesus|father))|grateful for you|P\.S)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Note:
    """Text set aside, and the rule that says so.

    `ends`: below it stands nothing more of the bulletin. `doubtful`: it may be a request that mentions a pseudonym.
    """

    text: str
    rule: str
    ends: bool = False
    doubtful: bool = False


def note(text: str, profile: Profile) -> Note | None:
    """Return a paragraph as a note, None for one that isn't to be set aside. One that invites to pray never is."""
    if invites(text):
        return None
    folded = fold(text)
    ending = profile.endings.first(folded)
    if ending is not None:
        return Note(text, f"ending of the profile: {profile.endings.all[ending].written}", ends=True)
    by_profile = _matching(folded, profile)
    if by_profile is not None:
        return Note(text, f"note of the profile: {by_profile}", doubtful=_may_only_mention(text, by_profile))
    if len(text) <= _LONGEST_ADDRESS and (_SIGN.search(text) or "www." in text) and _ADDRESS.search(text):
        return Note(text, "an address or a copyright line")
    if len(text) <= _LONGEST_ADDRESS and _FOOTNOTE.match(text):
        return Note(text, "a footnote")
    if len(text) <= _LONGEST_ADDRESS and _CAPTION.match(text):
        return Note(text, "a caption")
    if len(text) <= _LONGEST_ADDRESS and _HEADER.match(text):
        return Note(text, "a mail's header")
    return Note(text, "a list of offices") if _lists_offices(text) else None


def holds_note(text: str, profile: Profile) -> bool:
    """Tell whether a paragraph would be a note if it didn't invite to pray: an editor should look at it."""
    return invites(text) and (_matching(fold(text), profile) is not None or _forbids(text))


def resembles_note(text: str) -> bool:
    """Tell whether a paragraph has words that notes are made of, of offices or of what may be shared."""
    return _NOTE_LIKE.search(text) is not None


def _may_only_mention(text: str, pattern: str) -> bool:
    """Tell whether a note on names is long, and has no sign of a footnote in front."""
    return _OF_NAMES.search(pattern) is not None and text[0] not in "*([" and len(text.split()) > _LONGEST_OF_NAMES


def _forbids(text: str) -> bool:
    said = text.casefold()
    return any(word in said for word in _WORDS_THAT_FORBID) and _FORBIDS.search(text) is not None


def tells_of_offices(text: str) -> bool:
    """Tell whether a note says where an organisation's offices are."""
    return _OFFICES_ARE.search(text) is not None


def _lists_offices(text: str) -> bool:
    if len(text) > _LONGEST_LIST or not _OFFICE.search(text) or _OURS.search(text):
        return False
    return len(countries.named(text)) >= _FEWEST_OFFICES


def _matching(folded: str, profile: Profile) -> str | None:
    at = profile.notes.first(folded)
    return None if at is None else profile.notes.all[at].written
