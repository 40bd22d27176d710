"""The days pass: the clock steps, posts come, people do what the script says, and the screen shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.demo.cast import Group
from bot.demo.entries import Entry, entries_of, whole_requests
from bot.demo.screen import Screen
from bot.demo.script import ACTS, Act, Does
from bot.demo.speeches import Speech, speeches
from bot.demo.stage import Stage
from bot.demo.stillness import next_instants, still
from bot.demo.tempo import Tempo
from bot.demo.traces import hits, runs_of
from bot.domain.due import due_instant
from bot.rehearsal.chats import Chat
from bot.rehearsal.messages import Message
from bot.services.planning import Loaded


@dataclass(frozen=True, slots=True)
class Cue:
    """An act and its instant."""

    instant: datetime
    act: Act


class Week:
    """All that was loaded, from its first day to its last: a week, or an archive's weeks one after another."""

    def __init__(
        self, stage: Stage, groups: Mapping[str, Group], loaded: Sequence[Loaded], screen: Screen, tempo: Tempo
    ) -> None:
        self._stage, self._groups, self._screen, self._tempo = stage, groups, screen, tempo
        self._entries = entries_of(loaded)
        self._requests = [
            (entry, runs_of(entry.texts, [entry.verse.text])) for entry in (*self._entries, *whole_requests(loaded))
        ]
        self._last_days = sorted(each.bulletin.last_day for each in loaded)
        self._cues = sorted(
            (cue for each in loaded for cue in self._cues_of(entries_of([each]))), key=lambda cue: cue.instant
        )
        self._seen: set[Message] = set(stage.world.record.by_bot())
        self._day: date | None = None

    async def pass_by(self) -> None:
        """Step from one instant that matters to the next until the last day is over in every group.

        Raises DemoError where the bot gets stuck.
        """
        end = self._end()
        while self._stage.clock.now() < end:
            await still(self._stage)
            for group in self._groups.values():
                await self._show_news(group, group.chat)
            while self._cues and self._cues[0].instant <= self._stage.clock.now():
                await self._perform(self._cues.pop(0).act)
            next_cue = self._cues[0].instant if self._cues else None
            self._stage.clock.step((*await next_instants(self._stage), next_cue, end))
        await still(self._stage)

    def _cues_of(self, entries: Sequence[Entry]) -> list[Cue]:
        cues = []
        for act in ACTS:
            group = self._groups[act.place]
            day = entries[act.day].date if act.day < len(entries) else None
            due = due_instant(day, group.place.at, group.zone) if day else None
            if due:
                cues.append(Cue(due + timedelta(minutes=act.minutes), act))
        return cues

    def _end(self) -> datetime:
        midnight = datetime.combine(self._last_days[-1] + timedelta(days=1), time())
        return max(midnight.replace(tzinfo=group.zone) for group in self._groups.values()).astimezone(UTC)

    async def _perform(self, act: Act) -> None:
        group = self._groups[act.place]
        person, post, words = group.people[act.who], group.newest_post, self._worded(act, group)
        match act.does:
            case Does.PRAYS if post:
                tap = self._stage.world.tap(person, post, "🙏")
                await still(self._stage)
                answer = tap.answer.text if tap.answer else "no answer"
                self._screen.prayed(group.local, act.place, act.who, answer, Speech((post,)).count)
                await self._tempo.tap_read()
            case Does.SAYS if words:
                self._screen.said(group.local, act.place, act.who, words)
                self._stage.world.say(person, group.chat, words)
                await self._show_answer(group, group.chat)
                await self._have_it_shown(group, act, group.chat)
            case Does.OPENS if post:
                self._screen.did(group.local, act.place, act.who, "taps “Open privately”, and Start")
                self._stage.world.follow(person, post, "Open privately")
                await self._show_answer(group, self._stage.world.private_chat(person))
            case Does.ASKS if person.started:
                self._screen.said(group.local, act.place, f"{act.who}, privately", words)
                self._stage.world.say(person, None, words)
                await self._show_answer(group, self._stage.world.private_chat(person))
                await self._have_it_shown(group, act, self._stage.world.private_chat(person))

    async def _have_it_shown(self, group: Group, act: Act, chat: Chat) -> None:
        """Whoever got a short answer taps "Show"; the text takes its place."""
        short = self._stage.world.record.by_bot(chat)[-1]
        button = next((each for each in short.buttons if each.startswith("Show")), None)
        if button:
            self._screen.did(group.local, act.place, act.who, f"taps “{button}”")
            self._stage.world.tap(group.people[act.who], short, button)
            self._seen.discard(short)
            await self._show_answer(group, chat)

    def _worded(self, act: Act, group: Group) -> str:
        """The act's words; none if they need a coming region and there is none."""
        today = group.local.date()
        week_ends = next(day for day in self._last_days if today <= day)
        coming = [entry.region for entry in self._entries if today < entry.date <= week_ends]
        if "{coming}" in act.words and not coming:
            return ""
        return act.words.format(coming=coming[-1] if coming else "")

    async def _show_answer(self, group: Group, chat: Chat) -> None:
        await still(self._stage)
        await self._show_news(group, chat)

    async def _show_news(self, group: Group, chat: Chat) -> None:
        """Show what the bot has said in the chat since."""
        for speech in speeches(self._stage.world.record, chat):
            unseen = tuple(message for message in speech.messages if message not in self._seen)
            if unseen:
                self._seen.update(unseen)
                await self._show(group, Speech(unseen))

    async def _show(self, group: Group, speech: Speech) -> None:
        entry = self._entry_in(speech.text)
        if entry is None:
            self._screen.answered(speech.text)
            await self._tempo.answer_read()
        elif speech.is_post:
            if entry.date != self._day:
                self._day = entry.date
                self._screen.day(entry.date)
            self._screen.posted(group.local, group.place.name, entry, parts=len(speech.messages))
            await self._tempo.post_read()
        else:
            self._screen.answered_with(entry, parts=len(speech.messages))
            await self._tempo.answer_read()

    def _entry_in(self, text: str) -> Entry | None:
        """Whose request stands in this text: the one with most of its words."""
        entry, runs = max(self._requests, key=lambda pair: hits(text, pair[1]))
        return entry if hits(text, runs) else None
