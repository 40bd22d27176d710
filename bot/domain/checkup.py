"""A checkup: what of a group's standing keeps its requests among its members, and what doesn't."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.chat import Chat, ChatType, Rights, why_not_private

APPROVAL = "approval"
# Remembered like what is bad, until it is looked at: somebody has come in by a link that needs no approval.
OPEN_LINK = "open_link"


class Verdict(StrEnum):
    """How one thing stands."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"  # Telegram doesn't say


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. What it means and how to change it: the texts `checkup.<key>`.

    `reason` is a key of the texts, where one verdict stands for several.
    """

    key: str
    verdict: Verdict
    reason: str | None = None


def examine(
    chat: Chat, rights: Rights, *, topic_open: bool | None = None, open_link: bool = False
) -> tuple[Finding, ...]:
    """Everything that there is to say of a group.

    `topic_open`: whether the bot may write in the topic of the group's posts; None where there are no topics.
    `open_link`: somebody has come in by a link that needs no approval.
    """
    return tuple(_examine(chat, rights, topic_open, open_link))


def _examine(chat: Chat, rights: Rights, topic_open: bool | None, open_link: bool) -> Iterator[Finding]:
    reason = why_not_private(chat)
    yield Finding("private", Verdict.BAD if reason else Verdict.GOOD, reason)
    yield Finding("adding", Verdict.UNKNOWN if chat.members_add is None else _good(not chat.members_add))
    # Of a private group's links Telegram shows the bot its own alone, and others when somebody comes in by them.
    known = Verdict.GOOD if chat.joins_by_request else Verdict.UNKNOWN
    yield Finding(APPROVAL, Verdict.BAD if open_link else known)
    if chat.type is ChatType.GROUP:
        # Whatever its admins choose, Telegram shows newcomers up to a hundred of the messages before them.
        yield Finding("basic_history", Verdict.BAD)
    else:
        # Only admins are told that newcomers see what was written before them.
        yield Finding("history", _good(not chat.shows_history) if rights.is_admin else Verdict.UNKNOWN)
    yield Finding("timer", _good(chat.deletes_itself))
    yield Finding("protection", _good(chat.is_protected))
    yield Finding("admin", _good(rights.is_admin))
    yield Finding("inviting", _good(rights.may_invite))
    if topic_open is not None:
        yield Finding("topic", _good(topic_open))


def _good(holds: bool) -> Verdict:
    return Verdict.GOOD if holds else Verdict.BAD


def bad_now(findings: Iterable[Finding], before: frozenset[str]) -> frozenset[str]:
    """The keys of what is bad; what can't be known at this moment is as it was `before`."""
    return frozenset(
        each.key
        for each in findings
        if each.verdict is Verdict.BAD or (each.verdict is Verdict.UNKNOWN and each.key in before)
    )
