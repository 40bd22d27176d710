"""23: members, admins, operators, editors, Telegram and hosts do anything at any time."""

import asyncio
import math
import traceback
from collections.abc import Awaitable, Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import ClassVar, TypeVar

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from bot.rehearsal.faults import (
    Fault,
    cut_off,
    delay_reply,
    delay_request,
    drop_reply,
    extra_field,
    fail,
    html,
    refuse,
    too_many,
)
from bot.rehearsal.messages import Message
from bot.schedule import Rhythm
from bot.services.retracting import Retracting, Why
from tests.e2e.stage import until
from tests.faults.experiments.times import START
from tests.faults.judge import judge
from tests.faults.life import PATIENCE_SECONDS, Life
from tests.faults.outcome import Outcome
from tests.faults.place import Place
from tests.faults.trial import CANARY, Hour, Served, Trial, trial

T = TypeVar("T")

ACTS_IN_A_WORLD = 100
DAYS = 30
HOURS = (Hour(), Hour("Pacific/Auckland"), Hour("America/Denver"))
MEMBERS = 4
# Sweeps that nobody waits for would be most of the work.
RHYTHM = Rhythm(posting=0.2, faster=2)
MINUTES = (1, 30, 240, 1440)
# Starting takes far longer than anything else.
HOST = ("lets it run",) * 6 + ("kills it", "stops it")
COMMANDS = (
    "/subscribe", "/pause", "/resume", "/unsubscribe", "/settings", "/time 07:30", "/time 23:59", "/time 00:00",
    "/timezone UTC", "/timezone Pacific/Kiritimati", "/timezone America/New_York", "/days daily", "/days mon,wed,fri",
)  # fmt: skip
QUESTIONS = ("/today", "/region global", "/week", "/verse", "/prayed", "/help", "/privacy", "/start", "/stop", "hello")
FAULTS = (
    drop_reply(), refuse(), fail(500), fail(502, acts=True), html(502), cut_off(), extra_field(), too_many(3),
    too_many(300), delay_request(0.2), delay_reply(0.2),
)  # fmt: skip
METHODS = ("getChat", "sendMessage", "editMessageText", "editMessageReplyMarkup", "getChatMember", "deleteMessage")

groups, members = st.integers(0, len(HOURS) - 1), st.integers(0, MEMBERS - 1)


async def random_acts(number: int, tries: int, place: Place) -> Outcome:
    """`tries` acts or a few more, up to a hundred in a world. Hypothesis chooses them, and tells which went wrong."""

    class Chosen(Acts):
        """The acts, at this place."""

    Chosen.place, Chosen.total = place, Outcome(tries=0)
    rounds = 0
    # Hypothesis ends some worlds early: what is missing then is made in others, chosen anew.
    while Chosen.total.tries < tries and not Chosen.total.wrong:
        worlds, chosen = math.ceil((tries - Chosen.total.tries) / ACTS_IN_A_WORLD), f"{number}.{rounds}"
        try:
            await asyncio.to_thread(run_state_machine_as_test, seed(chosen)(Chosen), settings=_settings(worlds))
        except Exception as error:  # noqa: BLE001 (hypothesis gives the act's own error, with the acts as notes)
            Chosen.total.wrong += _told(error)
        rounds += 1
    return Chosen.total


def _settings(worlds: int) -> settings:
    return settings(
        max_examples=worlds,
        stateful_step_count=ACTS_IN_A_WORLD,
        deadline=None,
        database=None,
        derandomize=False,
        phases=(Phase.generate,),  # finding the fewest acts that still go wrong would take hours
        suppress_health_check=list(HealthCheck),
    )


def _told(error: BaseException) -> Iterator[str]:
    """An error, where it was raised, and its notes; then what it is made of, where a world went wrong only once."""
    raised = traceback.extract_tb(error.__traceback__)[-1]
    yield f"{type(error).__name__}: {error} ({raised.name}, line {raised.lineno} of {Path(raised.filename).name})"
    yield from getattr(error, "__notes__", ())
    for each in getattr(error, "exceptions", ()):
        yield from _told(each)


