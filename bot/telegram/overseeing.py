"""What operators see of the groups and do with them: one message, changed in place."""

from contextlib import suppress

from bot.domain.group import APPROVED_STATES, GroupState
from bot.domain.post import UNDER_WAY, Post, PostState
from bot.services.messenger import Button, Buttons, MessengerError, Outgoing
from bot.services.overseeing import Standing
from bot.services.words import Words
from bot.telegram.asked import Asked
from bot.telegram.tap import Tap
from bot.telegram.vigil import Vigil

_ON_A_PAGE = 8
_LONGEST_BUTTON = 40


async def groups(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """Every group that the bot is in, with a button each."""
    return await _page(vigil, asked.words, 0)


async def turn_page(vigil: Vigil, tap: Tap) -> str | None:
    """Another page of the list."""
    await _become(vigil, tap, await _page(vigil, tap.asked.words, int(tap.about)))
    return None


async def see_group(vigil: Vigil, tap: Tap) -> str | None:
    """One group, with what can be done with it."""
    standing = await vigil.overseeing.standing(int(tap.about))
    if standing is None:
        return tap.words.plain("tap.group_gone")
    await _become(vigil, tap, _card(standing, tap.asked.words))
    return None


async def suspend(vigil: Vigil, tap: Tap) -> str | None:
    """Nothing more is shown to a group."""
    return await _done(vigil, tap, await vigil.overseeing.suspend(int(tap.about), tap.user_id))


async def release(vigil: Vigil, tap: Tap) -> str | None:
    """A suspended group may begin again."""
    return await _done(vigil, tap, await vigil.overseeing.release(int(tap.about), tap.user_id))


async def remove(vigil: Vigil, tap: Tap) -> str | None:
    """Ask whether a group shall be left; when that is confirmed, leave it."""
    number, _, sure = tap.about.partition(":")
    if sure:
        return await _done(vigil, tap, await vigil.overseeing.remove(int(number), tap.user_id))
    standing, words = await vigil.overseeing.standing(int(number)), tap.asked.words
    if standing is None:
        return tap.words.plain("tap.group_gone")
    yes = Button(words.plain("button.remove_sure"), data=f"remove:{number}:sure")
    no = Button(words.plain("button.keep_group"), data=f"group:{number}")
    html = words.html("oversee.remove_sure", title=standing.group.title)
    await _become(vigil, tap, Outgoing(html, ((yes,), (no,))))
    return None


async def show_anew(vigil: Vigil, tap: Tap) -> None:
    """Show the group as it stands now; the others, where the bot isn't in it any more."""
    standing, words = await vigil.overseeing.standing(int(tap.about.partition(":")[0])), tap.asked.words
    # What was done is stored; whoever taps again is told so.
    with suppress(MessengerError):
        await _become(vigil, tap, _card(standing, words) if standing else await _page(vigil, words, 0))


async def _done(vigil: Vigil, tap: Tap, moved: bool) -> str:
    """Show what became of the group; the words say whether this tap has done it."""
    await show_anew(vigil, tap)
    return tap.words.plain("tap.done" if moved else "tap.decided")


async def _become(vigil: Vigil, tap: Tap, outgoing: Outgoing) -> None:
    await vigil.messenger.edit(tap.chat_id, tap.message_id, outgoing)


async def _page(vigil: Vigil, words: Words, page: int) -> Outgoing:
    standings = await vigil.overseeing.standings()
    if not standings:
        return Outgoing(words.html("oversee.none"))
    last_page = (len(standings) - 1) // _ON_A_PAGE
    page = min(page, last_page)
    shown = standings[page * _ON_A_PAGE :][:_ON_A_PAGE]
    lines = [words.html("oversee.line", **_told(each, words)) for each in shown]
    buttons: Buttons = tuple(
        (Button(each.group.title[:_LONGEST_BUTTON], data=f"group:{each.group.id}"),) for each in shown
    )
    turns = [("button.back", page - 1)] if page else []
    turns += [("button.more", page + 1)] if page < last_page else []
    turning = tuple(Button(words.plain(key), data=f"groups:{number}") for key, number in turns)
    return Outgoing("\n\n".join([words.html("oversee.title"), *lines]), (*buttons, turning) if turns else buttons)


def _card(standing: Standing, words: Words) -> Outgoing:
    group = standing.group
    # Approve and Decline stand under the operators' question too, which has no card to write anew.
    about = f"{group.id}:card" if group.state is GroupState.PENDING else str(group.id)
    rows = [(f"button.{action}", f"{action}:{about}") for action in _actions(group.state)]
    buttons = tuple((Button(words.plain(key), data=data),) for key, data in [*rows, ("button.list", "groups:0")])
    when = f"{words.weekdays(group.weekdays)}, {words.clock(group.at)} ({group.zone.key})"
    return Outgoing(words.html("oversee.card", when=when, **_told(standing, words)), buttons)


def _actions(state: GroupState) -> tuple[str, ...]:
    if state is GroupState.PENDING:
        return ("approve", "decline")
    if state is GroupState.HELD:
        return ("release", "remove")
    return ("suspend", "remove") if state in APPROVED_STATES else ()


def _told(standing: Standing, words: Words) -> dict[str, str]:
    group = standing.group
    local = group.next_due_at.astimezone(group.zone) if group.next_due_at and group.is_served else None
    return {
        "title": group.title,
        "state": words.plain(f"group.state.{group.state}"),
        "next": f"{words.day(local)} {words.clock(local.timetz())}" if local else words.plain("group.none"),
        "last": _outcome(standing.last, words),
    }


def _outcome(post: Post | None, words: Words) -> str:
    """What became of a group's newest post."""
    if post is None or post.local_date is None:
        return words.plain("group.none")
    day = words.day(post.local_date)
    if post.state in (PostState.SKIPPED, PostState.REFUSED):
        return words.plain("oversee.missed", day=day, reason=words.plain(f"reason.{post.reason}"))
    if post.state is PostState.WITHDRAWN:
        return words.plain("oversee.withdrawn", day=day)
    if post.state in UNDER_WAY:
        return words.plain("oversee.under_way", day=day)
    return words.plain("oversee.posted", day=day, count=post.prayed)
