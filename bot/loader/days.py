"""Days that a text names ("On July 30", "26–27 June", "this weekend"), resolved against its bulletin's date.

What is no date of its own is left alone: years, names of things ("2020 Year in Review", "Freedom Sunday"), what comes
again and again ("on Fridays"), stretches of time without an end ("the coming weeks").
"""

import re
from dataclasses import replace
from datetime import date
from functools import lru_cache

from bot.domain.bulletin import Bulletin, NamedDays, Request
from bot.loader.dayrules import BEGINNING, NUMBER, RULES, Rule
from bot.loader.diary import with_days_of
from bot.loader.spans import Span

_LONGEST_WORD = 12
_MOST = 100  # matches of rules in one text: more is no request
_LIKE_A_DATE = re.compile(r"[0-9]+(?:(?:st|nd|rd|th)?(?: [a-z&–—-]|[–—/-])|(?:st|nd|rd|th)\b)", re.IGNORECASE)
_REMEMBERED = 4096  # words as they are written: a text says the same ones again and again


def named(text: str, published_on: date) -> tuple[NamedDays, ...]:
    """Return the days that a text of a bulletin of this date names, in the text's order. Raises nothing.

    A rule is tried only at the words it can begin with, so that the time is linear.
    """
    found: list[NamedDays] = []
    done = matches = 0
    for word in BEGINNING.finditer(text.replace("_", " ")):  # an underscore is a mark, not a letter
        if matches >= _MOST:
            break
        rules = _rules(word.group())
        if not rules or word.start() < done or _is_joined(text, word.start()):
            continue
        if rules is RULES[NUMBER] and not _LIKE_A_DATE.match(text, word.start()):
            continue
        for rule in rules:
            match = rule.pattern.match(text, word.start())
            if match:
                done, matches = match.end(), matches + 1
                found += [NamedDays(match.group(), *span) for span in _spans(rule, match, published_on)]
                break
    return tuple(found)


def with_days_named(bulletin: Bulletin, published_on: date) -> Bulletin:
    """Return the bulletin with the days its requests name, taken as written on this date: its own, or one given.

    Points of a diary that don't know their own day yet get it, too.
    """
    if bulletin.is_diary and not bulletin.diary_days:
        bulletin = with_days_of(bulletin, published_on)
    return replace(bulletin, requests=tuple(_dated(request, published_on) for request in bulletin.requests))


def _dated(request: Request, published_on: date) -> Request:
    found = [days for point in request.points for days in named(point.text, point.day or published_on)]
    return replace(request, dates=tuple(dict.fromkeys(found)))


@lru_cache(maxsize=_REMEMBERED)
def _rules(written: str) -> tuple[Rule, ...]:
    """Return the rules that may begin with a word or a number."""
    if len(written) > _LONGEST_WORD:
        return ()
    return RULES.get(NUMBER if written[0] in "0123456789" else written.casefold(), ())


def _is_joined(text: str, start: int) -> bool:
    """Tell whether something is joined to a word's beginning: "COVID-19 March", "7/30 June"."""
    return start > 0 and text[start - 1] in "-/_.$€£#"


def _spans(rule: Rule, match: re.Match[str], published_on: date) -> list[Span]:
    try:
        return [(first, last) for first, last in rule.read(match, published_on) if first <= last]
    except (ValueError, OverflowError):
        return []  # a day that doesn't exist, or one beyond the calendar
