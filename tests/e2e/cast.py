"""One of every kind of person, and a bot that does nothing but answer: for what must be tried with all of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.rehearsal.chats import Chat
from bot.rehearsal.invites import JoinRequest
from bot.rehearsal.messages import Message
from bot.rehearsal.people import Person
from tests.clock import StandingClock
from tests.e2e.sample import HARBOUR, publish
from tests.e2e.stage import Stage, on_stage

BEFORE = datetime(2026, 3, 1, 12, tzinfo=UTC)
DUE = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


@dataclass
class Cast:
    """A group in which Monday's post stands, one that waits for the operators, and everybody in or around them.

    One more group (`held`) is suspended by the operators, and one (`late`) has begun after today's hour (`starter`);
    at the operators' own group, the desk, is a helper. The admin's and the member's direct chats belong to the group.
    `screen` is the settings message in it. `elsewhere` is a chat without the bot, in which everybody is. The seeker has
    asked to join the group (`request`) and agreed to its covenant by `covenant`, which is what the button was about; in
    `question` the admins are asked. `role_link` is what a link brings that makes an editor, `code` the editor as
    operators see them.
    """

    stage: Stage
    group: Chat
    waiting: Chat
    held: Chat
    late: Chat
    elsewhere: Chat
    news: Chat
    desk: Chat
    post: Message
    screen: Message
    admin: Person
    anonymous: Person
    member: Person
    former: Person
    stranger: Person
    newcomer: Person
    starter: Person
    editor: Person
    helper: Person
    other_bot: Person
    seeker: Person
    request: JoinRequest
    covenant: str
    question: Message
    decision: str
    link: str
    role_link: str
    code: str
    post_id: str
    waiting_id: int
    held_id: int

    @property
    def operator(self) -> Person:
        """Who approves groups."""
        return self.stage.operator

    def bots_message(self, chat: Chat, action: str = "") -> Message:
        """A message of the bot there, with or without buttons: what a changed client could tap."""
        if chat is not self.group:
            return self.stage.last(chat)
        return self.question if action in ("letin", "turnaway") else self.post


@asynccontextmanager
async def whole_cast(database: str) -> AsyncIterator[Cast]:
    """The bot with everybody. Its schedule stands still: what happens then, a command or a tap has done."""
    clock = StandingClock(BEFORE)
    async with on_stage(database, clock, desk="Vigil desk") as stage:
        cast = await _gather(stage, clock)
        await stage.app.schedule.stop(10)
        await stage.handled()
        yield cast


async def _gather(stage: Stage, clock: StandingClock) -> Cast:
    world = stage.world
    world.switches.bots_heard = True
    await publish(stage.app.store, clock)
    admin, anonymous, member, former, stranger, newcomer, starter, editor, helper = (
        world.person(name) for name in ("Amina", "Noor", "Brian", "Lucía", "Wanjiru", "Tomás", "Rosa", "Ifeoma", "Mei")
    )
    other_bot, news = world.other_bot("Clock", "clock_bot"), world.group("News", kind="channel")
    group = await stage.subscribed("Harbour prayer", admin, anonymous, member, former, other_bot)
    world.promote(anonymous, group, anonymous=True)
    world.promote(other_bot, group)
    held = await stage.subscribed("Brickyard prayer", newcomer)
    async with stage.app.store.reading() as stored:
        held_id = next(each.id for each in await stored.groups.all() if each.chat_id == held.id)
    assert await stage.app.vigil.overseeing.suspend(held_id, stage.operator.id)
    clock.instant = DUE
    await stage.until(lambda: stage.shows(group, HARBOUR))
    await stage.tap(member, world.record.showing(HARBOUR, group)[-1])
    clock.instant += timedelta(hours=1)
    waiting = world.group("Lighthouse prayer", admins=[newcomer], members=[member])
    world.add_bot(waiting, by=newcomer, admin=True)
    await stage.until(lambda: stage.shows(waiting, "approve"))
    late = await stage.subscribed("Ferry prayer", starter)
    async with stage.app.store.reading() as stored:
        ids = {each.chat_id: each.id for each in await stored.groups.all()}
    link = stage.app.store.key.group_token(ids[group.id])
    for person in (admin, member, former):
        await stage.ask(person, None, f"/start {link}")
    world.leave(former, group)
    await stage.ask(stranger, None, "/start")
    seeker, covenant = await _ask_to_join(stage, admin, group)
    question, request = stage.last(group), world.invites.waiting(group, seeker)
    people = stage.app.vigil.people
    await stage.ask(editor, None, f"/start {await people.invite(stage.operator.id)}")
    role_link, (role,) = await people.invite(stage.operator.id), await people.editors()
    assert stage.desk
    assert request
    world.join(helper, stage.desk)
    await stage.settled()
    post = world.record.showing(HARBOUR, group)[-1]
    await stage.ask(admin, group, "/settings")
    return Cast(
        stage, group, waiting, held, late, world.group("Elsewhere", [stage.operator], [admin]), news, stage.desk,
        post, stage.last(group), admin, anonymous, member, former, stranger, newcomer, starter, editor, helper,
        other_bot, seeker, request, covenant, question, _about(question), link, role_link, role.code, _about(post),
        ids[waiting.id], held_id,
    )  # fmt: skip


async def _ask_to_join(stage: Stage, admin: Person, group: Chat) -> tuple[Person, str]:
    """Somebody comes by the group's link and agrees to the covenant; they, and what that button was about."""
    seeker, world = stage.world.person("Kofi"), stage.world
    said = (await stage.ask(admin, group, "/invite")).split()
    world.follow_invite(seeker, next(word for word in said if word.startswith("https://")))
    direct = world.private_chat(seeker)
    await stage.until(lambda: bool(world.record.by_bot(direct)))
    covenant = _about(stage.last(direct))
    await stage.tap(seeker, stage.last(direct))
    return seeker, covenant


def _about(message: Message) -> str:
    """What the first button of a message is about."""
    data: str = message.keyboard[0][0]["callback_data"]
    return data.partition(":")[2]
