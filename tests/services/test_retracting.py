from datetime import timedelta

import pytest

from bot.domain.post import CopyState, Post, PostState
from bot.domain.regions import Region
from bot.services.asking import Brief
from bot.services.messenger import ChatClosedError, Outgoing, UnknownOutcomeError
from bot.services.retracting import Why
from bot.store.database import Store
from tests.clock import StandingClock
from tests.services.conftest import OPERATORS, Services
from tests.services.recorder import Recorder
from tests.stored import CHAT, LONG_TITLE, MONDAY, NOW, a_bulletin, a_request, add_copy, add_group, add_post, publish

TEXT = "Pray for the harbour team."
WEEK = a_bulletin(a_request(TEXT), a_request("Pray for the mill.", region=Region.SOUTH_ASIA))


@pytest.fixture(autouse=True)
def _now(clock: StandingClock) -> None:
    clock.instant = NOW


@pytest.fixture
async def request_id(store: Store) -> int:
    bulletin = await publish(store, WEEK, [(MONDAY, 0), (MONDAY + timedelta(days=1), 1)])
    return bulletin.requests[0].id


async def test_what_can_be_taken_back_is_named_with_its_day_and_messages(services: Services, request_id: int) -> None:
    post = await add_post(services.store, await add_group(services.store), request_id)
    await add_copy(services.store, post, 10)
    first, second = await services.retracting.choices()
    assert (first.request_id, first.region, first.day, first.copies, first.is_gone) == (
        request_id, Region.GLOBAL, MONDAY, 1, False,
    )  # fmt: skip
    assert (second.day, second.copies) == (MONDAY + timedelta(days=1), 0)
    await services.retracting.retract(request_id, Why.DANGER, None)
    assert [each.is_gone for each in await services.retracting.choices()] == [True, False]


async def test_a_text_that_is_taken_back_is_nowhere_in_the_database(services: Services, request_id: int) -> None:
    assert await services.retracting.retract(request_id, Why.DANGER, None)
    assert not await services.retracting.retract(request_id, Why.DANGER, None)
    async with services.store.reading() as stored:
        assert (await stored.bulletins.request(request_id)).is_gone


async def test_what_is_taken_back_is_never_posted_answered_or_listed(services: Services, request_id: int) -> None:
    group = await add_group(services.store)
    async with services.store.reading() as stored:
        request = await stored.bulletins.request(request_id)
    await services.retracting.retract(request_id, Why.DANGER, None)
    await services.post_all()
    async with services.store.reading() as stored:
        post = await stored.posts.on_date(group.id, MONDAY)
    assert post is not None
    assert (post.state, post.reason) == (PostState.SKIPPED, "retracted")
    assert (await services.asking.answer(group, CHAT, Brief(request, (0,), None))).reason == "retracted"
    assert await services.asking.request_of(group, Region.GLOBAL) is None
    assert [day.request.request.region for day in await services.asking.week(group)] == [Region.SOUTH_ASIA]
    assert (services.recorder.sent, services.recorder.edited) == ([], [])
    async with services.store.reading() as stored:
        assert [(each.text_key, each.detail) for each in await stored.notices.untold()] == [
            ("operator.digest", f"{MONDAY} retracted")
        ]


async def test_a_text_that_is_gone_without_having_been_taken_back_is_told_at_once(
    services: Services, request_id: int
) -> None:
    group = await add_group(services.store)
    async with services.store.writing() as stored:
        await stored.bulletins.forget(request_id)
    await services.post_all()
    async with services.store.reading() as stored:
        post = await stored.posts.on_date(group.id, MONDAY)
        told = [each.text_key for each in await stored.notices.untold()]
    assert post is not None
    assert (post.state, post.reason) == (PostState.REFUSED, "text_gone")
    assert told == ["operator.digest", "operator.skipped"]


