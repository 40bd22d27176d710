"""How long a line stands before the next one comes: real time, for whoever reads along."""

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tempo:
    """Seconds to read each kind of thing. The clock of the demo doesn't depend on them."""

    line: float
    post: float
    tap: float
    answer: float
    heading: float

    async def line_read(self) -> None:
        """A line of a few words."""
        await asyncio.sleep(self.line)

    async def post_read(self) -> None:
        """A post with the beginning of its request."""
        await asyncio.sleep(self.post)

    async def tap_read(self) -> None:
        """A tap and its count."""
        await asyncio.sleep(self.tap)

    async def answer_read(self) -> None:
        """A question and its answer."""
        await asyncio.sleep(self.answer)

    async def heading_read(self) -> None:
        """A new section."""
        await asyncio.sleep(self.heading)


READING = Tempo(line=0.7, post=1.3, tap=0.6, answer=1.9, heading=1.8)
FAST = Tempo(0, 0, 0, 0, 0)
