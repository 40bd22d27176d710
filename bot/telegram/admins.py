"""Commands for a group's admins: whether, when and how their group gets its post."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.domain.group import Group, GroupState
from bot.domain.hours import parse_hour
from bot.domain.weekdays import parse_weekdays
from bot.services.asking import Outcome
from bot.services.checkup import lines
from bot.services.groups import SUBSCRIBED_STATES, NotPrivateError
from bot.services.matching import day_meant, zone_meant
from bot.services.messenger import Button, Outgoing
from bot.services.screens import STEPS, TOPICS, begun, posting_now, settings
from bot.services.words import Words
from bot.telegram.asked import Asked
from bot.telegram.changing import begun_told, change_told, missed_told, not_served_told
from bot.telegram.setup import show_step
from bot.telegram.vigil import Vigil

# An example of a day to pause until has to lie ahead.
_EXAMPLE = timedelta(days=14)
# The direct chat was never begun, or isn't joined to this group.
_NO_DIRECT_CHAT = ("not_bound", "no_access", "not_found")


async def subscribe(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """Begin, once the operators have approved the group."""
    group = await _activate(vigil, asked)
    return group if isinstance(group, Outgoing) else await begun_told(vigil, group)


async def resume(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """Go on after a pause or a suspension."""
    if asked.group is not None and asked.group.state is GroupState.APPROVED:
        return Outgoing(asked.words.html("group.not_subscribed"))
    group = await _activate(vigil, asked)
    return group if isinstance(group, Outgoing) else begun(await vigil.groups.view(group), "group.resumed")


async def _activate(vigil: Vigil, asked: Asked) -> Group | Outgoing:
    """The group, for which posts begin or go on; else what it is told."""
    if asked.group is None or asked.group.state is GroupState.PENDING:
        return Outgoing(asked.words.html("group.not_approved"))
    try:
        group = await vigil.groups.subscribe(asked.group)
    except NotPrivateError as error:
        return Outgoing(asked.words.html("group.not_private", reason=asked.words.plain(f"reason.{error.reason}")))
    if group.state is not GroupState.ACTIVE:
        held = group.state is GroupState.HELD
        return Outgoing(asked.words.html("group.is.held" if held else "group.not_approved"))
    return group


async def pause(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """No posts until resumed."""
    if asked.group is None or asked.group.state not in (GroupState.ACTIVE, GroupState.PAUSED):
        return not_served_told(asked)
    today = vigil.groups.today(asked.group)
    until = day_meant(asked.text, today, asked.words.locale) if asked.text else None
    if asked.text and until is None:
        return Outgoing(asked.words.html("usage.pause", date=today + _EXAMPLE))
    group = await vigil.groups.pause(asked.group, until)
    if group.state is not GroupState.PAUSED:
        return not_served_told(replace(asked, group=group))
    if until is None:
        return Outgoing(asked.words.html("group.paused"))
    return Outgoing(asked.words.html("group.paused_for", **_next(group, asked.words)))


async def set_topic(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """Where in a forum the posts go: into the topic in which this is said, or into General."""
    where = asked.text.strip().lower()
    if asked.group is None or where not in TOPICS:
        return Outgoing(asked.words.html("usage.topic"))
    if where == "here" and not asked.in_forum:
        return Outgoing(asked.words.html("group.no_topics"))
    group = await vigil.groups.wish(asked.group, topic_id=asked.thread_id if where == "here" else None)
    await show_step(vigil, asked, group, "topic")
    return Outgoing(await change_told(vigil, group, "topic"))


async def preview(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """The next request as it will look, in the admin's direct chat, if that is joined to the group."""
    words, group = asked.words, asked.group
    if group is None or not group.is_served:
        return not_served_told(asked)
    if asked.user_id is None:
        return Outgoing(words.html("setup.preview_anonymous"))
    shown = await vigil.previewing.show(group, asked.user_id)
    if shown is None:
        return Outgoing(words.html("setup.preview_none"))
    match shown.answer.outcome:
        case Outcome.WAITS:
            return Outgoing(words.html("ask.waits"))
        case Outcome.REFUSED if shown.answer.reason in _NO_DIRECT_CHAT:
            how = Button(words.plain("button.privately"), url=vigil.previewing.link(group))
            return Outgoing(words.html("setup.preview_how"), ((how,),))
        case Outcome.REFUSED if shown.answer.reason == "no_member":
            # An admin is one: Telegram doesn't tell it to a bot that is no admin itself.
            return Outgoing(words.html("setup.preview_no_admin"))
        case Outcome.REFUSED:
            return Outgoing(words.html("ask.refused", reason=words.plain(f"reason.{shown.answer.reason}")))
    return Outgoing(words.html("setup.preview", day=words.day(shown.day)))