class Acts(RuleBasedStateMachine):
    """One world. Each rule is something that somebody does, and all that the bot does at once because of it."""

    place: ClassVar[Place]
    total: ClassVar[Outcome]

    def __init__(self) -> None:
        super().__init__()
        self._runner, self._open, self._acts = asyncio.Runner(), AsyncExitStack(), 0
        self._retracted: set[str] = set()
        self._do(self._begin())

    async def _begin(self) -> None:
        world = trial(self.place, START, *HOURS, days=DAYS, members=MEMBERS, rhythm=RHYTHM)
        self.trial: Trial = await self._open.enter_async_context(world)
        self.life: Life = await self._open.enter_async_context(self.trial.life())

    def _do(self, act: Awaitable[T]) -> T:
        async def done() -> T:
            return await act

        return self._runner.run(done())

    async def _still(self) -> None:
        """Whatever follows of an act is done."""
        self._acts += 1
        await self.trial.server.until_quiet(PATIENCE_SECONDS)
        assert await self.life.still(), "the bot has ended"
        await self.trial.note_hours()

    def _anything_may_open(self) -> None:
        """From here to the next note nobody knows which groups are served."""
        self.trial.witness.closed.clear()

    def _group(self, number: int) -> Served:
        return self.trial.served[number]

    def _post(self, group: Served) -> Message | None:
        with suppress(StopIteration):
            return self.trial.post(group)
        return None

    # Time, and the host.

    @rule(minutes=st.sampled_from(MINUTES), host=st.sampled_from(HOST))
    def time_passes(self, minutes: int, host: str) -> None:
        """The clock goes on; or the bot is killed or stopped, and started when that time is over."""

        async def act() -> None:
            if host == "lets it run":
                await self.life.until(self.trial.clock.now() + timedelta(minutes=minutes))
            else:
                self._anything_may_open()  # what it hadn't confirmed comes again
                await (self.life.kill() if host == "kills it" else self.life.stop())
                await self.trial.lease_expires()
                self.trial.clock.jump(timedelta(minutes=minutes))
                self.life = await self._open.enter_async_context(self.trial.life())
            await self._still()

        self._do(act())

    @rule(fault=st.sampled_from(FAULTS), method=st.sampled_from(METHODS), number=groups, times=st.integers(1, 3))
    def telegram_is_disturbed(self, fault: Fault, method: str, number: int, times: int) -> None:
        """The next calls of one kind in one group go wrong."""
        self._acts += 1
        self.trial.server.faults.add(fault, method=method, chat=self._group(number).chats[-1], times=times)

    @rule(times=st.integers(1, 5), reverse=st.booleans())
    def updates_are_strange(self, times: int, reverse: bool) -> None:
        """Some updates wait for the bot to ask, and come again, or the wrong way round."""

        async def act() -> None:
            updates, group = self.trial.world.updates, self._group(0)
            self._anything_may_open()
            with suppress(ValueError):
                self.trial.world.say(group.members[0], group.chats[-1], "/today")
                self.trial.world.say(group.admin, group.chats[-1], "/settings")
            if updates.unconfirmed:
                updates.repeat(times)
            if reverse:
                updates.reverse()
            await self._still()

        self._do(act())

    # Members and admins.

    @rule(number=groups, who=members)
    def member_prays(self, number: int, who: int) -> None:
        """A tap on the newest post."""

        async def act() -> None:
            post = self._post(self._group(number))
            if post is not None:
                with suppress(ValueError):
                    self.trial.world.tap(self._group(number).members[who], post)
            await self._still()

        self._do(act())

    @rule(number=groups, who=members, words=st.sampled_from(QUESTIONS), direct=st.booleans())
    def member_asks(self, number: int, who: int, words: str, direct: bool) -> None:
        """A question in the group, or in the direct chat, which the post's link has opened."""

        async def act() -> None:
            group, world = self._group(number), self.trial.world
            member, post = group.members[who], self._post(group)
            with suppress(ValueError):
                if direct and post is not None:
                    world.follow(member, post, "Open privately")
                world.say(member, None if direct else group.chats[-1], words)
            await self._still()

        self._do(act())

    @rule(number=groups, who=members, comes=st.booleans())
    def member_comes_or_goes(self, number: int, who: int, comes: bool) -> None:
        """Somebody joins or leaves."""

        async def act() -> None:
            group, world = self._group(number), self.trial.world
            (world.join if comes else world.leave)(group.members[who], group.chats[-1])
            await self._still()

        self._do(act())

    @rule(number=groups, words=st.sampled_from(COMMANDS))
    def admin_commands(self, number: int, words: str) -> None:
        """An admin changes something."""

        async def act() -> None:
            group = self._group(number)
            self._anything_may_open()
            with suppress(ValueError):
                self.trial.world.say(group.admin, group.chats[-1], words)
            await self._still()

        self._do(act())

    @rule(number=groups, what=st.sampled_from(("public", "private", "removed", "added", "muted", "unmuted", "deleted")))
    def admin_changes_the_group(self, number: int, what: str) -> None:
        """The group itself changes."""

        async def act() -> None:
            group, world = self._group(number), self.trial.world
            chat, post = group.chats[-1], self._post(group)
            self._anything_may_open()
            match what:
                case "public":
                    world.make_public(chat, f"group_{number}_prayer")
                case "private":
                    world.make_private(chat)
                case "removed":
                    world.kick_bot(chat)
                case "added" if not chat.member(world.bot).present:
                    world.add_bot(chat, by=group.admin, admin=True)
                case "muted" if chat.member(world.bot).present:
                    world.mute_bot(chat)
                case "unmuted" if chat.member(world.bot).present:
                    world.unmute_bot(chat)
                case "deleted" if post is not None:
                    world.delete(post)
            await self._still()

        self._do(act())

    # Operators and editors.

    @rule()
    def operator_approves(self) -> None:
        """Whatever waits."""

        async def act() -> None:
            world = self.trial.world
            self._anything_may_open()
            asked = world.record.by_bot(world.private_chat(self.trial.operator))
            for message in (message for message in asked if "Approve" in message.buttons):
                world.tap(self.trial.operator, message, "Approve")
            await self._still()

        self._do(act())

    @rule(day=st.integers(0, DAYS - 1), corrects=st.booleans())
    def editor_takes_back_or_corrects(self, day: int, corrects: bool) -> None:
        """A day's request is retracted, or its text replaced."""

        async def act() -> None:
            store, now = self.trial.store, self.trial.clock.now
            async with store.writing() as stored:
                entry = await stored.plan.on(self.trial.days[day])
                assert entry is not None
                request = await stored.bulletins.request(entry.request_id)
                if corrects and not request.is_gone:
                    (point,) = request.request.points
                    longer = replace(point, text=f"{point.text} Pray on.")
                    await stored.bulletins.correct(request, replace(request.request, points=(longer,)))
                    await stored.copies.correct(request.id, now())
            if not corrects:
                await Retracting(store, now).retract(request.id, Why.DANGER, self.trial.operator.id)
                self._retracted |= set(self.trial.canaries(self.trial.days[day]))
            await self._still()

        self._do(act())

    def teardown(self) -> None:
        """Everything is mended, two hours pass, and the record is judged."""
        try:
            outcome = self._do(self._judged())
        finally:
            self._do(self._open.aclose())
            self._runner.close()
        if outcome.holds:
            self.total.add(outcome)
        assert outcome.holds, "; ".join(outcome.wrong)

    async def _judged(self) -> Outcome:
        self.trial.server.faults.clear()
        await self.life.until(self.trial.clock.now() + timedelta(hours=2))
        await self.trial.note_hours()
        record = self.trial.world.record
        slips = self.trial.witness.slips
        await until(lambda: not any(CANARY in message.text and not message.deleted for message in slips))
        outcome = await judge(self.trial, times_changed=True)
        outcome.tries, outcome.slowest = self._acts, None
        for canary in self._retracted:
            for message in record.showing(canary):
                reachable = message.chat.person or message.chat.member(self.trial.world.bot).present
                outcome.expect(not reachable, f"{canary} was taken back and stands in message {message.id}")
        return outcome
