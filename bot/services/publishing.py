"""The door: the one way by which request text reaches a chat.

A send that was cut off may or may not stand in the chat; an edit can be repeated safely. So a post is opened (the bare
verse is sent and its message id stored) and then revealed (the request is edited in). Each state is stored before the
call that follows it, and every write is conditional on the state and attempt it was decided from. Killed anywhere,
`carry` goes on from there.
"""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.domain.group import Group
from bot.domain.post import TOMBSTONES, UNDER_WAY, Copy, CopyState, Post, PostState
from bot.services.admission import Admission, OvertakenError, RefusedError, look_after
from bot.services.claims import Claims
from bot.services.ending import DoorRules, Endings, forget_troubles
from bot.services.fitting import fitted
from bot.services.messenger import (
    Button,
    Buttons,
    ChatClosedError,
    MessageLostError,
    Messenger,
    MovedError,
    NotNowError,
    OurMistakeError,
    Outgoing,
    UnknownOutcomeError,
)
from bot.services.pacing import Pace
from bot.services.quiet import QuietDays
from bot.services.rendering import Rendering
from bot.services.scene import Scene, read_scene
from bot.services.upgrading import upgrade, upgrade_of
from bot.services.verses import Verses
from bot.services.words import Languages, Words
from bot.store.bulletins import StoredRequest
from bot.store.database import Store, Transaction
from bot.store.lease import LeaseLostError

log = logging.getLogger(__name__)

MOST_REOPENED = 2


