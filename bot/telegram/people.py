"""Who is an editor: operators see it, invite and remove; whoever opens the link becomes one."""

from contextlib import suppress

from bot.services.messenger import Button, MessengerError, Outgoing
from bot.services.words import Words
from bot.telegram.asked import Asked
from bot.telegram.sharing import share_button
from bot.telegram.speaking import reply
from bot.telegram.tap import Tap
from bot.telegram.vigil import Vigil


async def people(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """Operators and editors, without names: those aren't stored."""
    return await _list(vigil, asked.words)


async def invite_editor(vigil: Vigil, tap: Tap) -> str | None:
    """Make a link that makes one person an editor."""
    link, words = vigil.messenger.start_link(await vigil.people.invite(tap.user_id)), tap.asked.words
    await reply(vigil, tap.asked, Outgoing(words.html("people.link"), ((share_button(link, words),),)))
    return None


async def remove_editor(vigil: Vigil, tap: Tap) -> str | None:
    """End somebody's role, and tell that person."""
    removed = await vigil.people.remove(tap.about, tap.user_id)
    # What is stored counts; neither the word nor the list needs to arrive.
    with suppress(MessengerError):
        await vigil.messenger.edit(tap.chat_id, tap.message_id, await _list(vigil, tap.asked.words))
    if removed is None:
        return tap.words.plain("tap.decided")
    with suppress(MessengerError):
        ended = vigil.languages.default.html("people.ended")
        await vigil.messenger.send(removed.chat_id, Outgoing(ended))
    return tap.words.plain("tap.done")


async def become(vigil: Vigil, asked: Asked, user_id: int) -> Outgoing:
    """Somebody has opened a link that gives a role."""
    accepted = await vigil.people.accept(user_id, asked.text)
    return Outgoing(asked.words.html("people.welcome" if accepted else "people.link_over"))


async def _list(vigil: Vigil, words: Words) -> Outgoing:
    editors = await vigil.people.editors()
    lines = [words.html("people.operators", count=len(vigil.operators))]
    lines += [
        words.html("people.editor", number=number, code=each.code, day=words.day(each.since))
        for number, each in enumerate(editors, 1)
    ]
    buttons = [
        (Button(words.plain("button.remove_editor", number=number), data=f"remove_editor:{each.code}"),)
        for number, each in enumerate(editors, 1)
    ]
    add = (Button(words.plain("button.invite_editor"), data="invite_editor:"),)
    return Outgoing("\n".join([words.html("people.title"), *lines]), (*buttons, add))
