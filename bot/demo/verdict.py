"""Was it done? Judged from the rehearsal server's record; of the bot's own ledger only the message ids are taken."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.demo.entries import Entry
from bot.demo.speeches import Speech, speeches
from bot.demo.traces import Runs, hits, runs_of
from bot.domain.due import due_instant
from bot.rehearsal.chats import Chat, Kind
from bot.rehearsal.record import Record

QUESTIONS = ("/region", "/today")


@dataclass(frozen=True, slots=True)
class Served:
    """A group that must be shown the plan, at this local time."""

    name: str
    chat: Chat
    zone: ZoneInfo
    at: time

    def local(self, speech: Speech) -> datetime:
        """When it began, by the group's clock."""
        return speech.first.date.astimezone(self.zone)


@dataclass(frozen=True, slots=True)
class Row:
    """What one group was shown of one plan entry. `posted` is local; None if it never was. `prayed` is the button's."""

    group: str
    entry: Entry
    posted: datetime | None
    prayed: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What happened, and what of it is wrong, a sentence each."""

    rows: tuple[Row, ...]
    faults: tuple[str, ...]


def judge(
    record: Record,
    groups: Sequence[Served],
    entries: Sequence[Entry],
    requests: Sequence[Entry],
    ledger: Collection[tuple[int, int]],
) -> Verdict:
    """Compare the record with the plan.

    `requests` are all that were loaded, planned or not. `ledger` has the (chat id, message id) of every copy.

    1. Each group was shown each entry in exactly one post, on its local date, at its own hour and minute.
    2. No group has a post that nobody planned.
    3. Each button counts the people who prayed.
    4. Request text never stood in a message that the ledger doesn't know, in a group that isn't served, or in an
       answer that nobody asked for. What is a tombstone in a direct chat, the ledger may have forgotten since.
    """
    runs = runs_of((text for entry in requests for text in entry.texts), (entry.verse.text for entry in requests))
    rows: list[Row] = []
    faults: list[str] = []
    for group in groups:
        posts = [speech for speech in speeches(record, group.chat) if speech.is_post]
        planned: list[Speech] = []
        for entry in entries:
            mine = [post for post in posts if _is_of(post, entry, group)]
            faults += _misposted(group, entry, entries, mine, posts)
            planned += mine
            rows.append(_row(group, entry, mine))
        strange = [post for post in posts if post not in planned and hits(_ever(post), runs)]
        faults += [f"{group.name}: the post of {_when(group, post)} is not in the plan." for post in strange]
        faults += _miscounted(record, group, posts)
    faults += _leaks(record, groups, runs, ledger)
    return Verdict(tuple(rows), tuple(faults))


def _is_of(post: Speech, entry: Entry, group: Served) -> bool:
    return group.local(post).date() == entry.date and all(post.times(text) for text in entry.texts)


def _row(group: Served, entry: Entry, mine: Sequence[Speech]) -> Row:
    if not mine:
        return Row(group.name, entry, None, 0)
    return Row(group.name, entry, group.local(mine[0]), mine[0].count)


def _misposted(
    group: Served, entry: Entry, entries: Sequence[Entry], mine: Sequence[Speech], posts: Sequence[Speech]
) -> Iterator[str]:
    what = f"{group.name}: {entry.region} of {entry.date:%A %d %B}"
    if not mine:
        yield f"{what} was not posted on its day."
    times = max(sum(post.times(text) for post in posts) for text in entry.texts)
    # The same text may stand in two weeks of an archive.
    wanted = max(sum(other.texts.count(text) for other in entries) for text in entry.texts)
    if times > wanted:
        yield f"{what} was posted {times} times instead of {'once' if wanted == 1 else wanted}."
    due = due_instant(entry.date, group.at, group.zone)
    minute = due.astimezone(group.zone).strftime("%H:%M") if due else "never"
    for post in mine:
        if group.local(post).strftime("%H:%M") != minute:
            yield f"{what} was posted at {group.local(post):%H:%M} instead of {minute}."


def _miscounted(record: Record, group: Served, posts: Sequence[Speech]) -> Iterator[str]:
    ends = [post.first.id for post in posts[1:]]
    said = [m for m in record.messages if m.chat is group.chat and m.sender and m.text.startswith("/prayed")]
    for post, end in zip(posts, [*ends, None], strict=True):
        tapped = {
            tap.person.id for tap in record.taps.values() if tap.message is post.first and tap.data[:5] == "pray:"
        }
        spoke = {m.sender.id for m in said if m.sender and m.id > post.first.id and (end is None or m.id < end)}
        people = len(tapped | spoke)
        if post.count != people:
            yield f"{group.name}: the button of {_when(group, post)} counts {post.count}, but {people} prayed."


def _leaks(record: Record, groups: Sequence[Served], runs: Runs, ledger: Collection[tuple[int, int]]) -> Iterator[str]:
    served = [group.chat for group in groups]
    for chat in dict.fromkeys(message.chat for message in record.by_bot()):
        holding = [speech for speech in speeches(record, chat) if hits(_ever(speech), runs)]
        where = f"“{chat.title}”" if chat.title else "a direct chat"
        for message in (message for speech in holding for message in speech.messages):
            forgotten = chat.kind is Kind.PRIVATE and not hits(message.text, runs)
            known = (chat.id, message.id) in ledger or forgotten
            if not known and any(hits(version.text.text, runs) for version in message.versions):
                yield f"Message {message.id} in {where} holds request text, and the ledger doesn't know it."
        if holding and chat not in served and chat.kind is not Kind.PRIVATE:
            yield f"{where} was shown a request, and is no group of the demo."
        answers = sum(not speech.is_post for speech in holding)
        asked = sum(m.chat is chat and m.text.startswith(QUESTIONS) for m in record.messages)
        if answers > asked:
            yield f"{where} was shown requests that nobody asked for: {answers} answers to {asked} questions."


def _ever(speech: Speech) -> str:
    return "\n".join(version.text.text for message in speech.messages for version in message.versions)


def _when(group: Served, post: Speech) -> str:
    return f"{group.local(post):%A %d %B, %H:%M}"
