"""Text that is set aside and never posted: what the profile says, addresses and copyright lines."""

import re

from bot.loader.kinds import invites
from bot.loader.lines import fold
from bot.loader.profile import Profile

_ADDRESS = re.compile(r"^©|[\w.+-]@[\w-]{1,64}\.\w|https?://|\bwww\.|(?<!\w)\+?\(?\d{2,4}\)?[ .-]?\d{3}[ .-]\d{3,4}\b")
_SIGN = re.compile(r"[©@/\d]")  # one of these, or "www.", is in each
_LONGEST_ADDRESS = 120


def note(text: str, profile: Profile) -> str | None:
    """Return the rule by which a paragraph is set aside, None for one that isn't. One that invites to pray never is."""
    if invites(text):
        return None
    by_profile = _matching(text, profile)
    if by_profile is not None:
        return f"note of the profile: {by_profile}"
    if len(text) <= _LONGEST_ADDRESS and (_SIGN.search(text) or "www." in text) and _ADDRESS.search(text):
        return "an address or a copyright line"
    return None


def holds_note(text: str, profile: Profile) -> bool:
    """Tell whether a paragraph would be a note if it didn't invite to pray: an editor should look at it."""
    return invites(text) and _matching(text, profile) is not None


def _matching(text: str, profile: Profile) -> str | None:
    at = profile.notes.first(fold(text))
    return None if at is None else profile.notes.all[at].written
