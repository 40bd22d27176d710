"""How soon members are shown a request's text in their direct chats: the bot as a process, Telegram's limits on.

So many a second tap "Show" under their short answer, each once, evenly spread; the time is from the tap to the text.
The exit status is 1 if the slowest hundredth took longer than MOST_SECONDS at any rate.
"""

import asyncio
import statistics
import sys
from dataclasses import dataclass
from datetime import time, timedelta
from tempfile import TemporaryDirectory
from time import perf_counter
from zoneinfo import ZoneInfo

from bot.app import open_store, system_now
from bot.domain.group import GroupState
from bot.domain.regions import Region
from bot.domain.weekdays import EVERY_DAY
from bot.rehearsal.limits import Limits
from bot.rehearsal.messages import Message
from bot.rehearsal.people import Person
from bot.rehearsal.world import World
from bot.services.planning import Planning
from bot.services.verses import Verses
from bot.store.bulletins import StoredRequest
from tests.e2e.host import Host, host_of
from tests.e2e.sample import TEXTS, VERSE, bulletin
from tests.e2e.stage import stage_settings, until

GROUPS, MEMBERS = 200, 25
SECONDS = 30
TEXT = "invented almanac"
PATIENCE_SECONDS = 300.0
MOST_SECONDS = 1.5
PAID = {
    "VIGIL_PACING__PAID_BROADCAST": "true",
    "VIGIL_PACING__CALLS_PER_SECOND": "1000",
    "VIGIL_PACING__QUESTIONS_PER_SECOND": "1000",
}
# How many ask in a second, and with which pace.
RATES: tuple[tuple[int, str, dict[str, str]], ...] = ((10, "30 a second", {}), (10, "paid", PAID), (50, "paid", PAID))


@dataclass
class Times:
    """When people tapped, and how long it took until they were shown what they asked for, in seconds."""

    tapped: dict[int, float]
    took: list[float]

    def changed(self, message: Message) -> None:
        """A message of the record has changed."""
        if TEXT in message.text and message.chat.id in self.tapped:
            self.took.append(perf_counter() - self.tapped.pop(message.chat.id))


def main() -> int:
    """Print a line for each rate; 1 if one of them is too slow."""
    too_slow = False
    sys.stdout.write(f"{GROUPS * MEMBERS} members of {GROUPS} groups, {SECONDS} s each, on SQLite\n")
    sys.stdout.write(f"{'a second':>8}  {'pace':<12}{'answers':>8}{'median':>8}{'p99':>8}{'last':>8}   seconds\n")
    for rate, pace, environment in RATES:
        with TemporaryDirectory() as folder:
            took = asyncio.run(_measured(f"sqlite:///{folder}/vigil.db", rate, environment))
        p99 = statistics.quantiles(took, n=100)[98]
        line = f"{rate:>8}  {pace:<12}{len(took):>8}{statistics.median(took):>8.2f}{p99:>8.2f}{max(took):>8.2f}"
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
        too_slow = too_slow or p99 > MOST_SECONDS
    return 1 if too_slow else 0


async def _measured(database: str, rate: int, environment: dict[str, str]) -> list[float]:
    async with host_of(database) as host:
        world, times = host.server.world, Times({}, [])
        world.limits.overall = world.limits.paid if environment else Limits(perf_counter).overall
        request, members = await _members(host)
        asking = members[:: max(1, len(members) // (rate * SECONDS))][: rate * SECONDS]
        world.record.watch(times.changed)
        async with host.running(**environment):
            short = await _all_answered_shortly(world, asking, request.request.region)
            began = perf_counter()
            for number, person in enumerate(asking):
                await asyncio.sleep(max(0.0, began + number / rate - perf_counter()))
                times.tapped[world.private_chat(person).id] = perf_counter()
                world.tap(person, short[person.id])
            await until(lambda: not times.tapped, seconds=PATIENCE_SECONDS)
    return times.took


async def _members(host: Host) -> tuple[StoredRequest, list[Person]]:
    """The request that they will ask for, which isn't of today, and people with direct chats, group after group."""
    world, now, members = host.server.world, system_now(), []
    settings = stage_settings(host.server, host.database)
    async with open_store(settings) as store:
        planning = Planning(store, Verses([VERSE]), EVERY_DAY, system_now)
        texts = {region: (text,) for region, text in TEXTS.items()}
        (loaded,) = await planning.load([bulletin(texts)], now.date() - timedelta(days=1))
        async with store.writing() as stored:
            for number in range(GROUPS):
                people = [world.person(f"Member {each}") for each in range(MEMBERS)]
                chat = world.group(f"Harbour {number}", members=people)
                world.add_bot(chat, by=world.owner(chat), admin=True)
                group = await stored.groups.add(chat.id, chat.title, ZoneInfo("UTC"), time(7), EVERY_DAY)
                await stored.groups.move(group.id, GroupState.ACTIVE)
                await stored.groups.told(group.id, GroupState.ACTIVE)
                for person in people:
                    await stored.bindings.bind(person.id, group.id)
                members += people
    world.updates.clear()
    return loaded.bulletin.requests[-1], members


async def _all_answered_shortly(world: World, people: list[Person], region: Region) -> dict[int, Message]:
    """The bot's short answer in each of their direct chats, with its one button."""
    answered: dict[int, Message] = {}

    def changed(message: Message) -> None:
        if message.by_bot and message.chat.person:
            answered.setdefault(message.chat.person.id, message)

    world.record.watch(changed)
    for person in people:
        world.say(person, None, f"/region {region}")
    await until(lambda: len(answered) >= len(people), seconds=PATIENCE_SECONDS)
    return answered


if __name__ == "__main__":
    sys.exit(main())
