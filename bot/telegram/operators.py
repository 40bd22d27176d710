"""Commands and buttons for operators, in their direct chats: a request is taken back."""

from bot.services.messenger import Button, Outgoing
from bot.services.retracting import Choice, Why
from bot.services.words import Words
from bot.telegram.asked import Asked
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


async def ask_why(vigil: Vigil, request_id: int, words: Words) -> Outgoing:
    """What it means to take this request back, and the reasons as buttons: to choose one is to confirm it."""
    choice = await vigil.retracting.choice(request_id)
    if choice is None or choice.is_gone:
        return Outgoing(words.html("retract.before"))
    reasons = tuple((Button(words.plain(f"button.why.{why}"), data=f"retract:{request_id}:{why}"),) for why in Why)
    keep = ((Button(words.plain("button.keep"), data="retract:keep"),),)
    return Outgoing(words.html("retract.sure", count=choice.copies, **_named(choice, words)), reasons + keep)


def _named(choice: Choice, words: Words) -> dict[str, str]:
    return {"region": words.region(choice.region), "day": words.day(choice.day)}
