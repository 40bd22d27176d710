"""Commands for a group's admins: whether, when and how their group gets its post."""

from collections.abc import Awaitable, Callable
from functools import partial

from bot.domain.group import Group, GroupState
from bot.domain.hours import parse_hour
from bot.domain.weekdays import parse_weekdays
from bot.services.groups import SUBSCRIBED_STATES, NotPrivateError
from bot.services.matching import zone_meant
from bot.services.messenger import Outgoing
from bot.services.words import Words
from bot.telegram.asked import Asked
from bot.telegram.vigil import Vigil


async def subscribe(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """Begin, once the operators have approved the group."""
    return await _activate(vigil, asked, "group.subscribed")


async def resume(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """Go on after a pause or a suspension."""
    if asked.group is not None and asked.group.state is GroupState.APPROVED:
        return Outgoing(asked.words.html("group.not_subscribed"))
    return await _activate(vigil, asked, "group.resumed")


async def _activate(vigil: Vigil, asked: Asked, key: str) -> Outgoing | None:
    if asked.group is None or asked.group.state is GroupState.PENDING:
        return Outgoing(asked.words.html("group.not_approved"))
    try:
        group = await vigil.groups.subscribe(asked.group)
    except NotPrivateError as error:
        return Outgoing(asked.words.html("group.not_private", reason=asked.words.plain(f"reason.{error.reason}")))
    if group.state is not GroupState.ACTIVE:
        held = group.state is GroupState.HELD
        return Outgoing(asked.words.html("group.is.held" if held else "group.not_approved"))
    return Outgoing(asked.words.html(key, **_next(group, asked.words)))


async def pause(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """No posts until resumed."""
    if asked.group is None or asked.group.state not in (GroupState.ACTIVE, GroupState.PAUSED):
        return Outgoing(asked.words.html("group.not_subscribed"))
    await vigil.groups.pause(asked.group)
    return Outgoing(asked.words.html("group.paused"))


async def unsubscribe(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """No posts any more."""
    if asked.group is None or asked.group.state not in SUBSCRIBED_STATES:
        return Outgoing(asked.words.html("group.not_subscribed"))
    await vigil.groups.unsubscribe(asked.group)
    return Outgoing(asked.words.html("group.unsubscribed"))


async def set_time(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """The hour of the post."""
    try:
        at = parse_hour(asked.text)
    except ValueError:
        return Outgoing(asked.words.html("usage.time"))
    return await _changed(vigil, asked, partial(vigil.groups.set_times, at=at))


async def set_timezone(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """The group's zone; for a wrong one, the nearest names."""
    if not asked.text:
        return Outgoing(asked.words.html("usage.timezone"))
    zone, near = zone_meant(asked.text)
    if zone is None:
        names = "\n".join(near)
        return Outgoing(asked.words.html("usage.timezone_near", text=asked.text[:40], names=names, first=near[0]))
    return await _changed(vigil, asked, partial(vigil.groups.set_times, zone=zone))


async def set_days(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """The weekdays with a post; says which planned days the group will miss."""
    try:
        weekdays = parse_weekdays(asked.text)
    except ValueError:
        return Outgoing(asked.words.html("usage.days"))
    return await _changed(vigil, asked, partial(vigil.groups.set_times, weekdays=weekdays))


async def set_language(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """What is spoken in the group; for a language that we don't speak, those that we do."""
    if asked.group is None:
        return Outgoing(asked.words.html("group.not_approved"))
    words = vigil.languages.find(asked.text)
    if words is None:
        known = "\n".join(f"/language {each.code} — {each.name}" for each in vigil.languages)
        return Outgoing(asked.words.html("usage.language", languages=known))
    await vigil.groups.set_language(asked.group, words)
    return Outgoing(words.html("group.language_changed"))


async def settings(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """How the group stands."""
    group = asked.group
    if group is None:
        return Outgoing(asked.words.html("group.not_approved"))
    words = asked.words
    upcoming = "{day} {at}".format(**_next(group, words)) if group.next_due_at else words.plain("group.none")
    return Outgoing(
        words.html(
            "group.settings",
            state=words.plain(f"group.state.{group.state}"),
            at=words.clock(group.at),
            zone=group.zone.key,
            days=words.weekdays(group.weekdays),
            next=upcoming,
            language=words.name,
        )
    )


async def _changed(vigil: Vigil, asked: Asked, change: Callable[[Group], Awaitable[Group]]) -> Outgoing:
    if asked.group is None:
        return Outgoing(asked.words.html("group.not_approved"))
    group = await change(asked.group)
    if group.state is not GroupState.ACTIVE:
        return Outgoing(asked.words.html("group.changed_later"))
    html = asked.words.html("group.changed", **_next(group, asked.words))
    missed = await vigil.groups.missed_days(group)
    if missed:
        html += asked.words.html("group.missed", days=asked.words.days(missed))
    return Outgoing(html)


def _next(group: Group, words: Words) -> dict[str, str]:
    """When the next post comes, in the group's own time."""
    if group.next_due_at is None:
        return {"day": "", "at": words.clock(group.at), "zone": group.zone.key}
    local = group.next_due_at.astimezone(group.zone)
    return {"day": words.day(local), "at": words.clock(local.timetz()), "zone": group.zone.key}
