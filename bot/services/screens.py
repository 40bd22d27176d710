"""The messages with buttons by which a group's admins set it up and change it: one message, written anew at each tap.

A button's data is `set:` or `setup:`, what it changes, and to what: no message or button holds a state of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from babel.dates import get_day_names

from bot.domain.group import Group, GroupState, QuietDay
from bot.domain.weekdays import EVERY_DAY, WORKING_DAYS, Weekdays
from bot.services.messenger import Button, Buttons, Outgoing
from bot.services.places import City
from bot.services.posting import first_due, missed_today
from bot.services.words import Languages, Words
from bot.store.database import Transaction


class Flow(StrEnum):
    """What a message is for: changing this or that, or the way through all steps."""

    SETTINGS = "set"
    SETUP = "setup"


TOPICS = ("here", "general")
STEPS = ("hour", "zone", "days", "topic", "confirm")
# What a button of either flow may change, and to what; `show` changes nothing.
ABOUT = "|".join(
    (
        f"show:(main(:[a-z]+)?|{'|'.join(STEPS)}|pause|language)",
        r"hour:(1?\d|2[0-3])|minute:(0|15|30|45)",
        r"zone:[A-Za-z0-9_+/-]+",
        r"days:[0-6](,[0-6])*",
        f"topic:({'|'.join(TOPICS)})",
        "(silent|numbers):(on|off)",
        f"quiet:({'|'.join(QuietDay)})",
        "language:[A-Za-z0-9-]+",
        r"pause:(\d{4}-\d\d-\d\d|open)",
        "resume|now|begin",
    )
)
_HOURS_IN_A_ROW = 6
_MINUTES = (0, 15, 30, 45)
_PAUSES = (7, 14, 28)  # days


@dataclass(frozen=True, slots=True)
class View:
    """What a screen shows: the group at an instant, the next post's local time, and `note`: what was just changed.

    `late`: today's hour has passed without today's post. `in_forum`: the group's chat has topics.
    """

    group: Group
    words: Words
    languages: Languages
    now: datetime
    next: datetime
    late: bool
    posted: bool
    note: str = ""
    in_forum: bool = False

    @property
    def steps(self) -> tuple[str, ...]:
        """The way through set-up."""
        return tuple(name for name in STEPS if name != "topic" or self.has_topics)

    @property
    def has_topics(self) -> bool:
        """Whether it is shown where posts go: in a forum, or where a topic was chosen while it was one."""
        return self.in_forum or self.group.topic_id is not None

    @property
    def values(self) -> dict[str, str]:
        """What texts may say of it. The next post's time is the group's own."""
        group, words = self.group, self.words
        at, zone, days = words.clock(group.at), group.zone.key, words.weekdays(group.weekdays)
        topic = words.plain("setup.in_topic" if group.topic_id else "setup.in_general")
        sound = words.plain("setup.without_sound" if group.silent else "setup.with_sound")
        return {
            "at": at,
            "zone": zone,
            "clock": words.clock(self.now.astimezone(group.zone).timetz()),
            "days": days,
            "topic": topic,
            "chosen": ", ".join([at, zone, days, *self._if_topics(topic)]),
            "comes": ", ".join([*self._if_topics(topic), sound]),
            "day": words.day(self.next),
            "next": words.clock(self.next.timetz()),
        }

    def _if_topics(self, topic: str) -> list[str]:
        return [topic] if self.has_topics else []


async def view_of(
    stored: Transaction, group: Group, languages: Languages, now: datetime, note: str = "", *, in_forum: bool = False
) -> View:
    """The group as it is now."""
    posted = await stored.groups.posted_dates(group.id)
    instant = group.next_due_at or first_due(group, posted, now)
    late = await missed_today(stored, group, now) is not None
    words = languages.of(group.language)
    return View(group, words, languages, now, instant.astimezone(group.zone), late, bool(posted), note, in_forum)


def settings(view: View) -> Outgoing:
    """All settings at a glance, and a button for each."""
    group, words = view.group, view.words
    until = group.paused_until if group.state is GroupState.PAUSED else None
    state = (
        words.plain("group.paused_until", day=words.day(until)) if until else words.plain(f"group.state.{group.state}")
    )
    # A suspended group stays on the schedule, so that the ledger says of each day why it had no post.
    is_due = group.is_served and group.next_due_at is not None
    html = words.html(
        "group.settings",
        state=state,
        at=words.clock(group.at),
        zone=group.zone.key,
        days=words.weekdays(group.weekdays),
        comes=view.values["comes"],
        quiet=words.plain(f"setup.quiet_{group.quiet_day}"),
        numbers=words.plain("setup.shown" if group.numbers else "setup.hidden"),
        language=words.name,
        next=f"{view.values['day']} {view.values['next']}" if is_due else words.plain("group.none"),
    )
    rows = [
        [_show(words, "hour"), _show(words, "zone")],
        [_show(words, "days"), *([_show(words, "topic")] if view.has_topics else [])],
        [_toggle(words, "silent", on=not group.silent), _toggle(words, "numbers", on=not group.numbers)],
        [_other_quiet_day(view), _show(words, "language")],
        _running(view),
    ]
    return Outgoing(_with_note(view, html), _rows(rows))


def _running(view: View) -> list[Button]:
    """Begin, pause or go on, as the group stands; and today's post where its hour has passed without it."""
    words = view.words
    match view.group.state:
        case GroupState.APPROVED:
            return [Button(words.plain("button.begin"), f"{Flow.SETUP}:begin")]
        case GroupState.ACTIVE:
            return [_show(words, "pause"), *_late(view)]
        case GroupState.PAUSED | GroupState.SUSPENDED:
            return [Button(words.plain("button.resume"), f"{Flow.SETTINGS}:resume")]
    return []


