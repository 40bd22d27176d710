from datetime import timedelta

import pytest

from bot.domain.group import Group
from bot.domain.post import CopyState, Post, PostState
from bot.domain.regions import Region
from bot.services.marks import Marked
from bot.services.messenger import Buttons, ChatClosedError, NotNowError, UnknownOutcomeError
from bot.services.retiring import Retention
from bot.store.database import Store
from tests.clock import StandingClock
from tests.services.conftest import Services
from tests.services.recorder import Recorder
from tests.stored import CHAT, MONDAY, NOW, a_bulletin, a_request, add_copy, add_group, add_post, publish, the_post

AMINA, BRIAN = 71, 72


@pytest.fixture
async def group(store: Store) -> Group:
    return await add_group(store)


@pytest.fixture
async def post(store: Store, group: Group) -> Post:
    post = await add_post(store, group, None, state=PostState.REVEALED)
    await add_copy(store, post, 10, CopyState.REVEALED)
    await add_copy(store, post, 11, CopyState.REVEALED, part=1)
    return post


async def test_a_second_tap_of_the_same_member_is_not_counted(services: Services, post: Post, group: Group) -> None:
    praying = services.praying
    assert await praying.tap(post.id, CHAT, 10, AMINA) == Marked(new=True, count=1)
    assert await praying.tap(post.id, CHAT, 10, AMINA) == Marked(new=False, count=1)
    assert await praying.prayed(group, post.id, AMINA) == Marked(new=False, count=1)
    assert await praying.prayed(group, post.id, BRIAN) == Marked(new=True, count=2)


async def test_a_tap_that_names_a_post_of_another_chat_or_none_changes_nothing(
    services: Services, recorder: Recorder, post: Post, group: Group
) -> None:
    answer = await add_post(services.store, group, None, day=None, state=PostState.REVEALED)
    for post_id, chat_id in ((post.id, CHAT - 1), (post.id + 100, CHAT), (answer.id, CHAT)):
        assert await services.praying.tap(post_id, chat_id, 10, AMINA) is None
    assert (await the_post(services.store, post.id)).prayed == 0
    assert recorder.calls == []


@pytest.mark.parametrize("state", [PostState.OPENING, PostState.REVEALED])
async def test_a_forged_tap_never_touches_the_message_of_another_post(
    services: Services, recorder: Recorder, post: Post, group: Group, state: PostState
) -> None:
    tuesday = await add_post(services.store, group, None, day=MONDAY.replace(day=3), state=state)
    assert await services.praying.tap(tuesday.id, CHAT, 10, AMINA) is None
    assert recorder.calls == []
    async with services.store.reading() as stored:
        assert list(await stored.posts.copies(tuesday.id)) == []
    assert (await the_post(services.store, tuesday.id)).prayed == 0


@pytest.mark.parametrize("state", [PostState.OPENING, PostState.REVEALED])
async def test_a_forged_tap_never_touches_a_message_that_does_not_have_the_button(
    services: Services, recorder: Recorder, group: Group, state: PostState
) -> None:
    post = await add_post(services.store, group, None, state=state)
    assert await services.praying.tap(post.id, CHAT, 99, AMINA) is None
    assert recorder.calls == []
    async with services.store.reading() as stored:
        assert list(await stored.posts.copies(post.id)) == []
    assert (await the_post(services.store, post.id)).prayed == 0


async def test_the_tapped_message_of_an_opening_post_becomes_its_own(
    services: Services, recorder: Recorder, group: Group
) -> None:
    post = await add_post(services.store, group, None)
    async with services.store.writing() as stored:
        await stored.posts.move(post, PostState.OPENING, attempt=1, parts=1)
    assert await services.praying.tap(post.id, CHAT, 33, AMINA, true_button=True) == Marked(new=True, count=1)
    async with services.store.reading() as stored:
        (copy,) = await stored.posts.copies(post.id)
    assert (copy.message_id, copy.state) == (33, CopyState.OPENED)
    assert (await the_post(services.store, post.id)).state is PostState.OPENED
    assert recorder.calls == []


async def test_an_adopted_first_part_leaves_the_others_to_be_opened(services: Services, group: Group) -> None:
    post = await add_post(services.store, group, None)
    async with services.store.writing() as stored:
        await stored.posts.move(post, PostState.OPENING, attempt=1, parts=2)
    await services.praying.tap(post.id, CHAT, 33, AMINA, true_button=True)
    assert (await the_post(services.store, post.id)).state is PostState.OPENING


