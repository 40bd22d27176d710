"""19, 20: crowds of taps, with kills; updates that come again and again, out of order, or forged."""

import asyncio
from collections import Counter
from datetime import timedelta
from random import Random

from sqlalchemy import select

from bot.domain.group import GroupState
from bot.rehearsal.callbacks import Tap
from bot.schedule import USUAL
from bot.store.tables import marks
from tests.e2e.access import genuine_data
from tests.e2e.cast import whole_cast
from tests.e2e.forging import damaged_data, forge
from tests.e2e.stage import until
from tests.faults.child import Kill
from tests.faults.experiments.kills import BEFORE_DUE, LATER
from tests.faults.judge import Ledger, judge
from tests.faults.life import PATIENCE_SECONDS
from tests.faults.outcome import Outcome, played
from tests.faults.place import Place
from tests.faults.trial import Hour, Served, Trial, trial
from tests.texts import WORDS

# 20. Again and again, out of order, forged.

TAPS_OF_A_STORY = 1000


async def strange_updates(seed: int, tries: int, place: Place) -> Outcome:
    """One update delivered 1,000 times, updates in reverse order, and `tries` forged or damaged data of buttons.

    As many again, with commands of those who may not send them, come from every kind of person.
    """
    stories = {"again and again": _again, "in reverse order": _reversed, "forged": _forged, "hostile": _hostile}
    outcome = await played(stories, lambda story: stories[story](place, Random(f"{seed} {story}"), tries))
    outcome.tries = tries
    return outcome


async def _again(place: Place, random: Random, tries: int) -> Outcome:
    """The same tap, delivered up to 1,000 times, counts once; a command delivered so often is answered, and no more."""
    async with trial(place, BEFORE_DUE, Hour(), members=2) as played_on, played_on.life() as life:
        await life.until(LATER)
        (group,) = played_on.served
        world = played_on.world
        tap = world.tap(group.members[0], played_on.post(group))
        world.updates.repeat(min(TAPS_OF_A_STORY, tries) - 1)
        await tap.answered(PATIENCE_SECONDS)
        await played_on.server.until_quiet(PATIENCE_SECONDS)
        await life.until(LATER + timedelta(minutes=2))
        await played_on.shows_count(group, 1)
        return await judge(played_on, all_posted=True)


async def _reversed(place: Place, random: Random, tries: int) -> Outcome:
    """Commands, taps and service messages that arrive the wrong way round: each tap counts, no date is posted twice."""
    async with trial(place, BEFORE_DUE, Hour(), Hour(), members=9, days=2) as played_on:
        group, other = played_on.served
        await played_on.lived(LATER)
        world, post = played_on.world, played_on.post(group)
        # The bot believes to be gone from the first group. The other one's first command is its last: it goes on.
        for command in ("/resume", "/pause", "/time 07:30", "/resume", "/days daily"):
            world.say(other.admin, other.chat, command)
        for number, member in enumerate(group.members):
            world.tap(member, post)
            world.say(group.admin, group.chat, random.choice(("/pause", "/resume", "/time 07:30", "/days daily")))
            if number == 4:
                world.kick_bot(group.chat)
                world.add_bot(group.chat, by=group.admin, admin=True)
        world.updates.reverse()
        async with played_on.life() as life:
            await life.still()
            await played_on.server.until_quiet(PATIENCE_SECONDS)
            await life.still()
            await played_on.note_hours()
            await life.until(LATER + timedelta(days=1))
            await played_on.note_hours()
            outcome = await judge(played_on, times_changed=True)
            counts = await _counts(played_on)
    outcome.expect(counts[group.id] == len(group.members), f"{counts[group.id]} taps count")
    return outcome


async def _forged(place: Place, random: Random, tries: int) -> Outcome:
    """Data that the tapped button never had: such a tap counts once for its own post, or does nothing at all."""
    async with trial(place, BEFORE_DUE, Hour(), Hour(), members=20) as played_on, played_on.life() as life:
        await life.until(LATER)
        world, (mine, other) = played_on.world, played_on.served
        waiting = world.group("Waiting")
        world.add_bot(waiting, by=world.owner(waiting))
        await until(lambda: bool(world.record.showing("Waiting", world.private_chat(played_on.operator))))
        message, before = played_on.post(mine), await _states(played_on)
        post_id = played_on.post(other).keyboard[0][0]["callback_data"].partition(":")[2]
        genuine = list(genuine_data(post_id, 3).values())
        for first in range(0, tries, 100):
            for _ in range(first, min(first + 100, tries)):
                world.tap_data(random.choice(mine.members), message, damaged_data(random, random.choice(genuine)))
            await life.still()
            await played_on.server.until_quiet(PATIENCE_SECONDS)
        outcome, counts = await judge(played_on, all_posted=True), await _counts(played_on)
        outcome.expect(counts[other.id] == 0, f"{counts[other.id]} forged taps count in another group")
        outcome.expect(counts[mine.id] <= len(mine.members), f"{counts[mine.id]} taps of {len(mine.members)} members")
        outcome.expect(await _states(played_on) == before, "a forged tap changed a group")
        log = played_on.log.read_text()
        outcome.expect("could not be handled" not in log, "a forged tap was met by no handler")
        return outcome


