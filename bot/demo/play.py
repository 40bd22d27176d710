"""One play: groups join, the bulletin is loaded, its days pass, and the record is judged."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time

from bot.demo.cast import Group
from bot.demo.clock import SteppingClock
from bot.demo.entries import entries_of, whole_requests
from bot.demo.joining import command, join
from bot.demo.screen import Screen
from bot.demo.script import PLACES
from bot.demo.stage import Stage, on_stage
from bot.demo.stillness import still
from bot.demo.tempo import Tempo
from bot.demo.verdict import Served, Verdict, judge
from bot.demo.week import Week
from bot.domain.bulletin import Bulletin
from bot.domain.weekdays import WORKING_DAYS
from bot.services.planning import Loaded, Planning
from bot.services.verses import Verses

NOON = time(12)


async def play(bulletins: Sequence[Bulletin], on: date, verses: Verses, screen: Screen, tempo: Tempo) -> Verdict:
    """Play the weeks of these bulletins, from nothing. `on` is the date of undated ones.

    Raises LoadError where they can't be loaded, DemoError where the bot gets stuck.
    """
    first = min(bulletin.published_on or on for bulletin in bulletins)
    async with on_stage(SteppingClock(datetime.combine(first, NOON, UTC))) as stage:
        stage.world.say(stage.operator, None, "/start")
        await still(stage)
        groups = {place.name: Group.of(place, stage) for place in PLACES}
        screen.heading("Three private groups add the bot")
        for group in groups.values():
            await join(group, stage, screen, tempo)
        loaded = await Planning(stage.app.store, verses, WORKING_DAYS, stage.clock.now).load(bulletins, on)
        screen.plan(loaded, entries_of(loaded))
        await tempo.heading_read()
        await _want_every_day(groups, loaded, stage, screen, tempo)
        await Week(stage, groups, loaded, screen, tempo).pass_by()
        return await _judged(groups, loaded, stage)


async def _want_every_day(
    groups: Mapping[str, Group], loaded: Sequence[Loaded], stage: Stage, screen: Screen, tempo: Tempo
) -> None:
    """Where the plan needs the weekend, the groups ask for it: they begin with Monday to Friday."""
    if all(entry.date.weekday() in WORKING_DAYS for entry in entries_of(loaded)):
        return
    for group in groups.values():
        await command(group, stage, "/days daily")
        screen.said(group.local, group.place.name, group.place.admin, "/days daily")
        await tempo.line_read()


async def _judged(groups: Mapping[str, Group], loaded: Sequence[Loaded], stage: Stage) -> Verdict:
    record = stage.world.record
    served = [Served(name, group.chat, group.zone, group.place.at) for name, group in groups.items()]
    async with stage.app.store.reading() as stored:
        ids = [(message.chat.id, message.id) for message in record.by_bot()]
        ledger = [each for each in ids if await stored.posts.copy_at(*each)]
    return judge(record, served, entries_of(loaded), whole_requests(loaded), ledger)