async def test_a_post_whose_marks_are_deleted_takes_no_more_of_them(
    services: Services, store: Store, recorder: Recorder, group: Group, clock: StandingClock
) -> None:
    skipped = await add_post(store, group, None, state=PostState.SKIPPED)
    await add_copy(store, skipped, 10)
    praying, kept = services.praying, Retention().marks
    assert await praying.tap(skipped.id, CHAT, 10, AMINA) == Marked(new=True, count=1)
    clock.instant = NOW + kept
    await services.retiring.sweep()
    assert await praying.tap(skipped.id, CHAT, 10, AMINA) == Marked(new=False, count=1)
    clock.instant += timedelta(microseconds=1)
    await services.retiring.sweep()
    assert await praying.tap(skipped.id, CHAT, 10, AMINA) is None
    assert await praying.prayed(group, skipped.id, AMINA) is None
    assert await praying.prayed_at(CHAT, 10, AMINA) is None
    assert (await the_post(store, skipped.id)).prayed == 1


async def test_a_stray_message_counts_and_is_taken_away_when_its_chat_allows(
    services: Services, recorder: Recorder, post: Post, clock: StandingClock
) -> None:
    recorder.fails[CHAT] = NotNowError(900)
    assert await services.praying.tap(post.id, CHAT, 99, AMINA, true_button=True) == Marked(new=True, count=1)
    assert recorder.calls == [], "whoever tapped waits for no call"
    await services.passing.remove()
    recorder.fails.clear()
    assert await services.praying.tap(post.id, CHAT, 99, BRIAN, true_button=True) == Marked(new=True, count=2)
    clock.advance(seconds=900)
    await services.passing.remove()
    assert recorder.deleted == [(CHAT, 99)]


async def test_a_stray_message_that_is_too_old_to_be_deleted_is_left_with_one_line(
    services: Services, recorder: Recorder, post: Post, clock: StandingClock
) -> None:
    clock.instant = NOW + timedelta(hours=48)
    await services.praying.tap(post.id, CHAT, 99, AMINA, true_button=True)
    assert [(chat, message, out.html) for chat, message, out in recorder.edited] == [
        (CHAT, 99, services.words.html("post.stray"))
    ]


async def test_the_button_of_the_first_part_shows_the_count_once_it_has_changed(
    services: Services, recorder: Recorder, post: Post, group: Group
) -> None:
    await services.praying.prayed(group, post.id, AMINA)
    await services.praying.prayed(group, post.id, BRIAN)
    assert not await services.praying.show_counts()
    ((chat_id, message_id, rows),) = recorder.buttons
    assert (chat_id, message_id) == (CHAT, 10)
    assert rows[0][0].text.endswith("2")
    assert rows[0][0].data == f"pray:{post.id}"
    assert not await services.praying.show_counts()
    assert len(recorder.buttons) == 1
    assert recorder.edited == [], "counts never edit the text"


async def test_a_count_that_telegram_makes_wait_is_shown_later(
    services: Services, recorder: Recorder, post: Post, group: Group
) -> None:
    await services.praying.prayed(group, post.id, AMINA)
    recorder.fails[CHAT] = NotNowError(30, demanded=True)
    assert await services.praying.show_counts()
    assert (await the_post(services.store, post.id)).shown == 0
    assert await services.praying.show_counts()
    assert recorder.calls == ["edit_buttons"], "the chat is left alone until then"


async def test_a_count_that_may_not_have_been_shown_is_shown_again(
    services: Services, recorder: Recorder, post: Post, group: Group
) -> None:
    await services.praying.prayed(group, post.id, AMINA)
    recorder.fails[CHAT] = UnknownOutcomeError()
    assert await services.praying.show_counts()
    recorder.fails.clear()
    assert not await services.praying.show_counts()
    assert recorder.calls == ["edit_buttons", "edit_buttons"]


async def test_a_count_that_cannot_be_shown_is_not_tried_for_ever(
    services: Services, recorder: Recorder, post: Post, group: Group
) -> None:
    await services.praying.prayed(group, post.id, AMINA)
    recorder.fails[CHAT] = ChatClosedError("no_access")
    assert not await services.praying.show_counts()
    assert not await services.praying.show_counts()
    assert recorder.calls == ["edit_buttons"]
    assert (await the_post(services.store, post.id)).prayed == 1


async def test_words_of_prayer_go_to_the_newest_revealed_post_of_the_last_24_hours(
    services: Services, store: Store, post: Post, group: Group, clock: StandingClock
) -> None:
    await add_post(store, group, None, day=MONDAY.replace(day=3))
    for clock.instant in (NOW, NOW + timedelta(hours=23, minutes=59)):
        latest = await services.praying.latest(group)
        assert latest is not None
        assert latest.id == post.id
    clock.instant = NOW + timedelta(hours=24)
    assert await services.praying.latest(group) is None, "who prays after midnight is counted, a day later not"


