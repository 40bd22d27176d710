"""The scene: what a step of the door goes by, as it was stored at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.group import Group
from bot.domain.post import Copy, Post
from bot.services.admission import RefusedError
from bot.store.bulletins import StoredRequest
from bot.store.database import Transaction


@dataclass(frozen=True, slots=True)
class Scene:
    """A post with its group, its copies and its request (None for a quiet day's post).

    `texts` is what its copies show, where somebody had to know it already.
    """

    post: Post
    group: Group
    copies: Sequence[Copy]
    request: StoredRequest | None
    texts: tuple[str, ...] = ()

    @property
    def shown(self) -> StoredRequest:
        """The request that it shows. Raises RefusedError where its text is gone."""
        if self.request is None or self.request.is_gone:
            raise RefusedError("text_gone", suspends=False)
        return self.request


async def read_scene(stored: Transaction, post: Post) -> Scene:
    """The scene of this post."""
    request = None if post.request_id is None else await stored.bulletins.request(post.request_id)
    return Scene(post, await stored.groups.get(post.group_id), await stored.posts.copies(post.id), request)
