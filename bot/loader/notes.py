"""Text that is set aside and never posted: what the profile says, a page's furniture, appeals, lines about offices."""

import re
from collections.abc import Set
from dataclasses import dataclass, replace

from bot.loader import countries
from bot.loader.appeals import addresses_readers, calls_together, forbids_sharing, offers
from bot.loader.furniture import furniture, leads_elsewhere, reactions, sends_elsewhere
from bot.loader.kinds import invites, kind, speaks_of_prayer
from bot.loader.lines import caseless, fold, holds_one
from bot.loader.marks import cells, undressed
from bot.loader.pleas import asks_for_discretion, is_plea_to_those_who_pray, mentions_discretion
from bot.loader.profile import Profile

_LONGEST_LAST = 120  # characters of a request's end that may be a note
_COMMENTS = re.compile(
    r"[\d ]*k? ?comments?|comments? \d+"
    r"|(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten) (?:responses?|replies|reply|thoughts?|comments?)"
    r"(?: (?:to|on|from|so far)\b.*)?"
)
_LONGEST_COUNT = 120
_LAST_SENTENCE = re.compile(r"(?<=[.!?] )[^.!?]+[.!?]?$")
_OF_NAMES = re.compile(r"\b(?:pseudonyms?|names?|changed)\b", re.IGNORECASE)
_LONGEST_OF_NAMES = 15  # words of a footnote on names; a paragraph may mention one
_OFFICE = re.compile(r"\b(?:offices?|headquarters|HQ)\b", re.IGNORECASE)
_OFFICES_ARE = re.compile(r"\b(?:headquarter(?:s|ed)|HQ|offices?)\b[^.!?]{0,40} in\b")
_OURS = re.compile(r"\b(?:we|our|us)\b", re.IGNORECASE)  # who tells of work, not where offices are
_OUR_OFFICE = re.compile(r"\bour (?:[\w-]+ ){0,3}?(?:offices?|headquarters|HQ)\b", re.IGNORECASE)
_SUPPORTING = re.compile(r"\b(?:headquarters|HQ|(?:global|head|partner|support|advancement) offices?)\b", re.IGNORECASE)
_PLACE = r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,4}"
_PLACES = rf"{_PLACE}(?:, (?:and )?{_PLACE}| and {_PLACE}){{1,20}}\.?$"
# A sentence that only says where offices are: "Our offices in this region are in Accra, Kampala and Nairobi."
_PLACES_OF_OFFICES = re.compile(
    r"(?:[Oo]ur|[Tt]he|\w+['’]s) (?:[\w-]+ ){0,3}?(?:offices?|headquarters|HQ)(?: in this region)? "
    r"(?:is|are|sits?|stands?|lies?) "
    rf"[^.!?]{{0,30}}?(?:in|near|outside) (?:the )?{_PLACE}, "
    # "The global headquarters of Open Gate is located in Norway."
    r"|(?:The |Our )?(?:[\w'’-]+ ){0,4}?(?:headquarters|HQ|(?:global|head|main|central|international) office)"
    rf"(?: of [\w ]{{2,40}}?)? (?:is|are) (?:located |based |situated )?(?:in|near|outside) (?:the )?{_PLACE}\.?$"
    # "Our teams work from offices in Lima and Quito."
    r"|(?:Our|The|We|\w+['’]s)\b[\w ]{0,30}\b(?:work|serve|operate|minister)s? (?:from|out of|in|through) "
    rf"(?:[\w-]+ ){{0,3}}?offices? (?:in|across) {_PLACES}"
    # "Field offices: Lima, Quito, La Paz"
    rf"|(?:[\w-]+ ){{0,3}}?[Oo]ffices(?: in this region| in the region)?: {_PLACES}"
)
# "We serve in Ghana, Kenya and Peru."
_SERVED = re.compile(rf"\w+ (?:work|serve|operate)s? in {_PLACES}")
_FEWEST_OFFICES = 3  # countries that a list of offices names
_LONGEST_LIST = 400
_PRAYED_IN_PRIVATE = "invites to pray what is read, and asks not to spread it"
_FORBIDS = re.compile(  # of caseless text
    r"\b(?:don['’]t|do not|never|not to|refrain|avoid|instead of|rather than)\b[^.!?]{0,60}"
    r"\b(?:online|internet|web|website|social media|facebook|publicly|post|posting|publish|share|sharing|forward)\b"
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

    `ends`: below it stands nothing more of the bulletin. `comments`: below it others write. `doubtful`: it may be a
    request all the same.
    """

    text: str
    rule: str
    ends: bool = False
    comments: bool = False
    doubtful: bool = False


def note(text: str, profile: Profile) -> Note | None:
    """Return a paragraph as a note, None for one that isn't to be set aside.

    One that invites to pray is none, unless it invites to pray what is read, and not to spread it, or is a link.
    """
    bare = undressed(text)
    if bare != text:
        found = note(bare, profile)
        return found and replace(found, text=text)
    if (rule := reactions(text)) is not None:
        return Note(text, rule)
    if "|" in text and len(cells(text)) > 1 and any(map(invites, cells(text))):
        return None  # a table's cells are looked at one by one
    if invites(text) and not (is_plea_to_those_who_pray(text) or _is_link_to_title(text)):
        return None
    folded = fold(text)
    said = frozenset(folded.split())
    return _by_profile(text, folded, said, profile) or _by_looks(text, said)


def _is_link_to_title(text: str) -> bool:
    """Tell whether a line leads to another page by its title, as "Pray for rain →", and holds no sentence."""
    return leads_elsewhere(text) and not any(f"{sign} " in text for sign in ".!?")


def _by_profile(text: str, folded: str, said: Set[str], profile: Profile) -> Note | None:
    if len(folded) <= _LONGEST_COUNT and _COMMENTS.fullmatch(folded):
        return Note(text, "beginning of comments: how many there are", ends=True, comments=True)
    comments = profile.comments.first(folded, said)
    if comments is not None:
        rule = f"beginning of comments by the profile: {profile.comments.all[comments].written}"
        return Note(text, rule, ends=True, comments=True)
    ending = profile.endings.first(folded, said)
    if ending is not None:
        return Note(text, f"ending of the profile: {profile.endings.all[ending].written}", ends=True)
    at = profile.notes.first(folded, said)
    if at is None:
        return None
    written = profile.notes.all[at].written
    return Note(text, f"note of the profile: {written}", doubtful=_may_only_mention(text, written))


def _by_looks(text: str, said: Set[str]) -> Note | None:
    rule = furniture(text) or _appeal(text, said)
    if rule is not None:
        return Note(text, rule)
    if asks_for_discretion(text, said):
        return Note(text, "seems to ask for discretion", doubtful=True)
    if speaks_of_prayer(text) and is_plea_to_those_who_pray(text):
        return Note(text, _PRAYED_IN_PRIVATE, doubtful=True)
    if sends_elsewhere(text) and kind(text) is None:
        return Note(text, "text with an address, that asks for nothing", doubtful=True)
    return _of_offices(text)


def _appeal(text: str, said: Set[str]) -> str | None:
    if forbids_sharing(text, said):
        return "asks not to share what is written"
    return "asks its readers for something else than prayer" if offers(text, said) else None


def holds_note(text: str, profile: Profile) -> bool:
    """Tell whether a paragraph is a request that may hold a note: an editor should look at it.

    It would be a note if it didn't invite to pray, or it ends in one ("… in Peru. Read more"), it calls to a meeting or
    speaks to readers ("You can pray with us by telephone").
    """
    if mentions_discretion(text):
        return True
    if invites(text):
        if profile.notes.one_is(text) or _forbids(text) or calls_together(text):
            return True
    elif addresses_readers(text):
        return True
    end = _LAST_SENTENCE.search(text, max(0, len(text) - _LONGEST_LAST))
    return end is not None and note(end.group(), profile) is not None


def resembles_note(text: str) -> bool:
    """Tell whether a paragraph has words that notes are made of, of offices or of what may be shared."""
    return _NOTE_LIKE.search(text) is not None


def _may_only_mention(text: str, pattern: str) -> bool:
    """Tell whether a note on names is long, and has no sign of a footnote in front."""
    return _OF_NAMES.search(pattern) is not None and text[0] not in "*([" and len(text.split()) > _LONGEST_OF_NAMES


def _forbids(text: str) -> bool:
    said = caseless(text)
    return holds_one(said, _WORDS_THAT_FORBID) and _FORBIDS.search(said) is not None


def tells_of_offices(text: str) -> bool:
    """Tell whether a note says where an organisation's offices are."""
    return _OFFICES_ARE.search(text) is not None


def _of_offices(text: str) -> Note | None:
    """Return a text that says where offices are as a note; of "our" offices only those that support the others."""
    if len(text) > _LONGEST_LIST:
        return None
    if _SERVED.match(text) and len(countries.named(text)) >= _FEWEST_OFFICES:
        return Note(text, "a list of countries that are served", doubtful=True)
    if not _OFFICE.search(text):
        return None
    if _PLACES_OF_OFFICES.match(text):
        return Note(text, "the places of offices")
    is_ours = _OURS.search(text) is not None
    if is_ours and (not _SUPPORTING.search(text) or _OURS.search(_OUR_OFFICE.sub("", text))):
        return None
    is_list = len(countries.named(text)) >= _FEWEST_OFFICES
    return Note(text, "a list of offices", doubtful=is_ours) if is_list else None