@pytest.mark.parametrize("method", ["chat", "send", "edit"])
async def test_a_retraction_during_any_call_of_a_post_leaves_no_text(
    services: Services, recorder: Recorder, request_id: int, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_group(services.store)
    calls = 0
    original = getattr(recorder, method)

    async def retracted_meanwhile(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 1:
            await services.retracting.retract(request_id, Why.DANGER, None)
        return await original(*arguments)

    monkeypatch.setattr(recorder, method, retracted_meanwhile)
    await services.post_all()
    await services.rewriting.wake()
    standing: dict[tuple[int, int], Outgoing] = {}
    for chat_id, message_id, message in recorder.edited:
        standing[chat_id, message_id] = message
    assert calls >= 1
    assert [message for message in standing.values() if TEXT in message.html] == []
    (post,) = [each for each in await posts(services) if each.request_id == request_id]
    assert post.state is (PostState.WITHDRAWN if recorder.sent else PostState.SKIPPED)
    assert post.reason == "retracted"


async def posts(services: Services) -> list[Post]:
    async with services.store.reading() as stored:
        return list(await stored.posts.recent(NOW - timedelta(days=1)))


async def test_a_receipt_counts_what_is_reached_and_names_what_is_not_until_it_is_done(
    services: Services, recorder: Recorder, request_id: int, clock: StandingClock
) -> None:
    for number, title in enumerate(("Harbour", "Mill", "Bakery")):
        group = await add_group(services.store, CHAT - number, title=title)
        post = await add_post(services.store, group, request_id, state=PostState.REVEALED)
        await add_copy(services.store, post, 10, CopyState.REVEALED)
    recorder.fails[CHAT - 1] = ChatClosedError("no_access")
    recorder.fails[CHAT - 2] = UnknownOutcomeError()
    await services.retracting.retract(request_id, Why.MISTAKE, OPERATORS[0])
    await services.rewriting.wake()
    await services.receipts.show()
    (begun,) = recorder.texts(OPERATORS[0])
    assert "1 of 3" in begun and "“Mill”: 1 (I was removed or blocked there)." in begun and "1 is still" in begun
    assert "Bakery" not in begun
    del recorder.fails[CHAT - 2]
    for _ in range(5):
        clock.advance(minutes=61)
        await services.rewriting.wake()
        await services.receipts.show()
    receipts = [message.html for chat_id, _, message in recorder.edited if chat_id == OPERATORS[0]]
    assert "2 of 3" in receipts[-1] and "Mill" in receipts[-1] and "Done." in receipts[-1]
    assert len(recorder.texts(OPERATORS[0])) == 1
    assert len(receipts) == 2
    clock.advance(days=1)
    await services.receipts.show()
    assert "mistake" not in "".join(message.html for chat_id, _, message in recorder.edited if chat_id != OPERATORS[0])


@pytest.mark.parametrize("groups", [3, 60])
async def test_a_receipt_that_names_more_than_a_message_holds_is_cut_and_comes(
    services: Services, recorder: Recorder, request_id: int, groups: int
) -> None:
    for number in range(groups):
        group = await add_group(services.store, CHAT - number, title=f"{number} & {LONG_TITLE}")
        post = await add_post(services.store, group, request_id, state=PostState.REVEALED)
        await add_copy(services.store, post, 10, CopyState.REVEALED)
        recorder.fails[CHAT - number] = ChatClosedError("no_access")
    await services.retracting.retract(request_id, Why.MISTAKE, OPERATORS[0])
    await services.rewriting.wake()
    await services.receipts.show()
    (receipt,) = recorder.texts(OPERATORS[0])
    named = receipt.count(LONG_TITLE)
    assert named == 3 if groups == 3 else 15 < named < groups
    assert (services.words.html("retract.more", count=groups - named) in receipt) == (groups > named)
    assert receipt.endswith("Done.")


async def test_a_receipt_that_nobody_can_get_is_given_up(
    services: Services, recorder: Recorder, request_id: int
) -> None:
    await services.retracting.retract(request_id, Why.MISTAKE, OPERATORS[0])
    await services.receipts.show()
    assert len(recorder.texts(OPERATORS[0])) == 1
    other = (await services.retracting.choices())[1].request_id
    recorder.fails[OPERATORS[0]] = ChatClosedError("no_access")
    await services.retracting.retract(other, Why.MISTAKE, OPERATORS[0])
    for _ in range(2):
        await services.receipts.show()
    assert len(recorder.calls) == 2
    async with services.store.reading() as stored:
        assert list(await stored.retractions.unfinished()) == []
