"""What members ask for: answers are short at first, and "show" brings a request's text through the door."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import date
from functools import partial

from bot.domain.group import Group
from bot.domain.regions import Region
from bot.services.asking import Answer, Asking, Brief, Outcome
from bot.services.messenger import Button, Buttons, Outgoing
from bot.services.rendering import Rendering
from bot.services.words import Words
from bot.store.bulletins import StoredRequest
from bot.telegram.asked import Asked
from bot.telegram.speaking import points, reply, say_once
from bot.telegram.tap import Tap
from bot.telegram.vigil import Vigil

# Gives an answer, and another one once what that pointed at is known to be deleted.
_Find = Callable[[], Awaitable[Outgoing]]

_MOST_SHOWN = 40  # of what somebody wrote, where it is repeated


async def today(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """What the group's local date brings."""
    return await _say(vigil, asked, partial(_of_today, vigil, asked, asked.group)) if asked.group else None


async def _of_today(vigil: Vigil, asked: Asked, group: Group) -> Outgoing:
    brief = await vigil.asking.planned_on(group, vigil.asking.today(group))
    if brief is None:
        return Outgoing(asked.words.html("ask.today_none"))
    looked = await vigil.asking.look(group, asked.chat_id, brief)
    post = await vigil.asking.post_of_today(group)
    if looked and looked.outcome is Outcome.STANDS and not asked.direct and post is not None:
        words = asked.words
        html = words.html("ask.today_stands", count=post.prayed) if group.numbers else words.html("ask.stands")
        return Outgoing(html, reply_to=looked.message_id)
    return _pointing(asked, group, looked) or _short(asked.words, str(brief.day), brief)


