"""Commands and buttons for members: "I prayed", and the direct chat."""

from bot.services.marks import Marked
from bot.services.messenger import Outgoing
from bot.services.people import is_role_token
from bot.services.words import Words
from bot.telegram import people
from bot.telegram.access import Refusal, Where, Who, admit
from bot.telegram.asked import Asked
from bot.telegram.tap import Tap, refused
from bot.telegram.vigil import Vigil


async def prayed(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """Mark today's post; as a reply to an older one, that one, also where an answer shows its request."""
    if asked.group is None:
        return None
    if asked.user_id is None:
        return Outgoing(asked.words.html("pray.anonymous"))
    if asked.reply_to is not None:
        shown = await vigil.praying.shown_at(asked.group, asked.chat_id, asked.reply_to)
        if shown is None:
            return Outgoing(asked.words.html("pray.no_post"))
        marked = await vigil.praying.prayed_with(asked.group, shown, asked.user_id)
        return Outgoing(asked.words.html("pray.not_counted") if marked is None else _thanks(marked, asked.words))
    post = await vigil.praying.latest(asked.group)
    marked = await vigil.praying.prayed(asked.group, post.id, asked.user_id) if post else None
    return Outgoing(asked.words.html("pray.none") if marked is None else _thanks(marked, asked.words))


def _thanks(marked: Marked, words: Words) -> str:
    if marked.count is None:
        return words.html("pray.thanks" if marked.new else "pray.still")
    return words.html("pray.counted" if marked.new else "pray.again", count=marked.count)


async def pray(vigil: Vigil, tap: Tap) -> str | None:
    """Mark the post whose button this is, whichever chat id its message has; in a direct chat one of the own group."""
    if tap.asked.direct:
        admitted = await admit(vigil, Who.MEMBER, Where.DIRECT, tap.asked)
        if isinstance(admitted, Refusal):
            return refused(admitted, tap.words)
        group = admitted.group
        marked = await vigil.praying.prayed(group, int(tap.about), tap.user_id) if group else None
    else:
        message = (tap.chat_id, tap.message_id)
        marked = await vigil.praying.tap(int(tap.about), *message, tap.user_id, true_button=tap.asked.true_button)
    if marked is None:
        return tap.words.plain("tap.unknown")
    if marked.count is None:
        return tap.words.plain("tap.thanks" if marked.new else "tap.again")
    return tap.words.plain("tap.counted", count=marked.count) if marked.new else tap.words.plain("tap.again")


async def start(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """Begin in a direct chat; with a group's token, join the chat to that group; with a role's, take the role."""
    if asked.user_id is None:
        return None
    if is_role_token(asked.text):
        return await people.become(vigil, asked, asked.user_id)
    if asked.user_id in vigil.operators:
        vigil.telling.started(asked.user_id)
        if not asked.text:
            return Outgoing(asked.words.html("direct.operator"))
    if not asked.text:
        return Outgoing(asked.words.html("direct.welcome"))
    group = await vigil.asking.bind(asked.user_id, asked.text)
    if group is None:
        return Outgoing(asked.words.html("direct.not_bound"))
    if not group.is_served:
        return Outgoing(asked.words.html("direct.resting"))
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
