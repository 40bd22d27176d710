import pytest

from bot.domain.group import GroupState
from bot.services.messenger import ChatClosedError
from bot.store.notices import Notice
from tests.services.conftest import OPERATORS, Services
from tests.services.recorder import Recorder
from tests.stored import CHAT, add_group

FIRST, SECOND = OPERATORS


async def notify(services: Services, notice: Notice) -> None:
    async with services.store.writing() as stored:
        await stored.notices.add(notice)


async def test_every_operator_who_can_be_reached_is_told_once(services: Services, recorder: Recorder) -> None:
    group = await add_group(services.store, title="Harbour & <Co>", state=GroupState.PENDING)
    await notify(services, Notice(f"approve:{group.id}", "operator.approve", group.id))
    assert await services.telling.reachable() == [FIRST, SECOND]
    await services.telling.tell()
    await services.telling.tell()
    assert sorted(chat_id for chat_id, _ in recorder.sent) == [FIRST, SECOND]
    message = recorder.sent[0][1]
    assert "Harbour &amp; &lt;Co&gt;" in message.html
    assert [button.data for row in message.buttons for button in row] == [
        f"approve:{group.id}",
        f"decline:{group.id}",
    ]


async def test_what_reaches_nobody_stays_and_is_told_to_the_first_who_starts_the_bot(
    services: Services, recorder: Recorder
) -> None:
    for operator in OPERATORS:
        recorder.fails[operator] = ChatClosedError("not_found")
    await notify(services, Notice("skipped:2026-03-02", "operator.skipped", detail="late"))
    assert await services.telling.reachable() == []
    await services.telling.tell()
    del recorder.fails[SECOND]
    await services.telling.tell()
    assert recorder.sent == []
    services.telling.started(SECOND)
    await services.telling.tell()
    assert [chat_id for chat_id, _ in recorder.sent] == [SECOND]
    assert services.words.plain("reason.late") in recorder.sent[0][1].html


async def test_an_operator_who_cannot_be_reached_keeps_the_others_from_nothing(
    services: Services, recorder: Recorder
) -> None:
    await services.telling.reachable()
    recorder.fails[FIRST] = ChatClosedError("no_access")
    await notify(services, Notice("skipped:2026-03-02", "operator.skipped", detail="late"))
    await services.telling.tell()
    await services.telling.tell()
    assert [chat_id for chat_id, _ in recorder.sent] == [SECOND]


@pytest.mark.parametrize("reason", ["public", "muted", "no_access"])
async def test_a_reason_is_told_in_words(services: Services, recorder: Recorder, reason: str) -> None:
    group = await add_group(services.store, CHAT)
    await services.telling.reachable()
    await notify(services, Notice(f"suspended:{group.id}:{reason}", "operator.suspended", group.id, reason))
    await services.telling.tell()
    assert services.words.plain(f"reason.{reason}") in recorder.sent[0][1].html
    assert recorder.sent[0][1].buttons == ()
