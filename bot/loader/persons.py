"""Persons who bear a country's name: "Pastor Israel", "Chad Miller", "Georgia, a widow of sixty"."""

import re
from collections.abc import Set

_REACH = 60  # characters looked at on either side
_ADDRESSED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Rev|Pastor|Bishop|Father|Brother|Sister|Judge|Justice|Officer|Captain|Sergeant"
    r"|Attorney|Lawyer|Prosecutor|Detective|Inspector|Investigator|Director|Senator|Aunt|Uncle|named|called|wife|husband|son|daughter"
    r"|brother|sister|mother|father|friend|colleague)\.? $"
)
_A_PLACE = re.compile(
    r"\b(?:in|from|across|throughout|within|inside|outside|near|into|to|of|over|around|northern|southern|eastern|western"
    r"|central|rural|Northern|Southern|Eastern|Western|Central|IJM) (?:the )?$"
)
# "in a village near Lake Baringo, Kenya": a place and its country.
_IN_A_PLACE_OF = re.compile(
    r"\b(?:in|from|near|at|of|to|into|outside|around|across|between|through) (?:the )?"
    r"(?:[A-Z][\w'’-]* ){0,3}[A-Z][\w'’-]*, $"
)
_A_COUNTRYS = re.compile(
    r"(?:['’]s|, whose) "
    r"(?:(?:trial|family|high|supreme|health|labou?r|survivor|national|new|interior|justice|own) ){0,2}"
    r"(?:government|parliament|police|courts?(?! (?:case|date|hearing|day))|capital|president|people|laws?"
    r"|justice system|minist(?:ry|ries|er)|council|network|system|borders?|elections?|economy|constitution|prisons?"
    r"|coast|churches)\b"
)
_PERSON = (
    r"(?:girl|boy|woman|man|mother|father|widow|child|teenager|son|daughter|brother|sister|wife|husband|survivor|client"
    r"|victim|witness|lawyer|attorney|director|leader|colleague|friend|pastor|judge|officer|investigator|counsell?or"
    r"|social worker|volunteer|intern|fellow|detective|prosecutor|nurse|teacher|farmer|fisherman|refugee|student"
    r"|cook|worker)"
)
_SPOKEN_OF = re.compile(
    rf",? (?:who|whose)\b|,? (?:as|while|because|that) (?:he|she)\b|,? and (?:his|her)\b|, (?:aged? )?\d{{1,2}}\b"
    rf"|(?:, | \()one of (?:our|the|his|her|their) (?:[\w-]+ ){{0,3}}?(?:{_PERSON}s|women|men|children)\b"
    rf"|(?:, | \()(?:our|his|her|my|a|an|the) (?:[\w-]+ ){{0,3}}?{_PERSON}\b"
    rf"|['’]s (?:[\w-]+ ){{0,2}}?(?:{_PERSON}|family|health|surgery|trial|testimony|courage|story|recovery)\b"
)
_SURNAME = re.compile(
    r" (?!(?:Field|Office|Team|Police|Government|Supreme|High|National|Court|River|Valley|Branch)\b)[A-Z][a-z]"
)
# A pseudonym's; two of them are bold letters.
_ASTERISK = re.compile(r"\*(?!\*)")
_ASTERISK_BEHIND = re.compile(r"(?<!\*)\*$")
_AND_ANOTHER = re.compile(r" and ([A-Z][a-z]+)(?= [A-Z]|,? who\b)")


# "the patience of Jordan, a detective who": behind "in" and its like it would be a place.
_MAY_BE_OF_A_PERSON = re.compile(r"\b(?:of|to|for|with) $")
_APPOSITION = re.compile(rf", (?:our|his|her|my|a|an|the) (?:[\w-]+ ){{0,3}}?{_PERSON},? who\b")


def is_addressed(text: str, start: int) -> bool:
    """Tell whether a name has a person's title before it: "Mr. Peru"."""
    return start > 0 and _ADDRESSED.search(text, max(0, start - _REACH), start) is not None


def is_person(text: str, start: int, end: int, first_names: Set[str]) -> bool:
    """Tell whether a country's name, that people bear too, means one of them from `start` to `end` of a text.

    `first_names`: the names that people bear too; two of them may share a surname ("Jordan and Israel Moss").
    """
    before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    if is_addressed(text, start) or _ASTERISK_BEHIND.search(before) or _ASTERISK.match(after):
        return True
    if _MAY_BE_OF_A_PERSON.search(before) and _APPOSITION.match(after):
        return True
    if is_place(text, start, end):
        return False
    another = _AND_ANOTHER.match(after)
    if another is not None and another[1] in first_names:
        after = after[another.end() :]
    return _SPOKEN_OF.match(after) is not None or _SURNAME.match(after) is not None


def is_place(text: str, start: int, end: int) -> bool:
    """Tell whether the words around a name say that it is a place's: "in Jordan", "Kenya's parliament"."""
    before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    return any((_A_PLACE.search(before), _IN_A_PLACE_OF.search(before), _A_COUNTRYS.match(after)))
