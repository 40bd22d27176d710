"""The ways in which days are named: patterns by the word they begin with, and what reads them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.loader import spans
from bot.loader.daywords import MONTH, MONTH_NAMES, WEEKDAY, WEEKDAY_NAMES, WEEKDAYS


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern, and what its match means for a bulletin of some date."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], date], list[spans.Span]]


_DASH = r"(?P<joined> ?[-–—] ?)"
_TO = r"(?P<joined> (?:to|through|thru|until|till|and|&) )(?:the )?"
_ANY_JOINT = rf"(?:(?P<joined> ?[-–—] ?| (?:to|through|thru|until|till|and|&) ))(?:(?:{WEEKDAY})\.?,? )?(?:the )?"
# "They may 5", "we march 10 miles": these are months with their capital only.
_MANY = r"more|other|new|young|former|families|survivors|children|women|men|girls|boys|people|workers|leaders|clients"
_MONTH = rf"(?!(?-i:may|mar|march)\b)(?!may [0-9]{{{{1,3}}}} (?:{_MANY})\b)(?P<{{0}}month>{MONTH})\.?"
_DAY = r"(?P<{0}day>[0-9]{{1,2}})(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<{0}year>(?:19|20)[0-9]{{2}})(?![0-9]))?"
_LEAD = rf"(?:(?:{WEEKDAY})\.?,? (?:the |(?P<open>\())?)?"  # "Sat 29 July", "Friday (July 28)"
_END = r"(?!\w|-\w)"
_CLOSED = rf"(?(open)\)|{_END})"
_NO_HOURS = r"(?! ?[ap]\.?m\b)"
# "July 14 and 15 in Manila" names two days, "July 14 and 15 families" one.
_NO_COUNT = (
    r"(?:(?<=[a-z])"
    r"|(?= ?(?:[.,;:!?)]|$)| (?:in|at|for|with|to|when|as|on|by|from|where|our|we|the|will|is|are|during|this)\b))"
)


def _month_first(part: str) -> str:
    return f"{_MONTH} {_DAY}{_YEAR}".format(part)


def _day_first(part: str) -> str:
    return f"{_DAY} (?:of )?{_MONTH}{_YEAR}".format(part)


def _rule(pattern: str, read: Callable[[re.Match[str], date], list[spans.Span]]) -> Rule:
    return Rule(re.compile(pattern, re.IGNORECASE), read)


_MONTH_FIRST = (
    _rule(f"{_LEAD}{_month_first('')}{_ANY_JOINT}{_month_first('last_')}{_CLOSED}", spans.several),
    _rule(f"{_LEAD}{_month_first('')}{_DASH}{(_DAY + _YEAR).format('last_')}{_CLOSED}{_NO_HOURS}", spans.several),
    _rule(
        f"{_LEAD}{_month_first('')}{_TO}{(_DAY + _YEAR).format('last_')}{_CLOSED}{_NO_COUNT}{_NO_HOURS}", spans.several
    ),
    _rule(f"{_LEAD}{_month_first('')}{_CLOSED}", spans.single),
)
_DAY_FIRST = (
    _rule(f"{_LEAD}{_day_first('')}{_ANY_JOINT}{_day_first('last_')}{_CLOSED}", spans.several),
    _rule(f"{_LEAD}{_DAY.format('')}{_ANY_JOINT}{_day_first('last_')}{_CLOSED}", spans.several),
    _rule(f"{_LEAD}{_day_first('')}{_CLOSED}", spans.single),
)
_DIGITS = (
    _rule(rf"(?P<year>[0-9]{{4}})-(?P<one>[0-9]{{2}})-(?P<two>[0-9]{{2}}){_END}", spans.digits),
    _rule(rf"(?P<one>[0-9]{{1,2}})/(?P<two>[0-9]{{1,2}})/(?P<year>[0-9]{{4}}){_END}", spans.digits),
)
# "on the 15th, when the court sits", unlike "for the 15th time"
_NUMBERED = _rule(
    r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)(?=[.,;:!?)]|$"
    r"| (?:and|to|in|at|for|with|when|as|where|through|that|until|our|we|they|the|he|she|is|will)\b)",
    spans.of_this_month,
)
_WEEK_OF = tuple(
    _rule(
        rf"week (?P<how>of|beginning|starting|commencing) (?:on )?(?:the )?(?:(?:{WEEKDAY}),? )?{form('')}{_END}",
        spans.week_of,
    )
    for form in (_month_first, _day_first)
)

_WHOLE = "|".join(WEEKDAYS)
# Neither a name ("Sunday School") nor what comes again and again ("on Monday mornings").
_NO_NAME = rf"{_END}(?! (?-i:[A-Z]))(?! (?:mornings|afternoons|evenings|nights|services)\b)"
_SECOND = rf"(?:{_ANY_JOINT}(?:on )?(?P<second>{_WHOLE}){_NO_NAME})?"
_ONE_WEEKDAY = rf"(?P<unit>{_WHOLE}){_NO_NAME}{_SECOND}"
_UNITS = rf"(?:(?P<unit>weekend|week|month|{_WHOLE}){_NO_NAME}){_SECOND}"
_COMING = _rule(rf"(?:this )?(?:coming|upcoming) (?:(?P<unit>weekend|week|{_WHOLE}){_NO_NAME}){_SECOND}", spans.coming)
_THIS_OR_NEXT = _rule(rf"(?P<which>this|next) {_UNITS}", spans.this_or_next)
_NEAR = _rule(rf"(?:today|tonight|tomorrow|yesterday){_END}", spans.near)
_ON_WEEKDAY = _rule(_ONE_WEEKDAY, spans.on_weekday)


NUMBER = "#"
# What is tried, in this order, where a text has the word, or a number begins.
RULES: Mapping[str, tuple[Rule, ...]] = {
    **dict.fromkeys(MONTH_NAMES, _MONTH_FIRST),
    **dict.fromkeys(WEEKDAY_NAMES, _MONTH_FIRST + _DAY_FIRST),
    **dict.fromkeys(WEEKDAYS, (*_MONTH_FIRST, *_DAY_FIRST, _ON_WEEKDAY)),
    **dict.fromkeys(("today", "tonight", "tomorrow", "yesterday"), (_NEAR,)),
    **dict.fromkeys(("coming", "upcoming"), (_COMING,)),
    NUMBER: (*_DAY_FIRST, *_DIGITS, _NUMBERED),
    "week": _WEEK_OF,
    "this": (_COMING, _THIS_OR_NEXT),
    "next": (_THIS_OR_NEXT,),
}
# A word that begins as one of these does, or a number. Letters in both cases are found faster than with IGNORECASE.
_STEMS = {word[:3] for word in RULES} - {NUMBER}
_INITIALS = "".join(sorted(initial for letter in {stem[0] for stem in _STEMS} for initial in (letter, letter.upper())))
_EITHER_CASE = "|".join("".join(f"[{letter}{letter.upper()}]" for letter in stem) for stem in sorted(_STEMS))
BEGINNING = re.compile(rf"\b(?=[0-9{_INITIALS}])(?:[0-9]|{_EITHER_CASE})\w*")
