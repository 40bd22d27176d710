"""The checkup: how safe a group keeps its requests. Its admins are told when that gets worse, once."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.chat import Chat, why_not_private
from bot.domain.checkup import APPROVAL, OPEN_LINK, Finding, Verdict, bad_now, examine
from bot.domain.group import Group
from bot.services.admission import look_at_once
from bot.services.messenger import (
    ChatClosedError,
    Messenger,
    OurMistakeError,
    Outgoing,
    UnknownOutcomeError,
)
from bot.services.pacing import Lane, Pace
from bot.services.saying import say
from bot.services.words import Languages, Words
from bot.store.database import Store

log = logging.getLogger(__name__)


class Checkup:
    """Looks at a group when its admin asks, and whenever the round asks Telegram for it."""

    def __init__(
        self, store: Store, messenger: Messenger, languages: Languages, pace: Pace, now: Callable[[], datetime]
    ) -> None:
        self._store, self._messenger, self._languages, self._pace = store, messenger, languages, pace
        self._now = now

    async def show(self, group: Group) -> tuple[Finding, ...]:
        """How it stands at this moment; who was shown that needn't be told. Raises MessengerError."""
        await self._pace.question()
        chat = await self._messenger.chat(group.chat_id)
        if why_not_private(chat):
            await look_at_once(self._store, group, self._now())
        found = await self._examine(group, chat, Lane.ANSWER)
        # Nobody says whether a link that needs no approval was revoked: who comes by one after this is told anew.
        await self._remember(group, bad_now(found, group.findings or frozenset()) - {APPROVAL})
        return found

    async def came_freely(self, chat_id: int) -> None:
        """Somebody has come in by a link that needs no approval: the next look finds it bad."""
        async with self._store.writing() as stored:
            group = await stored.groups.take_up_chat(chat_id)
            # Before the first look it is no change, as nothing is.
            if group is None or group.findings is None or _came_freely(group):
                return
            await stored.groups.set_findings(group.id, group.findings | {OPEN_LINK})

    async def look(self, group: Group, chat: Chat) -> None:
        """Tell the group's admins what got worse since it was looked at last; `chat` is what Telegram has just said.

        Raises MessengerError where nobody can be asked or told just now: then it is looked at again.
        """
        if not group.is_served:
            return
        found = await self._examine(group, chat, Lane.POST)
        before = group.findings
        bad = bad_now(found, before or frozenset())
        if before is not None and bad - before:
            worse = [each for each in found if each.key in bad - before]
            if not await self._tell(group, worse):
                bad = before & (bad | {OPEN_LINK})
        if bad != before:
            await self._remember(group, bad)

    async def _examine(self, group: Group, chat: Chat, lane: Lane) -> tuple[Finding, ...]:
        await self._pace.question(lane)
        rights = await self._messenger.rights(group.chat_id)
        topic_open = None
        if chat.is_forum:
            await self._pace.question(lane)
            topic_open = await self._messenger.may_write(group.chat_id, group.topic_id)
        return examine(chat, rights, topic_open=topic_open, open_link=_came_freely(group))

    async def _tell(self, group: Group, worse: Sequence[Finding]) -> bool:
        """Whether they know it now, or may know it."""
        words = self._languages.of(group.language)
        html = words.html("checkup.worse", lines="{lines}").replace("{lines}", lines(worse, words))
        # The round that asked has other groups to look at: what a busy chat can't be told now is told in its next one.
        try:
            await say(self._messenger, self._pace, group, Outgoing(html), Lane.POST)
        except UnknownOutcomeError:
            # Trying again might say it twice.
            log.info("group %s may not have been told what got worse", group.id)
        except (ChatClosedError, OurMistakeError) as error:
            # It is tried again when the group is looked at next, which is neither soon nor often.
            log.info("group %s could not be told what got worse: %s", group.id, type(error).__name__)
            return False
        return True

    async def _remember(self, group: Group, bad: frozenset[str]) -> None:
        """What was bad as it was looked at; who came in since then is seen by the next look."""
        async with self._store.writing() as stored:
            now = await stored.groups.take_up(group.id)
            came = {OPEN_LINK} & (now.findings or frozenset()) - (group.findings or frozenset())
            await stored.groups.set_findings(group.id, bad | came)


def _came_freely(group: Group) -> bool:
    return not {APPROVAL, OPEN_LINK}.isdisjoint(group.findings or ())


def lines(findings: Sequence[Finding], words: Words) -> str:
    """Each finding with what it means, and what isn't good with how to change it."""
    return "\n".join(_line(each, words) for each in findings)


def _line(finding: Finding, words: Words) -> str:
    reason = words.plain(f"reason.{finding.reason}") if finding.reason else ""
    means = words.html(f"checkup.{finding.key}.{finding.verdict}", reason=reason)
    line = f"{words.plain(f'checkup.sign.{finding.verdict}')} {means}"
    if finding.verdict is Verdict.GOOD:
        return line
    return f"{line}\n{words.html(f'checkup.{finding.key}.change')}"
