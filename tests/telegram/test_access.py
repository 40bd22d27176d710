from dataclasses import replace
from datetime import UTC, datetime

import pytest
from telegram import Chat, Message, MessageOriginHiddenUser, Update, User
from telegram.constants import ChatID

from bot.domain.group import Group, GroupState
from bot.store.database import Store
from bot.telegram.access import FIRST_HAND, Refusal, Where, Who, admit
from bot.telegram.asked import Asked
from bot.telegram.vigil import Vigil
from tests.services.conftest import OPERATORS, Services
from tests.services.recorder import Recorder
from tests.stored import CHAT, add_group
from tests.telegram.questions import AMINA, question

GROUP = Chat(CHAT, "supergroup")
PERSON = User(AMINA, "Amina", is_bot=False)
GROUP_BOT = User(ChatID.ANONYMOUS_ADMIN, "Group", is_bot=True)
OTHER_BOT = User(9, "Another", is_bot=True)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def first_hand(user: User | None = PERSON, *, edited: bool = False, **more: object) -> bool:
    message = Message(5, NOON, GROUP, from_user=user, text="/today", **more)  # type: ignore[arg-type]
    return bool(FIRST_HAND.check_update(Update(1, edited_message=message) if edited else Update(1, message)))


def test_a_person_and_an_anonymous_admin_speak_for_themselves() -> None:
    assert first_hand()
    assert first_hand(GROUP_BOT, sender_chat=GROUP)


def test_nothing_edited_forwarded_or_said_by_a_channel_or_bot_is_heard() -> None:
    assert not first_hand(edited=True)
    assert not first_hand(forward_origin=MessageOriginHiddenUser(NOON, "Somebody"))
    assert not first_hand(via_bot=OTHER_BOT)
    assert not first_hand(OTHER_BOT)
    assert not first_hand(User(136817688, "Channel", is_bot=True), sender_chat=Chat(-1002, "channel"))
    assert not first_hand(None)


@pytest.fixture
async def group(store: Store) -> Group:
    return await add_group(store)


async def test_an_admin_is_whoever_telegram_says_or_anonymous(vigil: Vigil, recorder: Recorder, group: Group) -> None:
    asked, nobody = question(group=group), question(group=group, user_id=None)
    assert await admit(vigil, Who.ADMIN, Where.GROUP, asked) is Refusal.NOT_ADMIN
    assert await admit(vigil, Who.ADMIN, Where.GROUP, nobody) == nobody
    recorder.admins.add(AMINA)
    assert await admit(vigil, Who.ADMIN, Where.GROUP, asked) == asked
    assert recorder.calls == ["is_admin", "is_admin"]


@pytest.mark.parametrize(
    ("who", "state", "refusal"),
    [
        (Who.MEMBER, GroupState.ACTIVE, None),
        (Who.MEMBER, GroupState.PAUSED, None),
        (Who.MEMBER, GroupState.APPROVED, Refusal.NOT_SUBSCRIBED),
        (Who.MEMBER, GroupState.SUSPENDED, Refusal.NOT_APPROVED),
        (Who.MEMBER, GroupState.GONE, Refusal.UNKNOWN_GROUP),
        (Who.ANYONE, GroupState.APPROVED, None),
        (Who.ANYONE, GroupState.PENDING, Refusal.NOT_APPROVED),
        (Who.READER, GroupState.SUSPENDED, None),
        (Who.ADMIN, GroupState.PENDING, Refusal.NOT_APPROVED),
        (Who.ADMIN, GroupState.SUSPENDED, Refusal.NOT_ADMIN),
        (Who.OPERATOR, GroupState.ACTIVE, Refusal.NOT_OPERATOR),
    ],
)
async def test_a_group_is_served_as_far_as_it_is_approved(
    vigil: Vigil, store: Store, who: Who, state: GroupState, refusal: Refusal | None
) -> None:
    asked = question(group=await add_group(store, state=state))
    assert await admit(vigil, who, Where.GROUP, asked) == (refusal or asked)


@pytest.mark.parametrize("state", [GroupState.PENDING, GroupState.SUSPENDED])
async def test_in_a_group_that_waits_or_suspended_itself_admins_are_heard(
    vigil: Vigil, store: Store, recorder: Recorder, state: GroupState
) -> None:
    asked = question(group=await add_group(store, state=state))
    assert await admit(vigil, Who.ANYONE, Where.BOTH, asked) is Refusal.NOT_APPROVED
    recorder.admins.add(AMINA)
    assert await admit(vigil, Who.ANYONE, Where.BOTH, asked) == asked
    assert await admit(vigil, Who.MEMBER, Where.BOTH, asked) is Refusal.NOT_APPROVED


async def test_a_direct_chat_has_the_group_that_its_person_is_a_member_of_now(
    vigil: Vigil, services: Services, group: Group
) -> None:
    asked = question(direct=True)
    assert await admit(vigil, Who.MEMBER, Where.BOTH, asked) is Refusal.NOT_BOUND
    async with services.store.writing() as stored:
        await stored.bindings.bind(AMINA, group.id)
    for who, admitted in ((Who.MEMBER, True), (Who.ADMIN, False)):
        found = await admit(vigil, who, Where.BOTH, asked)
        assert (isinstance(found, Asked) and found.group == group) is admitted
    services.recorder.strangers.add(AMINA)
    assert await admit(vigil, Who.MEMBER, Where.BOTH, asked) is Refusal.NOT_BOUND


@pytest.mark.parametrize(
    ("where", "in_group", "directly", "at_desk"),
    [
        (Where.GROUP, True, False, False),
        (Where.DIRECT, False, True, False),
        (Where.BOTH, True, True, True),
        (Where.DESK, False, True, True),
    ],
)
async def test_each_place_understands_its_own(
    vigil: Vigil, group: Group, where: Where, in_group: bool, directly: bool, at_desk: bool
) -> None:
    desk = Asked(-501, 5, None, False, AMINA, False, "", vigil.languages.default)
    vigil = replace(vigil, operators=(*OPERATORS, desk.chat_id))
    places = {question(group=group): in_group, question(direct=True): directly, desk: at_desk}
    for asked, admitted in places.items():
        assert isinstance(await admit(vigil, Who.ANYONE, where, asked), Asked) is admitted
    assert isinstance(await admit(vigil, Who.OPERATOR, where, desk), Asked) is at_desk
    assert await admit(vigil, Who.MEMBER, where, desk) is Refusal.ELSEWHERE


@pytest.mark.parametrize("who", [Who.OPERATOR, Who.EDITOR])
async def test_a_desk_that_strangers_can_see_decides_nothing(vigil: Vigil, services: Services, who: Who) -> None:
    desk = Asked(-501, 5, None, False, AMINA, False, "", vigil.languages.default)
    vigil = replace(vigil, operators=(*OPERATORS, desk.chat_id))
    assert await admit(vigil, who, Where.DESK, desk) is desk
    seen_by_all = await services.recorder.chat(desk.chat_id)
    services.recorder.chats[desk.chat_id] = replace(seen_by_all, has_username=True)
    assert await admit(vigil, who, Where.DESK, desk) is Refusal.OPEN_DESK
    assert await admit(vigil, Who.ANYONE, Where.DESK, desk) is desk