async def unsubscribe(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """No posts any more. What stands is put away also while an operator suspends the group, and after that."""
    group = asked.group
    if group is None or not (group.state in SUBSCRIBED_STATES or await _keeps_text(vigil, group)):
        return not_served_told(asked)
    await vigil.groups.unsubscribe(group)
    return Outgoing(asked.words.html("group.unsubscribed" if group.state in SUBSCRIBED_STATES else "group.put_away"))


async def _keeps_text(vigil: Vigil, group: Group) -> bool:
    """Whether requests may stand in a group that isn't subscribed."""
    if group.state is GroupState.HELD:
        return True
    return group.state is GroupState.APPROVED and await vigil.groups.shows_text(group)


async def set_time(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """The hour of the post."""
    try:
        at = parse_hour(asked.text)
    except ValueError:
        return Outgoing(asked.words.html("usage.time"))
    return await _changed(vigil, asked, "hour", partial(vigil.groups.set_times, at=at))


async def set_timezone(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """The group's zone; for a wrong one, the nearest names."""
    if not asked.text:
        return Outgoing(asked.words.html("usage.timezone"))
    zone, near = zone_meant(asked.text)
    if zone is None:
        names = "\n".join(near)
        return Outgoing(asked.words.html("usage.timezone_near", text=asked.text[:40], names=names, first=near[0]))
    return await _changed(vigil, asked, "zone", partial(vigil.groups.set_times, zone=zone))


async def set_days(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """The weekdays with a post; says which planned days the group will miss."""
    try:
        weekdays = parse_weekdays(asked.text)
    except ValueError:
        return Outgoing(asked.words.html("usage.days"))
    return await _changed(vigil, asked, "days", partial(vigil.groups.set_times, weekdays=weekdays))


async def set_language(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """What is spoken in the group; for a language that we don't speak, those that we do."""
    if asked.group is None:
        return Outgoing(asked.words.html("group.not_approved"))
    words = vigil.languages.find(asked.text)
    if words is None:
        known = "\n".join(f"/language {each.code} — {each.name}" for each in vigil.languages)
        return Outgoing(asked.words.html("usage.language", languages=known))
    group = await vigil.groups.set_language(asked.group, words)
    await show_step(vigil, asked, group, STEPS[0])
    told = await change_told(vigil, group, "language")
    return Outgoing(f"{told}\n{words.html('group.language_changed')}")


async def show_settings(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """How the group stands, with buttons to change it."""
    if asked.group is None:
        return Outgoing(asked.words.html("group.not_approved"))
    return settings(await vigil.groups.view(asked.group, in_forum=asked.in_forum))


async def checkup(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """How safe the group keeps its requests, and how to change what isn't."""
    if asked.group is None:
        return Outgoing(asked.words.html("group.not_approved"))
    found = await vigil.checkup.show(asked.group)
    return Outgoing(asked.words.html("checkup.title", lines="{lines}").replace("{lines}", lines(found, asked.words)))


async def _changed(vigil: Vigil, asked: Asked, name: str, change: Callable[[Group], Awaitable[Group]]) -> Outgoing:
    if asked.group is None:
        return Outgoing(asked.words.html("group.not_approved"))
    group = await change(asked.group)
    await show_step(vigil, asked, group, name)
    told = await change_told(vigil, group, name) + await missed_told(vigil, group)
    # An hour that is over by now takes today's request along, unless it is asked for.
    return Outgoing(told, posting_now(await vigil.groups.view(group)))


def _next(group: Group, words: Words) -> dict[str, str]:
    """When the next post comes, in the group's own time."""
    if group.next_due_at is None:
        return {"day": "", "at": words.clock(group.at), "zone": group.zone.key}
    local = group.next_due_at.astimezone(group.zone)
    return {"day": words.day(local), "at": words.clock(local.timetz()), "zone": group.zone.key}