async def test_a_member_prays_with_a_post_of_the_group_and_with_no_other(
    services: Services, store: Store, post: Post, group: Group
) -> None:
    other = await add_group(store, CHAT - 1)
    foreign = await add_post(store, other, None, state=PostState.REVEALED)
    answer = await add_post(store, group, None, day=None, state=PostState.REVEALED)
    withdrawn = await add_post(store, group, None, day=MONDAY.replace(day=3), state=PostState.WITHDRAWN)
    for post_id in (foreign.id, answer.id, withdrawn.id, post.id + 100):
        assert await services.praying.prayed(group, post_id, AMINA) is None
    assert [(await the_post(store, each.id)).prayed for each in (foreign, answer, withdrawn)] == [0, 0, 0]


async def test_who_points_at_any_message_of_a_post_has_prayed_with_it_once(
    services: Services, store: Store, recorder: Recorder, post: Post, group: Group
) -> None:
    answer = await add_post(store, group, None, day=None, state=PostState.REVEALED)
    await add_copy(store, answer, 20, CopyState.REVEALED)
    gone = await add_post(store, group, None, day=MONDAY.replace(day=3), state=PostState.RETIRED)
    await add_copy(store, gone, 30, CopyState.TOMBSTONE)
    praying = services.praying
    assert await praying.prayed_at(CHAT, 11, AMINA) == Marked(new=True, count=1)
    assert await praying.prayed_at(CHAT, 10, AMINA) == Marked(new=False, count=1)
    assert await praying.tap(post.id, CHAT, 10, AMINA) == Marked(new=False, count=1)
    for chat_id, message_id in ((CHAT, 20), (CHAT, 30), (CHAT, 99), (CHAT - 1, 10)):
        assert await praying.prayed_at(chat_id, message_id, AMINA) is None
    assert recorder.calls == []


async def test_of_several_posts_of_a_request_an_answer_means_the_one_with_its_points_or_else_the_newest(
    services: Services, store: Store, group: Group
) -> None:
    first, second = a_request("One.", "Two.", region=Region.GLOBAL), a_request("Other.", region=Region.SOUTH_ASIA)
    wanted, other = (await publish(store, a_bulletin(first, second))).requests
    days = [MONDAY + timedelta(days=days) for days in range(4)]
    monday = await add_post(store, group, wanted.id, points=(0,), state=PostState.REVEALED)
    tuesday = await add_post(store, group, wanted.id, day=days[1], points=(1,), state=PostState.REVEALED)
    await add_post(store, group, wanted.id, day=days[2], points=(0,), state=PostState.SKIPPED)
    await add_post(store, group, other.id, day=days[3], points=(0,), state=PostState.REVEALED)
    for message_id, points, meant in ((20, (0,), monday), (21, (0, 1), tuesday)):
        answer = await add_post(store, group, wanted.id, day=None, points=points, state=PostState.REVEALED)
        await add_copy(store, answer, message_id, CopyState.REVEALED)
        shown = await services.praying.shown_at(group, CHAT, message_id)
        assert shown is not None
        assert await services.praying.prayed_with(group, shown, AMINA) == Marked(new=True, count=1)
        assert (await the_post(store, meant.id)).prayed == 1


async def test_a_group_without_numbers_is_never_told_a_count(
    services: Services,
    recorder: Recorder,
    post: Post,
    group: Group,
    clock: StandingClock,
) -> None:
    await services.groups.wish(group, numbers=False)
    assert await services.praying.tap(post.id, CHAT, 10, AMINA) == Marked(new=True, count=None)
    assert await services.praying.tap(post.id, CHAT, 10, AMINA) == Marked(new=False, count=None)
    await services.praying.show_counts()
    ((_, _, rows),) = recorder.buttons
    assert rows[0][0].text == services.words.plain("button.pray")
    async with services.store.writing() as stored:
        await stored.copies.retire_group(group.id, clock.instant)
    await services.rewriting.wake()
    tombstones = [out.html for _, _, out in recorder.edited]
    assert tombstones == [services.words.html("post.retired")] * 2


@pytest.mark.parametrize("changes", [1, 2])
async def test_numbers_that_are_hidden_while_a_count_is_on_its_way_are_hidden_in_the_end(
    services: Services, recorder: Recorder, post: Post, group: Group, monkeypatch: pytest.MonkeyPatch, changes: int
) -> None:
    edit = recorder.edit_buttons

    async def meanwhile(chat_id: int, message_id: int, buttons: Buttons) -> None:
        monkeypatch.setattr(recorder, "edit_buttons", edit)
        for change in range(changes):
            await services.groups.wish(group, numbers=changes == 2 and change == 1)
        await edit(chat_id, message_id, buttons)

    await services.groups.wish(group, numbers=changes == 1)
    await services.praying.prayed(group, post.id, AMINA)
    monkeypatch.setattr(recorder, "edit_buttons", meanwhile)
    for _ in range(2):
        await services.praying.show_counts()
    labels = [rows[0][0].text for _, _, rows in recorder.buttons]
    counted, hidden = services.words.plain("button.prayed", count=1), services.words.plain("button.pray")
    assert labels == ([counted, hidden] if changes == 1 else [hidden, counted])
