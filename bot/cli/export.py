"""`vigil bulletin export`: a stored bulletin as text."""

import sys
from datetime import datetime
from typing import Annotated

import typer

from bot.cli.opening import with_store
from bot.domain.bulletin import Bulletin
from bot.loader.profile import load_profile
from bot.loader.writing import write
from bot.settings import Settings
from bot.store.bulletins import StoredBulletin
from bot.store.database import Store

_MOST_DATES = 10  # that are named

app = typer.Typer(add_completion=False)


class UnknownBulletinError(Exception):
    """No bulletin of that date is stored. Its sentence names the dates that are."""


@app.command()
def export(
    bulletin: Annotated[
        datetime,
        typer.Argument(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The date of a stored bulletin, or a draft."),
    ],
    *,
    text: Annotated[bool, typer.Option("--text", help="As text that `bulletin load` reads back to the same.")] = False,
) -> None:
    """Print a stored bulletin; of several of one date the published one, else the newest."""
    if not text:
        raise typer.BadParameter("Say in which form: --text.")
    day = bulletin.date()

    async def do(settings: Settings, store: Store) -> str:
        async with store.reading() as stored:
            found = await stored.bulletins.of_date(day)
            dates = [] if found else await stored.bulletins.dates()
        if not found:
            known = ", ".join(each.isoformat() for each in dates[:_MOST_DATES]) or "none"
            raise UnknownBulletinError(f"No bulletin of {day.isoformat()} is stored. The newest are of: {known}.")
        return write(_as_written(found[0]), load_profile(settings.profile_path()))

    sys.stdout.write(with_store(do))


def _as_written(stored: StoredBulletin) -> Bulletin:
    requests = tuple(each.request for each in stored.requests)
    return Bulletin(stored.title, stored.published_on, stored.verse, requests)