async def _hostile(place: Place, random: Random, tries: int) -> Outcome:
    """Whatever everybody sends that they may not: nothing is stored, nothing shown, and no handler breaks off."""
    with place.database("hostile") as database:
        async with whole_cast(database) as cast:
            return Outcome(wrong=await forge(cast, random, tries))


async def _states(played_on: Trial) -> dict[int, GroupState]:
    async with played_on.store.reading() as stored:
        return {group.id: group.state for group in await stored.groups.all()}


async def _counts(played_on: Trial) -> Counter[int]:
    """How many prayed, by group."""
    counts: Counter[int] = Counter()
    for post in (await Ledger.of(played_on)).posts.values():
        counts[post.group_id] += post.prayed
    return counts


# 19. A crowd taps.

SECONDS, KILLS = 60.0, 4
COUNTED_WITHIN = 15.0
COUNT_EDITS_A_MINUTE = 8


async def crowds(seed: int, tries: int, place: Place) -> Outcome:
    """`tries` taps in a minute, two from each member, in groups of fifty; the bot is killed four times meanwhile.

    All of it is real time: by it taps come and grow old, and counts have their turns. Calls are made at the pace that
    Telegram lets a bot pay for; at the free one as many taps count, and most of those who tap see no answer.
    """
    random, seconds = Random(f"{seed} crowds"), SECONDS * tries / 10_000
    hours = [Hour()] * max(2, tries // 100)
    async with trial(place, BEFORE_DUE, *hours, members=tries // len(hours) // 2, rhythm=USUAL) as played_on:
        await played_on.lived(LATER)
        tapping = asyncio.create_task(_tap_along(played_on, random, seconds))
        for _ in range(KILLS):
            # A tap passes four points, or more.
            async with played_on.life(Kill(passing=random.randrange(2 * tries))) as life:
                await asyncio.wait((tapping, asyncio.create_task(life.ended())), return_when=asyncio.FIRST_COMPLETED)
        async with played_on.life() as life:
            taps, took = await tapping
            last = played_on.world.monotonic()
            await played_on.server.until_quiet(PATIENCE_SECONDS)
            await life.still()
            outcome = await judge(played_on, all_posted=True)
            await _check_counts(played_on, taps, outcome)
    outcome.expect(took <= seconds, f"tapping took {took:.1f} s instead of {seconds:.1f} s")
    edits = played_on.world.record.calls_of("editMessageReplyMarkup")
    outcome.slowest = max(0.0, *(edit.ended - last for edit in edits if edit.acted and edit.ended is not None))
    outcome.tries = tries
    return outcome.recovered_within(COUNTED_WITHIN)


async def _tap_along(played_on: Trial, random: Random, seconds: float) -> tuple[list[Tap], float]:
    """Everybody taps twice, in any order, within so many seconds; the taps, and the seconds that they took."""
    posts = {group.id: played_on.post(group) for group in played_on.served}
    taps = [(member, posts[group.id]) for group in played_on.served for member in group.members * 2]
    random.shuffle(taps)
    tapped, elapsed = list[Tap](), played_on.world.monotonic
    began, each = elapsed(), 0.98 * seconds / len(taps)
    for member, post in taps:
        await asyncio.sleep(max(0.0, began + len(tapped) * each - elapsed()))
        tapped.append(played_on.world.tap(member, post))
    return tapped, elapsed() - began


async def _check_counts(played_on: Trial, taps: list[Tap], outcome: Outcome) -> None:
    """Every acknowledged tap is marked once, every count is the number of its marks, and every button shows it."""
    not_counted = [WORDS.plain("tap.later"), WORDS.plain("tap.unknown")]
    posts = {post.group_id: post for post in (await Ledger.of(played_on)).posts.values()}
    async with played_on.store.engine.connect() as connection:
        marked = {(row.post_id, row.mark) for row in await connection.execute(select(marks))}
    by_post = Counter(post_id for post_id, _ in marked)
    groups = {group.chat.id: group for group in played_on.served}
    for tap in taps:
        post = posts[groups[tap.message.chat.id].id]
        if tap.answer and tap.answer.text not in not_counted:
            mark = played_on.store.key.mark(post.id, tap.person.id)
            outcome.expect((post.id, mark) in marked, f"an acknowledged tap in group {post.group_id} isn't counted")
    for group in played_on.served:
        post = posts[group.id]
        outcome.expect(post.prayed == by_post[post.id], f"group {group.id}: {post.prayed} for {by_post[post.id]} marks")
        await played_on.shows_count(group, post.prayed)
        most = _most_in_a_minute(played_on, group)
        outcome.expect(most <= COUNT_EDITS_A_MINUTE, f"group {group.id}: {most} count edits in a minute")


def _most_in_a_minute(played_on: Trial, group: Served) -> int:
    """The most edits of a count in any sixty seconds, of the time that passed and of that which was stepped over."""
    calls = played_on.world.record.calls_of("editMessageReplyMarkup", group.chat)
    times = [call.began for call in calls]
    return max((sum(first <= each < first + 60 for each in times) for first in times), default=0)
