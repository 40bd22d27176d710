"""Commands and buttons for members: what today brings, what the week holds, and "I prayed"."""

from collections.abc import Sequence

from bot.domain.regions import Region
from bot.services.asking import Answer, Outcome
from bot.services.messenger import Button, Buttons, Outgoing
from bot.services.rendering import Rendering
from bot.services.words import Words
from bot.store.bulletins import StoredRequest
from bot.telegram.asked import Asked
from bot.telegram.speaking import reply
from bot.telegram.tap import Tap
from bot.telegram.vigil import Vigil


async def today(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """The request of the group's local date."""
    group = asked.group
    if group is None:
        return None
    entry = await vigil.asking.entry_of_today(group)
    if entry is None:
        return Outgoing(asked.words.html("ask.today_none"))
    request = next((each.request for each in await vigil.asking.week(group) if each.date == entry.date), None)
    if request is None:
        return Outgoing(asked.words.html("ask.today_none"))
    answer = await vigil.asking.answer(group, asked.chat_id, request, entry.points)
    post = await vigil.asking.post_of_today(group)
    if answer.outcome is Outcome.STANDS and not asked.direct and post is not None:
        return Outgoing(asked.words.html("ask.today_stands", count=post.prayed), reply_to=answer.message_id)
    return _reply(asked, answer)


async def region(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """A region's request of the running window; without a name, buttons."""
    group = asked.group
    if group is None:
        return None
    if not asked.text:
        return Outgoing(asked.words.html("ask.which"), region_buttons(list(Region), asked.words))
    named, near = vigil.asking.region_meant(asked.text)
    if named is None:
        key = "ask.near" if near else "ask.unknown"
        return Outgoing(asked.words.html(key, text=asked.text[:40]), region_buttons(near or list(Region), asked.words))
    return await answer_region(vigil, asked, named)


async def answer_region(vigil: Vigil, asked: Asked, named: Region) -> Outgoing | None:
    """Give a region's request, through the door."""
    if asked.group is None:
        return None
    request = await vigil.asking.request_of(asked.group, named)
    if request is None:
        return Outgoing(asked.words.html("ask.region_none", region=asked.words.region(named)))
    return _reply(asked, await vigil.asking.answer(asked.group, asked.chat_id, request))


async def choose_region(vigil: Vigil, tap: Tap) -> str | None:
    """Give the request of the region whose button was tapped."""
    outgoing = await answer_region(vigil, tap.asked, Region[tap.about])
    if outgoing is not None:
        await reply(vigil, tap.asked, outgoing)
    return None


def region_buttons(regions: Sequence[Region], words: Words) -> Buttons:
    """One button a region; `Region`'s member name is what comes back."""
    return tuple((Button(words.region(region), data=f"region:{region.name}"),) for region in regions)


async def week(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """The week's regions, without a word of the requests."""
    if asked.group is None:
        return None
    days = await vigil.asking.week(asked.group)
    if not days:
        return Outgoing(asked.words.html("ask.week_none"))
    lines = [
        asked.words.html(
            "ask.week_day",
            mark="✓" if day.posted else "·",
            day=asked.words.day(day.date),
            region=asked.words.region(day.request.request.region),
            sign=_sign(asked, day.request, day.points),
        )
        for day in days
    ]
    return Outgoing(asked.words.html("ask.week", days="{days}").replace("{days}", "\n".join(lines)))


async def verse(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """The verse of the running window."""
    if asked.group is None:
        return None
    bulletins = await vigil.asking.running(asked.group)
    if not bulletins:
        return Outgoing(asked.words.html("ask.week_none"))
    return Outgoing(Rendering(asked.words).verse(bulletins[0].verse))


async def prayed(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """Mark the group's newest post."""
    if asked.group is None:
        return None
    if asked.user_id is None:
        return Outgoing(asked.words.html("pray.anonymous"))
    post = await vigil.praying.latest(asked.group)
    if post is None:
        return Outgoing(asked.words.html("pray.none"))
    marked = await vigil.praying.prayed(post.id, asked.user_id)
    return Outgoing(asked.words.html("pray.counted" if marked.new else "pray.again", count=marked.count))


async def pray(vigil: Vigil, tap: Tap) -> str | None:
    """Mark the post whose button this is, whichever chat id its message has."""
    marked = await vigil.praying.tap(int(tap.about), tap.chat_id, tap.message_id, tap.user_id)
    if marked is None:
        return tap.words.plain("tap.unknown")
    return tap.words.plain("tap.counted", count=marked.count) if marked.new else tap.words.plain("tap.again")


async def start(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """Begin in a direct chat; with a group's token, join the chat to that group."""
    if asked.user_id is None:
        return None
    if asked.user_id in vigil.operators:
        vigil.telling.started(asked.user_id)
        if not asked.text:
            return Outgoing(asked.words.html("direct.operator"))
    if not asked.text:
        return Outgoing(asked.words.html("direct.welcome"))
    group = await vigil.asking.bind(asked.user_id, asked.text)
    if group is None:
        return Outgoing(asked.words.html("direct.not_bound"))
    return Outgoing(asked.words.html("direct.bound", title=group.title))


async def stop(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """The direct chat belongs to no group any more."""
    if asked.user_id is None:
        return None
    ended = await vigil.asking.unbind(asked.user_id)
    return Outgoing(asked.words.html("direct.unbound" if ended else "direct.nothing_to_stop"))


async def privacy(_vigil: Vigil, asked: Asked) -> Outgoing | None:
    """What is stored and what never is."""
    return Outgoing(asked.words.html("privacy"))


def _reply(asked: Asked, answer: Answer) -> Outgoing | None:
    """The words around an answer: none where the request itself has come."""
    words = asked.words
    match answer.outcome:
        case Outcome.GIVEN:
            return None
        case Outcome.STANDS:
            return Outgoing(words.html("ask.stands"), reply_to=answer.message_id)
        case Outcome.COMES:
            at = words.clock(asked.group.at) if asked.group else ""
            return Outgoing(words.html("ask.comes", at=at))
        case Outcome.WAITS:
            return Outgoing(words.html("ask.waits"))
        case Outcome.REFUSED:
            return Outgoing(words.html("ask.refused", reason=words.plain(f"reason.{answer.reason}")))


def _sign(asked: Asked, request: StoredRequest, points: tuple[int, ...]) -> str:
    return Rendering(asked.words).kinds(frozenset(request.request.points[index].kind for index in points))
