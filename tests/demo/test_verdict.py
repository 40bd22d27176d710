"""The verdict, on records made to be right and to be wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.demo.clock import SteppingClock
from bot.demo.entries import Entry
from bot.demo.verdict import Served, Verdict, judge
from bot.domain.bulletin import Verse
from bot.domain.regions import Region
from bot.rehearsal.chats import Chat
from bot.rehearsal.entities import Text
from bot.rehearsal.messages import Keyboard, Message
from bot.rehearsal.world import World

VERSE = Verse("Let the rivers clap their hands and let the hills sing for joy together", "Psalm 98:8")
FIRST = "Pray for the lamp keepers of the invented bay, who mend their boats tonight."
SECOND = "Thank God for the choir of the made-up valley, which sings again this month."
MONDAY = Entry(date(2026, 3, 9), Region.SOUTH_ASIA, VERSE, (FIRST,))
TUESDAY = Entry(date(2026, 3, 10), Region.GLOBAL, VERSE, (SECOND,))
HEAD = f"South Asia\n\n“{VERSE.text}”\n— {VERSE.reference}"


@dataclass
class Scene:
    """A world in which a test plays the bot, well or badly."""

    clock: SteppingClock = field(default_factory=lambda: SteppingClock(datetime(2026, 3, 7, 12, tzinfo=UTC)))
    ledger: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.world = World(self.clock.now)
        self.amina, self.jun = self.world.person("Amina"), self.world.person("Jun")
        self.groups = (self.group("Nairobi", "Africa/Nairobi"), self.group("Manila", "Asia/Manila"))

    def group(self, name: str, zone: str) -> Served:
        chat = self.world.group(name, members=[self.jun], admins=[self.amina])
        self.world.add_bot(chat, by=self.amina)
        return Served(name, chat, ZoneInfo(zone), time(6, 30))

    def at(self, day: date, group: Served, late: int = 0) -> None:
        due = datetime.combine(day, group.at, group.zone) + timedelta(minutes=late)
        self.clock.step([due.astimezone(UTC)])

    def post(self, chat: Chat, *texts: str, prayed: int = 0, known: bool = True) -> Message:
        """As the door does it: the bare verse first, then the text, in as many messages."""
        first = self.speak(chat, HEAD, _button(0), known=known)
        parts = [first, *(self.speak(chat, "2/2 follows …", known=known) for _ in texts[1:])]
        for part, text in zip(parts, texts, strict=True):
            self.world.rewrite(part, Text(f"{HEAD}\n\n{text}"), _button(prayed) if part is first else None)
        return first

    def speak(self, chat: Chat, text: str, keyboard: Keyboard | None = None, *, known: bool = False) -> Message:
        message = self.world.post(chat, self.world.bot, Text(text), keyboard=keyboard)
        if known:
            self.ledger.add((chat.id, message.id))
        return message

    def week(self, skip: tuple[Entry, str] | None = None, prayed: int = 0) -> None:
        """Both days in both groups, as they should be, but for one."""
        for entry in (MONDAY, TUESDAY):
            for group in reversed(self.groups):
                self.at(entry.date, group)
                if skip != (entry, group.name):
                    self.post(group.chat, *entry.texts, prayed=prayed)

    def verdict(self) -> Verdict:
        entries = (MONDAY, TUESDAY)
        return judge(self.world.record, self.groups, entries, entries, self.ledger)

    @property
    def faults(self) -> tuple[str, ...]:
        return self.verdict().faults


def _button(count: int) -> Keyboard:
    return [[{"text": f"🙏 I prayed · {count}", "callback_data": "pray:1"}]]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_week_as_it_should_be_has_no_fault(scene: Scene) -> None:
    scene.week()
    verdict = scene.verdict()
    assert verdict.faults == ()
    assert [(row.group, row.entry, f"{row.posted:%a %H:%M}") for row in verdict.rows] == [
        ("Nairobi", MONDAY, "Mon 06:30"),
        ("Nairobi", TUESDAY, "Tue 06:30"),
        ("Manila", MONDAY, "Mon 06:30"),
        ("Manila", TUESDAY, "Tue 06:30"),
    ]


def test_a_missing_request_is_a_fault(scene: Scene) -> None:
    scene.week(skip=(TUESDAY, "Manila"))
    assert scene.faults == ("Manila: Global of Tuesday 10 March was not posted on its day.",)
    assert scene.verdict().rows[3].posted is None


def test_a_bare_verse_is_no_request(scene: Scene) -> None:
    scene.week(skip=(TUESDAY, "Nairobi"))
    scene.speak(scene.groups[0].chat, HEAD, _button(0))
    assert scene.faults == ("Nairobi: Global of Tuesday 10 March was not posted on its day.",)


def test_a_request_of_which_a_word_is_missing_is_a_fault(scene: Scene) -> None:
    scene.week(skip=(TUESDAY, "Nairobi"))
    scene.post(scene.groups[0].chat, SECOND.replace("again ", ""))
    assert "Nairobi: Global of Tuesday 10 March was not posted on its day." in scene.faults


def post_again(scene: Scene) -> None:
    scene.post(scene.groups[0].chat, SECOND)


def repeat_the_text_below(scene: Scene) -> None:
    scene.speak(scene.groups[0].chat, SECOND, known=True)


def post_again_the_next_day(scene: Scene) -> None:
    scene.at(date(2026, 3, 11), scene.groups[0])
    scene.post(scene.groups[0].chat, SECOND)


def post_again_and_delete(scene: Scene) -> None:
    scene.world.delete(scene.post(scene.groups[0].chat, SECOND))


def post_again_and_take_back(scene: Scene) -> None:
    scene.world.rewrite(scene.post(scene.groups[0].chat, SECOND), Text("Withdrawn."), None)


@pytest.mark.parametrize(
    "again",
    [post_again, repeat_the_text_below, post_again_the_next_day, post_again_and_delete, post_again_and_take_back],
)
def test_a_request_posted_twice_is_a_fault(scene: Scene, again: Callable[[Scene], None]) -> None:
    scene.week()
    again(scene)
    assert any("was posted 2 times instead of once" in fault for fault in scene.faults), scene.faults


def test_a_request_in_another_group_of_the_plan_is_a_fault_in_both(scene: Scene) -> None:
    scene.week(skip=(TUESDAY, "Manila"))
    scene.post(scene.groups[0].chat, SECOND)
    assert any(fault.startswith("Manila: Global") and "not posted" in fault for fault in scene.faults)
    assert any(fault.startswith("Nairobi: Global") and "2 times" in fault for fault in scene.faults)


def test_a_request_in_a_group_that_is_not_served_is_a_fault_even_if_the_ledger_knows_it(scene: Scene) -> None:
    scene.week()
    scene.post(scene.group("Elsewhere", "UTC").chat, FIRST)
    assert "“Elsewhere” was shown a request, and is no group of the demo." in scene.faults


def test_a_post_of_another_minute_is_a_fault(scene: Scene) -> None:
    scene.week(skip=(TUESDAY, "Nairobi"))
    scene.at(TUESDAY.date, scene.groups[0], late=1)
    scene.post(scene.groups[0].chat, SECOND)
    assert scene.faults == ("Nairobi: Global of Tuesday 10 March was posted at 06:31 instead of 06:30.",)


def test_a_request_in_parts_is_one_request(scene: Scene) -> None:
    scene.week(skip=(TUESDAY, "Nairobi"))
    scene.post(scene.groups[0].chat, SECOND[:40], SECOND[40:])
    assert scene.faults == ()


def test_a_copy_that_the_ledger_does_not_know_is_a_fault(scene: Scene) -> None:
    scene.week(skip=(TUESDAY, "Nairobi"))
    scene.post(scene.groups[0].chat, SECOND, known=False)
    (fault,) = scene.faults
    assert "in “Nairobi” holds request text, and the ledger doesn't know it" in fault


def test_a_tombstone_that_the_ledger_does_not_know_is_a_fault_in_a_group_and_forgotten_in_a_direct_chat(
    scene: Scene,
) -> None:
    scene.week(skip=(TUESDAY, "Nairobi"))
    scene.world.say(scene.jun, None, "/today")
    for chat in (scene.groups[0].chat, scene.world.private_chat(scene.jun)):
        answer = scene.speak(chat, f"{HEAD}\n\n{SECOND}")
        scene.world.rewrite(answer, Text("Put away."), None)
    unknown = [fault for fault in scene.faults if "the ledger doesn't know it" in fault]
    assert len(unknown) == 1
    assert "in “Nairobi”" in unknown[0]


def test_half_a_sentence_in_a_direct_chat_is_a_fault(scene: Scene) -> None:
    scene.week()
    scene.speak(scene.world.private_chat(scene.jun), f"Today: {FIRST[:55]} …")
    assert any("a direct chat holds request text" in fault for fault in scene.faults)
    assert any("nobody asked for" in fault for fault in scene.faults)


def test_an_answer_to_a_question_is_no_fault(scene: Scene) -> None:
    chat = scene.groups[0].chat
    scene.world.say(scene.jun, chat, "/region global")
    scene.speak(chat, f"{HEAD}\n\n{SECOND}", known=True)
    scene.week()
    assert scene.faults == ()


def test_one_answer_more_than_questions_is_a_fault(scene: Scene) -> None:
    chat = scene.groups[0].chat
    for words in ("/region global", "Thank you"):
        scene.world.say(scene.jun, chat, words)
        scene.speak(chat, f"{HEAD}\n\n{SECOND}", known=True)
    scene.week()
    assert scene.faults == ("“Nairobi” was shown requests that nobody asked for: 2 answers to 1 questions.",)


def test_a_button_counts_each_person_once(scene: Scene) -> None:
    scene.week(skip=(TUESDAY, "Nairobi"))
    post = scene.post(scene.groups[0].chat, SECOND, prayed=2)
    for person in (scene.amina, scene.amina, scene.jun):
        scene.world.tap(person, post, "🙏")
    scene.world.say(scene.jun, scene.groups[0].chat, "/prayed")
    assert not scene.faults
    scene.world.rewrite(post, post.versions[-1].text, [])  # put away after its time: what stood last counts
    assert not scene.faults
    scene.world.rewrite(post, post.versions[-1].text, _button(3))
    assert scene.faults == ("Nairobi: the button of Tuesday 10 March, 06:30 counts 3, but 2 prayed.",)


def test_the_same_text_in_two_weeks_is_posted_twice_without_a_fault(scene: Scene) -> None:
    again = Entry(date(2026, 3, 17), Region.SOUTH_ASIA, VERSE, (FIRST,))
    group = scene.groups[0]
    for entry in (MONDAY, again):
        scene.at(entry.date, group)
        scene.post(group.chat, FIRST)
    judged: Any = judge(scene.world.record, [group], [MONDAY, again], [MONDAY, again], scene.ledger)
    assert judged.faults == ()