def begun(view: View, key: str = "group.subscribed") -> Outgoing:
    """Posts begin, or go on (`key`: in which words): when the next one comes, and today's if it is late."""
    html = view.words.html(key, day=view.values["day"], at=view.values["next"], zone=view.values["zone"])
    return Outgoing(html, posting_now(view))


def posting_now(view: View) -> Buttons:
    """The button that posts today's request, where its hour has passed without it."""
    return _rows([_late(view)])


def step(view: View, name: str, flow: Flow, cities: Sequence[City] = ()) -> Outgoing:
    """One setting with its choices; on the way through set-up, one step of it. `cities`: which one is meant?

    A button from before may ask for a step that the way hasn't got any more: the last one is shown instead.
    """
    words = view.words
    if flow is Flow.SETUP and name not in view.steps:
        name = view.steps[-1]
    rows: list[list[Button]] = []
    match name:
        case "hour":
            rows = _hours(view, flow)
        case "zone":
            rows = [[Button(_named(city), f"{flow}:zone:{city.zone}")] for city in cities]
        case "days":
            rows = _days(view, flow)
        case "topic":
            rows = [_topics(view, flow)]
        case "pause":
            rows = _pauses(view)
        case "language":
            rows = [[Button(each.name, f"{flow}:language:{each.code}")] for each in view.languages]
    html = words.html(f"setup.step.{name}", **view.values)
    if flow is Flow.SETUP:
        number = view.steps.index(name)
        html = words.html("setup.title", number=number + 1, total=len(view.steps)) + "\n" + html
        rows.append(_onward(view, number))
    else:
        rows.append([Button(words.plain("button.back"), f"{flow}:show:main:{name}")])
    return Outgoing(_with_note(view, html), _rows(rows))


def first(view: View) -> Outgoing:
    """What an approved group is shown: the first step; the last one, if it has been here before."""
    screen = step(view, STEPS[-1] if view.posted else STEPS[0], Flow.SETUP)
    return Outgoing(view.words.html("group.is.approved") + "\n\n" + screen.html, screen.buttons)


def asks_for_zone(data: Iterable[str]) -> Flow | None:
    """Which flow's zone screen the message shows that has these buttons; None for any other message."""
    found = set(data)
    if f"{Flow.SETTINGS}:show:main:zone" in found:
        return Flow.SETTINGS
    return Flow.SETUP if f"{Flow.SETUP}:show:{STEPS[STEPS.index('zone') + 1]}" in found else None


