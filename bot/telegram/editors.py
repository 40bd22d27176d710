"""Commands and buttons for editors: a request is taken back."""

from bot.services.messenger import Button, MessengerError, Outgoing
from bot.services.retracting import Choice, Why
from bot.services.words import Words
from bot.telegram.asked import Asked
from bot.telegram.tap import Tap
from bot.telegram.vigil import Vigil


async def retract(vigil: Vigil, asked: Asked) -> Outgoing | None:
    """The requests of these weeks as buttons."""
    choices = [each for each in await vigil.retracting.choices() if not each.is_gone]
    if not choices:
        return Outgoing(asked.words.html("retract.none"))
    rows = tuple(
        (Button(asked.words.plain("button.retract", **_named(each, asked.words)), data=f"retract:{each.request_id}"),)
        for each in choices
    )
    return Outgoing(asked.words.html("retract.which"), rows)


async def choose_retraction(vigil: Vigil, tap: Tap) -> str | None:
    """A request was chosen, then a reason; or it is kept."""
    number, _, why = tap.about.partition(":")
    if number == "keep":
        outgoing = Outgoing(tap.words.html("retract.kept"))
    elif not why:
        outgoing = await _ask_why(vigil, int(number), tap.words)
    else:
        begun = await vigil.retracting.retract(int(number), Why(why), tap.chat_id, tap.user_id)
        outgoing = Outgoing(tap.words.html("retract.begun" if begun else "retract.before"))
    try:
        await vigil.messenger.edit(tap.chat_id, tap.message_id, outgoing)
    except MessengerError:
        # A reason that was chosen is stored; anything else is asked for by another tap.
        if not why:
            raise
    return None


async def _ask_why(vigil: Vigil, request_id: int, words: Words) -> Outgoing:
    """What it means to take this request back, and the reasons as buttons: to choose one is to confirm it."""
    choice = await vigil.retracting.choice(request_id)
    if choice is None or choice.is_gone:
        return Outgoing(words.html("retract.before"))
    reasons = tuple((Button(words.plain(f"button.why.{why}"), data=f"retract:{request_id}:{why}"),) for why in Why)
    keep = ((Button(words.plain("button.keep"), data="retract:keep"),),)
    html = words.html("retract.sure", count=choice.copies, **_named(choice, words))
    if choice.along:
        html += "\n" + words.html("retract.along", days=", ".join(map(words.day, choice.along)))
    return Outgoing(html, reasons + keep)


def _named(choice: Choice, words: Words) -> dict[str, str]:
    return {"region": words.region(choice.region), "day": words.day(choice.day)}
