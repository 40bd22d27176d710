"""Round after round, or one: each is a play from nothing."""

import asyncio
from collections.abc import Sequence
from datetime import date

from bot.demo.play import play
from bot.demo.screen import Screen
from bot.demo.script import PLACES
from bot.demo.tempo import Tempo
from bot.domain.bulletin import Bulletin
from bot.services.verses import Verses

REST_SECONDS = 3.0  # between rounds, so that the table can be read


async def rounds(
    bulletins: Sequence[Bulletin], on: date, verses: Verses, screen: Screen, tempo: Tempo, *, once: bool
) -> bool:
    """Play until a verdict finds a fault, or once; whether none was found. Raises what `play` raises."""
    while True:
        verdict = await play(bulletins, on, verses, screen, tempo)
        screen.verdict(verdict, [place.name for place in PLACES])
        if verdict.faults or once:
            return not verdict.faults
        screen.note("\nIn a moment it begins again, with an empty database. Ctrl-C ends it.")
        await asyncio.sleep(REST_SECONDS)
