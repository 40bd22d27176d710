"""Receipts: how far a retraction is, told to whoever took the request back until nothing more will change."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.post import CopyState
from bot.services.fitting import listed
from bot.services.messenger import (
    ChatClosedError,
    MessageLostError,
    Messenger,
    MessengerError,
    Outgoing,
)
from bot.services.pacing import Pace
from bot.services.words import Words
from bot.store.copies import Tally
from bot.store.database import Store, Transaction
from bot.store.retractions import Retraction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Receipt:
    """`figures` change whenever the text does."""

    html: str
    figures: str
    finished: bool


class Receipts:
    """Writes each unfinished receipt when its figures have changed."""

    def __init__(self, store: Store, messenger: Messenger, words: Words, pace: Pace) -> None:
        self._store, self._messenger, self._words, self._pace = store, messenger, words, pace

    async def show(self) -> None:
        """Send or edit what has changed. A receipt sent twice after a kill is better than none."""
        async with self._store.reading() as stored:
            unfinished = await stored.retractions.unfinished()
            receipts = [await receipt(stored, each, self._words) for each in unfinished]
        for retraction, now in zip(unfinished, receipts, strict=True):
            if retraction.chat_id is not None and (retraction.shown != now.figures or now.finished):
                await self._show(retraction, retraction.chat_id, now)

    async def _show(self, retraction: Retraction, chat_id: int, now: Receipt) -> None:
        message_id, shown, finished = retraction.message_id, now.figures, now.finished
        try:
            await self._pace.turn(chat_id, at_most=0)
            if message_id is None:
                message_id = await self._messenger.send(chat_id, Outgoing(now.html))
            else:
                await self._messenger.edit(chat_id, message_id, Outgoing(now.html))
        except ChatClosedError:
            finished = True
        except MessageLostError:
            message_id, shown, finished = None, "", False
        except MessengerError as error:
            log.info("a receipt has to wait: %s", type(error).__name__)
            return
        async with self._store.writing() as stored:
            await stored.retractions.receipt(retraction.id, message_id, shown, finished=finished)


async def receipt(stored: Transaction, retraction: Retraction, words: Words) -> Receipt:
    """What is to be said of a retraction now."""
    tallies = await stored.copies.tally(retraction.request_id)
    region = (await stored.bulletins.request(retraction.request_id)).request.region
    reached = _count(tally for tally in tallies if tally.state is CopyState.TOMBSTONE)
    lost = [tally for tally in tallies if tally.state is CopyState.UNREACHABLE and not tally.open]
    every, missed, proving = _count(tallies), _count(lost), any(tally.open for tally in tallies)
    waiting = every - reached - missed
    state = "retract.waiting" if waiting else "retract.proving" if proving else "retract.finished"
    head = words.html("retract.receipt", region=words.region(region), reached=reached, count=every)
    end = words.html(state, count=waiting)
    html = "\n".join([head, *await where(stored, lost, words, f"{head}\n{end}"), end])
    return Receipt(html, f"{reached}/{missed}/{waiting}/{proving}", not proving)


async def where(stored: Transaction, tallies: Sequence[Tally], words: Words, beside: str) -> list[str]:
    """A line for each group with messages that could not be changed, and why, as far as one message has room for them.

    `beside` is what stands in that message too.
    """
    lines = []
    for tally in tallies:
        group = await stored.groups.get(tally.group_id)
        key = "retract.in_direct" if tally.direct else "retract.in_group"
        reason = words.plain(f"reason.{tally.reason}" if tally.reason else "reason.not_yet")
        lines.append(words.html(key, title=group.title, count=tally.count, reason=reason))
    return listed(lines, beside, lambda count: words.html("retract.more", count=count))


def _count(tallies: Iterable[Tally]) -> int:
    return sum(tally.count for tally in tallies)
