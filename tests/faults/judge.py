"""The judge: what the rehearsal server's record says, held against the ledger."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise, product
from zoneinfo import ZoneInfo

from bot.domain.due import due_instant, next_due
from bot.domain.post import UNDER_WAY, Post, PostState
from bot.rehearsal.chats import Chat
from bot.rehearsal.messages import Message, Version
from tests.faults.clock import Moment
from tests.faults.outcome import Outcome
from tests.faults.trial import CANARY, VERSE, Noted, Served, Trial

MINUTE = timedelta(minutes=1)


@dataclass
class Ledger:
    """Posts by group and local date, and what each known message is a copy of."""

    posts: dict[tuple[int, date], Post] = field(default_factory=dict)
    answers: list[Post] = field(default_factory=list)
    copies: dict[tuple[int, int], Post] = field(default_factory=dict)

    @classmethod
    async def of(cls, trial: Trial) -> "Ledger":
        """Read it."""
        ledger = cls()
        async with trial.store.reading() as stored:
            for post in await stored.posts.recent(trial.start - timedelta(days=400)):
                if post.local_date is None:
                    ledger.answers.append(post)
                else:
                    ledger.posts[post.group_id, post.local_date] = post
                for copy in await stored.posts.copies(post.id):
                    ledger.copies[copy.chat_id, copy.message_id] = post
        return ledger

    def is_answer(self, message: Message) -> bool:
        """Whether it is a copy of something that was asked for."""
        post = self.copies.get((message.chat.id, message.id))
        return post is not None and post.is_answer


async def judge(
    trial: Trial,
    *,
    all_posted: bool = False,
    times_changed: bool = False,
    since: Moment | Mapping[date, Moment] | None = None,
) -> Outcome:
    """D, L, P and K of `faults.md`, from the trial's start to the instant of its clock.

    `all_posted`: an end with a reason isn't enough. `times_changed`: what was due is what the hours say that were noted
    meanwhile, and whatever is on the ledger. Recovery is counted from `since` (or that of the local date), or from a
    later due instant; of what was due before `since` with the real seconds that the bot took.
    """
    ledger, outcome = await Ledger.of(trial), Outcome()
    for served in trial.served:
        days = set(due_dates(trial, served))
        if times_changed:
            days = {day for group_id, day in ledger.posts if group_id == served.id}
            days |= set(noted_dates(trial.noted[served.id], trial.clock.now()))
        for day in sorted(days):
            moment = since.get(day) if isinstance(since, Mapping) else since
            _judge_day(trial, ledger, served, day, outcome, all_posted=all_posted, since=moment)
        _judge_doubles(trial, ledger, served, outcome)
    outcome.leaked = len(trial.witness.leaks)
    outcome.wrong += trial.witness.leaks
    _judge_slips(trial, outcome)
    for message in trial.world.record.holding(CANARY):
        if (message.chat.id, message.id) not in ledger.copies:
            outcome.unknown += 1
            outcome.wrong.append(f"message {message.id} held request text, and the ledger doesn't know it")
    outcome.stray = sum(1 for each in strays(trial, ledger))
    return outcome


def due_dates(trial: Trial, served: Served) -> Iterable[date]:
    """The local dates that were due since the trial's start, by the group's hour, zone and weekdays."""
    zone, end = ZoneInfo(served.hour.zone), served.until or trial.clock.now()
    day = trial.start.date() - timedelta(days=1)
    while day <= end.date() + timedelta(days=1):
        instant = due_instant(day, served.hour.at, zone)
        if instant is not None and trial.start < instant <= end and day.weekday() in served.hour.weekdays:
            yield day
        day += timedelta(days=1)


def noted_dates(noted: Sequence[Noted], end: datetime) -> Iterator[date]:
    """The local dates that were due between two notes of the same hour, up to `end`; each date once an hour."""
    for before, after in pairwise([*noted, Noted(end, noted[-1].hour)]):
        hour = before.hour
        if hour is None or hour != after.hour:
            continue
        day, instant = next_due(before.at, hour.at, ZoneInfo(hour.zone), hour.weekdays)
        while instant <= after.at:
            yield day
            day, instant = next_due(instant, hour.at, ZoneInfo(hour.zone), hour.weekdays)


def strays(trial: Trial, ledger: Ledger) -> Iterable[Message]:
    """Bare verses that stand in a group beside its copies."""
    chats = [chat for served in trial.served for chat in served.chats]
    for message in (message for chat in chats for message in trial.world.record.by_bot(chat)):
        known = (message.chat.id, message.id) in ledger.copies
        if not known and not message.deleted and not message.ever_held(CANARY) and VERSE.text in message.text:
            yield message


def _judge_day(
    trial: Trial,
    ledger: Ledger,
    served: Served,
    day: date,
    outcome: Outcome,
    *,
    all_posted: bool,
    since: Moment | None,
) -> None:
    post = ledger.posts.get((served.id, day))
    where = f"group {served.id} on {day}"
    if post is None or post.state in UNDER_WAY:
        outcome.lost += 1
        outcome.wrong.append(f"{where}: {'no post' if post is None else f'left {post.state}'}")
        return
    if post.state not in (PostState.REVEALED, PostState.RETIRED):
        outcome.lost += not post.reason
        outcome.expect(bool(post.reason), f"{where}: {post.state} without a reason")
        outcome.expect(not all_posted, f"{where}: {post.state}, {post.reason}")
    if post.state is not PostState.REVEALED:
        for message in _still_shown(trial, ledger, served, day):
            outcome.wrong.append(f"{where}: {post.state}, and its text stands in message {message.id}")
    if post.state not in (PostState.REVEALED, PostState.RETIRED):
        return
    for canary in trial.canaries(day):
        shown = [at for chat in served.chats for at in _first_shown(trial, canary, chat)]
        if not shown:
            outcome.lost += 1
            outcome.wrong.append(f"{where}: the ledger says revealed, and {canary} was never shown")
            continue
        outcome.slowest = max(
            outcome.slowest or 0.0, recovery(min(shown, key=lambda each: each.at), post.due_at, since)
        )


def _still_shown(trial: Trial, ledger: Ledger, served: Served, day: date) -> Iterator[Message]:
    """Where a day's text stands that can still be taken away; what was asked for is no post."""
    for chat, canary in product(served.chats, trial.canaries(day)):
        if trial.is_in_reach(chat):
            yield from (each for each in trial.world.record.showing(canary, chat) if not ledger.is_answer(each))


