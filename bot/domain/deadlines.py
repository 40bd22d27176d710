"""Deadlines: requests that name days are posted before these are over, where the week allows it."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import permutations

from bot.domain.bulletin import NamedDays

MOST_REQUESTS = 7  # that an order is sought for; a week has no day for more
_DAY = timedelta(days=1)
_NAMED_IN_A_REASON = 3


def deadlines(named: Sequence[NamedDays], window: Sequence[date], first_open: date | None = None) -> list[NamedDays]:
    """Return the named days that matter to a plan, by their ends, each end once.

    They lie in the window or reach into it, aren't over by `first_open`, and are no whole week or month.
    """
    begin = max(window[0], first_open) if first_open else window[0]
    matter = [each for each in named if begin <= each.last and each.first <= window[-1] and not _is_a_stretch(each)]
    return sorted({each.last: each for each in reversed(matter)}.values(), key=lambda each: each.last)


def missed(day: date | None, ends: Sequence[NamedDays]) -> list[NamedDays]:
    """Return the deadlines that a request misses which has this day, or none."""
    return [each for each in ends if day is None or day > each.last]


def order(days: Sequence[date], ends: Sequence[Sequence[NamedDays]], window_end: date) -> tuple[int, ...]:
    """Return the requests, by their usual place from 0 on, in the order in which they take the days.

    `days`: one for each request, fewer if there aren't as many. `ends`: each request's deadlines.

    Of all orders one is taken that meets most deadlines; then one that gives requests the earliest day whose deadline
    is before all days; then the one with fewest moves, with least displacement (in days), and the first of these.
    """
    count = min(len(ends), MOST_REQUESTS)
    rest = tuple(range(count, len(ends)))
    if not any(ends) or not days:
        return (*range(count), *rest)
    # Without a day it is as if a request came after the window.
    places = [
        *(day.toordinal() for day in days),
        *range(window_end.toordinal() + 1, window_end.toordinal() + 1 + count),
    ]
    earliest = min(days)

    def cost(request: int, place: int) -> tuple[int, int, int, int]:
        day = days[place] if place < len(days) else None
        late = missed(day, ends[request])
        never = [each for each in late if each.last < earliest]
        moved = abs(places[place] - places[request])
        return len(late) - len(never), bool(never) and day != earliest, moved > 0, moved

    costs = [[cost(request, place) for place in range(count)] for request in range(count)]

    def total(taken: Sequence[int]) -> tuple[int, ...]:
        return tuple(map(sum, zip(*(costs[request][place] for place, request in enumerate(taken)), strict=True)))

    return (*min(permutations(range(count)), key=total), *rest)


def spoken(named: Sequence[NamedDays]) -> str:
    """Write days as people say them: "26–27 June, 3 July"."""
    said = [_spoken(each.first, each.last) for each in named]
    more = len(said) - _NAMED_IN_A_REASON
    return ", ".join(said[:_NAMED_IN_A_REASON]) + (f" and {more} more" if more > 0 else "")


def _spoken(first: date, last: date) -> str:
    end = f"{last.day} {last:%B}"
    if first == last:
        return end
    return (
        f"{first.day}–{end}"
        if (first.year, first.month) == (last.year, last.month)
        else f"{first.day} {first:%B} – {end}"
    )


def _is_a_stretch(named: NamedDays) -> bool:
    """Tell whether days are a whole week or whole months: no event takes so long; any day is as good."""
    length = named.last.toordinal() - named.first.toordinal() + 1
    whole_months = length >= 28 and named.first.day == 1 and (named.last == date.max or (named.last + _DAY).day == 1)
    return length == 7 or whole_months
