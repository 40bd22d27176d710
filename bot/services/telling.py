"""Telling the operators what needs a person, each thing once."""

import logging
from collections.abc import Sequence
from datetime import datetime

from bot.domain.chat import ChatType, why_not_private
from bot.services.messenger import Button, Buttons, ChatClosedError, Messenger, MessengerError, Outgoing
from bot.services.pacing import Pace
from bot.services.receipts import where
from bot.services.retiring import left_over
from bot.services.words import Words
from bot.store.database import Store
from bot.store.notices import Notice

log = logging.getLogger(__name__)

# The text of notices that aren't told one by one: the digest gathers them.
GATHERED = "operator.digest"
# The texts that ask for a decision.
_ASKING = ("operator.approve", "operator.approve_held")
# Operators who couldn't be reached are asked for again after so many sweeps.
ASK_AGAIN_EVERY = 30


class Telling:
    """Sends stored notices to the operators' chats. What reaches nobody stays stored and is tried again."""

    def __init__(self, store: Store, messenger: Messenger, words: Words, pace: Pace, operators: Sequence[int]) -> None:
        self._store, self._messenger, self._words, self._pace = store, messenger, words, pace
        self._operators = operators
        self._reached: set[int] = set()
        self._sweeps = 0

    async def reachable(self) -> list[int]:
        """The operators whom the bot can write to: groups it is in, people who have started it."""
        reached = []
        for chat_id in self._operators:
            try:
                await self._pace.question()
                chat = await self._messenger.chat(chat_id)
            except MessengerError:
                continue
            if chat.type is not ChatType.PRIVATE and why_not_private(chat):
                log.warning("the operators' group %s is not private, so nothing is told there", chat_id)
                continue
            reached.append(chat_id)
        self._reached = set(reached)
        return reached

    async def is_private(self, chat_id: int) -> bool:
        """Whether nobody but its members can see this group of the operators, at this moment. Raises MessengerError."""
        await self._pace.question()
        return not why_not_private(await self._messenger.chat(chat_id))

    def started(self, chat_id: int) -> None:
        """This operator has just written to the bot, or let it into their group."""
        self._reached.add(chat_id)

    async def tell(self) -> None:
        """Send what nobody has been told yet. Telling somebody twice after a kill is better than never."""
        self._sweeps += 1
        if self._sweeps % ASK_AGAIN_EVERY == 0 and len(self._reached) < len(self._operators):
            await self.reachable()
        if not self._reached:
            return
        async with self._store.reading() as stored:
            untold = await stored.notices.untold(but=GATHERED)
        for notice in untold:
            if await self._tell(notice):
                async with self._store.writing() as stored:
                    await stored.notices.told(notice.about)

    async def _tell(self, notice: Notice) -> bool:
        return await self.say(await self._html(notice), self._buttons(notice))

    async def say(self, html: str, buttons: Buttons = ()) -> bool:
        """Say something to every operator who can be reached; whether anybody was."""
        heard = False
        for chat_id in sorted(self._reached):
            try:
                await self._send(chat_id, Outgoing(html, buttons))
                heard = True
            except ChatClosedError:
                self._reached.discard(chat_id)
            except MessengerError as error:
                log.warning("an operator could not be told: %s", type(error).__name__)
        return heard

    async def _send(self, chat_id: int, message: Outgoing) -> None:
        """Raises MessengerError. A group that strangers can see at this moment is closed."""
        if chat_id < 0 and not await self.is_private(chat_id):  # a person's id is positive
            raise ChatClosedError("public")
        await self._pace.turn(chat_id)
        await self._messenger.send(chat_id, message)

    async def _html(self, notice: Notice) -> str:
        async with self._store.reading() as stored:
            if notice.text_key == "operator.unretired" and notice.detail:
                left = await left_over(stored, datetime.fromisoformat(notice.detail))
                lines = await where(stored, left, self._words, self._words.html(notice.text_key, lines=""))
                return self._words.html(notice.text_key, lines="{lines}").replace("{lines}", "\n".join(lines))
            title = (await stored.groups.get(notice.group_id)).title if notice.group_id is not None else ""
        return self._words.html(notice.text_key, title=title, reason=self._reason(notice.detail))

    def _reason(self, detail: str | None) -> str:
        """Most details are reasons that the texts have words for."""
        key = f"reason.{detail}"
        return self._words.plain(key) if key in self._words.keys else detail or ""

    def _buttons(self, notice: Notice) -> Buttons:
        if notice.text_key not in _ASKING:
            return ()
        yes = Button(self._words.plain("button.approve"), data=f"approve:{notice.group_id}")
        no = Button(self._words.plain("button.decline"), data=f"decline:{notice.group_id}")
        return ((yes, no),)