class Door:
    """Carries posts and answers from `planned` to `revealed`, or to an end with a reason."""

    def __init__(
        self,
        store: Store,
        messenger: Messenger,
        languages: Languages,
        pace: Pace,
        rules: DoorRules,
        admission: Admission,
        verses: Verses,
        now: Callable[[], datetime],
    ) -> None:
        self._store, self.messenger, self._pace, self._admission = store, messenger, pace, admission
        self._languages, self._rules, self._now = languages, rules, now
        self._endings, self._claims = Endings(store, rules, now), Claims(store, rules, now)
        self._quiet = QuietDays(store, messenger, languages, admission, self._endings, verses)
        self._carrying: dict[int, asyncio.Future[Post]] = {}

    @property
    def under_way(self) -> Collection[asyncio.Future[Post]]:
        """The posts and answers that are being carried at this moment."""
        return self._carrying.values()

    def carries(self, post_id: int) -> bool:
        """Whether this post is being carried at this moment."""
        return post_id in self._carrying

    async def carry(self, post_id: int, scene: Scene | None = None) -> Post:
        """Take the post as far as it goes now; what it has become. Two who carry the same one carry it together.

        Whoever has just stored it may give the scene: then it isn't read.
        """
        under_way = self._carrying.get(post_id)
        if under_way is None:
            under_way = self._carrying[post_id] = asyncio.ensure_future(self._carry(post_id, scene))
            under_way.add_done_callback(lambda _: self._carrying.pop(post_id))
        return await under_way

    async def _carry(self, post_id: int, scene: Scene | None) -> Post:
        steps = {
            PostState.PLANNED: self._open,
            PostState.OPENING: self._open_again,
            PostState.OPENED: self._begin_to_reveal,
            PostState.REVEALING: self._reveal,
        }
        if scene is not None and (revealed := await self._take(steps[scene.post.state](scene), scene)):
            return revealed
        while True:
            async with self._store.reading() as stored:
                post = await _found(stored, post_id)
                step = (self._quiet.steps if post.is_quiet else steps).get(post.state)
                if step is None or (post.not_before is not None and post.not_before > self._now()):
                    return post
                scene = await read_scene(stored, post)
            if revealed := await self._take(step(scene), scene):
                return revealed

    async def wait(self, post_id: int) -> None:
        """Leave a post alone for a while: something that nobody expected went wrong with it."""
        await self._hold(await self._post(post_id), self._rules.reopen_after)

    def words(self, group: Group) -> Words:
        """The language of a post and its copies: its group's."""
        return self._languages.of(group.language)

    async def adopt(
        self, stored: Transaction, post: Post, group: Group, request: StoredRequest, message_id: int
    ) -> Scene | None:
        """Let a new answer be revealed in a message that stands already in its chat; the scene to carry it with.

        It needn't be opened: the message's id is known, and stored before the edit as any other. None, and nothing is
        done, if one message isn't enough, this one is a copy, or the request isn't any more as it was read.
        """
        texts = Rendering(self.words(group)).parts(request, post.points)
        if len(texts) > 1 or await stored.posts.copy_at(post.chat_id, message_id):
            return None
        if await stored.bulletins.take_up(request.id) != request:
            return None
        await look_after(stored, post, self._now())
        copy = await stored.posts.add_copy(Copy(post.id, 0, post.chat_id, message_id, CopyState.REVEALING))
        revealing = await stored.posts.move(post, PostState.REVEALING, parts=1)
        return Scene(revealing, group, [copy], request, texts) if revealing else None

    def buttons(self, post: Post, group: Group) -> Buttons:
        """What stands under a post: "I prayed", counted where the group shows numbers, and the way to the direct chat.

        Answers have none.
        """
        if post.is_answer:
            return ()
        words = self.words(group)
        label = words.plain("button.prayed", count=post.prayed) if group.numbers else words.plain("button.pray")
        prayed = Button(label, data=f"pray:{post.id}")
        link = self.messenger.start_link(self._store.key.group_token(post.group_id))
        return ((prayed,), (Button(words.plain("button.privately"), url=link),))

    # The steps. Each ends in a stored change of the post, or in one of the errors that `_take` turns into one. The last
    # one says what the post has become: nothing is left to be done.

    async def _open(self, scene: Scene) -> None:
        post, group = scene.post, scene.group
        if await self._endings.is_late(post, group):
            return
        parts = len(Rendering(self.words(group)).parts(scene.shown, post.points))
        asked = await self._admission.ask(post, scene.group)
        if await self._endings.is_late(post, group):  # the turn may have been long in coming
            return
        claimed = await self._claims.take(post, parts=parts, reopened=post.reopened)
        if claimed:
            await self._send_missing(replace(scene, post=claimed), asked)

    async def _open_again(self, scene: Scene) -> None:
        """The last open's outcome is unknown: it may have been cut off, or this process was."""
        post, group = scene.post, scene.group
        if post.reopened >= MOST_REOPENED:
            await self._endings.end(post, PostState.SKIPPED, "unknown_outcome")
            return
        if await self._endings.is_late(post, group):
            return
        asked = await self._admission.ask(post, scene.group)
        if await self._endings.is_late(post, group):
            return
        claimed = await self._claims.take(post, parts=post.parts, reopened=post.reopened + 1)
        if claimed:
            await self._send_missing(replace(scene, post=claimed), asked)

    async def _send_missing(self, scene: Scene, asked: float) -> None:
        post = scene.post
        try:
            async with self._store.reading() as stored:
                present = {copy.part for copy in await stored.posts.copies(post.id)}
            missing = sorted(set(range(post.parts)) - present)
            for part in missing:
                if self._admission.left(asked) < 0:
                    asked = await self._admission.ask(post, scene.group)
                await self._send(scene, part, asked, is_last=part == missing[-1])
                asked = -math.inf  # the next part needs a turn and an answer of its own
        except (NotNowError, MovedError):
            await self._claims.give_back(post)
            raise
        except LeaseLostError:
            raise
        except SQLAlchemyError:
            if self._claims.holds(post):  # so what was sent is stored
                await self._claims.give_back(post)
            raise
        if not missing:
            await self._claims.insist(lambda: self._move(post, PostState.OPENED), post)

    async def _send(self, scene: Scene, part: int, asked: float, *, is_last: bool) -> None:
        post, group = scene.post, scene.group
        buttons = self.buttons(post, group) if part == 0 else ()
        html = Rendering(self.words(group)).bare(scene.shown, part, post.parts)
        within = self._admission.left(asked)
        message = Outgoing(html, buttons, group.silent, thread_id=post.topic_id, within=within)
        message_id = await self.messenger.send(post.chat_id, message)
        await self._keep(Copy(post.id, part, post.chat_id, message_id, CopyState.OPENED), post, is_last=is_last)

    async def _keep(self, copy: Copy, post: Post, *, is_last: bool) -> None:
        """Store a message that stands, and with the last that the post is opened."""

        async def keep() -> None:
            async with self._store.writing() as stored:
                # Before the copy is there: whoever takes the post back meanwhile would miss it.
                now = await stored.posts.take_up(post.id)
                standing = await stored.posts.add_copy(copy)
                if standing.message_id != copy.message_id:
                    # A tap named another message first: that one stands, this one goes.
                    await stored.passing.add(copy.chat_id, copy.message_id, self._now())
                if now is not None and now.state is PostState.WITHDRAWN:
                    await stored.copies.take_back(post.id, self._now())
                if is_last:
                    await stored.posts.move(post, PostState.OPENED)

        await self._claims.insist(keep, post)

    async def _begin_to_reveal(self, scene: Scene) -> None:
        post = scene.post
        if await self._endings.is_late(post, scene.group):
            return
        # From here on only these ids are edited and the post is never opened again: that makes a double impossible.
        async with self._store.writing() as stored:
            await look_after(stored, post, self._now())
            if post.request_id is not None:
                await stored.bulletins.keep(post.request_id)
            if await stored.posts.move(post, PostState.REVEALING):
                await stored.posts.set_copies(post.id, CopyState.REVEALING)
                if post.topic_id is not None:
                    await forget_troubles(stored, post.group_id)

    async def _reveal(self, scene: Scene) -> Post | None:
        post, words = scene.post, self.words(scene.group)
        if any(copy.says in TOMBSTONES for copy in scene.copies):
            await self._endings.end(post, PostState.SKIPPED, "put_away")
            return None
        # Corrected meanwhile, or rendered by another version, it may need another number of messages than stand.
        texts = scene.texts or fitted(Rendering(words).parts(scene.shown, post.points), len(scene.copies), words)
        for copy, text in zip(scene.copies, texts, strict=True):
            if copy.state is CopyState.REVEALED:
                continue
            asked = await self._admission.ask(post, scene.group, copy.chat_id)
            if self._endings.is_over(post, scene.group):
                await self._endings.withdraw(post, "late")
                return None
            buttons = self.buttons(post, scene.group) if copy.part == 0 else ()
            message = Outgoing(text, buttons, within=self._admission.left(asked))
            try:
                await self.messenger.edit(copy.chat_id, copy.message_id, message)
            except (MessageLostError, MovedError) as error:
                if isinstance(error, MovedError):
                    async with self._store.writing() as stored:
                        await upgrade(stored, copy.chat_id, error.chat_id, self._now())
                await self._endings.withdraw(post, "message_lost")
                return None
            async with self._store.writing() as stored:
                await look_after(stored, post, self._now())
                # The post before its copy, as whoever takes it back does: or both wait for each other.
                if copy.part == 0:
                    await stored.posts.shown(post)
                if not await stored.copies.revealed(post.id, copy.part, self._now()):
                    return None  # it was taken back while this edit was on its way
                if copy is scene.copies[-1]:
                    return await stored.posts.move(post, PostState.REVEALED)
        return await self._move(post, PostState.REVEALED)

    # What a step may meet.

    async def _take(self, step: Awaitable[Post | None], scene: Scene) -> Post | None:
        """Await a step that goes by this scene; what Telegram answered becomes a stored outcome."""
        post_id = scene.post.id
        try:
            return await step
        except OvertakenError:
            return None
        except NotNowError as error:
            post = await self._post(post_id)
            self._pace.hold(post.chat_id, error)
            await self._hold(post, timedelta(seconds=error.seconds))
        except UnknownOutcomeError:
            # An open waits as long as it was stored to; anything else can simply be repeated.
            post = await self._post(post_id)
            opening = post.state is PostState.OPENING
            await self._hold(post, self._rules.reopen_after if opening else self._rules.again_after)
        except MovedError as error:
            await self._upgrade(scene, error.chat_id)
        except (ChatClosedError, RefusedError) as error:
            if now := await self._under_way(post_id):
                await self._endings.refuse(now, error)
        except OurMistakeError as error:
            log.error("post %s: Telegram refuses the call: %s", post_id, error)
            if now := await self._under_way(post_id):
                await self._endings.withdraw(now, "our_mistake")
        return None

    async def _upgrade(self, scene: Scene, chat_id: int) -> None:
        """Group, plan and posts go on under the supergroup's id; copies keep the id they were sent to."""
        async with self._store.writing() as stored:
            goes_on = await upgrade_of(stored, scene.post, scene.group, chat_id, self._now())
        if not goes_on and (now := await self._under_way(scene.post.id)):
            await self._endings.end(now, PostState.SKIPPED, "our_mistake")  # to go on would never end

    async def _hold(self, post: Post, wait: timedelta) -> None:
        async with self._store.writing() as stored:
            await stored.posts.hold(post, self._now() + wait)

    async def _move(self, post: Post, state: PostState, **values: object) -> Post | None:
        async with self._store.writing() as stored:
            return await stored.posts.move(post, state, **values)

    async def _under_way(self, post_id: int) -> Post | None:
        """The post as the step has left it; None if it was ended meanwhile, which no error changes.

        Who carries it is alone with it, so its attempt is the step's own: only an end can come from elsewhere.
        """
        post = await self._post(post_id)
        return post if post.state in UNDER_WAY else None

    async def _post(self, post_id: int) -> Post:
        async with self._store.reading() as stored:
            return await _found(stored, post_id)


async def _found(stored: Transaction, post_id: int) -> Post:
    post = await stored.posts.get(post_id)
    if post is None:
        raise LookupError(f"no post {post_id}")
    return post
