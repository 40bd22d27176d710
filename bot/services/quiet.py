"""A quiet day: nothing is planned, and the group wishes a verse and the week's regions instead.

It goes the way of a post, so that it comes once a local date, but holds no request text: it is one message, sent once.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date

from bot.domain.post import NOTHING_PLANNED, Post, PostState
from bot.services.admission import Admission
from bot.services.ending import Endings
from bot.services.messenger import Messenger, MovedError, NotNowError, Outgoing
from bot.services.rendering import Rendering
from bot.services.scene import Scene
from bot.services.verses import Verses
from bot.services.words import Languages, Words
from bot.store.database import Store, Transaction


class QuietDays:
    """Takes a quiet day's post from `planned` to its end."""

    def __init__(
        self,
        store: Store,
        messenger: Messenger,
        languages: Languages,
        admission: Admission,
        endings: Endings,
        verses: Verses,
    ) -> None:
        self._store, self._messenger, self._languages = store, messenger, languages
        self._admission, self._endings, self._verses = admission, endings, verses
        self.steps: Mapping[PostState, Callable[[Scene], Awaitable[None]]] = {
            PostState.PLANNED: self._say,
            PostState.OPENING: self._give_up,
        }

    async def _say(self, scene: Scene) -> None:
        post, group = scene.post, scene.group
        if await self._endings.is_late(post, group):
            return
        await self._admission.ask(post, group)
        if await self._endings.is_late(post, group):  # the turn may have been long in coming
            return
        async with self._store.writing() as stored:
            html = await self._html(stored, post, self._languages.of(group.language))
            claimed = await stored.posts.move(post, PostState.OPENING, attempt=post.attempt + 1)
        if claimed is None:
            return
        try:
            message = Outgoing(html, silent=group.silent, thread_id=post.topic_id)
            await self._messenger.send(post.chat_id, message)
        except (NotNowError, MovedError):
            async with self._store.writing() as stored:
                await stored.posts.move(claimed, PostState.PLANNED)
            raise
        await self._endings.end(claimed, PostState.SKIPPED, NOTHING_PLANNED)

    async def _give_up(self, scene: Scene) -> None:
        """It was cut off, so it may stand: none is better than two."""
        await self._endings.end(scene.post, PostState.SKIPPED, NOTHING_PLANNED)

    async def _html(self, stored: Transaction, post: Post, words: Words) -> str:
        day = post.local_date or date.min
        bulletins = await stored.bulletins.running(day)
        rendering = Rendering(words)
        if not bulletins:
            return words.html("quiet.alone") + "\n\n" + rendering.verse(self._verses.of_week(day))
        first, last = min(each.first_day for each in bulletins), max(each.last_day for each in bulletins)
        lines = []
        for entry in await stored.plan.between(first, last):
            request = await stored.bulletins.request(entry.request_id)
            region = words.region(request.request.region)
            if not request.is_gone:
                lines.append(words.html("quiet.day", day=words.day(entry.date), region=region))
        return "\n".join([words.html("quiet.week"), *lines]) + "\n\n" + rendering.verse(bulletins[0].verse)
