"""Every button that can be tapped, in one table: the only way from what comes back with a tap to a handler."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.domain.regions import Region
from bot.services.retracting import Why
from bot.services.screens import ABOUT, Flow
from bot.telegram import asking, direct, editors, joining, members, operators, overseeing, people, setup
from bot.telegram.access import Refusal, Where, Who, admit, placed
from bot.telegram.asked import Asked
from bot.telegram.tap import Tap, refused
from bot.telegram.vigil import Vigil

Handler = Callable[[Vigil, Tap], Awaitable[str | None]]


@dataclass(frozen=True, slots=True)
class Action:
    """One row of the table: a button's data is `<name>:<about>`, and `about` is a regular expression.

    The handler gives the words that Telegram shows to whoever tapped, or None. A client may send any data with a tap:
    the number of a row says nothing of whose it is, so a handler takes the group from the tap, and asks the row for it.
    """

    name: str
    about: str
    who: Who
    where: Where
    handle: Handler


NUMBER = "[1-9][0-9]{0,17}"
MONTH = "[0-9]{4}-[0-9]{2}"

ACTIONS = (
    Action("pray", NUMBER, Who.READER, Where.BOTH, members.pray),
    Action("region", "|".join(Region.__members__), Who.MEMBER, Where.BOTH, asking.choose_region),
    Action("country", "[A-Z]{2}", Who.MEMBER, Where.BOTH, asking.choose_country),
    Action("show", f"{NUMBER}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}", Who.MEMBER, Where.BOTH, asking.show),
    Action("mine", MONTH, Who.MEMBER, Where.DIRECT, direct.turn_page),
    Action("slip", MONTH, Who.MEMBER, Where.DIRECT, direct.choose_slip),
    Action("undo", NUMBER, Who.MEMBER, Where.DIRECT, direct.undo),
    Action("forget", "me|nothing", Who.ANYONE, Where.DIRECT, direct.choose_forgetting),
    Action(Flow.SETTINGS, ABOUT, Who.ADMIN, Where.GROUP, setup.change_settings),
    Action(Flow.SETUP, ABOUT, Who.ADMIN, Where.GROUP, setup.go_through_setup),
    Action("agree", f"{NUMBER}:[A-Za-z0-9_-]{{16}}", Who.ANYONE, Where.DIRECT, joining.agree),
    Action("letin", f"{NUMBER}:{NUMBER}", Who.ADMIN, Where.GROUP, joining.let_in),
    Action("turnaway", f"{NUMBER}:{NUMBER}", Who.ADMIN, Where.GROUP, joining.turn_away),
    Action("approve", f"{NUMBER}(:card)?", Who.OPERATOR, Where.DESK, operators.approve),
    Action("decline", f"{NUMBER}(:card)?", Who.OPERATOR, Where.DESK, operators.decline),
    Action("retract", f"keep|{NUMBER}(:({'|'.join(Why)}))?", Who.EDITOR, Where.DIRECT, editors.choose_retraction),
    Action("groups", "[0-9]{1,6}", Who.OPERATOR, Where.DESK, overseeing.turn_page),
    Action("group", NUMBER, Who.OPERATOR, Where.DESK, overseeing.see_group),
    Action("suspend", NUMBER, Who.OPERATOR, Where.DESK, overseeing.suspend),
    Action("release", NUMBER, Who.OPERATOR, Where.DESK, overseeing.release),
    Action("remove", f"{NUMBER}(:sure)?", Who.OPERATOR, Where.DESK, overseeing.remove),
    Action("invite_editor", "", Who.OPERATOR, Where.DESK, people.invite_editor),
    Action("remove_editor", "[0-9a-f]{8}", Who.OPERATOR, Where.DESK, people.remove_editor),
)
_BY_NAME = {action.name: action for action in ACTIONS}


async def answer_tap(vigil: Vigil, asked: Asked) -> str | None:
    """Do what the button says whose data is the text; the words that Telegram shows to whoever tapped.

    Raises MessengerError and SQLAlchemyError.
    """
    name, _, about = asked.text.partition(":")
    action = _BY_NAME.get(name)
    if action is None or asked.user_id is None or not re.fullmatch(action.about, about):
        return asked.words.plain("tap.unknown")
    admitted = await admit(vigil, action.who, action.where, await placed(vigil, asked))
    if isinstance(admitted, Refusal):
        return refused(admitted, asked.words)
    return await action.handle(vigil, Tap(admitted, asked.user_id, about, asked.words))