def _judge_slips(trial: Trial, outcome: Outcome) -> None:
    """What slipped into the second between question and edit is a tombstone within a minute; see `Trial.rounds`."""
    outcome.slipped = len(trial.witness.slips)
    for message in trial.witness.slips if trial.rounds else ():
        slipped = next(version.at for version in message.versions if CANARY in version.text.text)
        gone = [version.at for version in message.versions if version.at > slipped and CANARY not in version.text.text]
        in_time = gone and gone[0] - slipped <= MINUTE
        outcome.expect(bool(in_time), f"message {message.id} slipped into a public group and stands there")


def _judge_doubles(trial: Trial, ledger: Ledger, served: Served, outcome: Outcome) -> None:
    for canary in (canary for day in trial.days for canary in trial.canaries(day)):
        held = [each for chat in served.chats for each in trial.world.record.holding(canary, chat)]
        posts = [message for message in held if not ledger.is_answer(message)]
        if len(posts) > 1:
            outcome.doubled += len(posts) - 1
            outcome.wrong.append(f"group {served.id} saw {canary} in messages {[each.id for each in posts]}")


def _first_shown(trial: Trial, canary: str, chat: Chat) -> Iterable[Version]:
    for message in trial.world.record.holding(canary, chat):
        yield next(version for version in message.versions if canary in version.text.text)


def recovery(shown: Version, due_at: datetime, since: Moment | None) -> float:
    """The seconds from `since`, or from a later due instant, until it was shown."""
    if since is None:
        return (shown.at - due_at).total_seconds()
    if since.elapsed is None or not due_at <= since.at <= shown.at:
        return (shown.at - max(due_at, since.at)).total_seconds()
    return shown.began - since.elapsed
