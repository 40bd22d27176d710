"""The ledger's beginning: every due date of a group gets its row, whoever changes the group at that moment."""

from datetime import date, datetime, timedelta

from bot.domain.due import next_due
from bot.domain.group import Group, GroupState, QuietDay
from bot.domain.post import NOTHING_PLANNED, PostState
from bot.services.digest import not_posted
from bot.store.database import Transaction


async def begin_due(stored: Transaction, group: Group, late: timedelta, now: datetime) -> None:
    """Write a post into the ledger for every due date up to now: planned, or ended with its reason.

    What is due for longer than `late` is too late.
    """
    due = group.next_due_at
    while due is not None and due <= now:
        day = due.astimezone(group.zone).date()
        await _add_post(stored, group, day, due, now, is_late=now - due > late)
        _, due = next_due(due, group.at, group.zone, group.weekdays)
    await stored.groups.set_next_due(group.id, due)


async def end_due(stored: Transaction, group_id: int, now: datetime) -> None:
    """A group has just lost its posts: what is due up to now ends with its state as the reason, and no more is due."""
    await begin_due(stored, await stored.groups.get(group_id), timedelta.max, now)
    await stored.groups.set_next_due(group_id, None)


async def _add_post(
    stored: Transaction, group: Group, day: date, due: datetime, now: datetime, *, is_late: bool
) -> None:
    entry = await stored.plan.take_up(day)
    state, reason = PostState.PLANNED, None
    late = is_late or now.astimezone(group.zone).date() != day
    if entry is None:
        says_verse = group.quiet_day is QuietDay.VERSE and group.state is GroupState.ACTIVE and not late
        state, reason = PostState.PLANNED if says_verse else PostState.SKIPPED, NOTHING_PLANNED
    elif late:
        state, reason = PostState.SKIPPED, "late"
    elif not group.is_served:
        state, reason = PostState.REFUSED, f"group_{group.state}"
    post = await stored.posts.add(
        group_id=group.id,
        chat_id=group.chat_id,
        request_id=entry.request_id if entry else None,
        points=entry.points if entry else (),
        local_date=day,
        due_at=due,
        topic_id=group.topic_id,
        state=state,
        reason=reason,
    )
    if reason and state is not PostState.PLANNED and post is not None:
        for notice in not_posted(post.id, group.id, day, reason):
            await stored.notices.add(notice)
