"""A group's settings and its set-up, by buttons: each change is stored, and the message written anew."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from telegram import Location, Message

from bot.domain.group import Group, GroupState, QuietDay
from bot.domain.zones import zone_names
from bot.services import screens
from bot.services.groups import NotPrivateError
from bot.services.matching import day_meant, zone_meant
from bot.services.messenger import MessengerError, Outgoing
from bot.services.places import cities_meant, nearest_zone
from bot.services.screens import Flow
from bot.services.words import Words
from bot.telegram.asked import Asked
from bot.telegram.changing import begun_told, change_told, missed_told
from bot.telegram.tap import Tap
from bot.telegram.vigil import Vigil

_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Change:
    """A setting and its new value, as a button says them; `topic_id` is where in a forum that button stands."""

    vigil: Vigil
    group: Group
    value: str
    topic_id: int | None


async def change_settings(vigil: Vigil, tap: Tap) -> str | None:
    """A button of the settings."""
    return await _tapped(vigil, tap, Flow.SETTINGS)


async def go_through_setup(vigil: Vigil, tap: Tap) -> str | None:
    """A button on the way through set-up."""
    return await _tapped(vigil, tap, Flow.SETUP)


async def _tapped(vigil: Vigil, tap: Tap, flow: Flow) -> str | None:
    group = tap.group
    what, _, value = tap.about.partition(":")
    if group is None:
        return tap.words.plain("tap.unknown")
    if await vigil.groups.shows_post(tap.chat_id, tap.message_id):
        return tap.words.plain("tap.a_request")
    outgoing: Outgoing | None
    try:
        if what == "show":
            outgoing = await _shown(vigil, tap.asked, group, value.partition(":")[0], flow)
        elif what == "now":
            outgoing = await _post_now(vigil, tap.asked, group)
        elif what in ("begin", "resume"):
            outgoing = await _go_on(vigil, tap.asked, group)
        else:
            group = await CHANGES[what](Change(vigil, group, value, tap.asked.thread_id))
            outgoing = await _changed(vigil, tap.asked, group, what, flow)
    except (ValueError, KeyError):
        return tap.words.plain("tap.unknown")  # no such zone, day or language: no button of ours says so
    if outgoing is None:
        return tap.words.plain("tap.no_post_now")
    return None if await _write(vigil, tap.chat_id, tap.message_id, outgoing) else tap.words.plain("tap.changed")


async def take_place(vigil: Vigil, asked: Asked, question: Message, flow: Flow, location: Location | None) -> None:
    """An admin answered the question for the zone, with a location or with the name of a city or zone."""
    group = asked.group
    if group is None or await vigil.groups.shows_post(asked.chat_id, question.message_id):
        return
    named = asked.text[:_LONGEST_NAME]
    cities = () if location else await cities_meant(named)
    zone = await nearest_zone(location.latitude, location.longitude) if location else zone_meant(named)[0]
    zone = zone or (ZoneInfo(cities[0].zone) if len(cities) == 1 else None)
    if zone is not None:
        outgoing = await _changed(vigil, asked, await vigil.groups.set_times(group, zone=zone), "zone", flow)
    else:
        key = "usage.city_which" if cities else "usage.city"
        view = await vigil.groups.view(group, asked.words.html(key, text=named), in_forum=asked.in_forum)
        outgoing = screens.step(view, "zone", flow, cities)
    await _write(vigil, asked.chat_id, question.message_id, outgoing)


async def show_step(vigil: Vigil, asked: Asked, group: Group, name: str) -> None:
    """Show this step in the message by which the group is being set up, if it is: a command has just changed it."""
    message_id = await vigil.groups.setup_message(group)
    if message_id is not None:
        view = await vigil.groups.view(group, in_forum=asked.in_forum)
        await _write(vigil, group.chat_id, message_id, screens.step(view, name, Flow.SETUP))


async def _shown(vigil: Vigil, asked: Asked, group: Group, name: str, flow: Flow) -> Outgoing:
    view = await vigil.groups.view(group, in_forum=asked.in_forum)
    if name == "main":
        return screens.settings(view)
    return screens.step(view, name, flow if name in screens.STEPS else Flow.SETTINGS)


async def _go_on(vigil: Vigil, asked: Asked, group: Group) -> Outgoing:
    """Begin, or go on after a pause or a suspension: what /subscribe and /resume do."""
    words = vigil.languages.of(group.language)
    begins = group.state is GroupState.APPROVED
    try:
        group = await vigil.groups.subscribe(group)
    except NotPrivateError as error:
        reason = words.plain(f"reason.{error.reason}")
        return await _settings(vigil, asked, group, words.html("group.not_private", reason=reason))
    if group.state is not GroupState.ACTIVE:
        return await _settings(vigil, asked, group, words.html("group.not_approved"))
    if begins:
        return await begun_told(vigil, group)
    return await _changed(vigil, asked, group, "resume", Flow.SETTINGS)


async def _post_now(vigil: Vigil, asked: Asked, group: Group) -> Outgoing | None:
    if not await vigil.posting.post_now(group):
        return None
    return await _settings(vigil, asked, group, vigil.languages.of(group.language).html("group.posted_now"))


async def _settings(vigil: Vigil, asked: Asked, group: Group, note: str) -> Outgoing:
    return screens.settings(await vigil.groups.view(group, note, in_forum=asked.in_forum))


async def _changed(vigil: Vigil, asked: Asked, group: Group, what: str, flow: Flow) -> Outgoing:
    """The screen after a change: what it changed, when the next post comes, and which planned days it misses."""
    name = "hour" if what == "minute" else what
    note = "" if flow is Flow.SETUP else await change_told(vigil, group, name)
    note += await missed_told(vigil, group) if what == "days" else ""
    view = await vigil.groups.view(group, note.strip(), in_forum=asked.in_forum)
    stays = flow is Flow.SETUP or name in ("hour", "days")  # there may be more to choose
    return screens.step(view, name, flow) if stays and name in screens.STEPS else screens.settings(view)


async def _write(vigil: Vigil, chat_id: int, message_id: int, outgoing: Outgoing) -> bool:
    """Write the bot's message anew; False if it can't be now: what was changed is stored all the same."""
    try:
        await vigil.pace.turn(chat_id)
        await vigil.messenger.edit(chat_id, message_id, outgoing)
    except MessengerError:
        return False
    return True


# One function a setting. Each raises ValueError or KeyError for a value that no button has.


async def _hour(change: Change) -> Group:
    return await change.vigil.groups.set_times(change.group, at=change.group.at.replace(hour=int(change.value)))


async def _minute(change: Change) -> Group:
    return await change.vigil.groups.set_times(change.group, at=change.group.at.replace(minute=int(change.value)))


async def _zone(change: Change) -> Group:
    if change.value not in zone_names():
        raise ValueError("no zone")
    return await change.vigil.groups.set_times(change.group, zone=ZoneInfo(change.value))


async def _days(change: Change) -> Group:
    days = frozenset(map(int, change.value.split(",")))
    return await change.vigil.groups.set_times(change.group, weekdays=days)


async def _topic(change: Change) -> Group:
    topic_id = change.topic_id if change.value == "here" else None
    return await change.vigil.groups.wish(change.group, topic_id=topic_id)


async def _silent(change: Change) -> Group:
    return await change.vigil.groups.wish(change.group, silent=change.value == "on")


async def _numbers(change: Change) -> Group:
    return await change.vigil.groups.wish(change.group, numbers=change.value == "on")


async def _quiet(change: Change) -> Group:
    return await change.vigil.groups.wish(change.group, quiet_day=QuietDay(change.value))


async def _language(change: Change) -> Group:
    words: Words | None = change.vigil.languages.find(change.value)
    if words is None:
        raise ValueError("no language of ours")
    return await change.vigil.groups.wish(change.group, language=words.code)


async def _pause(change: Change) -> Group:
    if change.group.state not in (GroupState.ACTIVE, GroupState.PAUSED):
        raise ValueError("nothing to pause")
    if change.value == "open":
        return await change.vigil.groups.pause(change.group)
    words = change.vigil.languages.of(change.group.language)
    until = day_meant(change.value, change.vigil.groups.today(change.group), words.locale)
    if until is None:
        raise ValueError("no coming day")
    return await change.vigil.groups.pause(change.group, until)


CHANGES: Mapping[str, Callable[[Change], Awaitable[Group]]] = {
    "hour": _hour,
    "minute": _minute,
    "zone": _zone,
    "days": _days,
    "topic": _topic,
    "silent": _silent,
    "numbers": _numbers,
    "quiet": _quiet,
    "language": _language,
    "pause": _pause,
}
