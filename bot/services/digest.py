"""The digest: what was not posted, gathered for the operators into one message a day, never one a group."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.group import GroupState
from bot.domain.weekdays import Weekdays
from bot.services.fitting import listed
from bot.services.telling import GATHERED, Telling
from bot.services.words import Words
from bot.store.database import Store
from bot.store.notices import Notice

# Reasons for which somebody has to do something: told at once as well, once a date.
_URGENT = ("our_mistake", "text_gone")
_MOST_TITLES = 5
_MARK = "digest"


@dataclass(frozen=True, slots=True)
class DigestRules:
    """When the digest comes, and on which weekdays a request is expected."""

    at: time
    zone: ZoneInfo
    planning_days: Weekdays


def not_posted(post_id: int, group_id: int, day: date, reason: str) -> list[Notice]:
    """What to store for the operators when a group's post of a local date ends without its request."""
    notices = [Notice(f"post:{post_id}", GATHERED, group_id, f"{day} {reason}")]
    if reason in _URGENT:
        notices.append(Notice(f"{reason}:{day}", "operator.skipped", group_id, reason))
    return notices


class Digest:
    """Writes the digest once a day, if there is anything to say."""

    def __init__(
        self, store: Store, telling: Telling, words: Words, rules: DigestRules, now: Callable[[], datetime]
    ) -> None:
        self._store, self._telling, self._words, self._rules, self._now = store, telling, words, rules, now

    async def sweep(self) -> None:
        """Send the digest if its hour has come, or has passed while no bot ran.

        What reaches nobody is tried again at the next sweep.
        """
        now = self._now().astimezone(self._rules.zone)
        today, yesterday = now.date(), now.date() - timedelta(days=1)
        day = today if now.time() >= self._rules.at else yesterday
        async with self._store.reading() as stored:
            if (await stored.notices.detail(_MARK) or str(yesterday)) >= str(day):
                return
            gathered = await stored.notices.untold(of=GATHERED)
        missing, unplanned = await self._missing(gathered), await self._unplanned(today)
        if (missing or unplanned) and not await self._telling.say(self._html(missing, unplanned)):
            return
        async with self._store.writing() as stored:
            for notice in gathered:
                await stored.notices.told(notice.about)
            await stored.notices.forget(_MARK)
            await stored.notices.add(Notice(_MARK, GATHERED, detail=str(day)))
            await stored.notices.told(_MARK)

    def _html(self, missing: Sequence[str], unplanned: Sequence[str]) -> str:
        title = self._words.html("digest.title")
        beside = "\n".join([title, *unplanned])
        shown = listed(missing, beside, lambda count: self._words.html("digest.left_out", count=count))
        return "\n".join([title, *shown, *unplanned])

    async def _missing(self, notices: Sequence[Notice]) -> list[str]:
        """A line a date and reason, with the groups it befell."""
        groups = defaultdict[tuple[date, str], list[int]](list)
        for notice in notices:
            day, _, reason = (notice.detail or "").partition(" ")
            if notice.group_id is not None and self._is_expected(date.fromisoformat(day), reason):
                groups[date.fromisoformat(day), reason].append(notice.group_id)
        return [
            self._words.html(
                "digest.missing",
                date=self._words.day(day),
                reason=self._words.plain(f"reason.{reason}"),
                groups=await self._titles(group_ids),
            )
            for (day, reason), group_ids in sorted(groups.items())
        ]

    def _is_expected(self, day: date, reason: str) -> bool:
        return reason != "nothing_planned" or day.weekday() in self._rules.planning_days

    async def _titles(self, group_ids: Sequence[int]) -> str:
        async with self._store.reading() as stored:
            titles = [f"“{(await stored.groups.get(each)).title}”" for each in group_ids[:_MOST_TITLES]]
        more = len(group_ids) - len(titles)
        return ", ".join(titles) + (self._words.plain("digest.more", count=more) if more else "")

    async def _unplanned(self, today: date) -> list[str]:
        """Before a planning day without a plan begins: whose job is it, and how is it done."""
        coming = (today + timedelta(days=ahead) for ahead in range(1, 8))
        day = next(each for each in coming if each.weekday() in self._rules.planning_days)
        async with self._store.reading() as stored:
            waiting = any(group.state is GroupState.ACTIVE for group in await stored.groups.all())
            planned = await stored.plan.on(day) is not None
        return [] if planned or not waiting else [self._words.html("digest.unplanned", date=self._words.day(day))]