async def region(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """A region's request of the running window; without a name, buttons."""
    if not asked.text:
        return Outgoing(asked.words.html("ask.which"), region_buttons(list(Region), asked.words))
    named, near = vigil.atlas.region_meant(asked.text)
    if named is None:
        key, text = "ask.near" if near else "ask.unknown", asked.text[:_MOST_SHOWN]
        return Outgoing(asked.words.html(key, text=text), region_buttons(near or list(Region), asked.words))
    return await _say(vigil, asked, partial(_of_region, vigil, asked, named))


async def choose_region(vigil: Vigil, tap: Tap) -> str | None:
    """A region's button."""
    asked = tap.asked
    await _finish(vigil, asked, await _say(vigil, asked, partial(_of_region, vigil, asked, Region[tap.about])))
    return None


async def country(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """The running window's requests that name a country, or else its region's."""
    if not asked.text:
        return Outgoing(asked.words.html("ask.country_which"))
    code, near = vigil.atlas.country_meant(asked.text)
    if code is None:
        key = "ask.country_near" if near else "ask.country_unknown"
        buttons = tuple((Button(asked.words.country(each), data=f"country:{each}"),) for each in near)
        return Outgoing(asked.words.html(key, text=asked.text[:_MOST_SHOWN]), buttons)
    await _tell_country(vigil, asked, code)
    return None


async def choose_country(vigil: Vigil, tap: Tap) -> str | None:
    """A country's button."""
    if not vigil.atlas.is_country(tap.about):
        return tap.words.plain("tap.unknown")
    await _tell_country(vigil, tap.asked, tap.about)
    return None


async def week(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """The week's regions, without a word of the requests."""
    if asked.group is None:
        return None
    days = await vigil.asking.week(asked.group)
    if not days:
        return await say_once(vigil, asked, Outgoing(asked.words.html("ask.week_none")))
    rendering = Rendering(asked.words)
    lines = [
        asked.words.html(
            "ask.week_day",
            mark="✓" if day.posted else "·",
            day=asked.words.day(day.date),
            region=asked.words.region(day.request.request.region),
            sign=rendering.kinds(frozenset(day.request.request.points[index].kind for index in day.points)),
        )
        for day in days
    ]
    html = asked.words.html("ask.week", days="{days}").replace("{days}", "\n".join(lines))
    posted = [day for day in days if day.posted]
    if posted and not asked.group.numbers:
        prayed_for = sum(day.prayed for day in posted)
        html += asked.words.html("ask.week_prayed", count=prayed_for, total=len(posted))
    return await say_once(vigil, asked, Outgoing(html))


async def verse(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """The verse of the running window."""
    bulletins = await vigil.asking.running(asked.group) if asked.group else []
    if not bulletins:
        return await say_once(vigil, asked, Outgoing(asked.words.html("ask.week_none")))
    return await say_once(vigil, asked, Outgoing(Rendering(asked.words).verse(bulletins[0].verse)))


async def show(vigil: Vigil, tap: Tap) -> str | None:
    """Bring the text of a request of the running window, or of what a day of it brings.

    The short answer becomes the whole one, if it is what was tapped.
    """
    if tap.group is None:
        return None
    group, brief = tap.group, await _meant(vigil.asking, tap.group, tap.about)
    if brief is None:
        return tap.words.plain("tap.over")
    short = tap.message_id if tap.asked.lone_button else None
    answer = await vigil.asking.answer(group, tap.chat_id, brief, tap.asked.thread_id, short=short)
    match answer.outcome:
        case Outcome.GIVEN:
            return None
        case Outcome.REFUSED:
            return tap.words.plain("tap.refused", reason=tap.words.plain(f"reason.{answer.reason}"))
        case Outcome.COMES:
            return tap.words.plain("tap.comes", at=tap.words.clock(group.at))
        case Outcome.STANDS:
            return tap.words.plain("tap.stands")
        case Outcome.WAITS:
            return tap.words.plain("tap.waits")


async def _meant(asking: Asking, group: Group, about: str) -> Brief | None:
    """What a button shows: a request by its id, or what a day brings."""
    if about.isdecimal():
        return await asking.brief_of(group, int(about))
    with suppress(ValueError):
        return await asking.planned_on(group, date.fromisoformat(about))
    return None


def region_buttons(regions: Sequence[Region], words: Words) -> Buttons:
    """One button a region; `Region`'s member name is what comes back."""
    return tuple((Button(words.region(region), data=f"region:{region.name}"),) for region in regions)


async def _say(vigil: Vigil, asked: Asked, find: _Find, heading: str = "") -> Outgoing | None:
    """As `say_once`, what `find` gives; it is found anew where what it points at turns out to be deleted."""
    outgoing = await find()
    while outgoing.reply_to is not None:
        if await points(vigil, asked, outgoing, heading):
            return None
        outgoing = await find()
    return await say_once(vigil, asked, outgoing, heading)


async def _finish(vigil: Vigil, asked: Asked, still: Outgoing | None) -> None:
    """Reply what `_say` and `say_once` leave to be replied."""
    if still is not None:
        await reply(vigil, asked, still)


async def _of_region(vigil: Vigil, asked: Asked, named: Region) -> Outgoing:
    """A region in short; where its text stands or comes by itself, a word of that."""
    group, words = asked.group, asked.words
    request = await vigil.asking.request_of(group, named) if group else None
    if group is None or request is None:
        coming = await vigil.asking.next_day_of(group, named) if group else None
        if coming is None:
            return Outgoing(words.html("ask.region_none", region=words.region(named)))
        key = "ask.region_next" if coming.comes else "ask.region_elsewhere"
        return Outgoing(words.html(key, region=words.region(named), day=words.day(coming.date)))
    return await _of_request(vigil, asked, group, request)


async def _of_request(vigil: Vigil, asked: Asked, group: Group, request: StoredRequest) -> Outgoing:
    brief = await vigil.asking.brief(group, request)
    looked = await vigil.asking.look(group, asked.chat_id, brief)
    return _pointing(asked, group, looked) or _short(asked.words, str(request.id), brief)


async def _tell_country(vigil: Vigil, asked: Asked, code: str) -> None:
    """Answer with the requests that name a country, each as its region's answer, or else with the country's region."""
    group, words, name = asked.group, asked.words, asked.words.country(code)
    naming = await vigil.asking.requests_naming(group, code) if group else []
    lies_in = vigil.atlas.region_of(code)
    if group and naming:
        heading = words.html("ask.country_named", country=name)
        for request in naming:
            find = partial(_of_request, vigil, asked, group, request)
            await _finish(vigil, asked, await _say(vigil, asked, find, heading))
            heading = ""  # it stands above the first alone
    elif group and lies_in and await vigil.asking.request_of(group, lies_in):
        heading = words.html("ask.country_unnamed", country=name)
        await _finish(vigil, asked, await _say(vigil, asked, partial(_of_region, vigil, asked, lies_in), heading))
    else:
        nothing = [words.html("ask.country_none", country=name)]
        if lies_in is not None:
            nothing.append((await _of_region(vigil, asked, lies_in)).html)
        await _finish(vigil, asked, await say_once(vigil, asked, Outgoing("\n\n".join(nothing))))


def _short(words: Words, about: str, brief: Brief) -> Outgoing:
    """What a request is without a word of it, and a button for it that brings back `about`."""
    name = words.region(brief.request.request.region)
    kinds = [brief.request.request.points[index].kind for index in brief.points]
    signs = [f"{words.plain(f'post.sign.{kind}')} {kinds.count(kind)}" for kind in dict.fromkeys(kinds)]
    day = words.day(brief.day) if brief.day else words.plain("ask.no_day")
    html = words.html("ask.short", region=name, day=day, count=len(kinds), kinds=" · ".join(signs))
    return Outgoing(html, ((Button(words.plain("button.show_text", region=name), data=f"show:{about}"),),))


def _pointing(asked: Asked, group: Group, looked: Answer | None) -> Outgoing | None:
    """The words where nothing needs to be shown: it stands in the chat, or comes there by itself."""
    if looked is None:
        return None
    if looked.outcome is Outcome.STANDS:
        return Outgoing(asked.words.html("ask.stands"), reply_to=looked.message_id)
    return Outgoing(asked.words.html("ask.comes", at=asked.words.clock(group.at)))
