"""A person's own days as a small calendar, for that person's direct chat."""

from datetime import date

from bot.services.messenger import Button, Outgoing
from bot.services.mine import Days
from bot.services.words import Words

_DAYS_IN_A_ROW = 7


def page(days: Days, words: Words) -> Outgoing:
    """The month, a line a week, Monday first; with the ways to the months beside it, and to undo a day."""
    weeks = [" ".join(f"{name:>2.2} " for name in words.week())]
    weeks += [" ".join(_place(day, days, words) for day in week) for week in days.month.weeks()]
    html = words.html(
        "mine.page",
        month=words.month(days.month.first),
        weeks="\n".join(weeks),
        prayed=words.plain("mine.sign.prayed"),
        open=words.plain("mine.sign.open"),
    )
    beside = [
        Button(words.month(month.first), data=f"mine:{month}")
        for month in (days.before, days.after)
        if month is not None
    ]
    undo = [Button(words.plain("button.undo"), data=f"slip:{days.month}")] if days.prayed else []
    return Outgoing(html, tuple(tuple(row) for row in (beside, undo) if row))


def slips(days: Days, words: Words) -> Outgoing:
    """The days that can be undone, and the way back."""
    each = [Button(str(day.day), data=f"undo:{post_id}") for day, post_id in sorted(days.prayed.items())]
    rows = [tuple(each[start : start + _DAYS_IN_A_ROW]) for start in range(0, len(each), _DAYS_IN_A_ROW)]
    back = (Button(words.plain("button.stay"), data=f"mine:{days.month}"),)
    return Outgoing(words.html("mine.which", month=words.month(days.month.first)), (*rows, back))


def _place(day: date | None, days: Days, words: Words) -> str:
    if day is None:
        return "   "
    sign = "prayed" if day in days.prayed else "open" if day in days.open else None
    return f"{day.day:>2}{words.plain(f'mine.sign.{sign}') if sign else ' '}"