def _onward(view: View, number: int) -> list[Button]:
    words, steps = view.words, view.steps
    back = [Button(words.plain("button.back"), f"{Flow.SETUP}:show:{steps[number - 1]}")] if number else []
    if number == len(steps) - 1:
        return [*back, Button(words.plain("button.begin"), f"{Flow.SETUP}:begin")]
    return [*back, Button(words.plain("button.next"), f"{Flow.SETUP}:show:{steps[number + 1]}")]


def _hours(view: View, flow: Flow) -> list[list[Button]]:
    """Every hour, with the minutes as they are; then the minutes."""
    at, words = view.group.at, view.words
    hours = [_choice(words.clock(at.replace(hour=hour)), f"{flow}:hour:{hour}", hour == at.hour) for hour in range(24)]
    minutes = [_choice(f":{each:02}", f"{flow}:minute:{each}", each == at.minute) for each in _MINUTES]
    return [*(hours[begin : begin + _HOURS_IN_A_ROW] for begin in range(0, 24, _HOURS_IN_A_ROW)), minutes]


def _days(view: View, flow: Flow) -> list[list[Button]]:
    """Each day to be put in or left out, and the usual weeks."""
    days, words = view.group.weekdays, view.words
    names = get_day_names("abbreviated", "stand-alone", words.locale)
    every = [_choice(names[day], _days_data(flow, days ^ {day}), day in days) for day in range(7)]
    usual = [_choice(words.weekdays(each), _days_data(flow, each), each == days) for each in (WORKING_DAYS, EVERY_DAY)]
    return [every[:4], every[4:], usual]


def _topics(view: View, flow: Flow) -> list[Button]:
    """Where posts could go. The set-up's message stands in General: another topic is named by `/topic here` in it."""
    offered = TOPICS if flow is Flow.SETTINGS else ("general",) if view.group.topic_id else ()
    return [Button(view.words.plain(f"button.topic_{where}"), f"{flow}:topic:{where}") for where in offered]


def _days_data(flow: Flow, days: Weekdays) -> str:
    # A group needs a day: the last one stays.
    return f"{flow}:days:{','.join(map(str, sorted(days)))}" if days else f"{flow}:show:days"


def _pauses(view: View) -> list[list[Button]]:
    today = view.now.astimezone(view.group.zone).date()
    dates: Iterable[date] = (today + timedelta(days=days) for days in _PAUSES)
    words = view.words
    fixed = [
        [Button(words.plain("button.pause_until", day=words.day(day)), f"{Flow.SETTINGS}:pause:{day}")] for day in dates
    ]
    return [*fixed, [Button(words.plain("button.pause_open"), f"{Flow.SETTINGS}:pause:open")]]


def _show(words: Words, name: str) -> Button:
    return Button(words.plain(f"button.show.{name}"), f"{Flow.SETTINGS}:show:{name}")


def _late(view: View) -> list[Button]:
    return [Button(view.words.plain("button.post_now"), f"{Flow.SETTINGS}:now")] if view.late else []


def _toggle(words: Words, name: str, *, on: bool) -> Button:
    value = "on" if on else "off"
    return Button(words.plain(f"button.{name}.{value}"), f"{Flow.SETTINGS}:{name}:{value}")


def _other_quiet_day(view: View) -> Button:
    other = QuietDay.NOTHING if view.group.quiet_day is QuietDay.VERSE else QuietDay.VERSE
    return Button(view.words.plain(f"button.quiet_{other}"), f"{Flow.SETTINGS}:quiet:{other}")


def _choice(label: str, data: str, chosen: bool) -> Button:
    return Button(f"✓ {label}" if chosen else label, data)


def _named(city: City) -> str:
    return f"{city.name}, {city.country} · {city.zone}"


def _with_note(view: View, html: str) -> str:
    return f"{view.note}\n\n{html}" if view.note else html


def _rows(rows: Iterable[Sequence[Button]]) -> Buttons:
    return tuple(tuple(row) for row in rows if row)
